/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/make.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "apply/make_own.h"
#include "apply/writer.h"
#include "base/cleanup.h"
#include "base/parse.h"
#include "plan/file.h"
#include "sys/effect_file.h"
#include "sys/effect_program.h"
#include "sys/file_state.h"

#define SCRATCH	    "var/lib/viaduct/stage"
#define GRUB_OUTPUT SCRATCH "/grub.cfg"

enum { WORDS_EXTRA = 3 };

struct command {
	const char **words; /* ended by NULL, with room for some more */
	size_t count;
};

static struct command split(const char *text, struct via_arena *arena)
{
	struct command command = {
		.words = arena_alloc(arena, (strlen(text) / 2 + 1 + WORDS_EXTRA) * sizeof(char *)),
	};

	for (const char *at = text; *at; at += strspn(at, " ")) {
		size_t length = strcspn(at, " ");

		command.words[command.count++] = arena_strndup(arena, at, length);
		at += length;
	}
	return command;
}

/* Where one of GRUB's programs would write; NULL for other programs. */
static const char *grub_output(const struct command *command)
{
	const char *name = path_name(command->words[0]);

	if (strcmp(name, "update-grub") == 0)
		return "/boot/grub/grub.cfg";
	if (strcmp(name, "grub-mkconfig") != 0 && strcmp(name, "grub2-mkconfig") != 0)
		return NULL;
	for (size_t i = 1; i + 1 < command->count; i++)
		if (strcmp(command->words[i], "-o") == 0)
			return command->words[i + 1];
	return NULL;
}

static int compare_grub(const struct via_world *world, const char *output, struct via_arena *arena,
			struct via_staged *ret)
{
	struct via_file_state old, new;
	int r = file_state(&world->root, output + 1, &old);

	if (r == 0)
		r = file_state(&world->root, GRUB_OUTPUT, &new);
	if (r == 0 && (!new.there || !new.size))
		r = -EIO; /* it said that all was well, and wrote nothing */
	if (r == 0 && (!old.there || strcmp(old.sha256, new.sha256) != 0))
		*via_list_add(arena, ret) = (struct via_staged_file){ output + 1, GRUB_OUTPUT };
	return r;
}

/* Images before the entries that name them, and what goes last of all. */
static int rank(const struct via_staged_file *file)
{
	if (!file->source)
		return 2;
	return text_ends(file->path, ".conf") || text_ends(file->path, ".cfg");
}

static int by_rank(const void *a, const void *b)
{
	const struct via_staged_file *one = a, *other = b;
	int order = rank(one) - rank(other);

	return order ? order : strcmp(one->path, other->path);
}

static int run(const struct via_world *world, struct command *command, struct via_arena *arena,
	       struct via_staged *staged, const char **said, const char **trouble)
{
	const char *output = grub_output(command);
	int r;

	if (make_own_is(command->words[0]))
		return make_own(world, command->words, SCRATCH, arena, staged, trouble);
	if (output) {
		command->words[command->count++] = "-o";
		command->words[command->count++] = "/" GRUB_OUTPUT;
	}
	r = effect_program_run(&world->effects, command->words, output ? NULL : SCRATCH, arena,
			       said);
	if (r < 0)
		return r == -ETIMEDOUT ? -ETIME : r; /* it was killed: nothing of it goes on */
	return output ? compare_grub(world, output, arena, staged)
		      : stage_gather(&world->root, SCRATCH, arena, staged, trouble);
}

static int failed(const char *command, int code, const char *said, const char *trouble,
		  struct via_error *error)
{
	error_set(error, code, "run", command, "%s",
		  trouble	    ? trouble
		  : code == -ENOENT ? "there is no such program"
		  : code == -ENOTSUP
			  ? "it cannot be run without writing over what this host boots from"
		  : code == -EIO ? "it failed"
				 : strerror(-code));
	if (said && *said)
		error_hint(error, "it said: %.300s",
			   strlen(said) > 300 ? said + strlen(said) - 300 : said);
	return code;
}

int make_stage(const struct via_world *world, const char *command, struct via_arena *arena,
	       struct via_staged *ret, const char **ret_said, struct via_error *error)
{
	struct command parts = split(command, arena);
	struct via_staged staged = { 0 };
	const char *said = NULL, *trouble = NULL;
	_cleanup_close_ int scratch = -1;
	int r = stage_drop(&world->root, SCRATCH);

