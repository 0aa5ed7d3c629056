/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"

/*
 * The capabilities in a function's configuration space. Every one is listed with the
 * fields its specification gives it; those that decide something are also read into the
 * small structs below.
 */
enum via_capability_field_kind { VIA_FIELD_NUMBER, VIA_FIELD_BOOL, VIA_FIELD_HEX, VIA_FIELD_TEXT };

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
 * @standard_read: the 256 bytes were there to walk the standard list
 * @extended_read: likewise the 4096 bytes and the extended list; false is "could not be
 *                 told", not "none" (an unprivileged read gives 64 bytes)
 * @trouble: what was wrong with a list (a loop, an entry out of bounds), else NULL
 */
struct via_capabilities {
	via_list(struct via_capability) list;
	bool standard_read, extended_read;
	const char *trouble;
};

/**
 * capabilities_decode - walk both lists of a configuration space
 * @config: 64, 256 or 4096 bytes, or any number between; damage never leads out of it
 *
 * Source: PCI Local Bus 3.0 6.7; PCI Express Base 7.9; include/uapi/linux/pci_regs.h
 */
void capabilities_decode(struct via_arena *arena, struct via_span config,
			 struct via_capabilities *ret);

/* capability_find - the first of that name, or NULL */
const struct via_capability *capability_find(const struct via_capabilities *capabilities,
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

/* Return: whether the capability is there and inside the bytes; @ret untouched when not */
bool capability_pcie_type(const struct via_capabilities *capabilities, struct via_span config,
			  enum via_pcie_type *ret);
bool capability_acs(const struct via_capabilities *capabilities, struct via_span config,
		    struct via_acs *ret);
bool capability_has_flr(const struct via_capabilities *capabilities, struct via_span config);
