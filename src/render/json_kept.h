/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/cleanup.h"
#include "decode/pci_capability.h"
#include "render/json_writer.h"

/*
 * Texts of capabilities that many functions have: each is made once and copied from then on.
 * Several threads may write by the same ones.
 */
struct via_json_kept;

struct via_json_kept *json_kept_new(void);
void json_kept_free(struct via_json_kept *kept);

static inline void cleanup_json_kept(struct via_json_kept **kept)
{
	json_kept_free(*kept);
}
#define _cleanup_json_kept_ _cleanup_(cleanup_json_kept)

/**
 * write_capabilities_kept - as write_capabilities()
 * @kept: from an earlier call where @capabilities are @lasting; NULL: each time anew
 */
void write_capabilities_kept(struct via_json_writer *to, struct via_json_kept *kept,
			     const struct via_capabilities *capabilities);
