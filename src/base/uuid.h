/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { UUID_BYTES = 16, UUID_TEXT = 37 };

/* uuid_valid - whether a text is a UUID as the kernel prints one: 36 characters, lower case */
bool uuid_valid(const char *text);

/* uuid_parse - the bytes of a text that is valid */
void uuid_parse(const char *text, uint8_t ret[UUID_BYTES]);

/**
 * uuid_format - bytes as a UUID's text
 * @bytes: as many as one has; version and variant are put over them
 * @version: 4 for random bytes, 8 for bytes of one's own making
 * Source: RFC 9562
 * Return: @text
 */
const char *uuid_format(const uint8_t bytes[UUID_BYTES], unsigned int version,
			char text[UUID_TEXT]);
