/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/abreast.h"

#include <string.h>

#include "apply/lever.h"
#include "apply/target.h"
#include "base/cleanup.h"
#include "model/pci.h"

bool abreast_may(const struct via_action *action)
{
	return target_is_function(action) && lever_goes_alone(action);
}

const char *abreast_slot(struct via_arena *arena, const struct via_action *action)
{
	if (action->kind != VIA_ACTION_DRIVER || !*action->expected ||
	    pci_driver_is_vfio(action->expected))
		return NULL;
	return arena_strndup(arena, action->target, strcspn(action->target, "."));
}

static bool is_among(const struct via_names *names, const char *name)
{
	return name && names_have(names, name);
}

size_t abreast_pick(struct via_abreast *steps, size_t count, size_t *ret)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_names passed = { 0 }, slots = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		if (!steps[i].target || is_among(&passed, steps[i].target))
			continue;
		/* What comes later on a function waits for what has to wait. */
		*via_list_add(arena, &passed) = steps[i].target;
		if (is_among(&slots, steps[i].slot))
			continue;
		if (steps[i].slot)
			*via_list_add(arena, &slots) = steps[i].slot;
		ret[n++] = i;
	}
	for (size_t i = 0; i < n; i++)
		steps[ret[i]].target = NULL;
	return n;
}
