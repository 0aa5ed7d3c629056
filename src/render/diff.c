/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/diff.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "render/check.h"
#include "render/json.h"

/* Both hosts, and what was found so far. */
struct comparing {
	struct via_arena *arena;
	const struct via_host *before, *after;
	struct via_diff diff;
};

static void change(struct comparing *comparing, const char *kind, const char *subject,
		   const char *what, const char *before, const char *after)
{
	*via_list_add(comparing->arena, &comparing->diff.changes) =
		(struct via_change){ kind, subject, what, before, after };
}

static bool is_told(const struct via_fact *fact)
{
	return fact_is(fact, VIA_PRESENT) || fact_is(fact, VIA_ABSENT);
}

/* Texts as read; facts that are there without one are the same. */
static const char *in_words(const struct via_fact *fact)
{
	if (!fact_is(fact, VIA_PRESENT))
		return NULL;
	return fact->text ? fact->text : "there";
}

static void compare_fact(struct comparing *comparing, const char *kind, const char *subject,
			 const char *what, const struct via_fact *before,
			 const struct via_fact *after)
{
	if (!is_told(before) || !is_told(after)) {
		/* Asked of neither, it is no gap. */
		comparing->diff.untold +=
			fact_is(before, VIA_UNKNOWN) || fact_is(after, VIA_UNKNOWN);
		return;
	}
	if (!text_same(in_words(before), in_words(after)))
		change(comparing, kind, subject, what, in_words(before), in_words(after));
}

#define FACT_OF(base, at) ((const struct via_fact *)((const char *)(base) + (at)))

struct compared {
	const char *name;
	size_t at;
};

static void compare_host(struct comparing *comparing)
{
	static const struct compared facts[] = {
		{ "kernel", offsetof(struct via_host, kernel_release) },
		{ "os", offsetof(struct via_host, os_name) },
		{ "command line", offsetof(struct via_host, kernel.command_line) },
		{ "processor", offsetof(struct via_host, firmware.cpu.model_name) },
		{ "board", offsetof(struct via_host, firmware.board_name) },
		{ "BIOS version", offsetof(struct via_host, firmware.bios_version) },
		{ "Secure Boot", offsetof(struct via_host, firmware.secure_boot) },
		{ "lockdown", offsetof(struct via_host, firmware.lockdown) },
	};

	for (size_t i = 0; i < VIA_COUNT(facts); i++)
		compare_fact(comparing, "host", facts[i].name, NULL,
			     FACT_OF(comparing->before, facts[i].at),
			     FACT_OF(comparing->after, facts[i].at));
}

static const char *ids_of(struct via_arena *arena, const struct via_pci_device *device)
{
	if (!fact_is(&device->vendor, VIA_PRESENT) || !fact_is(&device->device, VIA_PRESENT))
		return NULL;
	return arena_printf(arena, "%04llx:%04llx", (unsigned long long)device->vendor.number,
			    (unsigned long long)device->device.number);
}

static bool same_device(struct via_arena *arena, const struct via_pci_device *a,
			const struct via_pci_device *b)
{
	const char *ids = ids_of(arena, a);

	return ids && text_same(ids, ids_of(arena, b));
}

/* What stands at that address on the other side and is the same kind of device. */
static const struct via_pci_device *counterpart(struct comparing *comparing,
						const struct via_host *other,
						const struct via_pci_device *device)
{
	const struct via_pci_device *found = pci_find(&other->pci, device->address);

	return found && (same_device(comparing->arena, device, found) ||
			 !ids_of(comparing->arena, device) || !ids_of(comparing->arena, found))
		       ? found
		       : NULL;
}

/* The one device of those ids without a counterpart; twins cannot be told apart. */
static const struct via_pci_device *only_stray(struct comparing *comparing,
					       const struct via_host *host,
					       const struct via_host *other,
					       const struct via_pci_device *like)
{
	const struct via_pci_device *only = NULL;

	via_for_each (device, &host->pci.devices) {
		if (!same_device(comparing->arena, device, like) ||
		    counterpart(comparing, other, device))
			continue;
		if (only)
			return NULL;
		only = device;
	}
	return only;
}

static void compare_functions(struct comparing *comparing, const char *subject,
			      const struct via_pci_device *before,
			      const struct via_pci_device *after)
{
	if (fact_is(&pci_sriov(before)->virtfns_known, VIA_UNKNOWN) ||
	    fact_is(&pci_sriov(after)->virtfns_known, VIA_UNKNOWN))
		return;
	if (pci_sriov(before)->virtfns.count != pci_sriov(after)->virtfns.count)
		change(comparing, "device", subject, "virtual functions",
		       arena_printf(comparing->arena, "%zu", pci_sriov(before)->virtfns.count),
		       arena_printf(comparing->arena, "%zu", pci_sriov(after)->virtfns.count));
}

