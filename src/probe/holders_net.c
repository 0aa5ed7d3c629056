/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "probe/holding.h"

enum { IFF_UP_BIT = 1, STACK_DEPTH = 8 };

/* Something is vital that goes over an interface; which hardware carries it? */
struct way {
	const char *interface; /* as the route or the session has it */
	const char *says, *loses;
};

static bool is_up(const struct via_holding *holding, struct via_pci_device *device,
		  const char *name)
{
	struct via_fact flags =
		root_number(holding->root, holding->arena, "sys/class/net/%s/flags", name);

	holding_untold(device, flags);
	return fact_is(&flags, VIA_PRESENT) && flags.number & IFF_UP_BIT;
}

/* upper_br0, upper_bond0: what the interface is a part of */
static void hold_uppers(struct via_holding *holding, struct via_pci_device *device,
			const char *name)
{
	struct via_arena *arena = holding->arena;
	struct via_names entries;

	holding_untold(device,
		       root_entries(holding->root, arena, &entries, "sys/class/net/%s", name));
	via_for_each (entry, &entries) {
		const char *upper = *entry + strlen("upper_");

		if (!text_starts(*entry, "upper_"))
			continue;
		holding_add(
			holding, device,
			(struct via_holder){
				.by = "net",
				.what = arena_printf(arena, "network interface %s is part of %s",
						     name, upper),
				.loses = arena_printf(arena, "what %s carries over it", upper) });
	}
}

/* An interface that is up carries somebody's traffic. */
static void hold_interface(struct via_holding *holding, struct via_pci_device *device,
			   const char *name)
{
	struct via_arena *arena = holding->arena;

	if (!names_have(&device->net, name))
		*via_list_add(arena, &device->net) = name;
	if (!is_up(holding, device, name))
		return;
	holding_add(holding, device,
		    (struct via_holder){
			    .by = "net",
			    .what = arena_printf(arena, "network interface %s is up", name),
			    .loses = arena_printf(arena, "the connections over %s", name) });
	hold_uppers(holding, device, name);
}

/* Down from br0, bond0.7 or tap0 to the hardware: lower_NAME. */
static void hold_way(struct via_holding *holding, const struct way *way, const char *name,
		     int depth)
{
	struct via_arena *arena = holding->arena;
	struct via_fact link;
	struct via_pci_device *device = holding_behind(holding, "sys/class/net", name, &link);
	bool direct = strcmp(name, way->interface) == 0;
	struct via_names entries;

	if (device) {
		holding_add(holding, device,
			    (struct via_holder){
				    .by = "net",
				    .what = arena_printf(
					    arena, "network interface %s %s%s%s%s", name, way->says,
					    direct ? "" : " (through ",
					    direct ? "" : way->interface, direct ? "" : ")"),
				    .loses = way->loses,
				    .loss = VIA_LOSS_VITAL });
		return;
	}
	if (depth > STACK_DEPTH)
		return;
	holding_untold_all(holding, link);
	holding_untold_all(holding,
			   root_entries(holding->root, arena, &entries, "sys/class/net/%s", name));
	via_for_each (entry, &entries)
		if (text_starts(*entry, "lower_"))
			hold_way(holding, way, *entry + strlen("lower_"), depth + 1);
}

static void hold_ways(struct via_holding *holding, const struct via_names *interfaces,
		      const char *says, const char *loses)
{
	via_for_each (name, interfaces)
		hold_way(holding, &(struct way){ .interface = *name, .says = says, .loses = loses },
			 *name, 0);
}

static void hold_network_root(struct via_holding *holding, const struct via_names *routes)
{
	static const char says[] = "is up, and the root file system comes over the network";
	static const char loses[] = "its root file system: every program on it";

	if (routes->count) {
		hold_ways(holding, routes, says, loses);
		return;
	}
	via_for_each (device, &holding->host->pci.devices)
		via_for_each (name, &device->net)
			if (device->holders.count)
				hold_way(holding,
					 &(struct way){
						 .interface = *name, .says = says, .loses = loses },
					 *name, 0);
}

static void ask_ways(struct via_holding *holding)
{
	struct via_lifelines *lifelines = &holding->host->lifelines;
	struct via_ways ways;

	query_ways(holding->queries, holding->arena, &ways);
	*lifelines = (struct via_lifelines){
		.asked = true,
		.routes_known = ways.routes_known,
		.sessions_known = ways.sessions_known,
		.routes = ways.routes,
		.sessions = ways.sessions,
	};
	hold_ways(holding, &ways.routes, "carries the default route",
		  "the way to every other network");
	hold_ways(holding, &ways.sessions, "carries an SSH session",
		  "the connection somebody works over");
	if (holding->network_root)
		hold_network_root(holding, &ways.routes);
}

/*
 * The directory `net` of a device is there as long as it has an interface, and shows only those of
 * the network namespace that sysfs was mounted in: an empty one means that the interface was moved
 * to another, such as a pod's. Where there is none, the driver made none (InfiniBand alone, or a
 * driver for user space), which is no reason to doubt.
 * Source: drivers/base/core.c, get_device_parent() and class_dir_child_ns_type()
 */
static bool is_moved(struct via_holding *holding, struct via_pci_device *device, const char *at)
{
	const char *path =
		arena_printf(holding->arena, "sys/bus/pci/devices/%s%s/net", device->name, at);
	struct via_fact made = root_exists(holding->root, holding->arena, "%s", path), moved;

	if (fact_is(&made, VIA_PRESENT))
		made = root_entries(holding->root, holding->arena, NULL, "%s", path);
	if (made.error != ENODATA)
		holding_untold(device, made);
	if (!fact_is(&made, VIA_PRESENT) || made.number)
		return false;
	moved = fact_unknown(arena_printf(holding->arena,
					  "%s (its interface may be in another network namespace)",
					  path),
			     ENODATA);
	holding_untold(device, moved);
	if (!fact_is(&device->made_known, VIA_UNKNOWN))
		device->made_known = moved;
	return true;
}

/* virtio0, mlx5_core.sf.4: what a function's driver made may have the interface. */
static void find_moved(struct via_holding *holding, struct via_pci_device *device)
{
	struct via_names entries;

	if (is_moved(holding, device, ""))
		return;
	root_entries(holding->root, holding->arena, &entries, "sys/bus/pci/devices/%s",
		     device->name);
	via_for_each (entry, &entries)
		if ((text_starts(*entry, "virtio") || strstr(*entry, ".sf.")) &&
		    is_moved(holding, device, arena_printf(holding->arena, "/%s", *entry)))
			return;
}

static void find_all_moved(struct via_holding *holding)
{
	via_for_each (device, &holding->host->pci.devices)
		if (fact_text(&device->driver) && !device->net.count &&
		    pci_class_is(device, 0x020000, 0xff0000) &&
		    !pci_driver_is_vfio(device->driver.text))
			find_moved(holding, device);
}

void holders_net(struct via_holding *holding)
{
	bool any = false;

	holding_unmade_all(holding, holding_class(holding, "net", hold_interface));
	find_all_moved(holding);
	via_for_each (device, &holding->host->pci.devices)
		any |= device->net.count && device->holders.count;
	if (any)
		ask_ways(holding);
}
