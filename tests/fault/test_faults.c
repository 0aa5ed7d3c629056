/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every path that a look at a host touches goes wrong, one at a time, in every way of
 * fault.c, and each read once by its number; after each, the program is run again:
 *
 *   test_faults [--runs N [--seed N]] MAKE DIRECTORY HOST...
 *
 * MAKE is tests/hosts/make; DIRECTORY is for its trees. With --runs, about N runs a host, drawn
 * from all of them by the seed, which is the day where none is given: each day tries others,
 * and says by what seed it did.
 *
 * It must end by one of the exit statuses, print whole JSON or an error, no escape sequence,
 * and never take what could not be read for absent. Prints TAP.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <jansson.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cmd/command.h"
#include "fault.h"
#include "judge.h"
#include "load.h"
#include "render/names.h"
#include "sys/record.h"

enum { COMPLAINTS_SHOWN = 40, COMMANDS_MAX = 12, DAY_SECONDS = 86400 };

/* How many runs of a host are drawn, and by what; 0 for all. */
static struct {
	unsigned long runs, seed;
} share;

/* Names of vendors come from a file of this machine, which is large and not at stake. */
struct via_pci_names *__wrap_pci_names_new(void);
struct via_pci_names *__wrap_pci_names_new(void)
{
	return NULL;
}

void __wrap_pci_names_free(struct via_pci_names *names);
void __wrap_pci_names_free(struct via_pci_names *names)
{
}

/* The nth read fails with @error: what is read twice in one run fails once. */
static struct {
	unsigned long count, at;
	int error;
} reads;

static int fails_now(void)
{
	return ++reads.count == reads.at ? -reads.error : 0;
}

int __real_memtree_read(const struct via_memtree *tree, const char *path, struct via_span *ret);
int __wrap_memtree_read(const struct via_memtree *tree, const char *path, struct via_span *ret);
int __wrap_memtree_read(const struct via_memtree *tree, const char *path, struct via_span *ret)
{
	int r = fails_now();

	return r < 0 ? r : __real_memtree_read(tree, path, ret);
}

int __real_memtree_names(const struct via_memtree *tree, const char *path, struct via_names *ret);
int __wrap_memtree_names(const struct via_memtree *tree, const char *path, struct via_names *ret);
int __wrap_memtree_names(const struct via_memtree *tree, const char *path, struct via_names *ret)
{
	int r = fails_now();

	return r < 0 ? r : __real_memtree_names(tree, path, ret);
}

int __real_memtree_link(const struct via_memtree *tree, const char *path, const char **ret);
int __wrap_memtree_link(const struct via_memtree *tree, const char *path, const char **ret);
int __wrap_memtree_link(const struct via_memtree *tree, const char *path, const char **ret)
{
	int r = fails_now();

	return r < 0 ? r : __real_memtree_link(tree, path, ret);
}

/* One way to look at a host, and what it said when nothing was wrong. */
struct look {
	const char *words[6];
	int status;
	json_t *said;
};

struct scene {
	struct via_arena *arena;
	struct via_memtree *tree;
	const char *host;
	struct look looks[COMMANDS_MAX];
	size_t look_count;
	struct via_names done; /* paths that were broken already */
	int complaints;
	struct via_names shown; /* complaints that were printed: one says it for all its like */
	unsigned long runs;	/* that were made */
	unsigned long turns;	/* that could have been made in this walk */
	unsigned long every;	/* one of so many is drawn; 0 for none: they are only counted */
};

struct output {
	int status;
	char *out, *err;
	size_t out_size, err_size;
};

static void cleanup_output(struct output *output)
{
	free(output->out);
	free(output->err);
}

/* The program as a user runs it, over the tree; -1 for a world that cannot be opened. */
static int run_program(struct via_world *world, const struct look *look)
{
	char program[] = "viaduct", words[6][32] = { { 0 } }, *argv[8] = { program };
	int argc = 1;

	for (size_t i = 0; i < 6 && look->words[i]; i++) {
		snprintf(words[i], sizeof(words[i]), "%s", look->words[i]);
		argv[argc++] = words[i];
	}
	optind = 0;
	return viaduct_main(argc, argv, world);
}

static void run(const struct scene *scene, const struct look *look, struct via_recorder *recorder,
		struct output *ret)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_world world = { .root = root_of_memtree(scene->tree, scene->host) };
	FILE *out = stdout, *err = stderr;

	reads.count = 0;
	ret->status = VIA_EXIT_COULD_NOT;
	if (queries_recorded(&world.queries, &world.root, arena, NULL) < 0)
		return;
	if (recorder)
		recorder_begin(recorder, &world.root, scene->arena);
	stdout = open_memstream(&ret->out, &ret->out_size);
	stderr = open_memstream(&ret->err, &ret->err_size);
	ret->status = run_program(&world, look);
	fclose(stdout);
	fclose(stderr);
	stdout = out;
	stderr = err;
	if (recorder)
		recorder_end(recorder, &world.root);
}

static bool is_json(const struct look *look)
{
	return strcmp(look->words[0], "--json") == 0;
}

