/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/prediction.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "decode/cmdline.h"
#include "model/dma_alias.h"
#include "model/prediction_walk.h"

/* Sets that are joined; each is named by its lowest member. */
static size_t set_of(size_t *sets, size_t i)
{
	while (sets[i] != i)
		i = sets[i] = sets[sets[i]];
	return i;
}

static void join(size_t *sets, size_t a, size_t b)
{
	a = set_of(sets, a);
	b = set_of(sets, b);
	if (a < b)
		sets[b] = a;
	else
		sets[a] = b;
}

static bool joined_on_bus(const struct via_walk *walk, const struct via_walk_function *top,
			  const struct via_walk_function *other)
{
	if (other->outside)
		return false;
	return (walk_joins_slot(walk, top) && walk_shares_slot(walk, top, other)) ||
	       ((top->poser || other->poser) && dma_alias_between(top->device, other->device));
}

static void join_bus(const struct via_walk *walk, const struct via_walk_function *top, size_t *sets)
{
	size_t at = (size_t)(top - walk->functions);

	for (size_t i = top->bus_first; i < top->bus_end; i++)
		if (joined_on_bus(walk, top, &walk->functions[walk->by_bus[i]]))
			join(sets, at, walk->by_bus[i]);
}

/* Every set by its lowest member, once all are joined. */
static void flatten(size_t *sets, size_t count)
{
	for (size_t i = 0; i < count; i++)
		sets[i] = set_of(sets, i);
}

static size_t *group(struct via_walk *walk, bool suspicious, struct via_arena *arena)
{
	size_t *sets = arena_alloc(arena, (walk->count + 1) * sizeof(*sets));
	bool *done = arena_alloc(arena, walk->count + 1);

	walk->suspicious = suspicious;
	for (size_t i = 0; i < walk->count; i++)
		sets[i] = i;
	for (size_t i = 0; i < walk->count; i++) {
		const struct via_walk_function *top;

		if (walk->functions[i].outside)
			continue;
		top = walk_up(walk, arena, &walk->functions[i], NULL);
		join(sets, i, (size_t)(top - walk->functions));
		if (!done[top - walk->functions])
			join_bus(walk, top, sets);
		done[top - walk->functions] = true;
	}
	flatten(sets, walk->count);
	return sets;
}

/* How many each set has, by its lowest member. */
static size_t *count_members(const struct via_walk *walk, const size_t *sets,
			     struct via_arena *arena)
{
	size_t *counts = arena_alloc(arena, (walk->count + 1) * sizeof(*counts));

	for (size_t i = 0; i < walk->count; i++)
		counts[sets[i]]++;
	return counts;
}

static const struct via_walk_function *doubt_about(const struct via_walk *walk, size_t *suspicious,
						   size_t i)
{
	for (const struct via_walk_function *up = walk->functions[i].parent; up; up = up->parent)
		if (walk_doubt(up))
			return up;
	for (size_t k = 0; k < walk->count; k++)
		if (suspicious[k] == suspicious[i] && walk_doubt(&walk->functions[k]))
			return &walk->functions[k];
	return &walk->functions[i];
}

/* What it is that could not be read, as a fact. */
static struct via_fact unread(const struct via_host *host, const struct via_pci_device *device)
{
	const struct via_fact *config = &device->config.fact;

	if (fact_is(config, VIA_UNKNOWN))
		return *config;
	/* 64 bytes are what an unprivileged reader gets. */
	return fact_unknown(config->path,
			    fact_is(config, VIA_PRESENT) && host->live ? EACCES : ENODATA);
}

static void settle_unknown(const struct via_host *host, struct via_arena *arena,
			   struct via_predicted *predicted, const struct via_walk_function *doubt)
{
	predicted->fact = unread(host, doubt->device);
	if (fact_is(&doubt->device->config.fact, VIA_PRESENT))
		walk_say(arena, predicted, VIA_STEP_UNREAD, doubt,
			 "%s: %zu bytes of its configuration space were read, too few to tell",
			 doubt->device->name, (size_t)doubt->device->config.fact.number);
	else
		walk_say(arena, predicted, VIA_STEP_UNREAD, doubt,
			 "%s: its configuration space was not read (%s)", doubt->device->name,
			 errno_name(predicted->fact.error));
}

