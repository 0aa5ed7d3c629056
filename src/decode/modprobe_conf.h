/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/span.h"

enum via_modprobe_kind {
	VIA_MODPROBE_OPTIONS,
	VIA_MODPROBE_BLACKLIST,
	VIA_MODPROBE_INSTALL,
	VIA_MODPROBE_REMOVE,
	VIA_MODPROBE_ALIAS,
	VIA_MODPROBE_SOFTDEP,
	VIA_MODPROBE_WEAKDEP,
	VIA_MODPROBE_KINDS,
};

/**
 * struct via_modprobe_line - one directive
 * @module: whom it is about, with underscores; of an alias the module it leads to
 * @text: what follows, blanks at both ends removed; of an alias its pattern; "" for none
 * @number: of its first line in the file, from 1
 */
struct via_modprobe_line {
	enum via_modprobe_kind kind;
	const char *module, *text;
	unsigned int number;
};

struct via_modprobe_conf {
	via_list(struct via_modprobe_line) lines;
	size_t unknown; /* lines with a word that modprobe does not know either */
};

/**
 * modprobe_conf_decode - a file of modprobe.d, as modprobe reads it
 *
 * A '#' makes the whole line a comment, a backslash at its end joins the next one, blanks
 * and tabs separate.
 *
 * Source: modprobe.d(5); kmod libkmod/libkmod-config.c
 */
void modprobe_conf_decode(struct via_arena *arena, struct via_span text,
			  struct via_modprobe_conf *ret);

/* modprobe_kind_name - "options", "blacklist" … */
const char *modprobe_kind_name(enum via_modprobe_kind kind);
