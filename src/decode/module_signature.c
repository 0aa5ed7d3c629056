/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/module_signature.h"

#include <string.h>

static const char trailer[] = "~Module signature appended~\n";

enum { TRAILER = sizeof(trailer) - 1, HEADER = 12, UTF8_STRING = 0x0c, PRINTABLE_STRING = 0x13 };

/* The first attribute commonName (2.5.4.3) of a PKCS #7 message is that of the issuer. */
static const char *common_name(struct via_arena *arena, struct via_span message)
{
	static const uint8_t oid[] = { 0x06, 0x03, 0x55, 0x04, 0x03 };

	for (size_t at = 0; span_has(message, at, sizeof(oid) + 2); at++) {
		uint8_t kind = 0, length = 0;
		size_t text = at + sizeof(oid) + 2;

		if (memcmp(message.data + at, oid, sizeof(oid)) != 0)
			continue;
		span_u8(message, text - 2, &kind);
		span_u8(message, text - 1, &length);
		if ((kind == UTF8_STRING || kind == PRINTABLE_STRING) && length < 0x80 &&
		    span_has(message, text, length) && !memchr(message.data + text, 0, length))
			return arena_strndup(arena, (const char *)message.data + text, length);
	}
	return NULL;
}

void module_signature_decode(struct via_arena *arena, struct via_span tail,
			     struct via_module_signature *ret)
{
	struct via_module_signature signature = { 0 };
	size_t end, size;

	*ret = signature;
	if (tail.size < TRAILER || memcmp(tail.data + tail.size - TRAILER, trailer, TRAILER) != 0)
		return;
	ret->there = true;
	end = tail.size - TRAILER;
	if (end < HEADER)
		return;
	end -= HEADER;
	size = (size_t)tail.data[end + 8] << 24 | (size_t)tail.data[end + 9] << 16 |
	       (size_t)tail.data[end + 10] << 8 | tail.data[end + 11];
	if (size > end)
		size = end;
	ret->signer = common_name(arena, span_sub(tail, end - size, size));
}
