/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/keeping.h"

#include <fnmatch.h>
#include <string.h>

#include "base/address.h"
#include "base/parse.h"
#include "decode/line.h"

static const char *const names[VIA_KEEPERS] = {
	[VIA_KEEPER_DRIVERCTL] = "driverctl", [VIA_KEEPER_NETPLAN] = "netplan",
	[VIA_KEEPER_NETWORKD] = "systemd",    [VIA_KEEPER_UDEV] = "udev",
	[VIA_KEEPER_LIBVIRT] = "libvirt",     [VIA_KEEPER_PROXMOX] = "Proxmox VE",
};

const char *keeper_name(enum via_keeper keeper)
{
	return names[keeper];
}

bool keeping_is_pattern(const char *device)
{
	return strpbrk(device, "*?[|");
}

/* "0000:01:00.?|0000:02:00.0" */
bool keeping_matches(const char *patterns, const char *name)
{
	static const char separators[] = " \t|";
	char one[256];

	for (size_t length; *patterns; patterns += length) {
		patterns += strspn(patterns, separators);
		length = strcspn(patterns, separators);
		if (!length || length >= sizeof(one))
			continue;
		memcpy(one, patterns, length);
		one[length] = '\0';
		if (fnmatch(one, name, 0) == 0)
			return true;
	}
	return false;
}

bool keeping_covers(const char *device, const char *address)
{
	struct via_pci_address one, other;
	size_t length = strlen(device);

	if (address_parse(address, &other) < 0)
		return false;
	if (keeping_is_pattern(device))
		return keeping_matches(device, address);
	if (address_parse(device, &one) == 0)
		return address_equal(one, other);
	/* Without a function: the whole slot. The domain may be left out as well. */
	if (length < 5 || strchr(device, '.'))
		return false;
	if (strlen(address) < length + 2 || strchr(device, ':') == NULL)
		return false;
	if (strncmp(address, device, length) == 0 && address[length] == '.')
		return true;
	return length == 5 && text_starts(address, "0000:") &&
	       strncmp(address + 5, device, length) == 0 && address[5 + length] == '.';
}

void keeping_driverctl(struct via_arena *arena, const char *path, const char *name,
		       struct via_span text, struct via_keepings *list)
{
	char *line = line_next(arena, &text);
	const char *driver = line ? line_trim(line) : "";

	if (!text_starts(name, "pci-") || !*driver)
		return;
	*via_list_add(arena, list) = (struct via_keeping){
		.keeper = VIA_KEEPER_DRIVERCTL,
		.path = path,
		.device = arena_strdup(arena, name + strlen("pci-")),
		.what = arena_printf(arena, "driver %s", driver),
		.at_boot = true,
	};
}

const char *keeping_ask(struct via_arena *arena, const char *present, const char *more)
{
	return present ? arena_printf(arena, "%s %s", present, more) : more;
}

bool keeping_asks(const struct via_keeping_match *match)
{
	return match->path || match->name || match->driver || match->mac || match->vendor ||
	       match->product;
}

const char *keeping_match_name(struct via_arena *arena, const struct via_keeping_match *match)
{
	if (match->path)
		return text_starts(match->path, "pci-") ? match->path + strlen("pci-")
							: match->path;
	if (match->name)
		return match->name;
	if (match->driver)
		return arena_printf(arena, "driver %s", match->driver);
	if (match->mac)
		return arena_printf(arena, "address %s", match->mac);
	if (match->vendor || match->product)
		return arena_printf(arena, "ids %s %s", match->vendor ?: "*",
				    match->product ?: "*");
	return "";
}
