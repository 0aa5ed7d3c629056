/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "probe/holding.h"

/*
 * What the host does with a disk or an interface that virtio_vdpa made of a vDPA device. Who
 * has its node open is told by holders_processes().
 */
static bool holds_name(const char *line, const char *disk)
{
	const char *at = strstr(line, "/dev/");

	for (; at; at = strstr(at + 1, "/dev/"))
		if (text_starts(at + strlen("/dev/"), disk))
			return true;
	return false;
}

static const char *disk_user(const struct via_holding *holding, const char *disk)
{
	static const struct {
		const char *path, *what;
	} lists[] = { { "proc/self/mountinfo", "is mounted" }, { "proc/swaps", "is swap space" } };
	struct via_names names;
	struct via_fact text;

	for (size_t i = 0; i < VIA_COUNT(lists); i++) {
		text = root_text(holding->root, holding->arena, "%s", lists[i].path);
		if (fact_text(&text) && holds_name(text.text, disk))
			return arena_printf(holding->arena, "/dev/%s %s", disk, lists[i].what);
	}
	root_entries(holding->root, holding->arena, &names, "sys/class/block/%s/holders", disk);
	return names.count
		       ? arena_printf(holding->arena, "/dev/%s carries %s", disk, names.items[0])
		       : NULL;
}

/* Source: include/uapi/linux/if.h, IFF_UP */
static const char *interface_user(const struct via_holding *holding, const char *interface)
{
	struct via_fact flags =
		root_number(holding->root, holding->arena, "sys/class/net/%s/flags", interface);

	return fact_number(&flags, 0) & 1 ? arena_printf(holding->arena, "%s is up", interface)
					  : NULL;
}

void holders_virtual(struct via_holding *holding)
{
	via_for_each (vdpa, &holding->host->vdpa.devices) {
		if (vdpa->disk && !vdpa->user)
			vdpa->user = disk_user(holding, vdpa->disk);
		if (vdpa->interface && !vdpa->user)
			vdpa->user = interface_user(holding, vdpa->interface);
	}
}
