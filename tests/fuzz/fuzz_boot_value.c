/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The first byte chooses: a sourced file, a variable of EFI, a load option, a PE file. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "decode/boot_words.h"
#include "decode/efi_variable.h"
#include "decode/pe_section.h"
#include "decode/shell_assignment.h"

static void assignments(struct via_arena *arena, struct via_span bytes)
{
	struct via_assignments list = { 0 };

	assignments_decode(arena, bytes, &list);
	via_for_each (assignment, &list.list)
		words_missing(arena, assignment->value, "quiet");
}

static void load_option(struct via_arena *arena, struct via_span bytes)
{
	struct via_efi_load_option option;
	struct via_span blank = efi_load_option_blank(arena, bytes);

	if (efi_load_option_decode(arena, bytes, &option) == 0 && blank.size != bytes.size)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_span bytes = { data + 1, size - 1 };
	const char *text;
	struct via_pe pe;

	if (!size)
		return 0;
	if (data[0] % 4 == 0)
		assignments(arena, bytes);
	else if (data[0] % 4 == 1)
		efi_variable_text(arena, bytes, &text);
	else if (data[0] % 4 == 2)
		load_option(arena, bytes);
	else
		pe_decode(arena, bytes, &pe);
	return 0;
}
