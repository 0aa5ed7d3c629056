/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "decode/kernel_log.h"

/**
 * struct via_log_pattern - how one message is spelled
 * @text: matched from the start of a message, or behind its "driver device: "
 *        %D  PCI address (also 0x01:0x00.0)   -> device, address
 *        %d  name of a device                 -> device, and address where it is one
 *        %n  number, hex only with 0x         -> number
 *        %x  hex number                       -> number
 *        %A  hex number                       -> at
 *        %w  up to what follows in the pattern, else a word -> word
 *        %t  the rest                         -> text
 *        %*  anything, up to the first place of what follows
 *        |   what stands behind may be missing, up to the next |
 *        A blank is one or more.
 * @word: in place of %w
 */
struct via_log_pattern {
	enum via_log_kind kind;
	const char *text, *word;
};

enum { LOG_PATTERNS = 256, LOG_FIRSTS = 128 };

/* The patterns by their first character: items[starts[c]] to items[starts[c + 1]]. */
struct via_log_index {
	const struct via_log_pattern *items[LOG_PATTERNS];
	uint16_t starts[LOG_FIRSTS + 1];
};

void log_index_build(struct via_log_index *ret);

/**
 * log_pattern_match - take a message apart by one pattern
 * Return: whether it is one; then @event has what the pattern names, copied to @arena
 */
bool log_pattern_match(struct via_arena *arena, const struct via_log_pattern *pattern,
		       const char *message, struct via_log_event *event);

/* log_event_name_device - set device, and address where @name is one */
void log_event_name_device(struct via_arena *arena, const char *name, size_t length,
			   struct via_log_event *event);
