/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "base/cleanup.h"
#include "base/parse.h"
#include "decode/keeping.h"
#include "decode/line.h"

/* The text between @open and @close behind @from, or NULL. */
static char *between(struct via_arena *arena, const char *from, const char *open, const char *close)
{
	const char *begin = strstr(from, open), *end;

	if (!begin)
		return NULL;
	begin += strlen(open);
	end = strstr(begin, close);
	return end ? arena_strndup(arena, begin, (size_t)(end - begin)) : NULL;
}

/* An attribute of the element that @element begins with; NULL for none. */
static char *attribute_text(struct via_arena *arena, const char *element, const char *name)
{
	char *tag = arena_strndup(arena, element, strcspn(element, ">"));

	return between(arena, tag, arena_printf(arena, " %s='", name), "'")
		       ?: between(arena, tag, arena_printf(arena, " %s=\"", name), "\"");
}

static bool attribute(struct via_arena *arena, const char *element, const char *name,
		      unsigned long largest, unsigned long *ret)
{
	char *text = attribute_text(arena, element, name), *end;

	if (!text || !*text)
		return false;
	*ret = strtoul(text, &end, 0);
	return !*end && *ret <= largest;
}

/* The function that the first <address …> names, or NULL. */
static const char *address_in(struct via_arena *arena, const char *text_of_element)
{
	char *element = between(arena, text_of_element, "<address", ">");
	unsigned long domain = 0, bus, slot, function;
	char text[PCI_ADDRESS_TEXT];

	if (!element || !attribute(arena, element, "bus", 0xff, &bus) ||
	    !attribute(arena, element, "slot", 0x1f, &slot) ||
	    !attribute(arena, element, "function", 7, &function))
		return NULL;
	attribute(arena, element, "domain", UINT32_MAX, &domain);
	return arena_strdup(arena, address_format(
					   (struct via_pci_address){
						   .domain = (uint32_t)domain,
						   .bus = (uint8_t)bus,
						   .device = (uint8_t)slot,
						   .function = (uint8_t)function,
					   },
					   text));
}

/* Whether an element's own tag has NAME='VALUE', in either kind of quotes. */
static bool tag_says(struct via_arena *arena, const char *element, const char *name,
		     const char *value)
{
	const char *text = attribute_text(arena, element, name);

	return text && strcmp(text, value) == 0;
}

static void add_hostdev(struct via_arena *arena, const char *path, const char *name,
			const char *hostdev, bool autostart, struct via_keepings *list)
{
	char *source = between(arena, hostdev, "<source", "</source>");
	const char *address = source ? address_in(arena, source) : NULL;
	bool managed = tag_says(arena, hostdev, "managed", "yes");

	if (!address)
		return;
	*via_list_add(arena, list) = (struct via_keeping){
		.keeper = VIA_KEEPER_LIBVIRT,
		.path = path,
		.device = address,
		.what = managed ? "given to a guest, bound by libvirt (managed)"
				: "given to a guest",
		.guest = name,
		.at_boot = autostart,
	};
}

/* <hostdev type='pci'>, and <interface type='hostdev'>: the usual form for a VF. */
static const struct {
	const char *open, *close, *type;
} given[] = {
	{ "<hostdev", "</hostdev>", "pci" },
	{ "<interface", "</interface>", "hostdev" },
};

void keeping_libvirt(struct via_arena *arena, const char *path, struct via_span text,
		     bool autostart, struct via_keepings *list)
{
	const char *xml = arena_strndup(arena, (const char *)text.data, text.size);
	const char *name = between(arena, xml, "<name>", "</name>") ?: "?";

	for (size_t i = 0; i < VIA_COUNT(given); i++)
		for (const char *at = xml; (at = strstr(at, given[i].open)); at++) {
			char *element = between(arena, at, given[i].open, given[i].close);

			if (element && tag_says(arena, element, "type", given[i].type))
				add_hostdev(arena, path, name, element, autostart, list);
		}
}

void keeping_libvirt_network(struct via_arena *arena, const char *path, struct via_span text,
			     bool autostart, struct via_keepings *list)
{
	const char *xml = arena_strndup(arena, (const char *)text.data, text.size);
	const char *name = between(arena, xml, "<name>", "</name>") ?: "?";
	char *forward = between(arena, xml, "<forward", "</forward>");
	struct via_keeping keeping = { .keeper = VIA_KEEPER_LIBVIRT,
				       .path = path,
				       .what = "its virtual functions are given to guests",
				       .guest = arena_printf(arena, "network %s", name),
				       .at_boot = autostart };

	if (!forward || !tag_says(arena, forward, "mode", "hostdev"))
		return;
	for (const char *at = forward; (at = strstr(at, "<pf ")); at++) {
		keeping.device = attribute_text(arena, at, "dev");
		if (keeping.device)
			*via_list_add(arena, list) = keeping;
	}
	keeping.what = "given to guests";
	for (const char *at = forward; (at = strstr(at, "<address")); at++) {
		keeping.device = address_in(arena, at);
		if (keeping.device)
			*via_list_add(arena, list) = keeping;
	}
}

