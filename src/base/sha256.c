/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/sha256.h"

#include <stdio.h>
#include <string.h>

enum { ROUNDS = 64, LENGTH_AT = SHA256_BLOCK - 8 };

static const uint32_t round_constants[ROUNDS] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
	0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
	0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
	0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
	0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2,
};

static uint32_t rotated(uint32_t word, unsigned int bits)
{
	return word >> bits | word << (32 - bits);
}

static void spread(const uint8_t *block, uint32_t words[ROUNDS])
{
	for (size_t i = 0; i < 16; i++)
		words[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
			   (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
	for (size_t i = 16; i < ROUNDS; i++) {
		uint32_t early = words[i - 15], late = words[i - 2];

		words[i] = words[i - 16] + words[i - 7] +
			   (rotated(early, 7) ^ rotated(early, 18) ^ early >> 3) +
			   (rotated(late, 17) ^ rotated(late, 19) ^ late >> 10);
	}
}

static void take_block(uint32_t state[8], const uint8_t *block)
{
	uint32_t words[ROUNDS], s[8];

	spread(block, words);
	memcpy(s, state, sizeof(s));
	for (size_t i = 0; i < ROUNDS; i++) {
		uint32_t choice = (s[4] & s[5]) ^ (~s[4] & s[6]);
		uint32_t majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
		uint32_t one = s[7] + (rotated(s[4], 6) ^ rotated(s[4], 11) ^ rotated(s[4], 25)) +
			       choice + round_constants[i] + words[i];
		uint32_t two =
			(rotated(s[0], 2) ^ rotated(s[0], 13) ^ rotated(s[0], 22)) + majority;

		memmove(s + 1, s, 7 * sizeof(*s));
		s[4] += one;
		s[0] = one + two;
	}
	for (size_t i = 0; i < 8; i++)
		state[i] += s[i];
}

void sha256_begin(struct via_sha256 *hash)
{
	*hash = (struct via_sha256){
		.state = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c,
			   0x1f83d9ab, 0x5be0cd19 },
	};
}

void sha256_add(struct via_sha256 *hash, const void *data, size_t size)
{
	const uint8_t *at = data;

	while (size) {
		size_t filled = hash->bytes % SHA256_BLOCK, part = SHA256_BLOCK - filled;

		part = part < size ? part : size;
		memcpy(hash->block + filled, at, part);
		hash->bytes += part;
		at += part;
		size -= part;
		if (hash->bytes % SHA256_BLOCK == 0)
			take_block(hash->state, hash->block);
	}
}

void sha256_end(struct via_sha256 *hash, char ret[SHA256_HEX + 1])
{
	uint64_t bits = hash->bytes * 8;
	uint8_t length[8];

	for (size_t i = 0; i < sizeof(length); i++)
		length[i] = (uint8_t)(bits >> (56 - 8 * i));
	sha256_add(hash, "\x80", 1);
	while (hash->bytes % SHA256_BLOCK != LENGTH_AT)
		sha256_add(hash, "", 1);
	sha256_add(hash, length, sizeof(length));
	for (size_t i = 0; i < 8; i++)
		snprintf(ret + 8 * i, 9, "%08x", hash->state[i]);
}

void sha256_of(const void *data, size_t size, char ret[SHA256_HEX + 1])
{
	struct via_sha256 hash;

	sha256_begin(&hash);
	sha256_add(&hash, data, size);
	sha256_end(&hash, ret);
}
