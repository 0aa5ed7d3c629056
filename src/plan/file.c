/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/parse.h"
#include "base/sha256.h"
#include "plan/diff.h"
#include "plan/goal.h"

enum { NEW_MODE = 0644, MODE_LIMIT = 07777 };

static const char absent[] = "absent";

const char *file_value_text(const struct via_file_value *value, struct via_arena *arena)
{
	if (!value->there)
		return absent;
	return arena_printf(arena, "%04o %u:%u %" PRIu64 " %s", value->mode, value->uid, value->gid,
			    value->size, value->sha256);
}

const char *file_value_of(const struct via_file *file, struct via_arena *arena)
{
	char sha256[SHA256_HEX + 1];
	struct via_file_value value = {
		.there = file->there,
		.mode = file->mode,
		.uid = file->uid,
		.gid = file->gid,
		.size = file->content.size,
		.sha256 = sha256,
	};

	sha256_of(file->content.data, file->content.size, sha256);
	return file_value_text(&value, arena);
}

/* Digits up to @end, which is passed. */
static bool take_number(const char **at, int base, char end, uint64_t limit, uint64_t *ret)
{
	char *stop;
	uint64_t number;

	if (**at < '0' || **at > '9')
		return false;
	errno = 0;
	number = strtoull(*at, &stop, base);
	if (errno || *stop != end || number > limit)
		return false;
	*at = stop + 1;
	*ret = number;
	return true;
}

int file_value_parse(const char *text, struct via_file_value *ret)
{
	uint64_t mode, uid, gid, size;

	if (strcmp(text, absent) == 0) {
		*ret = (struct via_file_value){ 0 };
		return 0;
	}
	if (!take_number(&text, 8, ' ', MODE_LIMIT, &mode) ||
	    !take_number(&text, 10, ':', UINT32_MAX, &uid) ||
	    !take_number(&text, 10, ' ', UINT32_MAX, &gid) ||
	    !take_number(&text, 10, ' ', INT64_MAX, &size) || strlen(text) != SHA256_HEX ||
	    text[strspn(text, "0123456789abcdef")])
		return -EINVAL;
	*ret = (struct via_file_value){
		.there = true,
		.mode = (unsigned int)mode,
		.uid = (unsigned int)uid,
		.gid = (unsigned int)gid,
		.size = size,
		.sha256 = text,
	};
	return 0;
}

bool file_value_is_content(const char *value, struct via_span content)
{
	char sha256[SHA256_HEX + 1];
	struct via_file_value file;

	sha256_of(content.data, content.size, sha256);
	return file_value_parse(value, &file) == 0 && file.there &&
	       strcmp(file.sha256, sha256) == 0;
}

static struct via_file *completed(struct via_plan *plan, const struct via_file *before,
				  const struct via_file *after)
{
	struct via_file *file = arena_new_object(plan->arena, struct via_file);

	*file = *after;
	file->mode = before->there ? before->mode : after->mode ? after->mode : NEW_MODE;
	file->uid = before->there ? before->uid : after->uid;
	file->gid = before->there ? before->gid : after->gid;
	return file;
}

struct via_action *plan_file(struct via_plan *plan, const char *path, const struct via_file *before,
			     const struct via_file *after, const char *why)
{
	const struct via_file *then = completed(plan, before, after);
	const char *expected = file_value_of(before, plan->arena);
	const char *wanted = file_value_of(then, plan->arena);
	struct via_action *action;

	if (strcmp(expected, wanted) == 0)
		return NULL;
	action = plan_act(plan, VIA_ACTION_FILE, path, expected, wanted, why);
	action->before = arena_memdup(plan->arena, before, sizeof(*before));
	action->after = then;
	action->effect = action->undo = VIA_EFFECT_REBOOT;
	return action;
}

struct via_action *plan_own_file(struct via_plan *plan, const char *path,
				 const struct via_file *before, const char *text, const char *why)
{
	const struct via_file after = {
		.there = text,
		.content = { (const uint8_t *)text, text ? strlen(text) : 0 },
	};

	return plan_file(plan, path, before, &after, why);
}

const char *action_diff(const struct via_action *action, struct via_arena *arena)
{
	if (action->before && action->after)
		return diff_files(arena, action->target, action->before, action->after);
	return arena_printf(arena, "-%s\n+%s\n", action->expected, action->wanted);
}

const char *action_shown(enum via_action_kind kind, const char *value, struct via_arena *arena)
{
	struct via_file_value file;

	if (!value || !*value)
		return "(none)";
	if (kind != VIA_ACTION_FILE || file_value_parse(value, &file) < 0)
		return value;
	if (!file.there)
		return "(no file)";
	return arena_printf(arena, "%" PRIu64 " bytes", file.size);
}
