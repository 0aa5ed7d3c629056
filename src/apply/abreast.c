/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/abreast.h"

#include <string.h>

#include "apply/lever.h"
#include "apply/target.h"
#include "base/cleanup.h"

bool abreast_may(const struct via_action *action)
{
	return target_is_function(action) && lever_goes_alone(action);
}

static bool is_picked(const char *const *targets, const char *target)
{
	for (; *targets; targets++)
		if (strcmp(*targets, target) == 0)
			return true;
	return false;
}

size_t abreast_pick(const char **targets, size_t count, size_t *ret)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const char **picked = arena_alloc(arena, (count + 1) * sizeof(*picked));
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		if (!targets[i] || is_picked(picked, targets[i]))
			continue;
		picked[n] = targets[i];
		ret[n++] = i;
	}
	for (size_t i = 0; i < n; i++)
		targets[ret[i]] = NULL;
	return n;
}
