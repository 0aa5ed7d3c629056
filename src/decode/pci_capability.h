/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"
#include "decode/pci_window.h"

/*
 * The capabilities in a function's configuration space. Every one is listed with the
 * fields its specification gives it; those that decide something are also read into the
 * small structs below.
 */
enum via_capability_field_kind {
	VIA_FIELD_NUMBER,
	VIA_FIELD_BOOL,
	VIA_FIELD_HEX,
	VIA_FIELD_ID, /* of 16 bits, as vendors' and devices' are */
	VIA_FIELD_TEXT,
};

struct via_capability_field {
	const char *name;
	enum via_capability_field_kind kind;
	uint64_t value;
	const char *text; /* VIA_FIELD_TEXT */
};

struct via_capability {
	const char *name; /* "pcie", "msix", "acs" …; "cap-XX" or "ext-XXXX" where it has none */
	bool extended;
	uint16_t id;
	uint16_t offset;
	uint8_t version; /* extended ones; 0 else */
	via_list(struct via_capability_field) fields;
};

/**
 * struct via_capabilities - what a configuration space holds
 * @standard_read: the standard list was followed to its end, or the status register says
 *                 that there is none; false is "could not be told", not "none" (an
 *                 unprivileged read gives 64 bytes)
 * @extended_read: likewise the extended list; a conventional PCI function has none
 * @trouble: the first thing that was wrong (a loop, an entry out of bounds, a function
 *           that answers all ones), in words, else NULL; what was read before is kept
 * @lasting: they live as long as the host, and other functions may have the very same
 */
struct via_capabilities {
	via_list(struct via_capability) list;
	bool standard_read, extended_read, lasting;
	const char *trouble;
};

/**
 * capabilities_decode - walk both lists of a configuration space
 * @config: 64, 256 or 4096 bytes, or any number between; damage never leads out of it
 *
 * Fields that repeat carry their number in the name ("vc0_enable", "entry1_size_bytes");
 * a field whose register lies outside of @config is left out. Name, unit and bits of each
 * field are in the tables of pci_standard.c, pci_express.c, pci_virtual.c …
 *
 * Source: PCI Local Bus 3.0 6.7; PCI Express Base 7.9; include/uapi/linux/pci_regs.h
 */
void capabilities_decode(struct via_arena *arena, struct via_span config,
			 struct via_capabilities *ret);

/**
 * capabilities_decode_window - likewise, reading no more of the space than that takes
 */
void capabilities_decode_window(struct via_arena *arena, struct via_pci_window *window,
				struct via_capabilities *ret);

/**
 * capabilities_survey - only what decides about groups: "pcie" and "acs", without fields
 *
 * The walk ends where both are found. @window then has the header, those two capabilities
 * and the list's pointers.
 */
void capabilities_survey(struct via_arena *arena, struct via_pci_window *window,
			 struct via_capabilities *ret);

/* capability_find - the first of that name, or NULL */
const struct via_capability *capability_find(const struct via_capabilities *capabilities,
					     const char *name);

/* capability_field - the field of that name, or NULL */
const struct via_capability_field *capability_field(const struct via_capability *capability,
						    const char *name);

enum via_pcie_type {
	VIA_PCIE_ENDPOINT = 0,
	VIA_PCIE_LEGACY_ENDPOINT = 1,
	VIA_PCIE_ROOT_PORT = 4,
	VIA_PCIE_UPSTREAM = 5,
	VIA_PCIE_DOWNSTREAM = 6,
	VIA_PCIE_TO_PCI = 7,
	VIA_PCI_TO_PCIE = 8,
	VIA_PCIE_RC_ENDPOINT = 9,
	VIA_PCIE_RC_EVENT_COLLECTOR = 10,
};

struct via_acs {
	uint16_t capability, control; /* bits: 0 SV 1 TB 2 RR 3 CR 4 UF 5 EC 6 DT */
};

/**
 * struct via_sriov - virtual functions of a physical one
 * @supported_page_sizes, @system_page_size: bit n stands for 2^(n + 12) bytes
 * @bars: as the registers hold them: the size is not in them
 */
struct via_sriov {
	bool vf_enable, memory_enable, ari_hierarchy;
	uint16_t initial_vfs, total_vfs, num_vfs, first_offset, stride, vf_device;
	uint8_t dependency_link;
	uint32_t supported_page_sizes, system_page_size;
	uint32_t bars[6];
};

/* Return: whether the capability is there and inside the bytes; @ret untouched when not */
bool capability_pcie_type(const struct via_capabilities *capabilities, struct via_span config,
			  enum via_pcie_type *ret);
bool capability_acs(const struct via_capabilities *capabilities, struct via_span config,
		    struct via_acs *ret);
bool capability_sriov(const struct via_capabilities *capabilities, struct via_span config,
		      struct via_sriov *ret);

/* capability_has_flr - by PCI Express, or by Advanced Features (which needs TP too) */
bool capability_has_flr(const struct via_capabilities *capabilities, struct via_span config);

/**
 * struct via_pci_header - the part of the header that decides topology
 * @type: 0 device, 1 PCI bridge, 2 CardBus bridge
 * @secondary, @subordinate: bus numbers; 0 for a device
 */
struct via_pci_header {
	uint16_t vendor, device;
	uint32_t class_code;
	uint8_t revision, type;
	bool multifunction;
	uint8_t primary, secondary, subordinate;
};

/* pci_header_decode - Return: false, @ret untouched, with fewer than 64 bytes */
bool pci_header_decode(struct via_span config, struct via_pci_header *ret);
