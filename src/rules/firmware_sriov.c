/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/firmware_part.h"

#include "base/cleanup.h"
#include "model/sriov.h"
#include "rules/board.h"

/* What one device lacks, or all of them together. */
struct room {
	size_t functions, capable, cramped, busless, short_of_buses, without_ari, untold;
};

bool firmware_no_pci(const struct via_host *host, struct via_finding *finding,
		     enum via_verdict *ret)
{
	if (fact_is(&host->pci.bus, VIA_PRESENT))
		return false;
	finding_cite(finding, &host->pci.bus);
	*ret = fact_is(&host->pci.bus, VIA_ABSENT) ? VIA_SKIP : VIA_CANNOT_TELL;
	return true;
}

static const struct via_vf_buses *buses_of(const struct via_host *host,
					   const struct via_pci_device *device)
{
	via_for_each (buses, &host->firmware.vf_buses)
		if (address_equal(buses->address, device->address))
			return buses;
	return NULL;
}

/* How many of its virtual functions have a bus number below the port @buses is about. */
static uint64_t reachable(const struct via_vf_buses *buses, const struct via_pci_device *device)
{
	uint64_t first = address_rid(device->address) + pci_sriov(device)->offset.number;
	uint64_t stride = fact_number(&pci_sriov(device)->stride, 0);
	uint64_t end = (buses->last.number + 1) << 8;
	uint64_t count;

	if (first >= end)
		return 0;
	if (!stride)
		return pci_sriov(device)->total.number;
	count = (end - 1 - first) / stride + 1;
	return count < pci_sriov(device)->total.number ? count : pci_sriov(device)->total.number;
}

static void judge_buses(const struct via_host *host, struct via_finding *finding,
			const struct via_pci_device *device, struct room *room)
{
	const struct via_vf_buses *buses = buses_of(host, device);
	uint64_t count;

	if (!buses)
		return;
	finding_cite(finding, &buses->last);
	finding_cite(finding, &buses->ari);
	if (!fact_is(&buses->last, VIA_PRESENT) || buses->last.number > UINT8_MAX) {
		room->untold++;
		return;
	}
	count = reachable(buses, device);
	if (count == pci_sriov(device)->total.number)
		return;
	room->busless += !count;
	room->short_of_buses += count > 0;
	room->without_ari += fact_is(&buses->ari, VIA_PRESENT) && !buses->ari.number;
	finding_cite_value(finding, device->name,
			   "bus numbers below the port are enough for %llu of %llu virtual "
			   "functions",
			   (unsigned long long)count,
			   (unsigned long long)pci_sriov(device)->total.number);
}

static void judge_bars(struct via_finding *finding, const struct via_pci_device *device,
		       struct room *room)
{
	int bar;

	if (!fact_is(&device->resource, VIA_PRESENT)) {
		room->untold++;
		finding_cite(finding, &device->resource);
		return;
	}
	bar = sriov_bar_without_room(device);
	if (bar < 0)
		return;
	room->cramped++;
	finding_cite_value(finding, device->resource.path, "VF BAR %d has no address", bar);
}

static enum via_verdict no_addresses(const struct via_host *host, struct via_finding *finding,
				     const struct room *room)
{
	const struct via_fact *above = &host->firmware.above_4g;

	finding_detail(
		finding, "Firmware left no addresses for the virtual functions of %zu device%s%s.",
		room->cramped, room->cramped == 1 ? "" : "s",
		fact_is(above, VIA_ABSENT) ? ", and no root bus has a window above 4 GiB" : "");
	finding_manual(finding,
		       "%s %s Else boot with pci=realloc, which lets the kernel give out "
		       "addresses anew.",
		       board_setup_text(finding->arena, host, VIA_SWITCH_SRIOV),
		       fact_is(above, VIA_PRESENT)
			       ? ""
			       : board_setup_text(finding->arena, host, VIA_SWITCH_ABOVE_4G));
	return VIA_FAIL;
}

static enum via_verdict no_buses(const struct via_host *host, struct via_finding *finding,
				 const struct room *room)
{
	finding_detail(finding,
		       "%s virtual functions of %zu device%s have bus numbers: they lie "
		       "beyond the range of the port above%s.",
		       room->busless ? "No" : "Not all", room->busless + room->short_of_buses,
		       room->busless + room->short_of_buses == 1 ? "" : "s",
		       room->without_ari ? ", which does without ARI" : "");
	if (room->without_ari)
		finding_setup(
			finding, host, VIA_SWITCH_ARI,
			"Or use a slot whose port has ARI; pci=assign-busses makes the kernel "
			"number the buses anew.");
	else
		finding_manual(finding, "Boot with pci=assign-busses, or update the firmware; the "
					"kernel log says \"bus … out of range\".");
	return room->busless ? VIA_FAIL : VIA_WARN;
}

enum via_verdict firmware_sriov_room(const struct via_host *host, struct via_finding *finding)
{
	struct room room = { 0 };
	enum via_verdict verdict;

	if (firmware_no_pci(host, finding, &verdict))
		return verdict;
	via_for_each (device, &host->pci.devices) {
		room.functions++;
		if (!fact_number(&pci_sriov(device)->total, 0))
			continue;
		room.capable++;
		judge_bars(finding, device, &room);
		judge_buses(host, finding, device, &room);
	}
	finding_cite_value(finding, "functions with SR-IOV", "%zu", room.capable);
	finding_cite(finding, &host->firmware.above_4g);
	if (room.cramped)
		return no_addresses(host, finding, &room);
	if (room.busless || room.short_of_buses)
		return no_buses(host, finding, &room);
	if (room.untold || finding_untold_sriov(finding, host, room.capable))
		return VIA_CANNOT_TELL;
	if (!room.capable && fact_is(&host->firmware.mcfg, VIA_ABSENT) && room.functions) {
		finding_cite(finding, &host->firmware.mcfg);
		finding_detail(finding, "Firmware has no MCFG table: the kernel sees 256 bytes of "
					"configuration space alone, and no SR-IOV, ACS or ATS in "
					"it.");
		return VIA_SKIP;
	}
	if (!room.capable) {
		finding_detail(finding, "No device here shows SR-IOV; where a card should have it, "
					"look for its switch in the card's or the board's setup.");
		return VIA_SKIP;
	}
	finding_detail(finding,
		       "%zu device%s can make virtual functions, and their BARs have "
		       "addresses.",
		       room.capable, room.capable == 1 ? "" : "s");
	return VIA_PASS;
}
