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

/* "0000:01:00,pcie=1", "01:00.0;01:00.1", "host=0000:01:00.0", "mapping=gpu" */
static void add_hostpci(struct via_arena *arena, const struct via_keeping *base, char *value,
			struct via_keepings *list)
{
	char *save = NULL;

	value[strcspn(value, ",")] = '\0';
	if (text_starts(value, "host="))
		value += strlen("host=");
	for (char *one = strtok_r(value, ";", &save); one; one = strtok_r(NULL, ";", &save)) {
		struct via_keeping *keeping = via_list_add(arena, list);
		bool mapped = text_starts(one, "mapping=");

		*keeping = *base;
		keeping->device = mapped ? "" : one;
		keeping->what = mapped ? arena_printf(arena, "%s is given to a guest", one)
				       : "given to a guest";
	}
}

void keeping_proxmox(struct via_arena *arena, const char *path, const char *guest,
		     struct via_span text, struct via_keepings *list)
{
	struct via_keeping base = { .keeper = VIA_KEEPER_PROXMOX, .path = path, .guest = guest };
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
			add_hostpci(arena, &base, value, list);
	}
	for (size_t i = first; i < list->count; i++)
		list->items[i].at_boot = base.at_boot;
}
