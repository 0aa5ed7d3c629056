/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "decode/acpi_table.h"

/*
 * The I/O remapping table of Arm: nodes for what makes requests and for what translates them.
 * It is there without any SMMU as well, for the interrupts alone.
 *
 * Source: Arm DEN 0049, IO Remapping Table; include/acpi/actbl2.h; drivers/acpi/arm64/iort.c
 */
enum via_iort_type {
	VIA_IORT_ITS = 0,
	VIA_IORT_NAMED = 1,
	VIA_IORT_ROOT_COMPLEX = 2,
	VIA_IORT_SMMU = 3, /* versions 1 and 2 */
	VIA_IORT_SMMU_V3 = 4,
	VIA_IORT_PMCG = 5,
	VIA_IORT_RMR = 6,
};

/**
 * struct via_iort_node - one of them
 * @offset: from the start of the table
 * @length: as stated
 * @bytes: what there is of it; iort_fields() reads them
 */
struct via_iort_node {
	size_t offset, length;
	struct via_span bytes;
	uint8_t type;
	const char *trouble;
};

/**
 * struct via_iort - the whole table
 * @smmus: nodes of an SMMU of any version
 * @trouble: the first thing that is wrong, else NULL
 */
struct via_iort {
	via_list(struct via_iort_node) nodes;
	size_t smmus;
	const char *trouble;
};

/**
 * iort_decode - the nodes of a table whose header was looked at
 * @table: with its header; it must live as long as @ret
 * @ret: what could be read, on failure too
 *
 * Return: 0; -EBADMSG with a trouble
 */
int iort_decode(struct via_arena *arena, struct via_span table, struct via_iort *ret);

/* iort_type_name - "SMMUv3", "root_complex" …, "unknown" */
const char *iort_type_name(uint8_t type);

/* iort_fields - what a node of that type holds; none for an unknown one */
struct via_acpi_fields iort_fields(uint8_t type);

/* iort_table_fields - what stands between the header and the nodes */
struct via_acpi_fields iort_table_fields(void);