/* Nothing that a terminal obeys: C0 but for the line feed, and C1 as UTF-8 has it. */
static bool is_clean(const char *text)
{
	for (; text && *text; text++)
		if (((unsigned char)*text < ' ' && *text != '\n') ||
		    (*text == '\xc2' && (unsigned char)text[1] < 0xa0))
			return false;
	return true;
}

/* What is wrong with an output whatever the fault was; NULL for nothing. */
static const char *misshapen(const struct look *look, const struct output *output, json_t *said)
{
	bool refused = output->status == VIA_EXIT_COULD_NOT || output->status == VIA_EXIT_USAGE;

	if (output->status < 0 || output->status > VIA_EXIT_CANNOT_TELL)
		return "no exit status of the contract";
	if (!is_clean(output->out) || !is_clean(output->err))
		return "a control character got through";
	if (refused && output->err && strncmp(output->err, "viaduct: ", 9) != 0)
		return "an error that does not say so";
	if (output->out && is_json(look) && !said)
		return "no JSON";
	return NULL;
}

static void complain(struct scene *scene, const struct look *look, const char *what,
		     const char *path, const char *why)
{
	scene->complaints++;
	if (scene->shown.count >= COMPLAINTS_SHOWN || names_have(&scene->shown, why))
		return;
	*via_list_add(scene->arena, &scene->shown) = arena_strdup(scene->arena, why);
	printf("# %s%s: %s %s: %s: %s\n", scene->host, scene->tree->live ? " (live)" : "",
	       look->words[0], look->words[1] ? look->words[1] : "", what, path);
	printf("#   %s\n", why);
}

/* By its number alone, so that the same seed draws the same runs, and evenly over all faults. */
static bool is_drawn(struct scene *scene)
{
	uint64_t mixed = (++scene->turns + (share.seed << 32)) * 0x9e3779b97f4a7c15;

	mixed = (mixed ^ mixed >> 29) * 0xbf58476d1ce4e5b9;
	return scene->every && (mixed ^ mixed >> 32) % scene->every == 0;
}

static void judge(struct scene *scene, const struct look *look, const char *what, const char *path,
		  bool untold)
{
	_cleanup_(cleanup_output) struct output output = { 0 };
	_cleanup_free_ char *words = NULL;
	json_t *said;
	size_t size;
	FILE *out;

	if (!is_drawn(scene))
		return;
	run(scene, look, NULL, &output);
	scene->runs++;
	said = output.out ? json_loads(output.out, 0, NULL) : NULL;
	if (misshapen(look, &output, said)) {
		complain(scene, look, what, path, misshapen(look, &output, said));
	} else if (untold && look->said && said && output.status != VIA_EXIT_COULD_NOT) {
		out = open_memstream(&words, &size);
		judge_untold(look->said, said, out);
		fclose(out);
		if (size)
			complain(scene, look, what, path, words);
	}
	json_decref(said);
}

static void judge_all(struct scene *scene, const char *what, const char *path, bool untold,
		      bool also_text)
{
	for (size_t i = 0; i < scene->look_count; i++)
		if (also_text || is_json(&scene->looks[i]))
			judge(scene, &scene->looks[i], what, path, untold);
}

/* The node of a path that was touched; one that was looked for in vain is made, so that the
 * look itself can fail. */
static struct via_memtree_node *touched(struct scene *scene, const struct via_memtree_node *noted)
{
	struct via_memtree_node *node = memtree_find(scene->tree, noted->path);
	const char *slash = strrchr(noted->path, '/');
	char above[PATH_MAX] = "";

	if (node || noted->kind != VIA_MEMTREE_MISSING)
		return *noted->path ? node : NULL;
	if (slash)
		memcpy(above, noted->path, (size_t)(slash - noted->path));
	if (!memtree_find(scene->tree, above))
		return NULL;
	node = memtree_add(scene->tree, noted->path, VIA_MEMTREE_MISSING);
	if (node)
		node->error = ENOENT;
	return node;
}

static void break_path(struct scene *scene, struct via_memtree_node *node)
{
	const struct via_memtree_node sound = *node;

	for (size_t i = 0; i < fault_count; i++) {
		if (!faults[i].applies(&sound))
			continue;
		faults[i].apply(node);
		judge_all(scene, faults[i].name, node->path, faults[i].untold, i % 3 == 0);
		*node = sound;
	}
}

static void break_reads(struct scene *scene, const struct look *look)
{
	static const int errors[] = { EIO, ENOENT, ENOMEM };
	_cleanup_(cleanup_output) struct output output = { 0 };
	unsigned long count;

	run(scene, look, NULL, &output);
	count = reads.count;
	for (unsigned long at = 1; at <= count; at++)
		for (size_t i = 0; i < VIA_COUNT(errors); i++) {
			char number[32];

			reads.at = at;
			reads.error = errors[i];
			snprintf(number, sizeof(number), "read %lu of %lu", at, count);
			judge(scene, look, errno_name(errors[i]), number, errors[i] != ENOENT);
		}
	reads.at = 0;
}

static void add_look(struct scene *scene, const char *first, const char *second, const char *third)
{
	scene->looks[scene->look_count++] = (struct look){ .words = { first, second, third } };
}

