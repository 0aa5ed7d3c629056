/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/virtfn.h"

#include <errno.h>
#include <string.h>

#include "apply/target.h"
#include "base/cleanup.h"

#define DEVICE "sys/bus/pci/devices/%s/"

int virtfn_find(const struct via_world *world, const char *address, struct via_arena *arena,
		struct via_virtfn *ret)
{
	const char *physfn = target_physfn(world, address, arena);

	for (unsigned int n = 0; physfn; n++) {
		struct via_fact link = root_link(&world->root, arena, DEVICE "virtfn%u", physfn, n);

		if (link.known != VIA_PRESENT)
			break;
		if (strcmp(link.text, address) == 0) {
			*ret = (struct via_virtfn){ .physfn = physfn, .index = n };
			return 0;
		}
	}
	return -EOPNOTSUPP;
}

/* Source: Documentation/networking/switchdev.rst: "pf0vf3" of a representor, "p0" of the port */
static bool represents(const struct via_world *world, struct via_arena *arena, const char *name)
{
	struct via_fact port =
		root_text(&world->root, arena, "sys/class/net/%s/phys_port_name", name);

	return fact_text(&port) && (strstr(port.text, "vf") || strstr(port.text, "sf"));
}

const char *virtfn_interface(const struct via_world *world, const char *physfn,
			     struct via_arena *arena)
{
	struct via_names names;

	root_entries(&world->root, arena, &names, DEVICE "net", physfn);
	via_for_each (name, &names)
		if (!represents(world, arena, *name))
			return *name;
	return NULL;
}
