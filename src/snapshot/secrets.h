/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "sys/root.h"

/* What tells one host, or its owner, from every other. */
enum via_secret_kind {
	VIA_SECRET_HOST, /* host name */
	VIA_SECRET_MAC,
	VIA_SECRET_UUID,
	VIA_SECRET_SERIAL,
	VIA_SECRETS,
};

/**
 * struct via_secret - one of them, and what stands in its place
 * @text: as found, in lower case but for serial numbers
 * @own: gathered from the host, so a snapshot must not hold it
 */
struct via_secret {
	enum via_secret_kind kind;
	bool own;
	const char *text, *placeholder;
	size_t length; /* of @text */
};

/**
 * struct via_secrets - all of them, found by what they say
 * @slots: of @list, by text; capitals do not count
 * @lengths: that the host's own have, the longest first
 * @begins: by which characters one of the host's own begins
 */
struct via_secrets {
	struct via_arena *arena;
	via_list(struct via_secret *) list;
	struct via_secret **slots;
	size_t slot_count;
	via_list(size_t) lengths;
	bool begins[256];
	unsigned int counts[VIA_SECRETS];
};

/* secrets_gather - the host's own: names, network addresses, UUIDs and serial numbers of its
 * board and disks */
void secrets_gather(struct via_secrets *ret, const struct via_root *root, struct via_arena *arena);

/* secrets_placeholder - what stands for @text, of the same shape; the same text, the same
 * placeholder */
const char *secrets_placeholder(struct via_secrets *secrets, enum via_secret_kind kind,
				const char *text, size_t length);

/**
 * secrets_at - the gathered secret that stands at @text as a word of its own, or NULL
 * @before: the character before it, 0 for none
 * @end: of the text
 */
const struct via_secret *secrets_at(const struct via_secrets *secrets, const char *text,
				    const char *end, char before, bool host_names);

/* secret_kind_name - "host name", "MAC address" … */
const char *secret_kind_name(enum via_secret_kind kind);