/* What is asked of the host; what it says now is what the faults are compared with. */
static void begin(struct scene *scene, struct via_recorder recorders[COMMANDS_MAX])
{
	json_t *list;

	add_look(scene, "--json", "list", NULL);
	add_look(scene, "--json", "check", NULL);
	add_look(scene, "check", "-v", NULL);
	add_look(scene, "list", "--tree", NULL);
	add_look(scene, "list", "--groups", NULL);
	for (size_t i = 0; i < scene->look_count; i++) {
		_cleanup_(cleanup_output) struct output output = { 0 };
		struct look *look = &scene->looks[i];
		json_t *last;

		run(scene, look, &recorders[i], &output);
		look->status = output.status;
		if (!is_json(look))
			continue;
		look->said = json_loads(output.out, 0, NULL);
		list = i == 0 ? json_object_get(look->said, "devices") : NULL;
		last = json_array_get(list, json_array_size(list) - 1);
		if (last) {
			const char *name = arena_strdup(
				scene->arena, json_string_value(json_object_get(last, "address")));

			add_look(scene, "--json", "show", name);
			add_look(scene, "show", name, NULL);
		}
	}
}

/* Every fault once; how many runs that makes is counted, and those that are drawn are made. */
static void walk(struct scene *scene, const struct via_recorder recorders[COMMANDS_MAX],
		 unsigned long every)
{
	scene->turns = 0;
	scene->every = every;
	scene->done.count = 0;
	for (size_t i = 0; i < scene->look_count; i++)
		via_for_each (noted, &recorders[i].tree->nodes) {
			struct via_memtree_node *node = touched(scene, *noted);

			/* Each path once, whoever came to it first. */
			if (!node || names_have(&scene->done, node->path))
				continue;
			*via_list_add(scene->arena, &scene->done) = node->path;
			break_path(scene, node);
		}
	for (size_t i = 0; i < scene->look_count; i++)
		if (is_json(&scene->looks[i]))
			break_reads(scene, &scene->looks[i]);
}

static void judge_host(struct scene *scene)
{
	struct via_recorder recorders[COMMANDS_MAX];
	unsigned long every = 1;

	begin(scene, recorders);
	if (share.runs) {
		walk(scene, recorders, 0);
		every = (scene->turns + share.runs - 1) / share.runs;
	}
	walk(scene, recorders, every);
	for (size_t i = 0; i < scene->look_count; i++)
		json_decref(scene->looks[i].said);
}

static int build(const char *make, const char *host, const char *directory)
{
	extern char **environ;
	const char *const argv[] = { "python3", make, host, directory, NULL };
	pid_t child;
	int status;

	if (posix_spawnp(&child, "python3", NULL, NULL, (char *const *)argv, environ) != 0)
		return -ENOENT;
	return waitpid(child, &status, 0) < 0 || status ? -ECHILD : 0;
}

/* Return: how many complaints; negative when the host could not be built */
static int test_host(const char *make, const char *directory, const char *host, bool live)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct scene scene = { .arena = arena, .tree = memtree_new(arena), .host = host };
	const char *base = arena_printf(arena, "%s/%s.%d", directory, host, (int)getpid());
	int r = live ? 0 : build(make, host, base);
	int fd = r < 0 ? r : open(base, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -ENOENT;
	r = tree_load(scene.tree, fd, "");
	if (r < 0)
		return r;
	scene.tree->live = live;
	judge_host(&scene);
	printf("# %s%s: %lu of %lu runs, %d complaints\n", host, live ? " (live)" : "", scene.runs,
	       scene.turns, scene.complaints);
	return scene.complaints;
}

/* Return: where the other arguments begin; 0 for a usage error */
static int take_options(int argc, char **argv)
{
	static const struct option options[] = { { "runs", required_argument, NULL, 'r' },
						 { "seed", required_argument, NULL, 's' },
						 { 0 } };
	int option;

	share.seed = (unsigned long)time(NULL) / DAY_SECONDS;
	while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1)
		if (option == 'r')
			share.runs = strtoul(optarg, NULL, 10);
		else if (option == 's')
			share.seed = strtoul(optarg, NULL, 10);
		else
			return 0;
	return argc - optind < 3 ? 0 : optind;
}

int main(int argc, char **argv)
{
	int number = 0, failed = 0, first = take_options(argc, argv);

	if (!first) {
		fputs("usage: test_faults [--runs N [--seed N]] MAKE DIRECTORY HOST...\n", stderr);
		return VIA_EXIT_USAGE;
	}
	printf("1..%d\n", 2 * (argc - first - 2));
	if (share.runs)
		printf("# about %lu runs of each, --seed %lu\n", share.runs, share.seed);
	for (int i = first + 2; i < argc; i++)
		for (int live = 0; live < 2; live++) {
			int r = test_host(argv[first], argv[first + 1], argv[i], live);

			failed += r != 0;
			printf("%sok %d %s%s\n", r ? "not " : "", ++number, argv[i],
			       live ? " as on the running host" : "");
			fflush(stdout);
		}
	return failed != 0;
}
