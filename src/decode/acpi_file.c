/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/acpi_file.h"

#include <errno.h>
#include <string.h>

static bool is_signed(const struct via_acpi_file *file, const char *signature)
{
	return file->table.signature && strcmp(file->table.signature, signature) == 0;
}

int acpi_file_decode(struct via_arena *arena, struct via_span bytes, const char *name,
		     struct via_acpi_file *ret)
{
	struct via_acpi_file file = { .name = name };

	acpi_table_decode(arena, bytes, &file.table);
	if (is_signed(&file, "DMAR")) {
		file.kind = VIA_ACPI_DMAR;
		dmar_decode(arena, file.table.bytes, &file.dmar);
		file.trouble = file.dmar.trouble;
	} else if (is_signed(&file, "IVRS")) {
		file.kind = VIA_ACPI_IVRS;
		ivrs_decode(arena, file.table.bytes, &file.ivrs);
		file.trouble = file.ivrs.trouble;
	} else if (is_signed(&file, "IORT")) {
		file.kind = VIA_ACPI_IORT;
		iort_decode(arena, file.table.bytes, &file.iort);
		file.trouble = file.iort.trouble;
	}
	/* A table that is cut short or altered explains what is wrong with its structures. */
	if (file.table.trouble)
		file.trouble = file.table.trouble;
	*ret = file;
	return file.trouble ? -EBADMSG : 0;
}
