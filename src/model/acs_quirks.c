/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/acs_quirks.h"

#include "base/cleanup.h"

enum { ANY_FIRST = 0, ANY_LAST = 0xffff };

/* On what a row depends, besides the ids. */
enum condition {
	ALWAYS,
	ROOT_PORTS,
	ROOT_OR_DOWNSTREAM_PORTS,
	RC_ENDPOINTS,
	SOUTHBRIDGE, /* one of several functions on a root bus, with an AMD IOMMU */
	SPT_LAYOUT,  /* root ports whose ACS registers are dwords */
};

struct row {
	uint16_t vendor, first, last;
	enum condition condition;
	enum via_isolation isolation;
	const char *name;
};

#define FULL VIA_ISOLATION_FULL
#define NONE VIA_ISOLATION_NONE

#define SOUTHBRIDGE_ROW(vendor, id)                                  \
	{                                                            \
		vendor, id, id, SOUTHBRIDGE, FULL, "AMD southbridge" \
	}
#define ENDPOINTS(vendor, first, last)                                                    \
	{                                                                                 \
		vendor, first, last, ALWAYS, FULL, "its vendor vouches for its functions" \
	}
#define PORTS(vendor, first, last, name)                \
	{                                               \
		vendor, first, last, ALWAYS, FULL, name \
	}
#define PCH(first, last)                                                     \
	{                                                                    \
		0x8086, first, last, ROOT_PORTS, FULL, "Intel PCH root port" \
	}
#define SPT(first, last)                                                               \
	{                                                                              \
		0x8086, first, last, SPT_LAYOUT, FULL, "Intel Sunrise Point root port" \
	}

