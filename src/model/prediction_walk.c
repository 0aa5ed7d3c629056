/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/prediction_walk.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "model/dma_alias.h"

void walk_say(struct via_arena *arena, struct via_predicted *steps,
	      enum via_prediction_step_kind kind, const struct via_walk_function *at,
	      const char *format, ...)
{
	struct via_prediction_step *step;
	_cleanup_free_ char *text = NULL;
	va_list arguments;

	if (!steps)
		return;
	step = via_list_add(arena, &steps->steps);
	step->kind = kind;
	step->at = at->device;
	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	va_end(arguments);
	/* Those behind one port say the same. */
	step->text = arena_share(arena, text ?: format);
}

static const struct via_walk_function *function_of(const struct via_walk *walk,
						   const struct via_host *host,
						   const struct via_pci_device *device)
{
	return device ? &walk->functions[device - host->pci.devices.items] : NULL;
}

static int compare_places(const void *a, const void *b, void *context)
{
	const struct via_walk *walk = context;

	return address_compare(walk->functions[*(const size_t *)a].device->address,
			       walk->functions[*(const size_t *)b].device->address);
}

static bool same_bus(const struct via_walk *walk, size_t a, size_t b)
{
	struct via_pci_address first = walk->functions[walk->by_bus[a]].device->address;
	struct via_pci_address second = walk->functions[walk->by_bus[b]].device->address;

	return first.domain == second.domain && first.bus == second.bus;
}

static void sort_by_bus(struct via_walk *walk, struct via_arena *arena)
{
	walk->by_bus = arena_alloc(arena, (walk->count + 1) * sizeof(*walk->by_bus));
	for (size_t i = 0; i < walk->count; i++)
		walk->by_bus[i] = i;
	qsort_r(walk->by_bus, walk->count, sizeof(*walk->by_bus), compare_places, walk);
	for (size_t first = 0, end; first < walk->count; first = end) {
		for (end = first + 1; end < walk->count && same_bus(walk, first, end);)
			end++;
		for (size_t i = first; i < end; i++) {
			walk->functions[walk->by_bus[i]].bus_first = first;
			walk->functions[walk->by_bus[i]].bus_end = end;
		}
	}
}

void walk_prepare(struct via_walk *walk, const struct via_host *host, struct via_arena *arena)
{
	size_t count = host->pci.devices.count;

	*walk = (struct via_walk){ .count = count };
	walk->functions = arena_alloc(arena, count * sizeof(*walk->functions));
	for (size_t i = 0; i < count; i++) {
		const struct via_pci_device *device = &host->pci.devices.items[i];
		struct via_walk_function *function = &walk->functions[i];

		function->device = device;
		function->parent = function_of(walk, host, device->parent);
		function->stand_in = function_of(walk, host, device->dma_device);
		function->express = isolation_express(device, &function->type);
		function->multifunction = isolation_multifunction(device);
		function->judgement = isolation_judge(host, device, arena);
		function->poser = dma_alias_poses(device);
		function->outside = pci_class_is(device, 0x080600, 0xffff00);
		function->unplaced = fact_is(&device->place, VIA_UNKNOWN);
	}
	sort_by_bus(walk, arena);
}

static bool isolates(const struct via_walk *walk, const struct via_walk_function *function)
{
	if (function->judgement.isolation == VIA_ISOLATION_UNKNOWN)
		return !walk->suspicious;
	return function->judgement.isolation == VIA_ISOLATION_FULL;
}

static bool may_be(const struct via_walk *walk, enum via_known known)
{
	return known == VIA_UNKNOWN ? walk->suspicious : known == VIA_PRESENT;
}

/* Whether the DMA of what is behind a bridge carries the bridge's requester id. */
static bool poses(const struct via_walk *walk, const struct via_walk_function *bridge)
{
	if (bridge->express == VIA_UNKNOWN)
		return walk->suspicious;
	return bridge->express == VIA_ABSENT || bridge->type == VIA_PCIE_TO_PCI ||
	       bridge->type == VIA_PCI_TO_PCIE;
}

static const char *bridge_kind(const struct via_walk_function *bridge)
{
	if (bridge->express == VIA_ABSENT)
		return "conventional PCI bridge";
	return bridge->type == VIA_PCIE_TO_PCI ? "PCIe-to-PCI bridge" : "PCI-to-PCIe bridge";
}

static const struct via_walk_function *up_by_alias(const struct via_walk *walk,
						   struct via_arena *arena,
						   const struct via_walk_function *from,
						   struct via_predicted *steps)
{
	if (from->stand_in) {
		from = from->stand_in;
		walk_say(arena, steps, VIA_STEP_STANDIN, from,
			 "DMA from behind %s carries that function's requester id",
			 from->device->name);
	}
	for (const struct via_walk_function *up = from->parent; up; up = up->parent) {
		if (!poses(walk, up))
			continue;
		from = up;
		walk_say(arena, steps, VIA_STEP_STANDIN, up, "alias through %s %s", bridge_kind(up),
			 up->device->name);
	}
	return from;
}

/* The first that does not isolate, from a port up to the root bus. */
static const struct via_walk_function *leak_above(const struct via_walk *walk,
						  const struct via_walk_function *port)
{
	while (port && isolates(walk, port))
		port = port->parent;
	return port;
}

static void say_quirks(struct via_arena *arena, const struct via_walk_function *port,
		       struct via_predicted *steps)
{
	for (; port; port = port->parent)
		if (port->judgement.quirk)
			walk_say(arena, steps, VIA_STEP_QUIRK, port,
				 "quirk: %s counts as isolating (%s)", port->device->name,
				 port->judgement.why);
}

const struct via_walk_function *walk_up(const struct via_walk *walk, struct via_arena *arena,
					const struct via_walk_function *from,
					struct via_predicted *steps)
{
	const struct via_walk_function *top = up_by_alias(walk, arena, from, steps), *said = NULL;

	for (const struct via_walk_function *port = top->parent; port; port = port->parent) {
		const struct via_walk_function *leak = leak_above(walk, port);

		if (!leak) {
			say_quirks(arena, port, steps);
			break;
		}
		if (leak != said)
			walk_say(arena, steps, VIA_STEP_PORT, leak,
				 "port %s joins what is behind it: %s", leak->device->name,
				 leak->judgement.why);
		said = leak;
		top = port;
	}
	return top;
}

bool walk_joins_slot(const struct via_walk *walk, const struct via_walk_function *from)
{
	return may_be(walk, from->multifunction) && !isolates(walk, from);
}

bool walk_shares_slot(const struct via_walk *walk, const struct via_walk_function *from,
		      const struct via_walk_function *other)
{
	struct via_pci_address a = from->device->address, b = other->device->address;

	return from != other && a.domain == b.domain && a.bus == b.bus && a.device == b.device &&
	       !isolates(walk, other);
}

bool walk_doubt(const struct via_walk_function *function)
{
	return function->judgement.isolation == VIA_ISOLATION_UNKNOWN ||
	       function->multifunction == VIA_UNKNOWN || function->express == VIA_UNKNOWN;
}
