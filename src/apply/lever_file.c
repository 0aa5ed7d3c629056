/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/lever.h"

#include <errno.h>
#include <string.h>

#include "apply/make.h"
#include "apply/store.h"
#include "base/cleanup.h"
#include "base/parse.h"
#include "plan/file.h"
#include "sys/effect_file.h"
#include "sys/file_state.h"

#define MADE "made="

static bool value_valid(const char *value)
{
	struct via_file_value file;

	return file_value_parse(value, &file) == 0;
}

/* As the root has it. */
static const char *path_of(const struct via_action *action)
{
	return action->target + 1;
}

static int get(const struct via_world *world, const struct via_action *action,
	       struct via_arena *arena, const char **ret)
{
	struct via_file_state state;
	int r = file_state(&world->root, path_of(action), &state);

	if (r < 0)
		return r;
	*ret = file_value_text(
		&(struct via_file_value){
			.there = state.there,
			.mode = state.mode,
			.uid = state.uid,
			.gid = state.gid,
			.size = state.size,
			.sha256 = state.sha256,
		},
		arena);
	return 0;
}

static int put_kept(const struct via_world *world, const struct via_action *action,
		    const char *value)
{
	_cleanup_close_ int source = store_open(&world->root, action, value);
	bool back = action->beside && strcmp(value, action->expected) == 0;
	struct via_file_value file;
	int r = file_value_parse(value, &file);

	if (source < 0)
		return source;
	if (r == 0)
		r = make_parents(world, path_of(action));
	if (r < 0)
		return r;
	return effect_file_put(&world->effects, &(struct via_file_put){
							.path = path_of(action),
							.source = source,
							.mode = file.mode,
							.uid = file.uid,
							.gid = file.gid,
							.note = back ? action->beside : NULL,
						});
}

static int set(const struct via_world *world, const struct via_action *action, const char *value)
{
	struct via_file_value file;
	int r = file_value_parse(value, &file);

	if (r < 0)
		return r;
	if (file.there)
		return put_kept(world, action, value);
	r = effect_file_remove(&world->effects, path_of(action));
	return r == -ENOENT ? 0 : r;
}

static int obstacle(const struct via_world *world, const struct via_action *action,
		    struct via_arena *arena, const char **ret)
{
	return file_obstacle(&world->root, path_of(action), arena, ret);
}

/* Deepest last, as they are made. */
static const char *beside(const struct via_world *world, const struct via_action *action,
			  struct via_arena *arena)
{
	const char *missing = file_missing_parents(&world->root, path_of(action), arena);
	const char *text = file_note(&world->root, path_of(action), arena);

	for (; text && *missing; missing += strspn(missing, " ")) {
		size_t length = strcspn(missing, " ");

		text = arena_printf(arena, "%s%s" MADE "%.*s", text, *text ? " " : "", (int)length,
				    missing);
		missing += length;
	}
	return text;
}

/* Directories made for a file go when they are empty, the deepest first. */
static int remove_made(const struct via_world *world, const char *words)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	size_t length = strlen(words);
	int r = 0;

	while (r == 0 && length) {
		size_t start = length;

		while (start && words[start - 1] != ' ')
			start--;
		if (text_starts(words + start, MADE))
			r = effect_directory_remove(
				&world->effects, arena_strndup(arena, words + start + strlen(MADE),
							       length - start - strlen(MADE)));
		r = r == -ENOENT || r == -ENOTEMPTY || r == -EEXIST ? 0 : r;
		length = start ? start - 1 : 0;
	}
	return r;
}

static int tidy(const struct via_world *world, const struct via_action *action)
{
	int r = effect_file_tidy(&world->effects, path_of(action));

	return r == 0 && action->beside ? remove_made(world, action->beside) : r;
}

const struct via_lever lever_file = {
	.valid = value_valid,
	.get = get,
	.set = set,
	.beside = beside,
	.obstacle = obstacle,
	.tidy = tidy,
};
