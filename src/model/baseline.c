/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/baseline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "model/host.h"

static const char untold[] = "?", none[] = "-";

static bool stays_the_same(const struct via_pci_device *device)
{
	return !pci_is_bridge(device) && !fact_is(&device->physfn, VIA_PRESENT);
}

static const char *joined(struct via_arena *arena, const char *list, const char *word)
{
	return *list ? arena_printf(arena, "%s,%s", list, word) : word;
}

static const char *group_of(struct via_arena *arena, const struct via_host *host,
			    const struct via_pci_device *device)
{
	const struct via_pci_group *group;
	const char *list = "";

	if (fact_is(&device->group, VIA_ABSENT))
		return none;
	group = fact_is(&device->group, VIA_PRESENT) ? pci_group(&host->pci, device->group.number)
						     : NULL;
	if (!group || pci_group_untold(group))
		return untold;
	via_for_each (member, &group->devices)
		if (stays_the_same(*member))
			list = joined(arena, list, (*member)->name);
	return *list ? list : none;
}

/* An attribute that is not there is a kernel before 5.15, or a function without any method. */
static const char *reset_of(struct via_arena *arena, const struct via_pci_device *device)
{
	char *words;

	if (fact_is(&device->reset_method, VIA_ABSENT))
		return none;
	if (!fact_text(&device->reset_method))
		return untold;
	words = arena_strdup(arena, device->reset_method.text);
	for (char *c = words; *c; c++)
		if (*c == ' ')
			*c = ',';
	return *words ? words : none;
}

static const char *ids_of(struct via_arena *arena, const struct via_pci_device *device)
{
	if (!fact_is(&device->vendor, VIA_PRESENT) || !fact_is(&device->device, VIA_PRESENT))
		return untold;
	return arena_printf(arena, "%04llx:%04llx", (unsigned long long)device->vendor.number,
			    (unsigned long long)device->device.number);
}

static const char *firmware_of(struct via_arena *arena, const struct via_firmware *firmware)
{
	const char *version = fact_text(&firmware->bios_version);

	if (!version)
		return untold;
	return fact_text(&firmware->bios_date)
		       ? arena_printf(arena, "%s (%s)", version, firmware->bios_date.text)
		       : version;
}

struct via_baseline baseline_of(struct via_arena *arena, const struct via_host *host,
				const char *time)
{
	struct via_baseline baseline = {
		.time = time,
		.kernel = fact_text(&host->kernel_release) ?: untold,
		.firmware = firmware_of(arena, &host->firmware),
	};

	via_for_each (device, &host->pci.devices)
		if (stays_the_same(device))
			*via_list_add(arena, &baseline.functions) = (struct via_baseline_function){
				.address = device->name,
				.ids = ids_of(arena, device),
				.group = group_of(arena, host, device),
				.reset = reset_of(arena, device),
			};
	return baseline;
}

const char *baseline_text(struct via_arena *arena, const struct via_baseline *baseline)
{
	_cleanup_free_ char *text = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);

	if (!file)
		abort();
	fprintf(file,
		"# How this host was when it was good; made by viaduct.\n"
		"time %s\nkernel %s\nfirmware %s\n",
		baseline->time, baseline->kernel, baseline->firmware);
	via_for_each (function, &baseline->functions)
		fprintf(file, "function %s %s group=%s reset=%s\n", function->address,
			function->ids, function->group, function->reset);
	fclose(file);
	return arena_strndup(arena, text, size);
}

struct comparison {
	struct via_arena *arena;
	struct via_baseline_changes *changes;
	bool *untold;
};

static void compare(const struct comparison *comparison, const char *what, const char *was,
		    const char *is, bool grave)
{
	if (strcmp(was, untold) == 0 || strcmp(is, untold) == 0)
		*comparison->untold |= strcmp(was, is) != 0;
	else if (strcmp(was, is) != 0)
		*via_list_add(comparison->arena, comparison->changes) =
			(struct via_baseline_change){ what, was, is, grave };
}

/* Both are in the order of addresses: it is most often the next one. */
static const struct via_baseline_function *find(const struct via_baseline *baseline,
						const char *address, size_t *at)
{
	for (size_t i = 0; i < baseline->functions.count; i++) {
		size_t n = (*at + i) % baseline->functions.count;

		if (strcmp(baseline->functions.items[n].address, address) != 0)
			continue;
		*at = n + 1;
		return &baseline->functions.items[n];
	}
	return NULL;
}

static void compare_function(const struct comparison *comparison,
			     const struct via_baseline_function *was,
			     const struct via_baseline_function *is)
{
	struct via_arena *arena = comparison->arena;

	if (!is || strcmp(was->ids, is->ids) != 0) {
		compare(comparison, arena_printf(arena, "function at %s", was->address), was->ids,
			is ? is->ids : none, true);
		return;
	}
	compare(comparison, arena_printf(arena, "group of %s", was->address), was->group, is->group,
		true);
	compare(comparison, arena_printf(arena, "reset methods of %s", was->address), was->reset,
		is->reset, true);
}

void baseline_compare(struct via_arena *arena, const struct via_baseline *was,
		      const struct via_baseline *now, struct via_baseline_changes *ret,
		      bool *ret_untold)
{
	const struct comparison comparison = { arena, ret, ret_untold };
	size_t at = 0;

	*ret = (struct via_baseline_changes){ 0 };
	*ret_untold = false;
	compare(&comparison, "kernel", was->kernel, now->kernel, false);
	compare(&comparison, "firmware", was->firmware, now->firmware, false);
	via_for_each (function, &was->functions)
		compare_function(&comparison, function, find(now, function->address, &at));
}