/* The first row that applies speaks; the kernel's order. */
static const struct row rows[] = {
	SOUTHBRIDGE_ROW(0x1002, 0x4383),
	SOUTHBRIDGE_ROW(0x1002, 0x4384),
	SOUTHBRIDGE_ROW(0x1002, 0x4385),
	SOUTHBRIDGE_ROW(0x1002, 0x4399),
	SOUTHBRIDGE_ROW(0x1002, 0x439c),
	SOUTHBRIDGE_ROW(0x1002, 0x439d),
	SOUTHBRIDGE_ROW(0x1022, 0x7809),
	SOUTHBRIDGE_ROW(0x1022, 0x780f),
	/* Solarflare */
	ENDPOINTS(0x1924, 0x0903, 0x0903),
	ENDPOINTS(0x1924, 0x0923, 0x0923),
	ENDPOINTS(0x1924, 0x0a03, 0x0a03),
	/* Intel 82598, 82599, X520, X540 */
	ENDPOINTS(0x8086, 0x10c6, 0x10c6),
	ENDPOINTS(0x8086, 0x10db, 0x10db),
	ENDPOINTS(0x8086, 0x10dd, 0x10dd),
	ENDPOINTS(0x8086, 0x10e1, 0x10e1),
	ENDPOINTS(0x8086, 0x10f1, 0x10f1),
	ENDPOINTS(0x8086, 0x10f7, 0x10fc),
	ENDPOINTS(0x8086, 0x1507, 0x1507),
	ENDPOINTS(0x8086, 0x1514, 0x1514),
	ENDPOINTS(0x8086, 0x151c, 0x151c),
	ENDPOINTS(0x8086, 0x1529, 0x152a),
	ENDPOINTS(0x8086, 0x154d, 0x154d),
	ENDPOINTS(0x8086, 0x154f, 0x154f),
	ENDPOINTS(0x8086, 0x1551, 0x1551),
	ENDPOINTS(0x8086, 0x1558, 0x1558),
	/* Intel 82580 */
	ENDPOINTS(0x8086, 0x1509, 0x1509),
	ENDPOINTS(0x8086, 0x150e, 0x1511),
	ENDPOINTS(0x8086, 0x1516, 0x1516),
	ENDPOINTS(0x8086, 0x1527, 0x1527),
	/* Intel 82576 */
	ENDPOINTS(0x8086, 0x10c9, 0x10c9),
	ENDPOINTS(0x8086, 0x10e6, 0x10e8),
	ENDPOINTS(0x8086, 0x150a, 0x150a),
	ENDPOINTS(0x8086, 0x150d, 0x150d),
	ENDPOINTS(0x8086, 0x1518, 0x1518),
	ENDPOINTS(0x8086, 0x1526, 0x1526),
	/* Intel 82575 */
	ENDPOINTS(0x8086, 0x10a7, 0x10a7),
	ENDPOINTS(0x8086, 0x10a9, 0x10a9),
	ENDPOINTS(0x8086, 0x10d6, 0x10d6),
	/* Intel I350 */
	ENDPOINTS(0x8086, 0x1521, 0x1524),
	/* Intel 82571 */
	ENDPOINTS(0x8086, 0x105e, 0x1060),
	ENDPOINTS(0x8086, 0x10d9, 0x10d9),
	/* Intel I219 */
	ENDPOINTS(0x8086, 0x15b7, 0x15b8),
	/* VT-d 3.1, 3.16: only translated addresses go from peer to peer */
	{ 0x8086, ANY_FIRST, ANY_LAST, RC_ENDPOINTS, FULL, "Intel root complex endpoint" },
	/* Qualcomm and HXT */
	PORTS(0x17cb, 0x0111, 0x0111, "Qualcomm root port"),
	PORTS(0x17cb, 0x0115, 0x0115, "Qualcomm root port"),
	PORTS(0x17cb, 0x0120, 0x0120, "Qualcomm root port"),
	PORTS(0x17cb, 0x0400, 0x0401, "Qualcomm root port"),
	PORTS(0x1dbf, 0x0401, 0x0401, "HXT root port"),
	/* Intel chipsets from Ibex Peak to Wildcat Point: no capability, but registers of their
	 * own that the kernel switches on with the IOMMU */
	PCH(0x3b42, 0x3b51),
	PCH(0x1c10, 0x1c1f),
	PCH(0x1e10, 0x1e1f),
	PCH(0x8c10, 0x8c1f),
	PCH(0x9c10, 0x9c1b),
	PCH(0x9c90, 0x9c9b),
	PCH(0x1d10, 0x1d10),
	PCH(0x1d12, 0x1d12),
	PCH(0x1d14, 0x1d14),
	PCH(0x1d16, 0x1d16),
	PCH(0x1d18, 0x1d18),
	PCH(0x1d1a, 0x1d1a),
	PCH(0x1d1c, 0x1d1c),
	PCH(0x1d1e, 0x1d1e),
	PCH(0x8d10, 0x8d1e),
	PCH(0x8c90, 0x8c90),
	PCH(0x8c92, 0x8c92),
	PCH(0x8c94, 0x8c94),
	PCH(0x8c96, 0x8c96),
	PCH(0x8c98, 0x8c98),
	PCH(0x8c9a, 0x8c9a),
	PCH(0x8c9c, 0x8c9c),
	PCH(0x8c9e, 0x8c9e),
	/* Sunrise Point, Union Point and their mobile kin */
	SPT(0xa110, 0xa11f),
	SPT(0xa167, 0xa16a),
	SPT(0xa290, 0xa29f),
	SPT(0xa2e7, 0xa2ee),
	SPT(0x9d10, 0x9d1b),
	/* Emulex BE3-R and Skyhawk-R */
	ENDPOINTS(0x19a2, 0x0710, 0x0710),
	ENDPOINTS(0x10df, 0x0720, 0x0720),
	/* Cavium ThunderX root ports and functions */
	{ 0x177d, 0xa000, 0xa7ff, ROOT_PORTS, FULL, "Cavium root port" },
	{ 0x177d, 0xaf84, 0xaf84, ROOT_PORTS, FULL, "Cavium root port" },
	{ 0x177d, 0xb884, 0xb884, ROOT_PORTS, FULL, "Cavium root port" },
	ENDPOINTS(0x177d, 0xa026, 0xa026),
	ENDPOINTS(0x177d, 0xa059, 0xa059),
	ENDPOINTS(0x177d, 0xa060, 0xa060),
	PORTS(0x10e8, 0xe004, 0xe004, "X-Gene root port"),
	PORTS(0x1def, 0xe005, 0xe00c, "Ampere root port"),
	/* Broadcom functions and iProc root port */
	ENDPOINTS(0x14e4, 0x16d7, 0x16d7),
	ENDPOINTS(0x14e4, 0x1750, 0x1752),
	ENDPOINTS(0x14e4, 0x1760, 0x1763),
	PORTS(0x14e4, 0xd714, 0xd714, "Broadcom iProc root port"),
	PORTS(0x0014, 0x3c09, 0x3c09, "Loongson root port"),
	PORTS(0x0014, 0x3c19, 0x3c19, "Loongson root port"),
	PORTS(0x0014, 0x3c29, 0x3c29, "Loongson root port"),
	PORTS(0x0014, 0x7a09, 0x7a09, "Loongson root port"),
	PORTS(0x0014, 0x7a19, 0x7a19, "Loongson root port"),
	PORTS(0x0014, 0x7a29, 0x7a29, "Loongson root port"),
	PORTS(0x0014, 0x7a39, 0x7a39, "Loongson root port"),
	PORTS(0x0014, 0x7a49, 0x7a49, "Loongson root port"),
	PORTS(0x0014, 0x7a59, 0x7a59, "Loongson root port"),
	PORTS(0x0014, 0x7a69, 0x7a69, "Loongson root port"),
	{ 0x1c36, 0x0031, 0x0031, ROOT_PORTS, FULL, "Annapurna Labs root port" },
	/* Zhaoxin functions */
	ENDPOINTS(0x1d17, 0x3038, 0x3038),
	ENDPOINTS(0x1d17, 0x3104, 0x3104),
	ENDPOINTS(0x1d17, 0x9083, 0x9083),
	/* NXP Layerscape LX2 */
	PORTS(0x1957, 0x8d80, 0x8d83, "NXP root port"),
	PORTS(0x1957, 0x8d88, 0x8d8b, "NXP root port"),
	PORTS(0x1957, 0x8d90, 0x8d93, "NXP root port"),
	PORTS(0x1957, 0x8d98, 0x8d9b, "NXP root port"),
	PORTS(0x1957, 0x8da0, 0x8da1, "NXP root port"),
	PORTS(0x1957, 0x8da8, 0x8da9, "NXP root port"),
	PORTS(0x1957, 0x8db0, 0x8db1, "NXP root port"),
	PORTS(0x1957, 0x8db8, 0x8db9, "NXP root port"),
	/* Zhaoxin ports; their capability counts for nothing */
	{ 0x1d17, 0x0710, 0x071e, ROOT_OR_DOWNSTREAM_PORTS, FULL, "Zhaoxin port" },
	{ 0x1d17, 0x0721, 0x0721, ROOT_OR_DOWNSTREAM_PORTS, FULL, "Zhaoxin port" },
	{ 0x1d17, 0x0723, 0x0752, ROOT_OR_DOWNSTREAM_PORTS, FULL, "Zhaoxin port" },
	{ 0x1d17, ANY_FIRST, ANY_LAST, ROOT_OR_DOWNSTREAM_PORTS, NONE,
	  "a Zhaoxin port that the kernel does not trust" },
	/* Wangxun network cards */
	ENDPOINTS(0x8088, 0x0100, 0x010f),
	ENDPOINTS(0x8088, 0x1001, 0x1001),
	ENDPOINTS(0x8088, 0x2001, 0x2001),
	ENDPOINTS(0x8088, 0x5010, 0x5010),
	ENDPOINTS(0x8088, 0x5025, 0x5025),
	ENDPOINTS(0x8088, 0x5040, 0x5040),
	ENDPOINTS(0x8088, 0x5110, 0x5110),
	ENDPOINTS(0x8088, 0x5125, 0x5125),
	ENDPOINTS(0x8088, 0x5140, 0x5140),
	{ 0x8088, ANY_FIRST, ANY_LAST, ALWAYS, NONE,
	  "a Wangxun function that the kernel does not trust" },
};

