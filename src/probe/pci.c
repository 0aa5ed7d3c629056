/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/pci_part.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "base/split.h"

enum { PORTION = 64 };

bool pci_is_plain(const struct via_root *root, int at)
{
	struct statfs status;

	return !root->live ||
	       (at >= 0 && fstatfs(at, &status) == 0 && status.f_type != SYSFS_MAGIC);
}

struct via_place pci_enter(const struct via_root *root, int at, const char *name,
			   char path[PCI_PATH_BYTES])
{
	snprintf(path, PCI_PATH_BYTES, "%s/%s", pci_directory, name);
	return place_enter(root, at, name, path);
}

static bool take_field(const char **at, const char *key, unsigned int digits, struct via_fact *ret)
{
	const char *text = *at + strlen(key);
	uint64_t value = 0;

	if (strncmp(*at, key, strlen(key)) != 0)
		return false;
	for (unsigned int i = 0; i < digits; i++, text++) {
		if (*text >= '0' && *text <= '9')
			value = value << 4 | (uint64_t)(*text - '0');
		else if (*text >= 'A' && *text <= 'F')
			value = value << 4 | (uint64_t)(*text - 'A' + 10);
		else
			return false;
	}
	*at = text;
	*ret = fact_present("modalias", NULL, value);
	return true;
}

/* pci:v00008086d000010C9sv00008086sd0000A03Cbc02sc00i00: five attributes in one */
static bool identity_of_modalias(struct via_pci_device *device)
{
	const char *at = fact_text(&device->modalias);
	struct via_fact class, subclass, interface;

	if (!at || !take_field(&at, "pci:v", 8, &device->vendor) ||
	    !take_field(&at, "d", 8, &device->device) ||
	    !take_field(&at, "sv", 8, &device->subsystem_vendor) ||
	    !take_field(&at, "sd", 8, &device->subsystem_device) ||
	    !take_field(&at, "bc", 2, &class) || !take_field(&at, "sc", 2, &subclass) ||
	    !take_field(&at, "i", 2, &interface) || *at)
		return false;
	device->class_code = fact_present(
		"modalias", NULL, class.number << 16 | subclass.number << 8 | interface.number);
	return true;
}

static void probe_identity(const struct via_place *place, struct via_arena *arena,
			   struct via_pci_device *device)
{
	device->modalias = place_text(place, arena, "modalias");
	if (identity_of_modalias(device))
		return;
	device->vendor = place_number(place, arena, "vendor");
	device->device = place_number(place, arena, "device");
	device->class_code = place_number(place, arena, "class");
	device->subsystem_vendor = place_number(place, arena, "subsystem_vendor");
	device->subsystem_device = place_number(place, arena, "subsystem_device");
}

static void probe_binding(const struct via_place *place, struct via_arena *arena,
			  struct via_pci_device *device)
{
	struct via_fact group;

	device->driver = place_link(place, arena, "driver");
	group = place_link(place, arena, "iommu_group");
	if (fact_is(&group, VIA_PRESENT) && parse_u64(group.text, 10, &group.number) < 0)
		group = place_spell(place, arena, fact_unknown("iommu_group", EBADMSG));
	device->group = group;
	/* The attribute is one of display controllers: a kernel gives it to no other. */
	device->boot_vga = root_as_live(place->root) && fact_is(&device->class_code, VIA_PRESENT) &&
					   !pci_class_is(device, 0x030000, 0xff0000)
				   ? fact_absent("boot_vga")
				   : place_number(place, arena, "boot_vga");
}

/* Of a VF the configuration space says nothing that the links do not. */
static bool decides_groups(const struct via_host *host, const struct via_pci_device *device)
{
	return pci_is_bridge(device) ||
	       (host->depth >= VIA_DEPTH_CONFIG && !fact_is(&device->physfn, VIA_PRESENT));
}

/* The function that the last part of a path names, which is cut off; NULL if it names none. */
static const struct via_pci_device *cut_function(const struct via_host *host, char *path)
{
	char *slash = strrchr(path, '/');
	struct via_pci_address address;

	if (!slash)
		return NULL;
	*slash = '\0';
	return address_parse(path_name(path), &address) < 0 ? NULL : pci_find(&host->pci, address);
}

/* Of a list each function is printed whole, as far as that can be kept in memory. */
static bool is_whole(const struct via_pci_look *look)
{
	return !look->host->lean || look->host->listing;
}

/*
 * …/0000:00:03.0/0000:02:00.0: the bridge above is the name before the last.
 * …/0000:00:0e.0/pci10000:e0/10000:e0:06.0: a root bus below a function, which is VMD.
 */
static void probe_place(const struct via_pci_look *look, struct via_arena *arena,
			struct via_pci_device *device)
{
	char path[PATH_MAX];
	struct via_fact link;
	ssize_t n;

	if (look->at >= 0) {
		n = readlinkat(look->at, device->name, path, sizeof(path) - 1);
		if (n < 0) {
			device->place = fact_unknown(pci_directory, errno);
			return;
		}
		path[n] = '\0';
		if (!look->host->lean)
			device->place = fact_present(pci_directory, arena_strdup(arena, path), 0);
	} else {
		link = root_link_target(look->root, arena, "%s/%s", pci_directory, device->name);
		device->place = link;
		if (!fact_is(&link, VIA_PRESENT))
			return;
		strcpy(path, link.text);
	}
	device->parent = cut_function(look->host, path);
	/* A bus below has a higher number; what says otherwise may lead in circles. */
	if (device->parent && address_compare(device->parent->address, device->address) >= 0)
		device->parent = NULL;
	if (device->parent)
		return;
	if (text_starts(path_name(path), "pci"))
		device->dma_device = cut_function(look->host, path);
	else
		device->place = fact_unknown(device->place.path, ENODATA);
}

