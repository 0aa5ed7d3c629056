/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/address.h"
#include "base/arena.h"
#include "base/fact.h"
#include "base/names.h"
#include "decode/pci_capability.h"
#include "model/holder.h"

/* Standard resources, in the order of sysfs `resource`. */
enum { VIA_BARS = 6, VIA_ROM = 6, VIA_VF_BARS = 7, VIA_RESOURCES = 13 };

struct via_resource {
	uint64_t start, end, flags; /* ioport.h flags; all 0: not implemented */
};

/**
 * struct via_pci_sriov - what a physical function tells of its virtual ones
 * @virtfns: addresses, VF 0 first
 * @virtfns_known: unknown: a link to one could not be read
 */
struct via_pci_sriov {
	struct via_fact total, offset, stride, vf_device, autoprobe;
	struct via_names virtfns;
	struct via_fact virtfns_known;
};

/**
 * struct via_pci_handover - what only who gives a function away asks for
 * @override: text: driver_override, "" for none; see probe_handover()
 * @d3cold_allowed: number; see probe_handover()
 * @vfio_driver: text: made for it; absent: none but vfio-pci
 */
struct via_pci_handover {
	struct via_fact override, d3cold_allowed, vfio_driver;
};

/**
 * struct via_pci_device - one function, as the kernel shows it
 *
 * In a lean look (host->lean) much is VIA_NOT_ASKED: see probe_host_lean().
 *
 * All facts are read without waking the device, except @config and what is decoded from
 * it: those are read from functions that are awake, or when asked to wake them.
 */
struct via_pci_device {
	struct via_pci_address address;
	const char *name; /* the address as sysfs spells it */

	struct via_fact vendor, device, class_code, subsystem_vendor, subsystem_device, revision;
	struct via_fact driver;	       /* text; absent: no driver is bound */
	struct via_fact group;	       /* number */
	struct via_fact numa_node;     /* number, as int64; (uint64_t)-1: the kernel knows none */
	struct via_fact boot_vga;      /* number */
	struct via_fact modalias;      /* text */
	struct via_fact reset_method;  /* text, space separated; absent: no method (5.15+) */
	struct via_fact reset;	       /* whether the `reset` attribute is there */
	struct via_fact power_state;   /* text */
	struct via_fact physfn;	       /* text: address of the PF */
	struct via_fact resource;      /* text */
	struct via_fact slot;	       /* text: the name of the slot it sits in */
	struct via_fact made_known;    /* whether net and block could be looked for */
	struct via_fact holders_known; /* whether holders could be looked for, all of them */

	const struct via_pci_sriov *sriov;	 /* by pci_sriov() */
	const struct via_pci_handover *handover; /* by pci_handover() */

	struct via_names modules; /* that claim its modalias */
	struct via_fact modules_known;
	struct via_names net, block, nvme; /* kernel names of what its driver made */
	struct via_holders holders;	   /* the worst first */

	struct via_resource *resources;
	size_t resource_count; /* those behind are not implemented */

	/*
	 * As far as it was needed: bytes nobody asked for are 0, and @span ends behind the
	 * last one read. fact.number: how many there are.
	 */
	struct via_blob config;
	struct via_capabilities capabilities; /* of config, when that was read */
	bool surveyed;			      /* they are only what decides about groups */

	struct via_fact place;			 /* text: where it hangs; tells @parent */
	const struct via_pci_device *parent;	 /* the bridge above; NULL on a root bus */
	const struct via_pci_device *dma_device; /* behind VMD: whose requester id its DMA has */
};

struct via_pci_group {
	uint64_t id;
	struct via_fact type; /* text: DMA, DMA-FQ, identity … (5.11+) */
	struct via_fact reserved_regions;
	struct via_fact name;	 /* "vfio-noiommu" marks a group without an IOMMU */
	struct via_fact members; /* unknown: there may be more than in @devices */
	via_list(const struct via_pci_device *) devices;
};

struct via_pci {
	struct via_fact bus;			 /* sys/bus/pci/devices; number: functions */
	via_list(struct via_pci_device) devices; /* in the order of their addresses */
	struct via_fact groups_directory;
	via_list(struct via_pci_group) groups;
	struct via_names drivers; /* that are registered; see probe_handover() */
	struct via_fact drivers_known;
};

const struct via_pci_device *pci_find(const struct via_pci *pci, struct via_pci_address address);
const struct via_pci_group *pci_group(const struct via_pci *pci, uint64_t id);

/* pci_sriov / pci_handover - never NULL: where nobody asked, every fact says so */
const struct via_pci_sriov *pci_sriov(const struct via_pci_device *device);
const struct via_pci_handover *pci_handover(const struct via_pci_device *device);

/* pci_is_bridge - by class 0604 (or any 06xx with a secondary bus) */
bool pci_is_bridge(const struct via_pci_device *device);

/* pci_same_card - whether they are two functions of one slot */
bool pci_same_card(const struct via_pci_device *a, const struct via_pci_device *b);

/* pci_class_is - compares the bytes of the class code given in @mask: 0x0300, 0xffff00 */
bool pci_class_is(const struct via_pci_device *device, uint32_t class_code, uint32_t mask);

/* pci_driver_words - a driver's name, "no driver", or that it could not be told */
const char *pci_driver_words(const struct via_fact *driver);

/* pci_driver_is_vfio - vfio-pci or one of its variants (mlx5_vfio_pci, hisi-acc-vfio-pci …) */
bool pci_driver_is_vfio(const char *driver);

/* pci_vfio_driver_of / pci_vfio_module_of - the driver that a module of VFIO's registers, and the
 * other way: modules are spelled with underscores, most of these drivers as well */
const char *pci_vfio_driver_of(const char *module);
const char *pci_vfio_module_of(const char *driver);

/**
 * pci_driver_shares_group - whether a driver leaves DMA ownership of a group to VFIO
 *
 * vfio-pci and its variants, pci-stub and pcieport do; no driver at all does as well.
 * Source: driver_managed_dma in drivers/vfio/pci, drivers/pci/pci-stub.c, pcie/portdrv.c
 */
bool pci_driver_shares_group(const char *driver);

/* pci_member_blocks - whether a member keeps VFIO from owning its group: a driver of the host's
 * has it. What is behind VMD does not: it is gone when VMD's own function is released. */
bool pci_member_blocks(const struct via_pci_device *member);

/* pci_group_isolates - false for the groups that VFIO makes where there is no IOMMU */
bool pci_group_isolates(const struct via_pci_group *group);

/* pci_group_untold - a fact that keeps its members or their drivers from being told, or NULL */
const struct via_fact *pci_group_untold(const struct via_pci_group *group);

/* pci_group_blockers - members whose driver keeps VFIO from owning the group */
size_t pci_group_blockers(const struct via_pci_group *group, const struct via_pci_device **ret,
			  size_t limit);
