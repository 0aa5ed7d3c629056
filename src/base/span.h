/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * A bounded view of bytes somebody else owns. Every read checks the bound and says
 * whether it was inside; the value is left alone when it was not. Multi-byte reads are
 * little endian and need no alignment, as PCI and ACPI lay their bytes out.
 */
struct via_span {
	const uint8_t *data;
	size_t size;
};

static inline bool span_has(struct via_span span, size_t offset, size_t size)
{
	return offset <= span.size && size <= span.size - offset;
}

/* span_sub - the part [offset, offset + size), or an empty span when it is not all inside */
static inline struct via_span span_sub(struct via_span span, size_t offset, size_t size)
{
	if (!span_has(span, offset, size))
		return (struct via_span){ 0 };
	return (struct via_span){ .data = span.data + offset, .size = size };
}

/* span_is_text - whether there is no NUL in it: whatever else it is, it is no binary file */
static inline bool span_is_text(struct via_span span)
{
	return !span.size || !memchr(span.data, '\0', span.size);
}

static inline bool span_u8(struct via_span span, size_t offset, uint8_t *ret)
{
	if (!span_has(span, offset, 1))
		return false;
	*ret = span.data[offset];
	return true;
}

static inline bool span_u16(struct via_span span, size_t offset, uint16_t *ret)
{
	if (!span_has(span, offset, 2))
		return false;
	*ret = (uint16_t)(span.data[offset] | span.data[offset + 1] << 8);
	return true;
}

static inline bool span_u32(struct via_span span, size_t offset, uint32_t *ret)
{
	uint16_t low = 0, high = 0;

	if (!span_has(span, offset, 4))
		return false;
	span_u16(span, offset, &low);
	span_u16(span, offset + 2, &high);
	*ret = (uint32_t)high << 16 | low;
	return true;
}

static inline bool span_u64(struct via_span span, size_t offset, uint64_t *ret)
{
	uint32_t low = 0, high = 0;

	if (!span_has(span, offset, 8))
		return false;
	span_u32(span, offset, &low);
	span_u32(span, offset + 4, &high);
	*ret = (uint64_t)high << 32 | low;
	return true;
}
