/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/pci_part.h"

#include <errno.h>
#include <string.h>

/* "0x…" up to the blank or end behind it */
static bool take_hex(const char **at, uint64_t *ret)
{
	const char *text = *at;
	uint64_t value = 0;
	int digits = 0;

	while (*text == ' ')
		text++;
	if (text[0] == '0' && text[1] == 'x')
		text += 2;
	for (; digits <= 16; digits++, text++) {
		unsigned int c = (unsigned char)*text | 0x20u;

		if (c >= '0' && c <= '9')
			value = value << 4 | (c - '0');
		else if (c >= 'a' && c <= 'f')
			value = value << 4 | (c - 'a' + 10);
		else
			break;
	}
	*at = text;
	*ret = value;
	return digits > 0 && digits <= 16;
}

static bool take_line(const char **at, struct via_resource *ret)
{
	struct via_resource line;

	if (!take_hex(at, &line.start) || !take_hex(at, &line.end) || !take_hex(at, &line.flags) ||
	    line.end < line.start)
		return false;
	*ret = line;
	*at = strchr(*at, '\n');
	*at = *at ? *at + 1 : NULL;
	return true;
}

void pci_probe_resources(const struct via_place *place, struct via_arena *arena,
			 struct via_pci_device *device)
{
	struct via_resource resources[VIA_RESOURCES];
	static const char unused[] = "0x0000000000000000 0x0000000000000000 0x0000000000000000\n";
	char page[PLACE_PAGE_BYTES];
	const char *line;
	size_t count = 0;

	device->resource = place_text_in(place, arena, "resource", page);
	line = fact_text(&device->resource);
	while (line && count < VIA_RESOURCES) {
		if (strncmp(line, unused, sizeof(unused) - 1) == 0) { /* most are */
			resources[count++] = (struct via_resource){ 0 };
			line += sizeof(unused) - 1;
			continue;
		}
		if (!take_line(&line, &resources[count])) {
			device->resource =
				place_spell(place, arena, fact_unknown("resource", EBADMSG));
			return;
		}
		count++;
	}
	device->resource.text = NULL; /* it is a page of numbers, and they were taken */
	while (count && !resources[count - 1].start && !resources[count - 1].end &&
	       !resources[count - 1].flags)
		count--;
	device->resource_count = count;
	device->resources = arena_memdup(arena, resources, count * sizeof(*resources));
}

/* Both attributes are there on the same condition, so one tells of the other. */
static void take_reset(const struct via_place *place, struct via_arena *arena,
		       struct via_pci_device *device)
{
	device->reset_method = place_text(place, arena, "reset_method");
	device->reset = fact_is(&device->reset_method, VIA_PRESENT)
				? fact_present("reset_method", NULL, 1)
				: place_exists(place, arena, "reset");
}

/* The kernel took it from there, too. */
static bool revision_of_config(struct via_pci_device *device)
{
	struct via_pci_header header;

	if (!fact_is(&device->config.fact, VIA_PRESENT) || !device->capabilities.standard_read ||
	    !pci_header_decode(device->config.span, &header))
		return false;
	device->revision = fact_present("config", NULL, header.revision);
	return true;
}

void pci_probe_detail(const struct via_place *place, struct via_arena *arena,
		      struct via_pci_device *device)
{
	if (!revision_of_config(device))
		device->revision = place_number(place, arena, "revision");
	device->numa_node = place_number(place, arena, "numa_node");
	take_reset(place, arena, device);
	pci_probe_vf_places(place, arena, device);
	if (fact_is(&device->resource, VIA_NOT_ASKED))
		pci_probe_resources(place, arena, device);
}

void probe_pci_rest(const struct via_root *root, const struct via_host *host,
		    struct via_arena *arena, int at, struct via_pci_device *device)
{
	struct via_pci_twins none = { .count = PCI_TWINS_MOST };
	struct via_pci_look look = {
		.root = root,
		.host = host,
		.at = at,
		.plain = pci_is_plain(root, at),
		.twins = &none,
	};
	char path[PCI_PATH_BYTES];
	struct via_place place = pci_enter(root, at, device->name, path);

	if (fact_is(&device->power_state, VIA_NOT_ASKED))
		device->power_state = place_text(&place, arena, "power_state");
	if (device->surveyed || fact_is(&device->config.fact, VIA_NOT_ASKED))
		pci_probe_config(&look, &place, arena, false, device);
	if (fact_is(&device->reset, VIA_NOT_ASKED))
		pci_probe_detail(&place, arena, device);
	place_leave(&place);
}