/* "id=8086:10ed,node=pve,path=0000:01:10.0": one value of it, or NULL */
static const char *property(struct via_arena *arena, const char *list, const char *key)
{
	char *rest = arena_strdup(arena, list), *one;
	size_t length = strlen(key);

	while ((one = strsep(&rest, ","))) {
		one = line_trim(one);
		if (text_starts(one, key) && one[length] == '=')
			return one + length + 1;
	}
	return NULL;
}

/* "01:00.0;01:00.1" */
static void add_paths(struct via_arena *arena, const struct via_keeping *base, const char *paths,
		      struct via_keepings *list)
{
	char *rest = arena_strdup(arena, paths), *one;

	while ((one = strsep(&rest, ";"))) {
		struct via_keeping *keeping;

		if (!*line_trim(one))
			continue;
		keeping = via_list_add(arena, list);
		*keeping = *base;
		keeping->device = line_trim(one);
	}
}

/* The cluster's mappings are of all its nodes. */
static bool is_of_node(struct via_arena *arena, const char *map, const char *node)
{
	const char *other = property(arena, map, "node");

	return !node || !other || strcmp(node, other) == 0;
}

static void add_mapped(struct via_arena *arena, const struct via_keeping *base, const char *name,
		       const struct via_proxmox_mappings *mappings, struct via_keepings *list)
{
	struct via_span rest = mappings->text;
	struct via_keeping keeping = *base;
	size_t before = list->count;
	bool inside = false;
	char *line;

	keeping.what = arena_printf(arena, "given to a guest by mapping %s", name);
	while ((line = line_next(arena, &rest))) {
		bool indented = strchr(" \t", *line);
		char *value, *key = *line == '#' ? NULL : line_key(line, &value);
		const char *paths;

		if (!key)
			continue;
		if (!indented)
			inside = strcmp(key, name) == 0;
		else if (inside && strcmp(key, "map") == 0 &&
			 is_of_node(arena, value, mappings->node) &&
			 (paths = property(arena, value, "path")))
			add_paths(arena, &keeping, paths, list);
	}
	if (list->count > before)
		return;
	keeping.device = "";
	keeping.what = arena_printf(arena, "mapping=%s is given to a guest", name);
	*via_list_add(arena, list) = keeping;
}

/* "0000:01:00,pcie=1", "pcie=1,host=01:00.0;01:00.1", "mapping=gpu": host= may be left out
 * where it is first */
static void add_hostpci(struct via_arena *arena, const struct via_keeping *base, const char *value,
			const struct via_proxmox_mappings *mappings, struct via_keepings *list)
{
	const char *mapping = property(arena, value, "mapping");
	const char *host = property(arena, value, "host");
	const char *first = arena_strndup(arena, value, strcspn(value, ","));

	if (!host && !strchr(first, '='))
		host = first;
	if (mapping)
		add_mapped(arena, base, mapping, mappings, list);
	else if (host)
		add_paths(arena, base, host, list);
}

void keeping_proxmox(struct via_arena *arena, const char *path, const char *guest,
		     struct via_span text, const struct via_proxmox_mappings *mappings,
		     struct via_keepings *list)
{
	struct via_keeping base = { .keeper = VIA_KEEPER_PROXMOX,
				    .path = path,
				    .guest = guest,
				    .what = "given to a guest" };
	size_t first = list->count;
	char *line;

	while ((line = line_next(arena, &text))) {
		char *value;

		line = line_trim(line);
		if (*line == '[')
			break; /* a snapshot's state */
		value = strchr(line, ':');
		if (!value || *line == '#')
			continue;
		*value++ = '\0';
		value = line_trim(value);
		if (strcmp(line, "onboot") == 0)
			base.at_boot = strcmp(value, "1") == 0;
		else if (text_starts(line, "hostpci"))
			add_hostpci(arena, &base, value, mappings, list);
	}
	for (size_t i = first; i < list->count; i++)
		list->items[i].at_boot = base.at_boot;
}
