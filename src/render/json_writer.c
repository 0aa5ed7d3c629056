/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/json_writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "render/json.h"

enum { FIRST_ROOM = 32 * 1024, INDENT = 2, DEEPEST = 63 };

struct via_json_writer json_writer_at(unsigned int depth)
{
	return (struct via_json_writer){ .depth = depth };
}

void json_writer_free(struct via_json_writer *writer)
{
	free(writer->data);
	writer->data = NULL;
}

void json_writer_clear(struct via_json_writer *writer)
{
	writer->used = 0;
	writer->filled = 0;
	writer->keyed = false;
}

json_t *json_writer_tree(const struct via_json_writer *writer)
{
	return json_loadb(writer->data, writer->used, JSON_DECODE_ANY, NULL);
}

/* Without memory there is nothing better to do: see base/arena.h. */
static __attribute__((noinline)) void grow(struct via_json_writer *writer, size_t size)
{
	writer->room = writer->room ? writer->room * 2 : FIRST_ROOM;
	if (writer->room - writer->used < size)
		writer->room = writer->used + size;
	writer->data = realloc(writer->data, writer->room);
	if (!writer->data) {
		fputs("viaduct: out of memory\n", stderr);
		abort();
	}
}

static inline char *room_for(struct via_json_writer *writer, size_t size)
{
	if (writer->room - writer->used < size)
		grow(writer, size);
	return writer->data + writer->used;
}

void json_writer_reserve(struct via_json_writer *writer, size_t size)
{
	if (size)
		room_for(writer, size);
}

static inline void put(struct via_json_writer *writer, const char *text, size_t size)
{
	memcpy(room_for(writer, size), text, size);
	writer->used += size;
}

/* In one piece: a comma where something came before, and the next line's indent. */
static void new_line(struct via_json_writer *writer, bool comma)
{
	size_t indent = (size_t)INDENT * writer->depth;
	char *at = room_for(writer, 2 + indent);

	*at = ',';
	at += comma;
	*at = '\n';
	memset(at + 1, ' ', indent);
	writer->used += comma + 1 + indent;
}

/* What stands before the next member: nothing behind a key, or outside of all. */
static inline void before(struct via_json_writer *writer)
{
	uint64_t bit = UINT64_C(1) << writer->depth;
	bool comma = writer->filled & bit;

	if (writer->keyed || !writer->depth) {
		writer->keyed = false;
		return;
	}
	writer->filled |= bit;
	new_line(writer, comma);
}

void write_open(struct via_json_writer *writer, char bracket)
{
	before(writer);
	put(writer, &bracket, 1);
	if (writer->depth < DEEPEST)
		writer->depth++;
	writer->filled &= ~(UINT64_C(1) << writer->depth);
}

void write_close(struct via_json_writer *writer, char bracket)
{
	bool filled = writer->filled & UINT64_C(1) << writer->depth;

	writer->depth--;
	if (filled)
		new_line(writer, false);
	put(writer, bracket == '{' ? "}" : "]", 1);
}

void write_key(struct via_json_writer *writer, const char *key)
{
	size_t size = strlen(key);
	char *at;

	before(writer);
	at = room_for(writer, size + 4);
	at[0] = '"';
	memcpy(at + 1, key, size);
	memcpy(at + 1 + size, "\": ", 3);
	writer->used += size + 4;
	writer->keyed = true;
}

void write_null(struct via_json_writer *writer)
{
	before(writer);
	put(writer, "null", 4);
}

void write_bool(struct via_json_writer *writer, bool value)
{
	before(writer);
	put(writer, value ? "true" : "false", value ? 4 : 5);
}

void write_integer(struct via_json_writer *writer, int64_t value)
{
	char digits[24], *at = digits + sizeof(digits);
	uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;

	before(writer);
	do
		*--at = (char)('0' + rest % 10);
	while (rest /= 10);
	if (value < 0)
		*--at = '-';
	put(writer, at, (size_t)(digits + sizeof(digits) - at));
}

/* Whether a text stands for itself between quotes. */
static bool is_plain(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c < 0x20 || c > 0x7e || c == '"' || c == '\\')
			return false;
	}
	return true;
}

static void put_escaped(struct via_json_writer *writer, const char *text)
{
	json_t *string = json_optional(text);
	_cleanup_free_ char *escaped = json_dumps(string, JSON_ENCODE_ANY);

	json_decref(string);
	put(writer, escaped ? escaped : "null", escaped ? strlen(escaped) : 4);
}

void write_text(struct via_json_writer *writer, const char *text)
{
	size_t size = text ? strlen(text) : 0;
	char *at;

	if (!text) {
		write_null(writer);
		return;
	}
	before(writer);
	if (!is_plain(text, size)) {
		put_escaped(writer, text);
		return;
	}
	at = room_for(writer, size + 2);
	at[0] = at[size + 1] = '"';
	memcpy(at + 1, text, size);
	writer->used += size + 2;
}

void write_hex(struct via_json_writer *writer, const char *prefix, uint64_t value, int digits)
{
	char text[32], *at = text + sizeof(text);

	before(writer);
	*--at = '"';
	for (int i = 0; i < digits || value; i++, value >>= 4)
		*--at = "0123456789abcdef"[value & 0xf];
	for (size_t i = strlen(prefix); i > 0; i--)
		*--at = prefix[i - 1];
	*--at = '"';
	put(writer, at, (size_t)(text + sizeof(text) - at));
}

void write_made(struct via_json_writer *writer, const char *text, size_t size)
{
	before(writer);
	put(writer, text, size);
}

void write_names(struct via_json_writer *writer, const struct via_names *names)
{
	write_open(writer, '[');
	via_for_each (name, names)
		write_text(writer, *name);
	write_close(writer, '[');
}

void write_fact_text(struct via_json_writer *writer, const struct via_fact *fact)
{
	write_text(writer, fact_text(fact));
}

void write_fact_number(struct via_json_writer *writer, const struct via_fact *fact)
{
	if (fact_is(fact, VIA_PRESENT))
		write_integer(writer, (int64_t)fact->number);
	else
		write_null(writer);
}

void write_fact_hex(struct via_json_writer *writer, const struct via_fact *fact, int digits)
{
	if (fact_is(fact, VIA_PRESENT))
		write_hex(writer, "", fact->number, digits);
	else
		write_null(writer);
}

void write_unknown(struct via_json_writer *writer, const char *key, const struct via_fact *fact)
{
	if (!fact_is(fact, VIA_UNKNOWN))
		return;
	write_open(writer, '{');
	write_key(writer, "key");
	write_text(writer, key);
	write_key(writer, "path");
	write_text(writer, fact->path);
	write_key(writer, "errno");
	write_text(writer, errno_name(fact->error));
	write_close(writer, '{');
}