static enum via_known is_express(const struct via_acs_subject *subject, enum via_pcie_type a,
				 enum via_pcie_type b)
{
	if (subject->express != VIA_PRESENT)
		return subject->express;
	return subject->type == a || subject->type == b ? VIA_PRESENT : VIA_ABSENT;
}

static enum via_known both(enum via_known a, enum via_known b)
{
	if (a == VIA_ABSENT || b == VIA_ABSENT)
		return VIA_ABSENT;
	return a == VIA_PRESENT && b == VIA_PRESENT ? VIA_PRESENT : VIA_UNKNOWN;
}

/* Whether a row's condition holds: VIA_PRESENT, VIA_ABSENT, or it cannot be told. */
static enum via_known applies(const struct via_acs_subject *subject, enum condition condition)
{
	switch (condition) {
	case ALWAYS:
		return VIA_PRESENT;
	case ROOT_PORTS:
	case SPT_LAYOUT:
		return is_express(subject, VIA_PCIE_ROOT_PORT, VIA_PCIE_ROOT_PORT);
	case ROOT_OR_DOWNSTREAM_PORTS:
		return is_express(subject, VIA_PCIE_ROOT_PORT, VIA_PCIE_DOWNSTREAM);
	case RC_ENDPOINTS:
		return is_express(subject, VIA_PCIE_RC_ENDPOINT, VIA_PCIE_RC_ENDPOINT);
	case SOUTHBRIDGE:
		return subject->device->parent ? VIA_ABSENT
					       : both(subject->multifunction, subject->ivrs);
	}
	return VIA_ABSENT;
}

