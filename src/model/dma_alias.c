/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/dma_alias.h"

#include "base/cleanup.h"

/* Which functions of its bus a device poses as. */
enum pose {
	AS_FUNCTION_0,	/* of its slot */
	AS_FUNCTION_1,	/* of its slot */
	AS_DEVICE_1,	/* 01.0 */
	AS_MIC,		/* 10.0, 11.0 and 12.3 */
	AS_ACCELERATOR, /* functions 0 to 4 of any slot */
	AS_ANY,
};

struct row {
	uint16_t vendor, device;
	uint16_t subsystem_vendor, subsystem_device; /* 0: any */
	enum pose pose;
};

static const struct row rows[] = {
	{ 0x1180, 0xe476, 0, 0, AS_FUNCTION_0 }, /* Ricoh */
	{ 0x1180, 0xe832, 0, 0, AS_FUNCTION_0 },
	{ 0x6766, 0x3d40, 0, 0, AS_FUNCTION_0 }, /* Glenfly */
	{ 0x6766, 0x3d41, 0, 0, AS_FUNCTION_0 },
	{ 0x1b4b, 0x9120, 0, 0, AS_FUNCTION_1 }, /* Marvell */
	{ 0x1b4b, 0x9123, 0, 0, AS_FUNCTION_1 },
	{ 0x1b4b, 0x9125, 0, 0, AS_FUNCTION_1 },
	{ 0x1b4b, 0x9128, 0, 0, AS_FUNCTION_1 },
	{ 0x1b4b, 0x9130, 0, 0, AS_FUNCTION_1 },
	{ 0x1b4b, 0x9170, 0, 0, AS_FUNCTION_1 },
	{ 0x1b4b, 0x9172, 0, 0, AS_FUNCTION_1 },
	{ 0x1b4b, 0x917a, 0, 0, AS_FUNCTION_1 },
	{ 0x1b4b, 0x9182, 0, 0, AS_FUNCTION_1 },
	{ 0x1b4b, 0x9183, 0, 0, AS_FUNCTION_1 },
	{ 0x1b4b, 0x91a0, 0, 0, AS_FUNCTION_1 },
	{ 0x1b4b, 0x9215, 0, 0, AS_FUNCTION_1 },
	{ 0x1b4b, 0x9220, 0, 0, AS_FUNCTION_1 },
	{ 0x1b4b, 0x9230, 0, 0, AS_FUNCTION_1 },
	{ 0x1b4b, 0x9235, 0, 0, AS_FUNCTION_1 },
	{ 0x1103, 0x0642, 0, 0, AS_FUNCTION_1 }, /* HighPoint */
	{ 0x1103, 0x0645, 0, 0, AS_FUNCTION_1 },
	{ 0x197b, 0x2392, 0, 0, AS_FUNCTION_1 },	 /* JMicron */
	{ 0x1c28, 0x0122, 0, 0, AS_FUNCTION_1 },	 /* Plextor */
	{ 0x9005, 0x0285, 0x9005, 0x02bb, AS_DEVICE_1 }, /* Adaptec 3405, 3805 */
	{ 0x9005, 0x0285, 0x9005, 0x02bc, AS_DEVICE_1 },
	{ 0x8086, 0x2260, 0, 0, AS_MIC }, /* Xeon Phi x200 */
	{ 0x8086, 0x2264, 0, 0, AS_MIC },
	{ 0x8086, 0x2954, 0, 0, AS_ACCELERATOR }, /* Visual Compute Accelerator */
	{ 0x8086, 0x2955, 0, 0, AS_ACCELERATOR },
	{ 0x8086, 0x2956, 0, 0, AS_ACCELERATOR },
	{ 0x8086, 0x2958, 0, 0, AS_ACCELERATOR },
	{ 0x8086, 0x2959, 0, 0, AS_ACCELERATOR },
	{ 0x8086, 0x295a, 0, 0, AS_ACCELERATOR },
	{ 0x10b5, 0x87b0, 0, 0, AS_ANY }, /* PLX non-transparent bridges */
	{ 0x10b5, 0x87b1, 0, 0, AS_ANY },
};

static bool at(struct via_pci_address address, uint8_t device, uint8_t function)
{
	return address.device == device && address.function == function;
}

static bool covers(enum pose pose, struct via_pci_address poser, struct via_pci_address other)
{
	switch (pose) {
	case AS_FUNCTION_0:
		return at(other, poser.device, 0);
	case AS_FUNCTION_1:
		return at(other, poser.device, 1);
	case AS_DEVICE_1:
		return at(other, 1, 0);
	case AS_MIC:
		return at(other, 0x10, 0) || at(other, 0x11, 0) || at(other, 0x12, 3);
	case AS_ACCELERATOR:
		return other.function < 5;
	case AS_ANY:
		return true;
	}
	return false;
}

static bool row_is_of(const struct row *row, const struct via_pci_device *device)
{
	return fact_number(&device->vendor, 0) == row->vendor &&
	       fact_number(&device->device, 0) == row->device &&
	       (!row->subsystem_vendor ||
		(fact_number(&device->subsystem_vendor, 0) == row->subsystem_vendor &&
		 fact_number(&device->subsystem_device, 0) == row->subsystem_device));
}

static bool poses_as(const struct via_pci_device *poser, const struct via_pci_device *other)
{
	for (const struct row *row = rows; row < rows + VIA_COUNT(rows); row++)
		if (row_is_of(row, poser))
			return covers(row->pose, poser->address, other->address);
	return false;
}

bool dma_alias_poses(const struct via_pci_device *device)
{
	for (const struct row *row = rows; row < rows + VIA_COUNT(rows); row++)
		if (row_is_of(row, device))
			return true;
	return false;
}

bool dma_alias_between(const struct via_pci_device *a, const struct via_pci_device *b)
{
	return a != b && a->address.domain == b->address.domain &&
	       a->address.bus == b->address.bus && (poses_as(a, b) || poses_as(b, a));
}
