/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers and addresses: what is understood, printed, is understood as the same. */
#include "fuzz.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/address.h"
#include "base/cleanup.h"
#include "base/names.h"
#include "base/parse.h"

static void address(const char *text)
{
	struct via_pci_address first, again;
	char printed[PCI_ADDRESS_TEXT];

	if (address_parse(text, &first) < 0)
		return;
	if (address_parse(address_format(first, printed), &again) < 0 ||
	    !address_equal(first, again))
		abort();
}

static void number(const char *text, int base)
{
	uint64_t first, again;
	char printed[32];

	if (parse_u64(text, base, &first) < 0)
		return;
	snprintf(printed, sizeof(printed), base == 16 ? "%" PRIx64 : "%" PRIu64, first);
	if (parse_u64(printed, base, &again) < 0 || first != again)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const char *text = arena_strndup(arena, size ? (const char *)data : "", size);
	struct via_names names = { 0 };
	int64_t value;

	address(text);
	number(text, 0);
	number(text, 10);
	number(text, 16);
	parse_s64(text, 0, &value);
	text_has_word(text, "vmx");
	path_name(text);
	for (const char *at = text; *at && names.count < 32; at++)
		*via_list_add(arena, &names) = at;
	names_sort(&names);
	return 0;
}
