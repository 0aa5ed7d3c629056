/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What systemd-boot starts once, and by default: variables of the firmware. It removes the first
 * itself before it starts that entry. */
#include "apply/lever.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "decode/efi_variable.h"
#include "sys/effect_efi.h"
#include "sys/file_state.h"

#define VARIABLE "sys/firmware/efi/efivars/%s-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"

enum { VARIABLE_BYTES = 4096 };

/* Kept, and seen by loader and system. Source: UEFI specification 2.10, 8.2 */
static const uint8_t attributes[EFI_ATTRIBUTE_BYTES] = { 7 };

static bool value_valid(const char *value)
{
	return !value[strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789.-")];
}

static int get(const struct via_world *world, const struct via_action *action,
	       struct via_arena *arena, const char **ret)
{
	struct via_blob blob =
		root_blob(&world->root, arena, VARIABLE_BYTES, VARIABLE, action->target);

	*ret = "";
	if (fact_is(&blob.fact, VIA_ABSENT))
		return 0;
	if (!fact_is(&blob.fact, VIA_PRESENT))
		return -blob.fact.error;
	/* One that was being made when power failed has nothing in it. */
	return blob.span.size ? efi_variable_text(arena, blob.span, ret) : 0;
}

static int set(const struct via_world *world, const struct via_action *action, const char *value)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_span bytes = { 0 };

	if (*value)
		bytes = efi_variable_from_text(
			arena, (struct via_span){ attributes, sizeof(attributes) }, value);
	return effect_efi_variable(&world->effects, arena_printf(arena, VARIABLE, action->target),
				   bytes);
}

static int obstacle(const struct via_world *world, const struct via_action *action,
		    struct via_arena *arena, const char **ret)
{
	return file_obstacle(&world->root, arena_printf(arena, VARIABLE, action->target), arena,
			     ret);
}

const struct via_lever lever_loader_entry = {
	.valid = value_valid,
	.get = get,
	.set = set,
	.obstacle = obstacle,
};
