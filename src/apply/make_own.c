/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/make_own.h"

#include <errno.h>
#include <string.h>

#include "apply/writer.h"
#include "base/cleanup.h"
#include "base/parse.h"
#include "boot/trial.h"
#include "plan/trial.h"

enum { WORDS_MOST = 3 };

static bool is_command(const char *command, const char *name)
{
	return text_starts(command, name) && strchr(" ", command[strlen(name)]);
}

bool make_own_is(const char *command)
{
	return is_command(command, TRIAL_KEEP) || is_command(command, TRIAL_ENTER);
}

/* FROM TO: where it lies is source enough. */
static int keep(const struct via_world *world, const char *const *words, struct via_arena *arena,
		struct via_staged *ret, const char **ret_trouble)
{
	if (root_exists(&world->root, arena, "%s", words[1] + 1).known != VIA_PRESENT) {
		*ret_trouble = arena_printf(arena, "%s is not there", words[1]);
		return -ENOENT;
	}
	*via_list_add(arena, ret) = (struct via_staged_file){ words[2] + 1, words[1] + 1 };
	return 0;
}

static int write_new(const struct via_world *world, const char *scratch, const char *name,
		     const char *text)
{
	_cleanup_close_ int directory = writer_directory(&world->root, scratch, 0700);
	_cleanup_close_ int fd = directory < 0 ? -1 : writer_create(directory, name);

	if (directory < 0 || fd < 0)
		return directory < 0 ? directory : fd;
	return writer_append(fd, text, strlen(text));
}

static int enter(const struct via_world *world, const char *const *words, const char *scratch,
		 struct via_arena *arena, struct via_staged *ret, const char **ret_trouble)
{
	const char *path = "", *text = "";
	int r = boot_trial_entry(&world->root, arena, words[1], &path, &text);

	if (r < 0) {
		*ret_trouble = "the entry that would boot next could not be taken apart";
		return r;
	}
	r = write_new(world, scratch, path_name(path), text);
	if (r == 0)
		*via_list_add(arena, ret) =
			(struct via_staged_file){ path, arena_printf(arena, "%s/%s", scratch,
								     path_name(path)) };
	return r;
}

int make_own(const struct via_world *world, const char *const *words, const char *scratch,
	     struct via_arena *arena, struct via_staged *ret, const char **ret_trouble)
{
	size_t count = 0;

	while (words[count] && count <= WORDS_MOST)
		count++;
	if (count == 3 && strcmp(words[0], TRIAL_KEEP) == 0 && *words[1] == '/' && *words[2] == '/')
		return keep(world, words, arena, ret, ret_trouble);
	if (count == 2 && strcmp(words[0], TRIAL_ENTER) == 0)
		return enter(world, words, scratch, arena, ret, ret_trouble);
	return -EINVAL;
}
