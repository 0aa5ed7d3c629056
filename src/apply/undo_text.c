/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/undo_text.h"

#include <errno.h>
#include <sys/mman.h>

#include "apply/store.h"
#include "apply/writer.h"
#include "base/cleanup.h"
#include "plan/diff.h"
#include "plan/file.h"
#include "plan/merge.h"
#include "sys/effect_file.h"
#include "sys/file_state.h"

enum { TEXT_LIMIT = 1024 * 1024 };

/* A file in the three states that an undo meets. */
struct three {
	struct via_file old, ours, present;
};

static int read_kept(const struct via_world *world, const struct via_action *action,
		     const char *value, struct via_arena *arena, struct via_file *ret)
{
	struct via_file_value parsed;
	int r = file_value_parse(value, &parsed);

	if (r == 0)
		r = store_read(&world->root, action, value, arena, &ret->content);
	if (r < 0)
		return r;
	ret->there = parsed.there;
	ret->mode = parsed.mode;
	return 0;
}

static int read_three(const struct via_world *world, const struct via_action *action,
		      struct via_arena *arena, struct three *ret)
{
	struct via_fact fact =
		root_file(&world->root, arena, TEXT_LIMIT, action->target + 1, &ret->present);
	int r = fact_is(&fact, VIA_UNKNOWN) ? -fact.error : 0;

	if (r == 0)
		r = read_kept(world, action, action->expected, arena, &ret->old);
	if (r == 0)
		r = read_kept(world, action, action->wanted, arena, &ret->ours);
	return r;
}

int undo_text_merge(const struct via_world *world, const struct via_action *action,
		    struct via_arena *arena, struct via_span *ret)
{
	struct three three = { 0 };
	int r = read_three(world, action, arena, &three);

	if (r < 0)
		return r;
	if (!three.old.there || !three.ours.there || !three.present.there)
		return -EEXIST;
	return merge_take_back(arena, three.old.content, three.ours.content, three.present.content,
			       ret);
}

int undo_text_value(const struct via_world *world, const struct via_action *action,
		    struct via_span content, struct via_arena *arena, const char **ret)
{
	struct via_file_state present;
	char digest[SHA256_HEX + 1];
	int r = file_state(&world->root, action->target + 1, &present);

	if (r < 0)
		return r;
	sha256_of(content.data, content.size, digest);
	*ret = file_value_text(
		&(struct via_file_value){
			.there = true,
			.mode = present.mode,
			.uid = present.uid,
			.gid = present.gid,
			.size = content.size,
			.sha256 = digest,
		},
		arena);
	return 0;
}

int undo_text_put(const struct via_world *world, const struct via_action *action,
		  struct via_span content)
{
	_cleanup_close_ int source = memfd_create("viaduct", MFD_CLOEXEC);
	struct via_file_state present;
	int r = source < 0 ? -errno : file_state(&world->root, action->target + 1, &present);

	if (r == 0)
		r = writer_add(source, content.data, content.size);
	if (r < 0)
		return r;
	return effect_file_put(&world->effects, &(struct via_file_put){
							.path = action->target + 1,
							.source = source,
							.mode = present.mode,
							.uid = present.uid,
							.gid = present.gid,
						});
}

const char *undo_text_differences(const struct via_world *world, const struct via_action *action,
				  struct via_arena *arena)
{
	struct three three = { 0 };

	if (read_three(world, action, arena, &three) < 0)
		return NULL;
	return arena_printf(arena, "What viaduct did to it:\n%sWhat was done to it since:\n%s",
			    diff_files(arena, action->target, &three.old, &three.ours),
			    diff_files(arena, action->target, &three.ours, &three.present));
}
