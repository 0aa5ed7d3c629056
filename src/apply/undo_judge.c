/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/undo_judge.h"

#include <errno.h>
#include <string.h>

#include "apply/lever.h"
#include "apply/make_own.h"
#include "apply/target.h"
#include "apply/undo_program.h"
#include "apply/undo_text.h"
#include "plan/file.h"
#include "sys/file_state.h"

/*
 * The device that was changed has left; whoever sits at its address now, be it the same one
 * plugged in again, has what the kernel gave it.
 */
static int target_left(const struct undo *undo, const struct via_entry *entry)
{
	uint64_t instance = 0;
	const char *identity;
	int r = target_identity(undo->world, &entry->action, undo->arena, &identity);

	if (r == 0)
		r = target_instance(undo->world, &entry->action, &instance);
	if (r < 0)
		return r == -ENODEV ? 1 : r;
	return strcmp(identity, entry->action.identity) != 0 ||
	       (entry->instance && entry->instance != instance && !entry->action.renewed);
}

static bool is_ours(const struct via_entry *entry, const char *present)
{
	const struct via_action *action = &entry->action;

	if (entry->read_back && strcmp(present, entry->read_back) == 0)
		return true;
	return strcmp(present, action->wanted) == 0 ||
	       lever_between(action, action->expected, action->wanted, present) ||
	       lever_between(action, action->wanted, action->expected, present);
}

/*
 * On FAT a name is there before its content is, and what a cut tore fsck.fat makes an empty
 * file. Where one of ours was being put in place, or back, that is how far it came.
 */
static bool was_cut_short(const struct undo *undo, const struct via_action *action,
			  const char *present)
{
	struct via_file_value value;

	return action->kind == VIA_ACTION_FILE && transaction_unfinished(undo->transaction) &&
	       file_value_parse(present, &value) == 0 && value.there && !value.size &&
	       !file_keeps_owners(&undo->world->root, action->target + 1);
}

/* Where a merge was done, and nobody came to say so. */
static bool is_merged(const struct via_entry *entry, const char *present)
{
	return entry->merged && strcmp(present, entry->merged) == 0;
}

/* Of a text, where its owner changed other words than we did. */
static bool can_merge(const struct undo *undo, const struct via_action *action)
{
	struct via_span merged;

	return action->kind == VIA_ACTION_FILE &&
	       undo_text_merge(undo->world, action, undo->arena, &merged) == 0;
}

/* What others do since with it is theirs, and no reason to stop: a program makes it again, or the
 * loader was told to start another entry. */
static bool is_left(const struct via_action *action)
{
	return action->made_by || (action->trial && action->kind != VIA_ACTION_FILE);
}

static int judge_target(const struct undo *undo, const struct via_entry *entry,
			enum undo_verdict *ret, const char **ret_present)
{
	const struct via_action *action = &entry->action;
	int there = target_there(undo->world, action), left;
	const char *present;
	int r;

	left = there < 0 ? there : there == 0 ? 1 : target_left(undo, entry);
	if (left < 0)
		return left;
	if (left) {
		*ret = UNDO_TARGET_GONE;
		return 0;
	}
	r = lever_get(undo->world, action, undo->arena, &present);
	/* It was read before it was changed: who kept it for the target has left. */
	if (r == -EOPNOTSUPP) {
		*ret = UNDO_TARGET_GONE;
		return 0;
	}
	if (r < 0)
		return r;
	*ret = strcmp(present, action->expected) == 0 ? UNDO_OLD_IS_THERE
	       : is_merged(entry, present)	      ? UNDO_MERGED
	       : action->renewed		      ? UNDO_PUT_BACK
	       : is_ours(entry, present)	      ? UNDO_PUT_BACK
	       : was_cut_short(undo, action, present) ? UNDO_PUT_BACK
	       : action->made_by && action->trial     ? UNDO_PUT_BACK
	       : is_left(action)		      ? UNDO_LEFT
	       : can_merge(undo, action)	      ? UNDO_MERGE
						      : UNDO_NOT_OURS;
	*ret_present = present;
	return 0;
}

static int judge_program(const struct undo *undo, const struct via_entry *entry,
			 enum undo_verdict *ret)
{
	size_t n = (size_t)(entry - undo->transaction->entries.items) + 1;
	int again = make_own_is(entry->action.target)
			    ? 0 /* what it made is taken away, that is all */
			    : undo_must_run_again(undo->world, undo->transaction, n, undo->arena);

	if (again >= 0)
		*ret = again ? UNDO_PUT_BACK : UNDO_OLD_IS_THERE;
	return again < 0 ? again : 0;
}

int undo_judge(const struct undo *undo, const struct via_entry *entry, enum undo_verdict *ret,
	       const char **ret_present)
{
	enum via_action_kind kind = entry->action.kind;

	*ret = !undo->this_boot && !action_kind_persists(kind) ? UNDO_DIED : UNDO_PUT_BACK;
	if (*ret == UNDO_DIED)
		return 0;
	if (kind == VIA_ACTION_GENERATE)
		return judge_program(undo, entry, ret);
	return judge_target(undo, entry, ret, ret_present);
}
