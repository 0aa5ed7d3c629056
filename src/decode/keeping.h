/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/span.h"

/* Programs that set devices up, or give them to guests, from files of their own. */
enum via_keeper {
	VIA_KEEPER_DRIVERCTL,
	VIA_KEEPER_NETPLAN,
	VIA_KEEPER_NETWORKD, /* systemd.network and systemd.link */
	VIA_KEEPER_UDEV,
	VIA_KEEPER_LIBVIRT,
	VIA_KEEPER_PROXMOX,
	VIA_KEEPERS,
};

/**
 * struct via_keeping_match - which devices a keeper means, where it does not just name one
 * @path: addresses, "pci-" before them or not
 * @name: of net devices
 * @driver, @vendor, @product: as udev has them: "ixgbe", "0x8086", "0x10fb"
 * @mac: of net devices, in small letters
 * @mac_net: the net devices that have it; NULL where that was not told. The probe's to fill in
 * @more: it asks for what is not compared here
 *
 * Each is a list of patterns, between blanks or "|"; NULL: not asked for. All must fit.
 */
struct via_keeping_match {
	const char *path, *name, *driver, *vendor, *product;
	const char *mac, *mac_net;
	bool more;
};

/**
 * struct via_keeping - one thing that a keeper's file says of a device
 * @device: as the file has it: an address, one without its function ("0000:01:00", all of
 *          them), a net name, a pattern of either ("0000:01:00.?"); "" where it names none
 * @match: what it asks of a device instead of naming it, or NULL
 * @what: in words: "driver vfio-pci", "4 virtual functions"
 * @guest: the guest it is for, or NULL
 * @at_boot: it happens by itself
 * @file: of driverctl, the file itself, in which another driver can be put; else NULL
 */
struct via_keeping {
	enum via_keeper keeper;
	const char *path;
	const char *device, *what, *guest;
	struct via_keeping_match *match;
	bool at_boot;
	const struct via_file *file;
};

struct via_keepings {
	struct via_keeping *items;
	size_t count, capacity;
};

/* keeper_name - "driverctl" and so on */
const char *keeper_name(enum via_keeper keeper);

/*
 * Each adds what one file says. What is no such thing is passed over: these files belong to
 * others, and hold much else.
 */

/**
 * keeping_driverctl - /etc/driverctl.d/BUS-DEVICE, whose content is a driver's name
 * @name: of the file, without its folder
 * Source: driverctl(8); driverctl 0.111, save_override()
 */
void keeping_driverctl(struct via_arena *arena, const char *path, const char *name,
		       struct via_span text, struct via_keepings *list);

/**
 * keeping_netplan - virtual-function-count and embedded-switch-mode of an interface
 * Source: netplan(5), "Properties for SR-IOV" and "Properties for physical device types"
 */
void keeping_netplan(struct via_arena *arena, const char *path, struct via_span text,
		     struct via_keepings *list);

/**
 * keeping_networkd - sections [SR-IOV] and SR-IOVVirtualFunctions= with what [Match] names
 * Source: systemd.network(5), systemd.link(5)
 */
void keeping_networkd(struct via_arena *arena, const char *path, struct via_span text,
		      struct via_keepings *list);

/* keeping_udev - rules that write driver_override or sriov_numvfs. Source: udev(7) */
void keeping_udev(struct via_arena *arena, const char *path, struct via_span text,
		  struct via_keepings *list);

/**
 * keeping_libvirt - PCI hostdevs of a domain's definition, and its interfaces that are hostdevs
 * @autostart: libvirt starts the domain by itself
 * Source: libvirt's formatdomain, "Host device assignment" and "PCI passthrough"; the form virsh
 * writes
 */
void keeping_libvirt(struct via_arena *arena, const char *path, struct via_span text,
		     bool autostart, struct via_keepings *list);

/**
 * keeping_libvirt_network - a network that hands functions, or the VFs of a PF, to guests
 * Source: libvirt's formatnetwork, <forward mode='hostdev'>
 */
void keeping_libvirt_network(struct via_arena *arena, const char *path, struct via_span text,
			     bool autostart, struct via_keepings *list);

/**
 * struct via_proxmox_mappings - what a cluster calls its nodes' functions
 * @text: of mapping/pci.cfg: a name, and below it, indented, "map id=…,node=…,path=…"
 * @node: this host's name in the cluster; NULL where that was not told: then every node's count
 * Source: pve-guest-common, PVE::Mapping::PCI
 */
struct via_proxmox_mappings {
	struct via_span text;
	const char *node;
};

/**
 * keeping_proxmox - hostpciN of a guest's configuration, sections of snapshots left out
 * @guest: its number
 * Source: qm.conf(5)
 */
void keeping_proxmox(struct via_arena *arena, const char *path, const char *guest,
		     struct via_span text, const struct via_proxmox_mappings *mappings,
		     struct via_keepings *list);

/* keeping_is_pattern - whether what a file calls a device stands for several, as udev(7) has it */
bool keeping_is_pattern(const char *device);

/* keeping_covers - whether what a file calls a device is the function at that address */
bool keeping_covers(const char *device, const char *address);

/* keeping_matches - whether one of several patterns of the shell, between blanks or "|", fits */
bool keeping_matches(const char *patterns, const char *name);

/* keeping_ask - one more list of patterns for a match; NULL for none yet */
const char *keeping_ask(struct via_arena *arena, const char *present, const char *more);

/* keeping_asks - whether a match asks for anything that is compared */
bool keeping_asks(const struct via_keeping_match *match);

/* keeping_match_name - a match in a few words, "" where it asks for nothing that is compared */
const char *keeping_match_name(struct via_arena *arena, const struct via_keeping_match *match);