static void compare_device(struct comparing *comparing, const struct via_pci_device *before,
			   const struct via_pci_device *after)
{
	static const struct compared facts[] = {
		{ "driver", offsetof(struct via_pci_device, driver) },
		{ "group", offsetof(struct via_pci_device, group) },
		{ "reset", offsetof(struct via_pci_device, reset_method) },
		{ "revision", offsetof(struct via_pci_device, revision) },
		{ "NUMA node", offsetof(struct via_pci_device, numa_node) },
	};

	for (size_t i = 0; i < VIA_COUNT(facts); i++)
		compare_fact(comparing, "device", after->name, facts[i].name,
			     FACT_OF(before, facts[i].at), FACT_OF(after, facts[i].at));
	compare_functions(comparing, after->name, before, after);
}

static void compare_before(struct comparing *comparing, const struct via_pci_device *device)
{
	const struct via_pci_device *there = counterpart(comparing, comparing->after, device);

	if (there) {
		compare_device(comparing, device, there);
		return;
	}
	there = only_stray(comparing, comparing->after, comparing->before, device);
	if (!there ||
	    only_stray(comparing, comparing->before, comparing->after, device) != device) {
		change(comparing, "device-removed", device->name, NULL,
		       ids_of(comparing->arena, device), NULL);
		return;
	}
	change(comparing, "device-moved", ids_of(comparing->arena, device), "address", device->name,
	       there->name);
	compare_device(comparing, device, there);
}

static void compare_after(struct comparing *comparing, const struct via_pci_device *device)
{
	const struct via_pci_device *was;

	if (counterpart(comparing, comparing->before, device))
		return;
	was = only_stray(comparing, comparing->before, comparing->after, device);
	if (!was || only_stray(comparing, comparing->after, comparing->before, device) != device)
		change(comparing, "device-added", device->name, NULL, NULL,
		       ids_of(comparing->arena, device));
}

static void compare_devices(struct comparing *comparing)
{
	if (!is_told(&comparing->before->pci.bus) || !is_told(&comparing->after->pci.bus)) {
		comparing->diff.untold++;
		return;
	}
	via_for_each (device, &comparing->before->pci.devices)
		compare_before(comparing, device);
	via_for_each (device, &comparing->after->pci.devices)
		compare_after(comparing, device);
}

/* "unknown" on one side is a gap, not a change. */
static void compare_findings(struct comparing *comparing, const struct via_findings *before,
			     const struct via_findings *after)
{
	via_for_each (was, &before->list)
		via_for_each (is, &after->list) {
			if (strcmp(was->id, is->id) != 0 || was->verdict == is->verdict)
				continue;
			if (was->verdict == VIA_CANNOT_TELL || is->verdict == VIA_CANNOT_TELL)
				comparing->diff.untold++;
			else
				change(comparing, "finding", was->id, "verdict",
				       verdict_name(was->verdict), verdict_name(is->verdict));
		}
}

struct via_diff diff_hosts(struct via_arena *arena, const struct via_host *before,
			   const struct via_findings *findings_before, const struct via_host *after,
			   const struct via_findings *findings_after)
{
	struct comparing comparing = { .arena = arena, .before = before, .after = after };

	compare_host(&comparing);
	compare_devices(&comparing);
	compare_findings(&comparing, findings_before, findings_after);
	return comparing.diff;
}

void text_diff(const struct via_paper *paper, const struct via_diff *diff)
{
	via_for_each (item, &diff->changes) {
		paper_print(paper, VIA_STYLE_BOLD, "%s%s%s\n", item->subject, item->what ? " " : "",
			    item->what ? item->what : "");
		if (item->before)
			paper_print(paper, VIA_STYLE_BAD, "  - %s\n", item->before);
		if (item->after)
			paper_print(paper, VIA_STYLE_GOOD, "  + %s\n", item->after);
	}
	if (!diff->changes.count)
		paper_print(paper, VIA_STYLE_PLAIN, "No difference%s.\n",
			    diff->untold ? " in what both tell" : "");
	if (diff->untold)
		paper_print(paper, VIA_STYLE_DIM, "%zu facts could not be compared.\n",
			    diff->untold);
}

json_t *json_diff(const struct via_diff *diff, const struct via_host *before,
		  const struct via_host *after)
{
	json_t *changes = json_array();

	via_for_each (item, &diff->changes)
		json_array_append_new(changes, json_pack("{s:s, s:s, s:o, s:o, s:o}", "kind",
							 item->kind, "subject", item->subject,
							 "what", json_optional(item->what),
							 "before", json_optional(item->before),
							 "after", json_optional(item->after)));
	return json_pack("{s:s, s:o, s:o, s:o, s:I}", "schema", "viaduct.diff/1", "before",
			 json_host(before), "after", json_host(after), "changes", changes, "untold",
			 (json_int_t)diff->untold);
}
