/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/cleanup.h"
#include "render/show.h"

enum { VICTIMS = 8 };

static void show_victims(const struct via_paper *paper, const struct via_host *host,
			 const struct via_pci_device *device, struct via_arena *arena)
{
	const struct via_pci_device *victims[VICTIMS];
	size_t count = device_reset_victims(&host->pci, device, victims, VICTIMS);
	const char *text = "";

	for (size_t i = 0; i < count && i < VICTIMS; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? " " : "", victims[i]->name);
	if (count)
		show_line(paper, VIA_STYLE_CARE, "",
			  arena_printf(
				  arena,
				  "a reset of its bus would also hit %s%s: VFIO does it only for "
				  "who owns all of them",
				  text, count > VICTIMS ? " and more" : ""));
}

static void show_methods(const struct via_paper *paper, const char *methods,
			 struct via_arena *arena)
{
	char *save = NULL, *copy = arena_strdup(arena, methods);
	const char *name = "reset";

	for (char *word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		const char *means = reset_method_means(word);

		show_line(paper, VIA_STYLE_PLAIN, name,
			  means ? arena_printf(arena, "%s: %s", word, means) : word);
		name = "";
	}
}

void show_reset(const struct via_paper *paper, const struct via_host *host,
		const struct via_device_detail *detail, struct via_arena *arena)
{
	const struct via_pci_device *device = detail->device;
	const char *methods = fact_text(&device->reset_method);

	if (pci_is_bridge(device))
		return;
	if (methods && *methods)
		show_methods(paper, methods, arena);
	else if (methods)
		show_line(
			paper, VIA_STYLE_CARE, "reset",
			"all methods are switched off (reset_method is empty; writing \"default\" "
			"brings them back)");
	else
		show_fact(paper, "reset", &device->reset_method,
			  fact_is(&device->reset, VIA_PRESENT)
				  ? "possible; this kernel does not tell how (5.15 does)"
				  : "none: a guest gets it as the last one left it");
	show_victims(paper, host, device, arena);
}

void show_power(const struct via_paper *paper, const struct via_device_detail *detail,
		struct via_arena *arena)
{
	const char *state = fact_text(&detail->device->power_state);
	const char *control = fact_text(&detail->power_control);
	const char *text;

	if (!state) {
		show_fact(paper, "power", &detail->device->power_state, "not told by this kernel");
		return;
	}
	text = arena_strdup(arena, state);
	if (control)
		text = arena_printf(arena, "%s, runtime power %s", text,
				    strcmp(control, "auto") == 0 ? "on its own (auto)" : control);
	if (fact_is(&detail->d3cold_allowed, VIA_PRESENT))
		text = arena_printf(arena, "%s, D3cold %s", text,
				    detail->d3cold_allowed.number ? "allowed" : "forbidden");
	show_line(paper, VIA_STYLE_PLAIN, "power", text);
}

void show_place(const struct via_paper *paper, const struct via_host *host,
		const struct via_device_detail *detail, struct via_arena *arena)
{
	const struct via_pci_device *device = detail->device;
	const char *serial = device_serial(device);
	const char *cpus = fact_text(&detail->local_cpus);

	if (fact_is(&device->numa_node, VIA_PRESENT) && (int64_t)device->numa_node.number >= 0)
		show_line(paper, VIA_STYLE_PLAIN, "NUMA node",
			  arena_printf(arena, "%s%s%s", device->numa_node.text,
				       cpus ? ", processors " : "", cpus ? cpus : ""));
	else
		show_fact(paper, "NUMA node",
			  fact_is(&device->numa_node, VIA_UNKNOWN)
				  ? &device->numa_node
				  : &(struct via_fact){ .known = VIA_ABSENT },
			  "firmware names none");
	show_fact(paper, "slot", &device->slot, "not told");
	if (fact_text(&detail->label))
		show_fact(paper, "label", &detail->label, "");
	if (serial)
		show_line(paper, VIA_STYLE_PLAIN, "serial", serial);
}
