/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* SHA-256, by which contents of files are told apart. Source: FIPS 180-4 */
enum { SHA256_BLOCK = 64, SHA256_HEX = 64 };

struct via_sha256 {
	uint32_t state[8];
	uint64_t bytes;
	uint8_t block[SHA256_BLOCK];
};

void sha256_begin(struct via_sha256 *hash);
void sha256_add(struct via_sha256 *hash, const void *data, size_t size);

/* sha256_end - the digest in lower-case hex, ended by NUL; @hash is used up */
void sha256_end(struct via_sha256 *hash, char ret[SHA256_HEX + 1]);

/* sha256_of - of bytes that are all there */
void sha256_of(const void *data, size_t size, char ret[SHA256_HEX + 1]);