static void probe_space(const struct via_pci_look *look, const struct via_place *place,
			struct via_arena *arena, struct via_pci_device *device)
{
	bool lists = look->host->listing, whole = is_whole(look);

	if (!whole && !decides_groups(look->host, device))
		return;
	if (!look->plain || !look->host->lean)
		device->power_state = place_text(place, arena, "power_state");
	pci_probe_config(look, place, arena, !whole || (lists && pci_twins_are_full(look->twins)),
			 device);
}

static void probe_function(const struct via_pci_look *look, struct via_arena *arena,
			   struct via_pci_device *device)
{
	char path[PCI_PATH_BYTES];
	struct via_place place = pci_enter(look->root, look->at, device->name, path);

	probe_identity(&place, arena, device);
	probe_binding(&place, arena, device);
	pci_probe_sriov(&place, arena, device);
	probe_space(look, &place, arena, device);
	if (is_whole(look))
		pci_probe_detail(&place, arena, device);
	else if (pci_class_is(device, 0x030000, 0xff0000))
		pci_probe_resources(&place, arena, device); /* whether a framebuffer lies there */
	probe_place(look, arena, device);
	place_leave(&place);
}

static void probe_portion(void *context, struct via_arena *arena, size_t first, size_t end)
{
	const struct via_pci_look *look = context;

	for (size_t i = first; i < end; i++)
		probe_function(look, arena, &look->host->pci.devices.items[i]);
}

/* A slot that cannot be read may be that of any function whose slot is not told. */
static void slot_untold(struct via_host *host, const struct via_fact *fact)
{
	if (!fact_is(fact, VIA_UNKNOWN) || fact->error == ENODATA)
		return;
	via_for_each (device, &host->pci.devices)
		if (!fact_is(&device->slot, VIA_PRESENT))
			device->slot = *fact;
}

/* sys/bus/pci/slots/NAME/address is the address without its function. */
static void probe_slots(const struct via_root *root, struct via_host *host)
{
	struct via_names slots;
	struct via_fact listed = root_entries(root, host->arena, &slots, "sys/bus/pci/slots");

	slot_untold(host, &listed);
	via_for_each (slot, &slots) {
		struct via_fact fact =
			root_text(root, host->arena, "sys/bus/pci/slots/%s/address", *slot);
		struct via_pci_address at;

		slot_untold(host, &fact);
		if (!fact_is(&fact, VIA_PRESENT) ||
		    address_parse(arena_printf(host->arena, "%s.0", fact.text), &at) < 0)
			continue;
		via_for_each (device, &host->pci.devices)
			if (device->address.domain == at.domain && device->address.bus == at.bus &&
			    device->address.device == at.device)
				device->slot = fact_present(fact.path, *slot, 1);
	}
}

struct named {
	struct via_pci_address address;
	const char *name;
};

static int compare_named(const void *a, const void *b)
{
	return address_compare(((const struct named *)a)->address,
			       ((const struct named *)b)->address);
}

/* One place for all from the start, in the order of enumeration: they point at each other. */
static void lay_out(struct via_host *host, const struct via_names *names)
{
	_cleanup_free_ struct named *named = calloc(names->count + 1, sizeof(*named));
	size_t count = 0;

	if (!named)
		abort();
	via_for_each (name, names)
		if (address_parse(*name, &named[count].address) == 0)
			named[count++].name = *name;
	qsort(named, count, sizeof(*named), compare_named);
	host->pci.devices.items =
		arena_alloc(host->arena, (count + 1) * sizeof(struct via_pci_device));
	host->pci.devices.count = host->pci.devices.capacity = count;
	for (size_t i = 0; i < count; i++) {
		host->pci.devices.items[i].address = named[i].address;
		host->pci.devices.items[i].name = arena_strdup(host->arena, named[i].name);
	}
}

static void list_functions(const struct via_root *root, struct via_host *host)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_names names;

	host->pci.bus = root_listing(root, arena, &names, "%s", pci_directory);
	host->pci.bus.path = pci_directory;
	lay_out(host, &names);
}

struct via_pci_walk {
	struct via_pci_look look;
	struct via_pci_twins twins;
	struct via_split *split; /* NULL: by one thread, at the end */
};

struct via_pci_walk *probe_pci_begin(const struct via_root *root, struct via_host *host)
{
	struct via_pci_walk *walk = arena_new_object(host->arena, struct via_pci_walk);
	int at = probe_pci_open(root);

	walk->look = (struct via_pci_look){
		.root = root,
		.host = host,
		.at = at,
		.plain = pci_is_plain(root, at),
		.twins = &walk->twins,
	};
	list_functions(root, host);
	if (place_is_quick(root))
		walk->split =
			split_begin(host->pci.devices.count, PORTION, probe_portion, &walk->look);
	return walk;
}

void probe_pci_end(struct via_pci_walk *walk, struct via_host *host)
{
	if (walk->split)
		split_end(walk->split, host->arena);
	else
		probe_portion(&walk->look, host->arena, 0, host->pci.devices.count);
	/* Those above come first. */
	via_for_each (device, &host->pci.devices)
		if (device->parent)
			device->dma_device = device->parent->dma_device;
	probe_slots(walk->look.root, host);
	if (walk->look.at >= 0)
		close(walk->look.at);
}

void probe_pci(const struct via_root *root, struct via_host *host)
{
	probe_pci_end(probe_pci_begin(root, host), host);
}

int probe_pci_open(const struct via_root *root)
{
	return place_open_directory(root, pci_directory);
}
