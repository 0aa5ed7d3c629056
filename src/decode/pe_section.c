/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/pe_section.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"

enum {
	HEADER_AT = 0x3c,
	COFF_BYTES = 24, /* signature included */
	SECTION_BYTES = 40,
	NAME_BYTES = 8,
	SECTIONS = 96,
};

static void take_section(struct via_arena *arena, struct via_span row, struct via_pe *pe)
{
	uint32_t memory = 0, size = 0, offset = 0;

	span_u32(row, 8, &memory);
	span_u32(row, 16, &size);
	span_u32(row, 20, &offset);
	*via_list_add(arena, &pe->sections) = (struct via_pe_section){
		.name = arena_strndup(arena, (const char *)row.data, NAME_BYTES),
		.offset = offset,
		.size = memory && memory < size ? memory : size,
	};
}

int pe_decode(struct via_arena *arena, struct via_span head, struct via_pe *ret)
{
	struct via_pe pe = { 0 };
	uint16_t count = 0, optional = 0;
	uint32_t at;
	size_t table;

	if (head.size < 2 || memcmp(head.data, "MZ", 2) != 0)
		return -EBADMSG;
	if (!span_u32(head, HEADER_AT, &at) || !span_has(head, at, COFF_BYTES))
		return -ENODATA;
	if (memcmp(head.data + at, "PE\0", 4) != 0)
		return -EBADMSG;
	span_u16(head, at + 6, &count);
	span_u16(head, at + 20, &optional);
	if (count > SECTIONS)
		return -EBADMSG;
	table = (size_t)at + COFF_BYTES + optional;
	if (!span_has(head, table, (size_t)count * SECTION_BYTES))
		return -ENODATA;
	for (size_t i = 0; i < count; i++)
		take_section(arena, span_sub(head, table + i * SECTION_BYTES, SECTION_BYTES), &pe);
	*ret = pe;
	return 0;
}

const struct via_pe_section *pe_section(const struct via_pe *pe, const char *name)
{
	via_for_each (section, &pe->sections)
		if (strcmp(section->name, name) == 0)
			return section;
	return NULL;
}
