/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "probe/probe.h"
#include "sys/file_state.h"

enum { FILE_BYTES = 1 << 20 };

/* One file of a folder that was found. */
struct found {
	struct via_arena *arena;
	const struct via_root *root;
	const char *path, *name;
	struct via_span text;
	const struct via_proxmox_mappings *mappings;
	struct via_keepings *list;
};

static void read_driverctl(struct found *found)
{
	struct via_file *file = arena_new_object(found->arena, struct via_file);
	struct via_fact fact = root_file(found->root, found->arena, FILE_BYTES, found->path, file);
	size_t before = found->list->count;

	keeping_driverctl(found->arena, found->path, found->name, found->text, found->list);
	if (found->list->count > before && fact.known == VIA_PRESENT)
		found->list->items[before].file = file;
}

static void read_netplan(struct found *found)
{
	keeping_netplan(found->arena, found->path, found->text, found->list);
}

static void read_networkd(struct found *found)
{
	keeping_networkd(found->arena, found->path, found->text, found->list);
}

static void read_udev(struct found *found)
{
	keeping_udev(found->arena, found->path, found->text, found->list);
}

static void read_libvirt(struct found *found)
{
	struct via_fact autostart = root_exists(found->root, found->arena,
						"etc/libvirt/qemu/autostart/%s", found->name);

	keeping_libvirt(found->arena, found->path, found->text, fact_is(&autostart, VIA_PRESENT),
			found->list);
}

static void read_libvirt_network(struct found *found)
{
	struct via_fact autostart = root_exists(
		found->root, found->arena, "etc/libvirt/qemu/networks/autostart/%s", found->name);

	keeping_libvirt_network(found->arena, found->path, found->text,
				fact_is(&autostart, VIA_PRESENT), found->list);
}

static void read_proxmox(struct found *found)
{
	size_t length = strlen(found->name) - strlen(".conf");

	keeping_proxmox(found->arena, found->path,
			arena_printf(found->arena, "VM %.*s", (int)length, found->name),
			found->text, found->mappings, found->list);
}

static const struct {
	const char *folder, *suffix;
	void (*read)(struct found *found);
} folders[] = {
	{ "etc/driverctl.d", "", read_driverctl },
	{ "etc/netplan", ".yaml", read_netplan },
	{ "run/netplan", ".yaml", read_netplan },
	{ "etc/systemd/network", ".network", read_networkd },
	{ "etc/systemd/network", ".link", read_networkd },
	{ "run/systemd/network", ".network", read_networkd },
	{ "run/systemd/network", ".link", read_networkd },
	{ "etc/udev/rules.d", ".rules", read_udev },
	{ "etc/libvirt/qemu", ".xml", read_libvirt },
	{ "etc/libvirt/qemu/networks", ".xml", read_libvirt_network },
	{ "etc/pve/qemu-server", ".conf", read_proxmox },
};

static void note_unknown(struct via_keepers *keepers, const struct via_fact *fact)
{
	if (fact_is(fact, VIA_UNKNOWN))
		keepers->known = *fact;
}

/* What guests of Proxmox call functions; /etc/pve/local is a link to this node's folder. */
static struct via_proxmox_mappings probe_mappings(const struct via_root *root,
						  struct via_host *host)
{
	static const char folder[] = "etc/pve/mapping", name[] = "pci.cfg";
	struct via_fact node = root_link(root, host->arena, "etc/pve/local");
	struct via_names names;
	struct via_fact listed = probe_entries(root, host->arena, &names, folder);
	struct via_blob blob = { 0 };

	note_unknown(&host->keepers, &listed);
	if (names_have(&names, name)) {
		blob = root_blob(root, host->arena, FILE_BYTES, "%s/%s", folder, name);
		note_unknown(&host->keepers, &blob.fact);
	}
	return (struct via_proxmox_mappings){ .text = blob.span, .node = fact_text(&node) };
}

/* A folder in one that is read as well tells nothing new where that one is not there. */
static bool is_below_none(const struct via_root *root, struct via_arena *arena, const char *folder)
{
	static const char above[] = "etc/libvirt/qemu";
	struct via_names names;
	struct via_fact fact;

	if (!text_starts(folder, above) || !folder[sizeof(above) - 1])
		return false;
	fact = probe_entries(root, arena, &names, above);
	return fact_is(&fact, VIA_ABSENT);
}

static void probe_folder(const struct via_root *root, struct via_host *host,
			 const struct via_proxmox_mappings *mappings, size_t index)
{
	struct via_names names;
	struct via_fact fact;

	if (is_below_none(root, host->arena, folders[index].folder))
		return;
	fact = probe_entries(root, host->arena, &names, folders[index].folder);
	note_unknown(&host->keepers, &fact);
	via_for_each (name, &names) {
		struct via_blob blob;

		if (!text_ends(*name, folders[index].suffix))
			continue;
		blob = root_blob(root, host->arena, FILE_BYTES, "%s/%s", folders[index].folder,
				 *name);
		note_unknown(&host->keepers, &blob.fact);
		if (fact_is(&blob.fact, VIA_PRESENT))
			folders[index].read(&(struct found){ host->arena, root, blob.fact.path,
							     *name, blob.span, mappings,
							     &host->keepers.list });
	}
}

/* The names of the net devices that have one of those addresses; NULL: could not be told */
static const char *nets_with(const struct via_root *root, struct via_arena *arena,
			     const struct via_names *nets, const char *mac)
{
	const char *found = "";

	via_for_each (net, nets) {
		struct via_fact address = root_text(root, arena, "sys/class/net/%s/address", *net);

		if (fact_is(&address, VIA_UNKNOWN))
			return NULL;
		if (fact_text(&address) && keeping_matches(mac, address.text))
			found = arena_printf(arena, "%s %s", found, *net);
	}
	return found;
}

static void probe_addresses(const struct via_root *root, struct via_host *host)
{
	struct via_names nets;
	bool listed = false;

	via_for_each (keeping, &host->keepers.list) {
		if (!keeping->match || !keeping->match->mac)
			continue;
		if (!listed) {
			struct via_fact fact =
				root_entries(root, host->arena, &nets, "sys/class/net");

			if (!fact_is(&fact, VIA_PRESENT))
				return;
			listed = true;
		}
		keeping->match->mac_net = nets_with(root, host->arena, &nets, keeping->match->mac);
	}
}

void probe_keepers(const struct via_root *root, struct via_host *host)
{
	struct via_proxmox_mappings mappings;

	host->keepers.known = fact_present("etc", NULL, 0);
	mappings = probe_mappings(root, host);
	for (size_t i = 0; i < VIA_COUNT(folders); i++)
		probe_folder(root, host, &mappings, i);
	probe_addresses(root, host);
}
