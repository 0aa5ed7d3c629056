/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/release.h"

#include <errno.h>
#include <string.h>

#include "apply/history.h"
#include "apply/lever.h"
#include "apply/target.h"
#include "base/parse.h"

/* vfio-pci, its variants (mlx5_vfio_pci …), pci-stub, or no driver at all. */
static bool is_parked(const char *driver)
{
	return !*driver || strcmp(driver, "pci-stub") == 0 || text_ends(driver, "vfio-pci") ||
	       text_ends(driver, "vfio_pci");
}

/* What a transaction did to one function: NULL where it left that alone. */
struct across {
	const char *driver_before, *driver_after, *override_before;
};

static bool look_across(const struct via_transaction *transaction, const char *address,
			struct across *ret)
{
	struct across across = { 0 };

	via_for_each (entry, &transaction->entries) {
		const struct via_action *action = &entry->action;

		if (strcmp(action->target, address) != 0)
			continue;
		if (action->kind == VIA_ACTION_DRIVER_OVERRIDE && !across.override_before)
			across.override_before = action->expected;
		if (action->kind != VIA_ACTION_DRIVER)
			continue;
		across.driver_before = across.driver_before ?: action->expected;
		across.driver_after = action->wanted;
	}
	*ret = across;
	return across.driver_before;
}

int apply_former_driver(const struct via_world *world, struct via_arena *arena, const char *address,
			struct via_former *ret)
{
	const struct via_action action = { .kind = VIA_ACTION_DRIVER, .target = address };
	const char *driver = "", *override = "";
	struct via_history history = { 0 };
	struct across across;
	bool found = false;
	int r = lever_get(world, &action, arena, &driver);

	if (r == 0)
		r = history_read(&world->root, arena, &history, NULL);
	if (r < 0)
		return r;
	for (size_t i = history.transactions.count; i-- > 0;) {
		const struct via_transaction *transaction = &history.transactions.items[i];

		if (!history_of_this_boot(&history, transaction) ||
		    !look_across(transaction, address, &across))
			continue;
		if (strcmp(across.driver_after, driver) != 0 || !is_parked(driver))
			break;
		driver = across.driver_before;
		override = across.override_before ?: override;
		found = true;
	}
	if (!found)
		return -ENOENT;
	*ret = (struct via_former){
		.driver = arena_strdup(arena, driver),
		.override = arena_strdup(arena, override),
	};
	return 0;
}

/* Whether a transaction changed no function but that one. */
static bool is_alone(const struct via_transaction *transaction, const char *address)
{
	via_for_each (entry, &transaction->entries)
		if (target_is_function(&entry->action) &&
		    strcmp(entry->action.target, address) != 0)
			return false;
	return true;
}

int apply_taking_transaction(const struct via_world *world, struct via_arena *arena,
			     const char *address, uint64_t *ret)
{
	const struct via_action action = { .kind = VIA_ACTION_DRIVER, .target = address };
	struct via_history history = { 0 };
	struct across across;
	const char *driver = "";
	int r = lever_get(world, &action, arena, &driver);

	if (r == 0)
		r = history_read(&world->root, arena, &history, NULL);
	if (r < 0)
		return r;
	for (size_t i = history.transactions.count; i-- > 0;) {
		const struct via_transaction *transaction = &history.transactions.items[i];

		if (!history_of_this_boot(&history, transaction) ||
		    !look_across(transaction, address, &across))
			continue;
		if (strcmp(across.driver_after, driver) != 0 || !is_parked(driver) ||
		    !is_alone(transaction, address))
			return -ENOENT;
		*ret = transaction->id;
		return 0;
	}
	return -ENOENT;
}
