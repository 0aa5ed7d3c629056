/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * next_entry of GRUB's environment block: what it starts once. GRUB itself empties it before it
 * starts that, so an undo finds it empty as a rule, and takes the empty line out as well.
 *
 * The block is replaced like any file: GRUB looks for its blocks on the disk when it writes it.
 */
#include "apply/lever.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "apply/writer.h"
#include "base/cleanup.h"
#include "base/parse.h"
#include "decode/grub_environment.h"
#include "sys/effect_file.h"
#include "sys/file_state.h"

/* As @beside: there was a block, and in it a line of that variable. */
#define HAD_BLOCK "block"
#define HAD_LINE  "line"

enum { BLOCK_LIMIT = 64 * 1024 };

static const char variable[] = "next_entry";

static bool value_valid(const char *value)
{
	return !value[strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789-")];
}

static int read_block(const struct via_world *world, const struct via_action *action,
		      struct via_arena *arena, struct via_file *ret_file,
		      struct via_grub_environment *ret)
{
	struct via_fact fact =
		root_file(&world->root, arena, BLOCK_LIMIT, action->target + 1, ret_file);

	*ret = (struct via_grub_environment){ 0 };
	if (fact_is(&fact, VIA_UNKNOWN))
		return -fact.error;
	if (!ret_file->there)
		return 0;
	grub_environment_decode(arena, ret_file->content, ret);
	return ret->whole ? 0 : -EBADMSG;
}

static int get(const struct via_world *world, const struct via_action *action,
	       struct via_arena *arena, const char **ret)
{
	struct via_grub_environment environment = { 0 };
	struct via_file file = { 0 };
	int r = read_block(world, action, arena, &file, &environment);

	if (r == 0)
		*ret = grub_variable(&environment, variable) ?: "";
	return r;
}

static int put_block(const struct via_world *world, const struct via_action *action,
		     const struct via_file *old, struct via_span block, const char *note)
{
	_cleanup_close_ int source = memfd_create("viaduct", MFD_CLOEXEC);
	int r = source < 0 ? -errno : writer_add(source, block.data, block.size);

	if (r < 0)
		return r;
	return effect_file_put(&world->effects, &(struct via_file_put){
							.path = action->target + 1,
							.source = source,
							.mode = old->there ? old->mode : 0600,
							.uid = old->uid,
							.gid = old->gid,
							.note = note,
						});
}

static int set(const struct via_world *world, const struct via_action *action, const char *value)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_grub_environment environment = { 0 };
	struct via_file file = { 0 };
	struct via_span block = { 0 };
	int r = read_block(world, action, arena, &file, &environment);

	if (r == 0)
		r = grub_environment_set(arena, file.content, variable, value, &block);
	return r < 0 ? r : put_block(world, action, &file, block, NULL);
}

static const char *beside(const struct via_world *world, const struct via_action *action,
			  struct via_arena *arena)
{
	const char *note = file_note(&world->root, action->target + 1, arena);
	struct via_grub_environment environment = { 0 };
	struct via_file file = { 0 };

	if (!note || read_block(world, action, arena, &file, &environment) < 0)
		return NULL;
	return arena_printf(arena, "%s%s %s", file.there ? HAD_BLOCK " " : "",
			    grub_variable_there(&environment, variable) ? HAD_LINE : "", note);
}

static int obstacle(const struct via_world *world, const struct via_action *action,
		    struct via_arena *arena, const char **ret)
{
	struct via_grub_environment environment = { 0 };
	struct via_file file = { 0 };
	int r = read_block(world, action, arena, &file, &environment);

	if (r == -EBADMSG) {
		*ret = "it is no whole environment block (grub-editenv create)";
		return 0;
	}
	return r < 0 ? r : file_obstacle(&world->root, action->target + 1, arena, ret);
}

/* Behind an undo: no line that was not there before, and no block. */
static int tidy(const struct via_world *world, const struct via_action *action)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const char *had = action->beside ?: "";
	struct via_grub_environment environment = { 0 };
	struct via_file file = { 0 };
	struct via_span block = { 0 };
	int r = effect_file_tidy(&world->effects, action->target + 1);

	if (r == 0)
		r = read_block(world, action, arena, &file, &environment);
	if (r < 0 || !file.there || text_has_word(had, HAD_LINE) ||
	    !grub_variable_there(&environment, variable) || grub_variable(&environment, variable))
		return r;
	if (!text_has_word(had, HAD_BLOCK) && environment.variables.count == 1)
		return effect_file_remove(&world->effects, action->target + 1);
	r = grub_environment_set(arena, file.content, variable, NULL, &block);
	return r < 0 ? r : put_block(world, action, &file, block, had);
}

const struct via_lever lever_grub_once = {
	.valid = value_valid,
	.get = get,
	.set = set,
	.beside = beside,
	.obstacle = obstacle,
	.tidy = tidy,
};
