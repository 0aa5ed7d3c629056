/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <sha2.h>
#include <stddef.h>

/* SHA-256 by libmd, by which contents of files are told apart; in lower-case hex, ended by NUL. */
enum { SHA256_HEX = SHA256_DIGEST_STRING_LENGTH - 1 };

/* sha256_of - of bytes that are all there; of those that come piece by piece: SHA256Init(3) */
static inline void sha256_of(const void *data, size_t size, char ret[SHA256_HEX + 1])
{
	SHA256Data(data, size, ret);
}
