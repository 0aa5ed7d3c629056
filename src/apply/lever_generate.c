/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/lever.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "boot/readback.h"
#include "plan/generate.h"
#include "sys/effect_program.h"

static bool value_valid(const char *value)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_claims claims;

	return claims_parse(arena, value, &claims) == 0;
}

static int get(const struct via_world *world, const struct via_action *action,
	       struct via_arena *arena, const char **ret)
{
	struct via_claims claims;
	int r = claims_parse(arena, action->wanted, &claims);

	if (r == 0)
		r = boot_read_back(&world->root, arena, &claims);
	if (r == 0)
		*ret = claims_text(arena, &claims);
	return r;
}

static const char **words_of(const char *command, struct via_arena *arena)
{
	const char **words = arena_alloc(arena, (strlen(command) / 2 + 2) * sizeof(*words));
	size_t count = 0;

	for (const char *at = command; *at; at += strspn(at, " ")) {
		size_t length = strcspn(at, " ");

		words[count++] = arena_strndup(arena, at, length);
		at += length;
	}
	return words;
}

/* Whatever the value: what it makes, its sources say. */
static int set(const struct via_world *world, const struct via_action *action, const char *value)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();

	return effect_program_run(&world->effects, words_of(action->target, arena), arena, NULL);
}

const struct via_lever lever_generate = {
	.valid = value_valid,
	.get = get,
	.set = set,
};
