/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/release.h"

#include <errno.h>
#include <string.h>

#include "apply/history.h"
#include "apply/lever.h"
#include "apply/target.h"
#include "model/pci.h"

/* For VFIO, pci-stub's, or with no driver at all. */
static bool is_parked(const char *driver)
{
	return !*driver || strcmp(driver, "pci-stub") == 0 || pci_driver_is_vfio(driver);
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

static int driver_now(const struct via_world *world, struct via_arena *arena, const char *address,
		      const char **ret)
{
	const struct via_action action = { .kind = VIA_ACTION_DRIVER, .target = address };

	return lever_get(world, &action, arena, ret);
}

int apply_former_driver(const struct via_world *world, struct via_arena *arena, const char *address,
			struct via_former *ret)
{
	const char *driver = "", *override = "";
	struct via_history history = { 0 };
	struct across across;
	bool found = false;
	int r = driver_now(world, arena, address, &driver);

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

/* The driver of the host that a transaction took the same function from; NULL: none. */
static const char *taken_from(const struct via_transaction *transaction, const char *address,
			      const char *identity)
{
	via_for_each (entry, &transaction->entries)
		if (entry->action.kind == VIA_ACTION_DRIVER &&
		    strcmp(entry->action.target, address) == 0 &&
		    strcmp(entry->action.identity, identity) == 0 &&
		    !is_parked(entry->action.expected))
			return entry->action.expected;
	return NULL;
}

int apply_last_host_driver(const struct via_world *world, struct via_arena *arena,
			   const char *address, const char **ret)
{
	const struct via_action probe = { .kind = VIA_ACTION_DRIVER, .target = address };
	struct via_history history = { 0 };
	const char *identity, *driver;
	int r = target_identity(world, &probe, arena, &identity);

	if (r == 0)
		r = history_read(&world->root, arena, &history, NULL);
	for (size_t i = history.transactions.count; r == 0 && i-- > 0;) {
		driver = taken_from(&history.transactions.items[i], address, identity);
		if (!driver)
			continue;
		*ret = arena_strdup(arena, driver);
		return 0;
	}
	return r < 0 ? r : -ENOENT;
}

/* Whether a transaction changed no function but these. */
static bool is_alone(const struct via_transaction *transaction, const struct via_names *addresses)
{
	via_for_each (entry, &transaction->entries)
		if (target_is_function(&entry->action) &&
		    !names_have(addresses, entry->action.target))
			return false;
	return true;
}

/* The last transaction that moved it, where that left it parked with the driver it has, and did
 * not take it from another one of VFIO's. */
static const struct via_transaction *taken_by(const struct via_history *history,
					      const char *address, const char *driver)
{
	struct across across;

	for (size_t i = history->transactions.count; i-- > 0;) {
		const struct via_transaction *transaction = &history->transactions.items[i];

		if (!history_of_this_boot(history, transaction) ||
		    !look_across(transaction, address, &across))
			continue;
		if (strcmp(across.driver_after, driver) != 0 || !is_parked(driver) ||
		    pci_driver_is_vfio(across.driver_before))
			return NULL;
		return transaction;
	}
	return NULL;
}

int apply_taking_transaction(const struct via_world *world, struct via_arena *arena,
			     const struct via_names *addresses, uint64_t *ret)
{
	const struct via_transaction *one = NULL;
	struct via_history history = { 0 };
	int r = history_read(&world->root, arena, &history, NULL);

	for (size_t i = 0; r == 0 && i < addresses->count; i++) {
		const struct via_transaction *taken;
		const char *driver = "";

		r = driver_now(world, arena, addresses->items[i], &driver);
		if (r < 0)
			return r;
		taken = taken_by(&history, addresses->items[i], driver);
		if (!taken || (one && taken != one))
			return -ENOENT;
		one = taken;
	}
	if (r < 0 || !one || !is_alone(one, addresses))
		return r < 0 ? r : -ENOENT;
	*ret = one->id;
	return 0;
}