static const struct via_walk_function *unplaced_above(const struct via_walk_function *function)
{
	while (function && !function->unplaced)
		function = function->parent;
	return function;
}

static void settle_unplaced(struct via_arena *arena, struct via_predicted *predicted,
			    const struct via_walk_function *unplaced)
{
	predicted->fact = unplaced->device->place;
	walk_say(arena, predicted, VIA_STEP_UNREAD, unplaced,
		 "%s: the port it is plugged into could not be told", unplaced->device->name);
}

static void say_bus(const struct via_walk *walk, struct via_arena *arena,
		    const struct via_walk_function *top, struct via_predicted *predicted)
{
	bool slot = false;

	for (size_t i = top->bus_first; i < top->bus_end; i++) {
		const struct via_walk_function *other = &walk->functions[walk->by_bus[i]];

		if (other->outside)
			continue;
		slot |= walk_joins_slot(walk, top) && walk_shares_slot(walk, top, other);
		if ((top->poser || other->poser) && dma_alias_between(top->device, other->device))
			walk_say(arena, predicted, VIA_STEP_ALIAS, other,
				 "quirk: %s and %s use one requester id", top->device->name,
				 other->device->name);
	}
	if (slot)
		walk_say(arena, predicted, VIA_STEP_SLOT, top,
			 "functions of one slot without ACS between them (%.*s)",
			 (int)strcspn(top->device->name, "."), top->device->name);
}

static void explain(const struct via_walk *walk, struct via_arena *arena,
		    const struct via_walk_function *function, struct via_predicted *predicted,
		    bool alone)
{
	const struct via_walk_function *top = walk_up(walk, arena, function, predicted);

	say_bus(walk, arena, top, predicted);
	if (alone)
		walk_say(arena, predicted, VIA_STEP_ALONE, function,
			 function->parent ? "alone: every port above it isolates"
					  : "alone on the root bus");
}

/* What is needed to settle one function after the other. */
struct settling {
	const struct via_host *host;
	struct via_arena *arena;
	const struct via_walk *walk;
	size_t *trustful, *suspicious; /* sets */
	size_t *trustful_counts, *suspicious_counts;
	size_t *numbers; /* of the groups, from 1, by set */
	struct via_prediction *prediction;
};

/* Trustful sets lie within suspicious ones: equal in number is equal. */
static bool is_certain(const struct settling *settling, size_t i)
{
	return settling->trustful_counts[settling->trustful[i]] ==
	       settling->suspicious_counts[settling->suspicious[i]];
}

/* With room for just those that are in the set. */
static size_t group_named(const struct settling *settling, size_t set)
{
	struct via_prediction *prediction = settling->prediction;
	size_t *number = &settling->numbers[set], room = settling->trustful_counts[set];
	struct via_predicted_group *group;

	if (!*number) {
		group = via_list_add(settling->arena, &prediction->groups);
		group->devices.items =
			arena_alloc(settling->arena, room * sizeof(*group->devices.items));
		group->devices.capacity = room;
		*number = prediction->groups.count;
	}
	return *number - 1;
}

static void settle(const struct settling *settling, size_t i)
{
	struct via_prediction *prediction = settling->prediction;
	struct via_predicted *predicted = &prediction->functions.items[i];
	const struct via_walk_function *function = &settling->walk->functions[i], *unplaced;
	size_t set = settling->trustful[i];

	if (function->outside) {
		predicted->fact = fact_absent(NULL);
		walk_say(settling->arena, predicted, VIA_STEP_SPECIAL, function,
			 "the IOMMU itself is in no group");
		return;
	}
	unplaced = unplaced_above(function);
	if (unplaced) {
		settle_unplaced(settling->arena, predicted, unplaced);
		return;
	}
	if (!is_certain(settling, i)) {
		settle_unknown(settling->host, settling->arena, predicted,
			       doubt_about(settling->walk, settling->suspicious, i));
		return;
	}
	predicted->fact = fact_present(NULL, NULL, 0);
	predicted->group = group_named(settling, set);
	*via_list_add(settling->arena, &prediction->groups.items[predicted->group].devices) =
		function->device;
	explain(settling->walk, settling->arena, function, predicted,
		settling->trustful_counts[set] == 1);
}

