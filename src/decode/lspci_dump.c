/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/lspci_dump.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

enum { LINE = 512, ROW = 16 };

/* What is read of the function at hand; its bytes are copied out when it ends. */
struct reader {
	struct via_arena *arena;
	struct via_lspci_dump *dump;
	struct via_lspci_function *function;
	uint8_t config[LSPCI_DUMP_CONFIG];
	size_t filled; /* bytes in a row from 0 on */
	bool broken;   /* a row was missing: the rest is not used */
};

static void finish(struct reader *reader)
{
	if (reader->function && reader->filled)
		reader->function->config = (struct via_span){
			.data = arena_memdup(reader->arena, reader->config, reader->filled),
			.size = reader->filled,
		};
	reader->function = NULL;
	reader->filled = 0;
	reader->broken = false;
}

/* The next line of @text without its end; longer ones are cut. */
static bool next_line(struct via_span *text, char line[LINE])
{
	const uint8_t *end = text->size ? memchr(text->data, '\n', text->size) : NULL;
	size_t length = end ? (size_t)(end - text->data) : text->size;
	size_t kept = length < LINE - 1 ? length : LINE - 1;

	if (!text->size)
		return false;
	memcpy(line, text->data, kept);
	while (kept && isspace((unsigned char)line[kept - 1]))
		kept--;
	line[kept] = '\0';
	length += end ? 1 : 0;
	text->data += length;
	text->size -= length;
	return true;
}

static const char *unquoted(const char *line)
{
	while (*line == '>' || (*line == ' ' && line[1] == '>'))
		line++;
	while (*line == ' ')
		line++;
	return line;
}

static bool start_function(struct reader *reader, const char *line)
{
	size_t length = strcspn(line, " ");
	struct via_pci_address address;
	char word[PCI_ADDRESS_TEXT];

	if (length >= sizeof(word) || !line[length] ||
	    reader->dump->functions.count >= LSPCI_DUMP_FUNCTIONS)
		return false;
	memcpy(word, line, length);
	word[length] = '\0';
	if (address_parse(word, &address) < 0)
		return false;
	finish(reader);
	reader->function = via_list_add(reader->arena, &reader->dump->functions);
	reader->function->address = address;
	reader->function->text = arena_strdup(reader->arena, line + length + 1);
	return true;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "a0:" to "ff0:" at the start of @line; the rest of the line behind it, or NULL. */
static const char *row_offset(const char *line, size_t *ret)
{
	size_t digits = 0, offset = 0;

	for (; hex_digit(line[digits]) >= 0 && digits < 4; digits++)
		offset = offset << 4 | (size_t)hex_digit(line[digits]);
	if (digits < 2 || digits > 3 || line[digits] != ':' || line[digits + 1] != ' ' ||
	    offset % ROW)
		return NULL;
	*ret = offset;
	return line + digits + 1;
}

/* Up to @limit pairs of digits. Return: how many; 0 when the line holds anything else */
static size_t row_bytes(const char *at, uint8_t *ret, size_t limit)
{
	size_t count = 0;
	int high, low;

	for (;;) {
		while (*at == ' ' || *at == '\t')
			at++;
		if (count == limit || !*at)
			return count;
		high = hex_digit(at[0]);
		low = high < 0 ? -1 : hex_digit(at[1]);
		if (low < 0 || (at[2] && at[2] != ' '))
			return 0; /* words, not bytes */
		ret[count++] = (uint8_t)((unsigned int)high << 4 | (unsigned int)low);
		at += 2;
	}
}

static void take_bytes(struct reader *reader, const char *at)
{
	size_t room = ROW - reader->filled % ROW;
	uint8_t bytes[ROW];
	size_t count = row_bytes(at, bytes, room);

	if (reader->filled + count > sizeof(reader->config))
		return;
	memcpy(reader->config + reader->filled, bytes, count);
	reader->filled += count;
}

static void take_line(struct reader *reader, const char *line)
{
	const char *bytes;
	size_t offset;

	if (start_function(reader, line) || !reader->function || reader->broken)
		return;
	bytes = row_offset(line, &offset);
	if (bytes && offset != reader->filled)
		reader->broken = true;
	else if (bytes)
		take_bytes(reader, bytes);
	else if (reader->filled % ROW)
		take_bytes(reader, line); /* the second half of a broken row */
}

static bool any_bytes(const struct via_lspci_dump *dump)
{
	via_for_each (function, &dump->functions)
		if (function->config.size)
			return true;
	return false;
}

int lspci_dump_decode(struct via_arena *arena, struct via_span text, struct via_lspci_dump *ret)
{
	struct via_lspci_dump dump = { 0 };
	struct reader reader = { .arena = arena, .dump = &dump };
	char line[LINE];

	while (next_line(&text, line))
		take_line(&reader, unquoted(line));
	finish(&reader);
	if (!any_bytes(&dump))
		return -ENODATA;
	*ret = dump;
	return 0;
}
