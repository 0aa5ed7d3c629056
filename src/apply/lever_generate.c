/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/lever.h"

#include <errno.h>
#include <string.h>

#include "apply/make.h"
#include "base/cleanup.h"
#include "boot/readback.h"
#include "plan/generate.h"

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
	if (r != -ENODATA || !world->effects.files_only)
		return r;
	*ret = ""; /* an image need not tell how it will boot */
	return 0;
}

/* Nothing was staged yet: what it makes is put in place by apply_made(). */
static int set(const struct via_world *world, const struct via_action *action, const char *value)
{
	return -EOPNOTSUPP;
}

static int obstacle(const struct via_world *world, const struct via_action *action,
		    struct via_arena *arena, const char **ret)
{
	if (!world->effects.files_only && !make_program_there(world, action->target, arena))
		*ret = "the program is not installed";
	return 0;
}

/* Made for these kernels; others that came later would not be as before by putting back. */
static const char *beside(const struct via_world *world, const struct via_action *action,
			  struct via_arena *arena)
{
	return make_kernels(world, arena);
}

const struct via_lever lever_generate = {
	.valid = value_valid,
	.get = get,
	.set = set,
	.beside = beside,
	.obstacle = obstacle,
};
