/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/lspci.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/address.h"
#include "decode/lspci_dump.h"
#include "decode/pci_capability.h"

static const char base[] = "sys/bus/pci/devices";

enum { HEADER_BRIDGE = 1, SUBSYSTEM_VENDOR = 0x2c, SUBSYSTEM_DEVICE = 0x2e, EXTENDED_END = 4096 };

struct laying_out {
	struct via_arena *arena;
	struct via_memtree *tree;
	const struct via_lspci_dump *dump;
};

/* The bridge nearest above: the narrowest range of buses that holds this one. */
static const struct via_lspci_function *bridge_above(const struct via_lspci_dump *dump,
						     struct via_pci_address address)
{
	const struct via_lspci_function *best = NULL;
	unsigned int narrowest = 256;

	via_for_each (function, &dump->functions) {
		struct via_pci_header header;

		if (function->address.domain != address.domain ||
		    !pci_header_decode(function->config, &header) || header.type != HEADER_BRIDGE ||
		    header.secondary > address.bus || header.subordinate < address.bus ||
		    header.secondary <= function->address.bus || /* else it could be a ring */
		    (unsigned int)(header.subordinate - header.secondary) >= narrowest)
			continue;
		narrowest = header.subordinate - header.secondary;
		best = function;
	}
	return best;
}

/* What hangs below a port wherever it is: of a part of a host, that port may not be told. */
static bool needs_port(const struct laying_out *out, const struct via_lspci_function *function)
{
	struct via_capabilities capabilities = { 0 };
	enum via_pcie_type type;

	capabilities_decode(out->arena, function->config, &capabilities);
	return capability_pcie_type(&capabilities, function->config, &type) &&
	       (type == VIA_PCIE_ENDPOINT || type == VIA_PCIE_LEGACY_ENDPOINT ||
		type == VIA_PCIE_UPSTREAM || type == VIA_PCIE_DOWNSTREAM ||
		type == VIA_PCIE_TO_PCI);
}

/* sys/devices/pci0000:00/0000:00:1c.0/0000:01:00.0; bus 0 is a root bus in each domain. */
static const char *device_path(const struct laying_out *out,
			       const struct via_lspci_function *function)
{
	struct via_pci_address address = function->address;
	const struct via_lspci_function *bridge = bridge_above(out->dump, address);
	char text[PCI_ADDRESS_TEXT];

	address_format(address, text);
	if (bridge)
		return arena_printf(out->arena, "%s/%s", device_path(out, bridge), text);
	if (address.bus && needs_port(out, function))
		return arena_printf(out->arena, "sys/devices/untold/%s", text);
	return arena_printf(out->arena, "sys/devices/pci%04x:%02x/%s", address.domain, address.bus,
			    text);
}

static void put(const struct laying_out *out, const char *directory, const char *name,
		const char *format, unsigned int value)
{
	char text[16];
	int length;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	length = snprintf(text, sizeof(text), format, value);
#pragma GCC diagnostic pop
	memtree_add_file(out->tree, arena_printf(out->arena, "%s/%s", directory, name), text,
			 (size_t)length);
}

static void put_absent(const struct laying_out *out, const char *directory, const char *name)
{
	struct via_memtree_node *node = memtree_add(
		out->tree, arena_printf(out->arena, "%s/%s", directory, name), VIA_MEMTREE_MISSING);

	node->error = ENOENT;
}

static void put_header(const struct laying_out *out, const char *directory, struct via_span config)
{
	struct via_pci_header header;
	uint16_t vendor, device;

	if (!pci_header_decode(config, &header))
		return;
	put(out, directory, "vendor", "0x%04x", header.vendor);
	put(out, directory, "device", "0x%04x", header.device);
	put(out, directory, "class", "0x%06x", header.class_code);
	put(out, directory, "revision", "0x%02x", header.revision);
	if (header.type != 0 || !span_u16(config, SUBSYSTEM_VENDOR, &vendor) ||
	    !span_u16(config, SUBSYSTEM_DEVICE, &device))
		return;
	put(out, directory, "subsystem_vendor", "0x%04x", vendor);
	put(out, directory, "subsystem_device", "0x%04x", device);
}

static void put_sriov(const struct laying_out *out, const char *directory, struct via_span config)
{
	struct via_capabilities capabilities = { 0 };
	struct via_sriov sriov;

	capabilities_decode(out->arena, config, &capabilities);
	if (capability_sriov(&capabilities, config, &sriov)) {
		put(out, directory, "sriov_totalvfs", "%u", sriov.total_vfs);
		put(out, directory, "sriov_numvfs", "%u", sriov.vf_enable ? sriov.num_vfs : 0U);
		put(out, directory, "sriov_offset", "%u", sriov.first_offset);
		put(out, directory, "sriov_stride", "%u", sriov.stride);
		put(out, directory, "sriov_vf_device", "%x", sriov.vf_device);
	} else if (capabilities.extended_read && config.size >= EXTENDED_END) {
		put_absent(out, directory, "sriov_totalvfs");
	}
}

static void put_function(struct laying_out *out, const struct via_lspci_function *function,
			 struct via_names *names)
{
	char text[PCI_ADDRESS_TEXT];
	const char *directory, *link;

	link = arena_printf(out->arena, "%s/%s", base, address_format(function->address, text));
	if (memtree_find(out->tree, link))
		return; /* two dumps in one text: the first counts */
	directory = device_path(out, function);
	if (!memtree_find(out->tree, directory))
		memtree_add(out->tree, directory, VIA_MEMTREE_DIRECTORY);
	memtree_add_link(out->tree, link,
			 arena_printf(out->arena, "../../../%s", directory + strlen("sys/")));
	*via_list_add(out->arena, names) = arena_strdup(out->arena, text);
	if (!function->config.size)
		return;
	put_header(out, directory, function->config);
	put_sriov(out, directory, function->config);
	memtree_add_file(out->tree, arena_printf(out->arena, "%s/config", directory),
			 function->config.data, function->config.size);
}

struct via_memtree *lspci_files(struct via_arena *arena, struct via_span text)
{
	struct via_memtree *tree = memtree_new(arena);
	struct via_memtree_node *list = memtree_add(tree, base, VIA_MEMTREE_DIRECTORY);
	struct via_lspci_dump dump;
	struct laying_out out = { .arena = arena, .tree = tree, .dump = &dump };

	if (lspci_dump_decode(arena, text, &dump) < 0)
		return NULL;
	tree->recorded = true;
	via_for_each (function, &dump.functions)
		put_function(&out, function, &list->names);
	list->filled = true;
	return tree;
}
