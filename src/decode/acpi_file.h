/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "decode/acpi_table.h"
#include "decode/dmar.h"
#include "decode/iort.h"
#include "decode/ivrs.h"

enum via_acpi_kind {
	VIA_ACPI_OTHER, /* VIOT and all the rest: the header only */
	VIA_ACPI_DMAR,
	VIA_ACPI_IVRS,
	VIA_ACPI_IORT,
};

/**
 * struct via_acpi_file - one table as it came in a file
 * @name: as the user gave it
 * @dmar, @ivrs, @iort: the one that @kind says; the others are empty
 * @trouble: the first thing that is wrong, in the header or behind it, else NULL
 */
struct via_acpi_file {
	const char *name;
	struct via_acpi_table table;
	enum via_acpi_kind kind;
	struct via_dmar dmar;
	struct via_ivrs ivrs;
	struct via_iort iort;
	const char *trouble;
};

/**
 * acpi_file_decode - one table, by its signature
 * @bytes: the file's; they must live as long as @ret
 * @name: must live as long as @ret
 * @ret: what could be read, on failure too
 *
 * Return: 0; -EBADMSG with a trouble when the table is damaged in any way
 */
int acpi_file_decode(struct via_arena *arena, struct via_span bytes, const char *name,
		     struct via_acpi_file *ret);
