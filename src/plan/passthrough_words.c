/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/passthrough.h"

#include <errno.h>
#include <string.h>

#include "base/parse.h"
#include "model/select.h"
#include "plan/boot.h"

const char *plan_reset_words(struct via_arena *arena, const char *list)
{
	char *words = arena_strdup(arena, strcmp(list, "none") == 0 ? "" : list);

	for (char *c = words; *c; c++)
		if (*c == ',')
			*c = ' ';
	return words;
}

/* The words of the goal, as far as they are not read yet, and what was read. */
struct words {
	const char *const *items;
	size_t count;
	struct via_names devices;
	struct via_handover_when when;
	struct via_handover how;
};

static int take_value(struct words *words, const char **ret, struct via_error *error)
{
	const char *option = *words->items;

	if (words->count < 2)
		return error_usage(error, "plan passthrough", option, "it needs a value");
	words->items++;
	words->count--;
	*ret = *words->items;
	return 0;
}

static int read_option(struct via_arena *arena, struct words *words, struct via_error *error)
{
	const char *option = *words->items, *list = NULL;
	int r = 0;

	if (strcmp(option, "--now") == 0)
		words->when.now = true;
	else if (strcmp(option, "--persistent") == 0)
		words->when.persistent = true;
	else if (strcmp(option, "--no-d3cold") == 0)
		words->how.d3cold = "0";
	else if (strcmp(option, "--driver") == 0)
		r = take_value(words, &words->how.driver, error);
	else if (strcmp(option, "--reset-method") == 0)
		r = take_value(words, &list, error);
	else
		return error_usage(error, "plan passthrough", option, "there is no such option");
	if (list)
		words->how.reset = plan_reset_words(arena, list);
	return r;
}

static int read_words(struct via_arena *arena, struct words *words, struct via_error *error)
{
	struct via_handover_when *when = &words->when;
	int r = 0;

	for (; r == 0 && words->count; words->items++, words->count--) {
		if (text_starts(*words->items, "--"))
			r = read_option(arena, words, error);
		else
			*via_list_add(arena, &words->devices) = *words->items;
	}
	when->asked = when->persistent;
	if (!when->now && !when->persistent)
		when->now = when->persistent = true;
	if (r == 0 && words->how.driver && !pci_driver_is_vfio(words->how.driver))
		return error_usage(error, "plan passthrough", words->how.driver,
				   "that is no driver of VFIO's");
	if (r == 0 && !when->now && (words->how.driver || words->how.reset || words->how.d3cold))
		return error_usage(error, "plan passthrough", "--persistent",
				   "a driver, reset methods and D3cold are set --now, or in each "
				   "boot by /etc/viaduct/host.yaml");
	return r;
}

/* What an image becomes has devices that nobody sees yet: they are meant by their ids. */
static int read_unseen(struct via_plan *plan, const struct words *words, struct via_names *ids,
		       struct via_error *error)
{
	uint64_t vendor, device;

	if (words->how.driver || words->how.reset || words->how.d3cold)
		return error_usage(error, "plan passthrough", "an image",
				   "a driver, reset methods and D3cold are set in each boot by its "
				   "/etc/viaduct/host.yaml");
	via_for_each (text, &words->devices) {
		if (select_ids(*text, &vendor, &device) < 0) {
			error_set(error, -ENODEV, "find device", *text,
				  "an image does not tell what its host will have");
			return error_hint(error, "name it by its ids, such as 10de:2684, for "
						 "whatever host has one");
		}
		*via_list_add(plan->arena, ids) =
			arena_printf(plan->arena, "%04llx:%04llx", (unsigned long long)vendor,
				     (unsigned long long)device);
	}
	return 0;
}

static int plan_unseen(struct via_plan *plan, const struct via_host *host,
		       const struct words *words, struct via_error *error)
{
	struct via_names ids = { 0 }, added = { 0 }, none = { 0 };
	int r = read_unseen(plan, words, &ids, error);

	if (r < 0)
		return r;
	if (!words->when.persistent) {
		plan_refuse(plan, "--now", "leave it out",
			    "nothing runs in an image: it holds from the first boot on");
		return 0;
	}
	plan_risk(plan, "an image does not tell what its host's firmware has, nor what shares a "
			"group with the device: viaduct check says it there; plan iommu puts the "
			"words on the line that Intel's IOMMU needs");
	if (plan_early_ids(plan, host, &ids, &added) && added.count)
		plan_words(plan, host, &added, &none, "the driver's own list of ids");
	return 0;
}

static bool is_unseen(const struct via_host *host)
{
	return host->image && fact_is(&host->pci.bus, VIA_UNKNOWN);
}

static int plan_passthrough(const struct via_host *host, const char *const *items, size_t count,
			    struct via_plan *plan, struct via_error *error)
{
	struct via_handover *handovers = arena_alloc(plan->arena, (count + 1) * sizeof(*handovers));
	struct words words = { .items = items, .count = count };
	const struct via_names *devices = &words.devices;
	int r = read_words(plan->arena, &words, error);

	if (r < 0)
		return r;
	if (!devices->count)
		return error_usage(error, "plan", "passthrough", "no device named");
	if (is_unseen(host))
		return plan_unseen(plan, host, &words, error);
	for (size_t i = 0; i < devices->count; i++) {
		handovers[i] = words.how;
		r = select_device(&host->pci, devices->items[i], &handovers[i].device, error);
		if (r < 0)
			return r;
	}
	plan_handover(plan, host, handovers, devices->count, &words.when);
	return 0;
}

const struct via_goal_kind goal_passthrough = {
	.name = "passthrough",
	.arguments = "[--now] [--persistent] [--driver NAME] [--reset-method LIST] [--no-d3cold] "
		     "DEVICE...",
	.summary = "hold devices for guests: bind them to VFIO's driver, now and from each boot on",
	.plan = plan_passthrough,
};
