/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <time.h>

#include "base/arena.h"
#include "base/span.h"

/*
 * What a file has beside its content, mode and owner, as words of a text: "mtime=SEC.NSEC"
 * and "xattr=NAME:VALUE", both in hex; other words are left alone.
 */
struct via_file_attribute {
	const char *name;
	struct via_span value;
};

struct via_file_note {
	bool timed;
	struct timespec modified;
	via_list(struct via_file_attribute) attributes;
};

/* file_note_read - of an open file. Return: 0; negative errno */
int file_note_read(int fd, struct via_arena *arena, struct via_file_note *ret);

/* file_note_give - attributes and time stamp to an open file. Return: 0; negative errno */
int file_note_give(int fd, const struct via_file_note *note);

const char *file_note_text(const struct via_file_note *note, struct via_arena *arena);
void file_note_parse(const char *text, struct via_arena *arena, struct via_file_note *ret);