static void note(struct via_prediction *prediction, struct via_arena *arena, const char *text)
{
	*via_list_add(arena, &prediction->notes) = text;
}

/* What the kernel was told that changes groups, and is not modelled. */
static void add_notes(const struct via_host *host, struct via_arena *arena,
		      struct via_prediction *prediction)
{
	const char *text = fact_text(&host->kernel.command_line);
	struct via_cmdline cmdline = { 0 };

	if (!text)
		return;
	cmdline_decode(arena, text, &cmdline);
	via_for_each (parameter, &cmdline) {
		const char *value = parameter->value ? parameter->value : "";

		if (parameter_is(parameter, "pci") && strstr(value, "disable_acs_redir="))
			note(prediction, arena, "pci=disable_acs_redir is set: not modelled.");
		if (parameter_is(parameter, "pci") && strstr(value, "config_acs="))
			note(prediction, arena, "pci=config_acs is set: not modelled.");
		if (parameter_is(parameter, "pcie_acs_override"))
			note(prediction, arena,
			     "pcie_acs_override is set: a patched kernel splits groups by it, "
			     "which isolates nothing; not modelled.");
	}
}

static void lay_out(struct via_prediction *prediction, const struct settling *settling)
{
	size_t count = settling->walk->count, sets = 0;

	for (size_t i = 0; i < count; i++)
		sets += settling->trustful_counts[i] > 0;
	prediction->groups.items =
		arena_alloc(settling->arena, (sets + 1) * sizeof(*prediction->groups.items));
	prediction->groups.capacity = sets + 1;
	prediction->functions.items =
		arena_alloc(settling->arena, (count + 1) * sizeof(*prediction->functions.items));
	prediction->functions.count = prediction->functions.capacity = count;
}

const struct via_prediction *prediction_new(struct via_arena *arena, const struct via_host *host)
{
	struct via_prediction *prediction = arena_new_object(arena, struct via_prediction);
	_cleanup_arena_ struct via_arena *scratch = arena_new();
	struct via_walk walk;
	struct settling settling = {
		.host = host, .arena = arena, .walk = &walk, .prediction = prediction
	};

	walk_prepare(&walk, host, scratch);
	settling.suspicious = group(&walk, true, scratch);
	settling.trustful = group(&walk, false, scratch);
	settling.suspicious_counts = count_members(&walk, settling.suspicious, scratch);
	settling.trustful_counts = count_members(&walk, settling.trustful, scratch);
	settling.numbers = arena_alloc(scratch, (walk.count + 1) * sizeof(size_t));
	lay_out(prediction, &settling);
	for (size_t i = 0; i < walk.count; i++)
		settle(&settling, i);
	add_notes(host, arena, prediction);
	return prediction;
}

const struct via_predicted *prediction_of(const struct via_prediction *prediction,
					  const struct via_host *host,
					  const struct via_pci_device *device)
{
	return &prediction->functions.items[device - host->pci.devices.items];
}

const struct via_predicted_group *prediction_group(const struct via_prediction *prediction,
						   const struct via_predicted *predicted)
{
	return fact_is(&predicted->fact, VIA_PRESENT) ? &prediction->groups.items[predicted->group]
						      : NULL;
}

static const char *add_steps(const struct via_predicted *predicted, const char *text,
			     struct via_arena *arena)
{
	via_for_each (step, &predicted->steps)
		if (!strstr(text, step->text))
			text = arena_printf(arena, "%s%s%s", text, *text ? "; " : "", step->text);
	return text;
}

const char *prediction_why_one(const struct via_predicted *predicted, struct via_arena *arena)
{
	return add_steps(predicted, "", arena);
}

const char *prediction_why(const struct via_prediction *prediction, const struct via_host *host,
			   const struct via_predicted_group *group, struct via_arena *arena)
{
	const char *text = "";

	via_for_each (member, &group->devices)
		text = add_steps(prediction_of(prediction, host, *member), text, arena);
	return text;
}
