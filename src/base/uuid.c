/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/uuid.h"

#include <stdio.h>
#include <string.h>

/* Characters before the dashes: 8-4-4-4-12. */
static bool dash_at(unsigned int at)
{
	return at == 8 || at == 13 || at == 18 || at == 23;
}

bool uuid_valid(const char *text)
{
	unsigned int at;

	for (at = 0; text[at] && at < UUID_TEXT; at++) {
		bool hex = (text[at] >= '0' && text[at] <= '9') ||
			   (text[at] >= 'a' && text[at] <= 'f');

		if (dash_at(at) ? text[at] != '-' : !hex)
			return false;
	}
	return at == UUID_TEXT - 1;
}

static uint8_t nibble(char digit)
{
	return (uint8_t)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

void uuid_parse(const char *text, uint8_t ret[UUID_BYTES])
{
	for (unsigned int i = 0; i < UUID_BYTES; i++) {
		text += *text == '-';
		ret[i] = (uint8_t)(nibble(text[0]) << 4 | nibble(text[1]));
		text += 2;
	}
}

const char *uuid_format(const uint8_t bytes[UUID_BYTES], unsigned int version, char text[UUID_TEXT])
{
	uint8_t all[UUID_BYTES];
	char *end = text;

	memcpy(all, bytes, sizeof(all));
	all[6] = (uint8_t)(version << 4 | (all[6] & 0x0f));
	all[8] = 0x80 | (all[8] & 0x3f);
	for (unsigned int i = 0; i < UUID_BYTES; i++) {
		if (dash_at((unsigned int)(end - text)))
			*end++ = '-';
		end += sprintf(end, "%02x", all[i]);
	}
	return text;
}
