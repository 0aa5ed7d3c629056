/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The few registers that decide something, as structs. */
#include "decode/pci_capability.h"

bool pci_header_decode(struct via_span config, struct via_pci_header *ret)
{
	struct via_pci_header header = { 0 };
	uint32_t class_revision = 0;
	uint8_t type = 0;

	if (!span_has(config, 0, 64))
		return false;
	span_u16(config, 0x00, &header.vendor);
	span_u16(config, 0x02, &header.device);
	span_u32(config, 0x08, &class_revision);
	span_u8(config, 0x0e, &type);
	header.class_code = class_revision >> 8;
	header.revision = (uint8_t)class_revision;
	header.type = type & 0x7f;
	header.multifunction = type & 0x80;
	if (header.type == 1 || header.type == 2) {
		span_u8(config, 0x18, &header.primary);
		span_u8(config, 0x19, &header.secondary);
		span_u8(config, 0x1a, &header.subordinate);
	}
	*ret = header;
	return true;
}

bool capability_pcie_type(const struct via_capabilities *capabilities, struct via_span config,
			  enum via_pcie_type *ret)
{
	const struct via_capability *pcie = capability_find(capabilities, "pcie");
	uint16_t flags;

	if (!pcie || !span_u16(config, pcie->offset + 0x02u, &flags))
		return false;
	*ret = (enum via_pcie_type)(flags >> 4 & 0xf);
	return true;
}

bool capability_acs(const struct via_capabilities *capabilities, struct via_span config,
		    struct via_acs *ret)
{
	const struct via_capability *acs = capability_find(capabilities, "acs");
	struct via_acs read;

	if (!acs || !span_u16(config, acs->offset + 0x04u, &read.capability) ||
	    !span_u16(config, acs->offset + 0x06u, &read.control))
		return false;
	*ret = read;
	return true;
}

static bool pcie_flr(const struct via_capabilities *capabilities, struct via_span config)
{
	const struct via_capability *pcie = capability_find(capabilities, "pcie");
	uint32_t device;

	return pcie && span_u32(config, pcie->offset + 0x04u, &device) && device >> 28 & 1;
}

static bool af_flr(const struct via_capabilities *capabilities, struct via_span config)
{
	const struct via_capability *af = capability_find(capabilities, "af");
	uint8_t bits;

	return af && span_u8(config, af->offset + 0x03u, &bits) && (bits & 3) == 3;
}

bool capability_has_flr(const struct via_capabilities *capabilities, struct via_span config)
{
	return pcie_flr(capabilities, config) || af_flr(capabilities, config);
}

static void sriov_counts(struct via_span sriov, struct via_sriov *read)
{
	uint16_t control = 0;

	span_u16(sriov, 0x08, &control);
	read->vf_enable = control & 1;
	read->memory_enable = control >> 3 & 1;
	read->ari_hierarchy = control >> 4 & 1;
	span_u16(sriov, 0x0c, &read->initial_vfs);
	span_u16(sriov, 0x0e, &read->total_vfs);
	span_u16(sriov, 0x10, &read->num_vfs);
	span_u8(sriov, 0x12, &read->dependency_link);
	span_u16(sriov, 0x14, &read->first_offset);
	span_u16(sriov, 0x16, &read->stride);
	span_u16(sriov, 0x1a, &read->vf_device);
}

bool capability_sriov(const struct via_capabilities *capabilities, struct via_span config,
		      struct via_sriov *ret)
{
	const struct via_capability *found = capability_find(capabilities, "sriov");
	struct via_span sriov =
		found ? span_sub(config, found->offset, 0x40) : (struct via_span){ 0 };
	struct via_sriov read = { 0 };

	if (!sriov.size)
		return false;
	sriov_counts(sriov, &read);
	span_u32(sriov, 0x1c, &read.supported_page_sizes);
	span_u32(sriov, 0x20, &read.system_page_size);
	for (size_t i = 0; i < 6; i++)
		span_u32(sriov, 0x24 + 4 * i, &read.bars[i]);
	*ret = read;
	return true;
}
