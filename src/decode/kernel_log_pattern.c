/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/kernel_log_pattern.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { RUN = 64, DEVICE = 64 };

struct matching {
	struct via_arena *arena;
	struct via_log_event *event;
	const char *at;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Saturates at 16 digits: what is longer is no number of the kernel's. */
static bool take_number(const char **at, int base, uint64_t *ret)
{
	const char *text = *at;
	uint64_t value = 0;
	unsigned int digits = 0;

	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		text += 2;
		base = 16;
	}
	for (; hex_digit(*text) >= 0 && hex_digit(*text) < base; text++, digits++) {
		if (digits >= (base == 16 ? 16U : 19U))
			return false;
		value = value * (uint64_t)base + (uint64_t)hex_digit(*text);
	}
	if (!digits)
		return false;
	*at = text;
	*ret = value;
	return true;
}

static bool skip_hex(const char **at, const char *stop)
{
	const char *text = *at;

	if (text[0] == '0' && text[1] == 'x')
		text += 2;
	if (hex_digit(*text) < 0)
		return false;
	while (hex_digit(*text) >= 0)
		text++;
	if (!strchr(stop, *text) || !*text)
		return false;
	*at = text + 1;
	return true;
}

/* "0x01:0x00.0" becomes "01:00.0"; at most RUN characters. */
static size_t plain_address(const char *text, char plain[RUN])
{
	const char *end = text;
	size_t length = 0;

	while (skip_hex(&end, ":") && end - text < RUN / 2)
		;
	if (!skip_hex(&end, ".") || hex_digit(*end) < 0)
		return 0;
	for (const char *from = text; from <= end && length < RUN - 1; from++) {
		if (from[0] == '0' && from[1] == 'x' && from + 2 <= end)
			from += 2;
		plain[length++] = *from;
	}
	plain[length] = '\0';
	return (size_t)(end + 1 - text);
}

void log_event_name_device(struct via_arena *arena, const char *name, size_t length,
			   struct via_log_event *event)
{
	char text[PCI_ADDRESS_TEXT];
	char plain[DEVICE];

	if (length >= sizeof(plain))
		length = sizeof(plain) - 1;
	memcpy(plain, name, length);
	plain[length] = '\0';
	event->has_address = address_parse(plain, &event->address) == 0;
	event->device = arena_strdup(
		arena, event->has_address ? address_format(event->address, text) : plain);
}

static bool take_address(struct matching *matching)
{
	char plain[RUN];
	size_t length = plain_address(matching->at, plain);
	struct via_pci_address address;

	if (!length || address_parse(plain, &address) < 0)
		return false;
	log_event_name_device(matching->arena, plain, strlen(plain), matching->event);
	matching->at += length;
	return true;
}

static size_t word_length(const char *text, char stop)
{
	return stop ? strcspn(text, (char[]){ stop, '\0' }) : strcspn(text, " \t,;]\"'");
}

static bool take_word(struct matching *matching, char directive, char stop)
{
	size_t length = word_length(matching->at, stop);

	if (!length || (stop && !matching->at[length]))
		return false;
	if (directive == 'd')
		log_event_name_device(matching->arena, matching->at, length, matching->event);
	else
		matching->event->word = arena_strndup(matching->arena, matching->at, length);
	matching->at += length;
	return true;
}

static bool take_directive(struct matching *matching, char directive, char stop)
{
	struct via_log_event *event = matching->event;

	switch (directive) {
	case 'D':
		return take_address(matching);
	case 'n':
		return event->has_number = take_number(&matching->at, 10, &event->number);
	case 'x':
		return event->has_number = take_number(&matching->at, 16, &event->number);
	case 'A':
		return event->has_at = take_number(&matching->at, 16, &event->at);
	case 't':
		event->text = arena_strdup(matching->arena, matching->at);
		matching->at += strlen(matching->at);
		return true;
	default:
		return take_word(matching, directive, stop);
	}
}

/* %*: to behind the literal that follows in the pattern. */
static bool skip_to(struct matching *matching, const char **pattern)
{
	size_t length = strcspn(*pattern, "%|");
	char run[RUN];
	const char *found;

	if (length >= sizeof(run))
		return false;
	memcpy(run, *pattern, length);
	run[length] = '\0';
	found = strstr(matching->at, run);
	if (!found)
		return false;
	matching->at = found + length;
	*pattern += length;
	return true;
}

static bool match_character(struct matching *matching, char c)
{
	if (*matching->at != c)
		return false;
	matching->at++;
	while (c == ' ' && is_blank(*matching->at))
		matching->at++;
	return true;
}

/* Up to the end of @pattern or its next bar. */
static bool match_segment(struct matching *matching, const char *pattern)
{
	while (*pattern && *pattern != '|') {
		char directive = pattern[1];
		bool matched;

		if (*pattern != '%') {
			if (!match_character(matching, *pattern++))
				return false;
			continue;
		}
		pattern += 2;
		matched =
			directive == '*'
				? skip_to(matching, &pattern)
				: take_directive(matching, directive,
						 *pattern == '|' || *pattern == '%' ? 0 : *pattern);
		if (!matched)
			return false;
	}
	return true;
}

/* Whether what follows a pattern's first directive is anywhere: cheaper than to copy words. */
static bool holds_literal(const char *message, const char *pattern)
{
	size_t length = strcspn(pattern, "%|");

	return memmem(message, strlen(message), pattern, length) != NULL;
}

bool log_pattern_match(struct via_arena *arena, const struct via_log_pattern *pattern,
		       const char *message, struct via_log_event *event)
{
	struct matching matching = { .arena = arena, .at = message };
	const char *segment = pattern->text;
	struct via_log_event found;

	if (*segment == '%' ? !holds_literal(message, segment + 2) : *segment != *message)
		return false;
	found = *event;
	matching.event = &found;
	found.kind = pattern->kind;
	found.word = pattern->word;
	if (!match_segment(&matching, segment))
		return false;
	while ((segment = strchr(segment, '|'))) {
		struct via_log_event before = found;
		const char *at = matching.at;

		if (match_segment(&matching, ++segment))
			continue;
		found = before;
		matching.at = at;
	}
	*event = found;
	return true;
}
