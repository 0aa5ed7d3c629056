/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The whole program over the fake kernel, one process a command as a user runs them:
 *
 *   fake-viaduct TREE ARGS...      viaduct ARGS on the host in TREE
 *   fake-viaduct --make TREE       build that host
 *   fake-viaduct --picture TREE    all of it as one text, but for var/ and run/
 *
 * CRASH_AT=N in the environment kills it at its Nth crash point, FAIL_PATH=END refuses
 * writes to paths of that end (EIO).
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "cmd/command.h"
#include "crash.h"
#include "kernel.h"

static struct fake_kernel kernel_of(const char *tree)
{
	struct fake_kernel kernel = { .fail_path = getenv("FAIL_PATH"), .fail_error = -EIO };
	char path[PATH_MAX];

	if ((mkdir(tree, 0755) < 0 && errno != EEXIST) || !realpath(tree, path) ||
	    strlen(path) >= sizeof(kernel.tree.base))
		abort();
	strcpy(kernel.tree.base, path);
	return kernel;
}

static int make(const char *tree)
{
	struct fake_kernel kernel = kernel_of(tree);

	fake_world_fill(&kernel);
	/* What holds devices from boot on would be read back from an image that is none. */
	tree_remove(&kernel.tree, "usr/sbin/update-initramfs");
	return EXIT_SUCCESS;
}

static int picture(const char *tree)
{
	struct fake_kernel kernel = kernel_of(tree);
	_cleanup_free_ char *text = tree_picture(&kernel.tree);

	return fputs(text, stdout) < 0;
}

/* Beside what was recorded of the host, it can be asked for its VFs. */
static const struct fake_kernel *asked;
static const struct via_query_ops *recorded;

static int answer(void *context, enum via_question question, struct via_arena *arena,
		  const char **ret)
{
	if (question != VIA_ASK_VFS)
		return recorded->text(context, question, arena, ret);
	*ret = fake_vf_lines(asked, arena);
	return 0;
}

static void answer_for(struct via_queries *queries, const struct fake_kernel *kernel)
{
	static struct via_query_ops ops;

	recorded = queries->ops;
	ops = *recorded;
	ops.text = answer;
	queries->ops = &ops;
	asked = kernel;
}

static int run(const char *tree, int argc, char **argv)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct fake_kernel kernel = kernel_of(tree);
	const char *at = getenv("CRASH_AT");
	struct via_world world;
	int status;

	fake_world_open(&kernel, &world);
	world.root.live = true; /* what is not there is absent */
	if (queries_recorded(&world.queries, &world.root, arena, NULL) < 0)
		abort();
	answer_for(&world.queries, &kernel);
	crash_at = at ? strtoul(at, NULL, 10) : 0;
	status = viaduct_main(argc, argv, &world);
	root_close(&world.root);
	return status;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "--make") == 0)
		return make(argv[2]);
	if (argc == 3 && strcmp(argv[1], "--picture") == 0)
		return picture(argv[2]);
	if (argc < 2) {
		fputs("usage: fake-viaduct TREE ARGS...\n", stderr);
		return VIA_EXIT_USAGE;
	}
	return run(argv[1], argc - 1, argv + 1);
}
