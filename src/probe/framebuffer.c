/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"

enum { IOMEM_LIMIT = 4 * 1024 * 1024, DEPTH_LIMIT = 16, INDENT = 2 };

/* Names under which firmware's framebuffer or a driver of it holds its range. */
static bool is_framebuffer(const char *owner)
{
	static const char *const names[] = {
		"BOOTFB", "efifb",   "simplefb", "simpledrm", "simple-framebuffer",
		"vesafb", "vesadrm", "efidrm",	 "vga16fb"
	};

	for (size_t i = 0; i < VIA_COUNT(names); i++)
		if (strcmp(owner, names[i]) == 0)
			return true;
	return text_ends(owner, "-framebuffer.0") || text_ends(owner, "-framebuffer");
}

/* "    e0000000-e07fffff : BOOTFB"; what is less indented before it is what it lies in. */
static void take_line(struct via_host *host, char *line, const char *above[DEPTH_LIMIT])
{
	struct via_framebuffer *framebuffer = &host->kernel.framebuffer;
	size_t depth = strspn(line, " ") / INDENT;
	char *owner = strstr(line, " : ");
	struct via_framebuffer_range *range;

	if (!owner || depth >= DEPTH_LIMIT)
		return;
	owner += 3;
	above[depth] = owner;
	if (!is_framebuffer(owner))
		return;
	range = via_list_add(host->arena, &framebuffer->ranges);
	*range = (struct via_framebuffer_range){
		.owner = owner,
		.parent = depth ? above[depth - 1] : NULL,
		.line = line + strspn(line, " "),
	};
}

static void read_iomem(const struct via_root *root, struct via_host *host)
{
	struct via_blob blob = root_blob(root, host->arena, IOMEM_LIMIT, "proc/iomem");
	const char *above[DEPTH_LIMIT] = { 0 };
	char *text, *save = NULL;

	host->kernel.framebuffer.iomem = blob.fact;
	if (!fact_is(&blob.fact, VIA_PRESENT))
		return;
	text = arena_strndup(host->arena, (const char *)blob.span.data, blob.span.size);
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		take_line(host, line, above);
	host->kernel.framebuffer.iomem.number = host->kernel.framebuffer.ranges.count;
}

static void find_device(const struct via_root *root, struct via_host *host)
{
	struct via_framebuffer *framebuffer = &host->kernel.framebuffer;
	struct via_names names;
	struct via_fact bus = root_entries(root, host->arena, &names, "sys/bus/platform/devices");

	framebuffer->device = bus;
	if (fact_is(&bus, VIA_PRESENT))
		framebuffer->device = fact_absent(bus.path);
	framebuffer->driver = framebuffer->device;
	via_for_each (name, &names) {
		if (!is_framebuffer(*name))
			continue;
		framebuffer->device =
			fact_present(arena_printf(host->arena, "%s/%s", bus.path, *name), *name, 1);
		framebuffer->driver = root_link(root, host->arena, "%s/%s/driver", bus.path, *name);
	}
}

void probe_framebuffer(const struct via_root *root, struct via_host *host)
{
	read_iomem(root, host);
	find_device(root, host);
	host->kernel.framebuffer.fb = root_text(root, host->arena, "proc/fb");
}
