/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/undo_program.h"

#include <errno.h>
#include <string.h>

#include "apply/lever.h"
#include "apply/make.h"
#include "base/cleanup.h"
#include "base/parse.h"
#include "plan/generate.h"

static bool has_new_kernel(const struct via_world *world, const struct via_action *action,
			   struct via_arena *arena)
{
	struct via_names names;

	root_entries(&world->root, arena, &names, "lib/modules");
	via_for_each (name, &names)
		if (!text_has_word(action->beside ?: "", *name))
			return true;
	return false;
}

/* Before sources are put back, what is still ours will be: it does not ask for a run. */
static int is_anothers(const struct via_world *world, const struct via_entry *entry,
		       struct via_arena *arena)
{
	const struct via_action *action = &entry->action;
	const char *present;
	int r = lever_get(world, action, arena, &present);

	if (r < 0)
		return r;
	return strcmp(present, action->expected) != 0 && strcmp(present, action->wanted) != 0;
}

int undo_must_run_again(const struct via_world *world, const struct via_transaction *transaction,
			size_t n, struct via_arena *arena)
{
	const struct via_action *action = &transaction->entries.items[n - 1].action;
	bool made = false;
	int r = 0;

	for (size_t i = n; r == 0 && i < transaction->entries.count; i++) {
		const struct via_entry *entry = &transaction->entries.items[i];

		if (entry->action.made_by != n)
			continue;
		made = true;
		r = is_anothers(world, entry, arena);
	}
	if (r)
		return r;
	if (generate_writes_in_place(action->target))
		return 1;
	if (!made)
		return *action->wanted != '\0' && transaction->entries.items[n - 1].read_back;
	return has_new_kernel(world, action, arena);
}

/* A kernel that came since has ours in its image too, and the one of then may be gone. */
static const char *for_all_kernels(const char *command)
{
	static const struct {
		const char *one, *all;
	} wider[] = {
		{ "update-initramfs -u -k ", "update-initramfs -u -k all" },
		{ "dracut --force --kver ", "dracut --force --regenerate-all" },
	};

	for (size_t i = 0; i < VIA_COUNT(wider); i++)
		if (text_starts(command, wider[i].one))
			return wider[i].all;
	return command;
}

static int put_in_place(const struct via_world *world, const struct via_staged_file *file,
			struct via_arena *arena, struct via_error *error)
{
	const char *obstacle = NULL, *present;
	struct via_action action;
	int r = make_action(world, file, arena, &action);

	if (r == 0)
		r = lever_obstacle(world, &action, arena, &obstacle);
	if (r == 0 && obstacle)
		r = -EPERM;
	if (r == 0)
		r = make_put(world, file, &action);
	if (r == 0)
		r = lever_get(world, &action, arena, &present);
	if (r == 0 && strcmp(present, action.wanted) != 0)
		r = -EIO;
	if (r < 0)
		error_set(error, r, "put in place", file->path, "%s",
			  obstacle ? obstacle : strerror(-r));
	return r;
}

int undo_run_again(const struct via_world *world, const struct via_action *action,
		   struct via_arena *arena, struct via_error *error)
{
	struct via_staged staged = { 0 };
	const char *said;
	int r = make_stage(world, for_all_kernels(action->target), arena, &staged, &said, error);

	for (size_t i = 0; r == 0 && i < staged.count; i++)
		r = put_in_place(world, &staged.items[i], arena, error);
	make_end(world);
	return r;
}
