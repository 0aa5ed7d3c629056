/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/release.h"

#include <errno.h>
#include <string.h>

#include "apply/history.h"
#include "apply/lever.h"
#include "base/parse.h"

/* vfio-pci, its variants (mlx5_vfio_pci …), pci-stub, or no driver at all. */
static bool is_parked(const char *driver)
{
	return !*driver || strcmp(driver, "pci-stub") == 0 || text_ends(driver, "vfio-pci") ||
	       text_ends(driver, "vfio_pci");
}

/* The driver before and after a transaction; false when it left that function alone. */
static bool driver_across(const struct via_transaction *transaction, const char *address,
                          const char **ret_before, const char **ret_after)
{
	const char *before = NULL, *after = NULL;

	via_for_each (entry, &transaction->entries) {
		if (entry->action.kind != VIA_ACTION_DRIVER ||
		    strcmp(entry->action.target, address) != 0)
			continue;
		before = before ?: entry->action.expected;
		after = entry->action.wanted;
	}
	if (!before)
		return false;
	*ret_before = before;
	*ret_after = after;
	return true;
}

int apply_former_driver(const struct via_world *world, struct via_arena *arena, const char *address,
                        char **ret)
{
	const struct via_action action = { .kind = VIA_ACTION_DRIVER, .target = address };
	const char *driver, *before, *after;
	struct via_history history;
	bool found = false;
	int r = lever_get(world, &action, arena, &driver);

	if (r == 0)
		r = history_read(&world->root, arena, &history, NULL);
	if (r < 0)
		return r;
	for (size_t i = history.transactions.count; i-- > 0;) {
		const struct via_transaction *transaction = &history.transactions.items[i];

		if (!history_lives(&history, transaction) ||
		    !driver_across(transaction, address, &before, &after))
			continue;
		if (strcmp(after, driver) != 0 || !is_parked(driver))
			break;
		driver = before;
		found = true;
	}
	if (!found)
		return -ENOENT;
	*ret = arena_strdup(arena, driver);
	return 0;
}
