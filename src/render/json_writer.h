/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fact.h"
#include "base/names.h"

/*
 * JSON as text, without a tree in between: for what is printed by the thousand. It comes out
 * as json_dumpf() with an indent of two would print it, and whoever wants the tree reads it
 * back (json_writer_tree()).
 */
struct via_json_writer {
	char *data;
	size_t used, room;
	unsigned int depth;
	uint64_t filled; /* one bit a depth: something is in it already */
	bool keyed;	 /* a key waits for its value */
};

/* json_writer_at - a writer whose first value stands that deep in a document */
struct via_json_writer json_writer_at(unsigned int depth);
void json_writer_free(struct via_json_writer *writer);
#define _cleanup_json_writer_ _cleanup_(json_writer_free)

/* json_writer_reserve - room for that many bytes at once: nothing is copied as it grows */
void json_writer_reserve(struct via_json_writer *writer, size_t size);

/* json_writer_clear - forget the text, keep the memory */
void json_writer_clear(struct via_json_writer *writer);

/* json_writer_tree - what was written, read; NULL without memory */
json_t *json_writer_tree(const struct via_json_writer *writer);

/* A value each; in an object write_key() comes before. @bracket: '{' or '[' */
void write_open(struct via_json_writer *writer, char bracket);
void write_close(struct via_json_writer *writer, char bracket);
void write_key(struct via_json_writer *writer, const char *key);
void write_null(struct via_json_writer *writer);
void write_bool(struct via_json_writer *writer, bool value);
void write_integer(struct via_json_writer *writer, int64_t value);

/* write_text - a string, or null for NULL; bytes that are no UTF-8 are replaced */
void write_text(struct via_json_writer *writer, const char *text);

/* write_hex - a string of @prefix and at least @digits lower-case hex digits */
void write_hex(struct via_json_writer *writer, const char *prefix, uint64_t value, int digits);

/* write_made - a value that was written at the same depth before */
void write_made(struct via_json_writer *writer, const char *text, size_t size);

/* write_names - an array of strings */
void write_names(struct via_json_writer *writer, const struct via_names *names);

/* Facts: null unless present. */
void write_fact_text(struct via_json_writer *writer, const struct via_fact *fact);
void write_fact_number(struct via_json_writer *writer, const struct via_fact *fact);
void write_fact_hex(struct via_json_writer *writer, const struct via_fact *fact, int digits);

/* write_unknown - {"key","path","errno"} of a fact that could not be told, else nothing */
void write_unknown(struct via_json_writer *writer, const char *key, const struct via_fact *fact);