	if (r == 0) {
		scratch = writer_directory(&world->root, SCRATCH, 0700);
		r = scratch < 0 ? scratch : 0;
	}
	if (r < 0)
		return error_set(error, r, "make room in", "/" SCRATCH, NULL);
	r = run(world, &parts, arena, &staged, &said, &trouble);
	*ret_said = said;
	if (r < 0)
		return failed(command, r, said, trouble, error);
	if (staged.count)
		qsort(staged.items, staged.count, sizeof(*staged.items), by_rank);
	*ret = staged;
	return 0;
}

void make_end(const struct via_world *world)
{
	stage_drop(&world->root, SCRATCH);
}

static const char *value_text(const struct via_file_state *state, struct via_arena *arena)
{
	return file_value_text(
		&(struct via_file_value){
			.there = state->there,
			.mode = state->mode,
			.uid = state->uid,
			.gid = state->gid,
			.size = state->size,
			.sha256 = state->sha256,
		},
		arena);
}

/* A file that stays keeps its mode and owner: GRUB's are given when it is first made. */
int make_action(const struct via_world *world, const struct via_staged_file *file,
		struct via_arena *arena, struct via_action *ret)
{
	struct via_file_state old, new = { 0 };
	int r = file_state(&world->root, file->path, &old);

	if (r == 0 && file->source)
		r = file_state(&world->root, file->source, &new);
	if (r < 0)
		return r;
	if (old.there || !file_keeps_owners(&world->root, file->path)) {
		new.mode = old.there ? old.mode : 0644;
		new.uid = old.uid;
		new.gid = old.gid;
	}
	*ret = (struct via_action){
		.kind = VIA_ACTION_FILE,
		.target = arena_printf(arena, "/%s", file->path),
		.expected = value_text(&old, arena),
		.wanted = value_text(&new, arena),
	};
	return 0;
}

int make_parents(const struct via_world *world, const char *path)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const char *missing = file_missing_parents(&world->root, path, arena);
	int r = 0;

	while (r == 0 && *missing) {
		size_t length = strcspn(missing, " ");

		r = effect_directory_make(&world->effects, arena_strndup(arena, missing, length));
		missing += length + (missing[length] == ' ');
	}
	return r;
}

int make_put(const struct via_world *world, const struct via_staged_file *file,
	     const struct via_action *action)
{
	struct via_file_value value;
	_cleanup_close_ int source = -1;
	int r = file_value_parse(action->wanted, &value);

	if (r < 0)
		return r;
	if (!file->source) {
		r = effect_file_remove(&world->effects, file->path);
		return r == -ENOENT ? 0 : r;
	}
	source = root_openat(&world->root, file->source, O_RDONLY | O_NOFOLLOW);
	if (source < 0)
		return source;
	r = make_parents(world, file->path);
	if (r < 0)
		return r;
	return effect_file_put(&world->effects, &(struct via_file_put){
							.path = file->path,
							.source = source,
							.mode = value.mode,
							.uid = value.uid,
							.gid = value.gid,
						});
}

const char *make_kernels(const struct via_world *world, struct via_arena *arena)
{
	const char *text = "";
	struct via_names names;

	root_entries(&world->root, arena, &names, "lib/modules");
	via_for_each (name, &names)
		text = arena_printf(arena, "%s%s%s", text, *text ? " " : "", *name);
	return text;
}

bool make_program_there(const struct via_world *world, const char *command, struct via_arena *arena)
{
	static const char *const places[] = { "usr/sbin", "usr/bin",	    "sbin",
					      "bin",	  "usr/local/sbin", "usr/local/bin" };
	const char *name = arena_strndup(arena, command, strcspn(command, " "));

	if (make_own_is(name))
		return true;
	if (*name == '/')
		return root_exists(&world->root, arena, "%s", name + 1).known == VIA_PRESENT;
	for (size_t i = 0; i < VIA_COUNT(places); i++)
		if (root_exists(&world->root, arena, "%s/%s", places[i], name).known == VIA_PRESENT)
			return true;
	return false;
}

bool make_is_for_later(const struct via_world *world, const char *command, struct via_arena *arena)
{
	return world->effects.files_only && !make_program_there(world, command, arena);
}

bool make_could_not_run(const struct via_world *world, int r)
{
	return r == -ENOENT && world->effects.files_only;
}
