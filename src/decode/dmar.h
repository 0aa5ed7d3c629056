/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "decode/acpi_table.h"

/*
 * The DMA remapping table of Intel VT-d: which units there are, which devices sit behind
 * each, and which memory firmware goes on using by DMA.
 *
 * Source: Intel VT-d architecture specification, chapter 8; drivers/iommu/intel/dmar.c
 */
enum via_dmar_type {
	VIA_DMAR_DRHD = 0,
	VIA_DMAR_RMRR = 1,
	VIA_DMAR_ATSR = 2,
	VIA_DMAR_RHSA = 3,
	VIA_DMAR_ANDD = 4,
	VIA_DMAR_SATC = 5,
	VIA_DMAR_SIDP = 6,
};

enum {
	DMAR_INTR_REMAP = 1 << 0,
	DMAR_X2APIC_OPT_OUT = 1 << 1,
	DMAR_PLATFORM_OPT_IN = 1 << 2,
	DMAR_INCLUDE_PCI_ALL = 1 << 0, /* of a DRHD */
};

struct via_dmar_hop {
	uint8_t device, function;
};

enum via_dmar_scope_type {
	VIA_DMAR_ENDPOINT = 1,
	VIA_DMAR_BRIDGE = 2,
	VIA_DMAR_IOAPIC = 3,
	VIA_DMAR_HPET = 4,
	VIA_DMAR_NAMESPACE = 5,
};

/**
 * struct via_dmar_scope - one device, or one bridge with all below it
 * @offset: from the start of the table
 * @path: from @start_bus down; each hop but the last is a bridge whose secondary bus the
 *        next one sits on, which only the running host can tell
 */
struct via_dmar_scope {
	size_t offset;
	struct via_span bytes;
	uint8_t type;
	uint8_t enumeration_id;
	uint8_t start_bus;
	via_list(struct via_dmar_hop) path;
	const char *trouble;
};

/**
 * struct via_dmar_structure - one remapping structure
 * @offset: from the start of the table
 * @length: as stated
 * @bytes: what there is of it; dmar_fields() reads them
 * @type: enum via_dmar_type, or one that no specification here knows; UINT16_MAX where the
 *        length cannot even hold the type
 * @base, @limit: register base (DRHD, RHSA) or reserved memory, @limit inclusive (RMRR)
 * @name: ACPI path (ANDD)
 *
 * Members that its type does not have, or that are cut off, are 0 or NULL; @trouble says
 * so in the second case.
 */
struct via_dmar_structure {
	size_t offset, length;
	struct via_span bytes;
	uint16_t type;
	uint8_t flags;
	uint16_t segment;
	uint64_t base, limit;
	uint32_t proximity_domain;
	uint8_t device_number;
	const char *name;
	via_list(struct via_dmar_scope) scopes;
	const char *trouble;
};

/* @width: host address width in bits less one; 0 when cut off. @flags: DMAR_… */
struct via_dmar {
	uint8_t width, flags;
	via_list(struct via_dmar_structure) structures;
	const char *trouble;
};

/**
 * dmar_decode - all structures of a table
 * @table: its bytes from the header on, as acpi_table_decode() bounds them
 * @ret: what could be read, on failure too
 *
 * Return: 0; -EBADMSG with a trouble when a length lies or a structure is cut short. A
 *         structure of unknown type is no trouble.
 */
int dmar_decode(struct via_arena *arena, struct via_span table, struct via_dmar *ret);

/* dmar_type_name - "DRHD" and so on; "unknown" */
const char *dmar_type_name(uint16_t type);

/* dmar_scope_type_name - endpoint, bridge, ioapic, hpet, acpi_namespace; "unknown" */
const char *dmar_scope_type_name(uint8_t type);

/**
 * dmar_scope_path - "00:02.0"; "00:1c.0/00.0" where there are bridges on the way
 * Return: NULL for an empty path
 */
const char *dmar_scope_path(struct via_arena *arena, const struct via_dmar_scope *scope);

/* The fields of the table, of a structure by its type (none when unknown), of a scope. */
struct via_acpi_fields dmar_table_fields(void);
struct via_acpi_fields dmar_fields(uint16_t type);
struct via_acpi_fields dmar_scope_fields(void);