/* Capability and control are dwords, eight bytes in all. Return: whether this row speaks. */
static bool judge_spt(const struct via_acs_subject *subject, const char *name,
		      struct via_isolation_judgement *ret)
{
	const struct via_pci_device *port = subject->device;
	const struct via_capability *acs = capability_find(&port->capabilities, "acs");
	uint32_t capability, control, needed;

	if (!acs && port->capabilities.extended_read)
		return false;
	*ret = (struct via_isolation_judgement){ .isolation = VIA_ISOLATION_UNKNOWN,
						 .why = isolation_unread };
	if (!acs || !span_u32(port->config.span, acs->offset + 4u, &capability) ||
	    !span_u32(port->config.span, acs->offset + 8u, &control))
		return true;
	if (!subject->iommu_active)
		control |= capability & VIA_ACS_REQUIRED;
	needed = VIA_ACS_REQUIRED & (capability | VIA_ACS_EGRESS_CONTROL);
	ret->isolation = (control & needed) == needed ? FULL : NONE;
	ret->quirk = true;
	ret->why = name;
	return true;
}

static bool row_is_of(const struct row *row, const struct via_pci_device *device)
{
	return device->vendor.number == row->vendor && device->device.number >= row->first &&
	       device->device.number <= row->last;
}

bool acs_quirk(const struct via_acs_subject *subject, struct via_isolation_judgement *ret)
{
	const struct via_pci_device *device = subject->device;

	for (const struct row *row = rows; row < rows + VIA_COUNT(rows); row++) {
		enum via_known applied;

		if (!row_is_of(row, device))
			continue;
		applied = applies(subject, row->condition);
		if (applied == VIA_ABSENT)
			continue;
		if (applied == VIA_PRESENT && row->condition == SPT_LAYOUT) {
			if (judge_spt(subject, row->name, ret))
				return true;
			continue;
		}
		*ret = (struct via_isolation_judgement){
			.isolation =
				applied == VIA_PRESENT ? row->isolation : VIA_ISOLATION_UNKNOWN,
			.quirk = applied == VIA_PRESENT,
			.why = applied == VIA_PRESENT ? row->name : isolation_unread,
		};
		return true;
	}
	return false;
}
