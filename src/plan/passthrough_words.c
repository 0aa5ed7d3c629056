/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/passthrough.h"

#include <errno.h>
#include <string.h>

#include "base/parse.h"
#include "model/select.h"

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
