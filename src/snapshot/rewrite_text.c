/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <ctype.h>
#include <string.h>

#include "base/parse.h"
#include "snapshot/rewriting.h"

enum { UUID_TEXT = 36, MAC_PAIRS = 6 };

void rewriting_emit(struct via_rewriting *rewriting, const char *text, size_t length)
{
	if (!rewriting->out || rewriting->length + length + 1 > rewriting->capacity) {
		size_t capacity = (rewriting->length + length + 64) * 2;
		char *out = arena_alloc(rewriting->arena, capacity);

		if (rewriting->out)
			memcpy(out, rewriting->out, rewriting->length);
		rewriting->out = out;
		rewriting->capacity = capacity;
	}
	if (length)
		memcpy(rewriting->out + rewriting->length, text, length);
	rewriting->length += length;
}

static bool is_hex(const char *text, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!isxdigit((unsigned char)text[i]))
			return false;
	return true;
}

static size_t uuid_length(const char *text, const char *end)
{
	static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

	if (end - text < UUID_TEXT || (end - text > UUID_TEXT && isxdigit((unsigned char)text[36])))
		return 0;
	for (size_t i = 0; i < UUID_TEXT; i++)
		if (shape[i] == '-' ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
			return 0;
	return text_starts(text, "00000000-0000-") ? 0 : UUID_TEXT;
}

/* Six or more pairs with one separator: Ethernet, EUI-64, InfiniBand. */
static size_t mac_length(const char *text, const char *end)
{
	size_t pairs = 0, length = 0;
	char separator = end - text > 2 ? text[2] : 0;

	if (separator != ':' && separator != '-')
		return 0;
	while (text + length + 2 <= end && is_hex(text + length, 2)) {
		pairs++;
		length += 2;
		if (text + length >= end || text[length] != separator)
			break;
		length++;
	}
	if (length && text[length - 1] == separator)
		return 0;
	if (pairs < MAC_PAIRS || (text + length < end && isalnum((unsigned char)text[length])))
		return 0;
	/* All zeroes, broadcast, and what was redacted before say nothing. */
	return text_starts(text, "00:00:00:00") || text_starts(text, "ff:ff:ff:ff") ||
			       text_starts(text, "02:00:00:00")
		       ? 0
		       : length;
}

/* enx001122334455: udev names an interface by its address. */
static size_t mac_name_length(const char *text, const char *end)
{
	if (end - text < 15 || memcmp(text, "enx", 3) != 0 || !is_hex(text + 3, 12))
		return 0;
	return end - text > 15 && isalnum((unsigned char)text[15]) ? 0 : 15;
}

/* UUID=1234-ABCD of a FAT file system, PARTUUID=8f3c2a1b-02 of an MBR. */
static size_t uuid_value_length(const char *text, const char *end)
{
	size_t length = 0;

	if (end - text < 6 || memcmp(text, "UUID=", 5) != 0)
		return 0;
	while (text + 5 + length < end &&
	       (isxdigit((unsigned char)text[5 + length]) || text[5 + length] == '-'))
		length++;
	return length;
}

/* What has to go: @size characters, of which the first @kept may stay. */
struct found {
	size_t kept, size;
	const char *placeholder;
};

static bool found_value(struct via_secrets *secrets, const char *text, size_t kept, size_t length,
			enum via_secret_kind kind, struct found *ret)
{
	*ret = (struct found){ kept, kept + length,
			       secrets_placeholder(secrets, kind, text + kept, length) };
	return true;
}

static bool find_here(const struct via_rewriting *rewriting, const char *text, const char *end,
		      char before, struct found *ret)
{
	struct via_secrets *secrets = rewriting->secrets;
	const struct via_secret *secret;
	size_t length = uuid_value_length(text, end);

	if (length && !uuid_length(text + 5, end) && !text_starts(text + 5, "00000000-0000-"))
		return found_value(secrets, text, 5, length, VIA_SECRET_UUID, ret);
	if (isalnum((unsigned char)before))
		return false;
	secret = secrets_at(secrets, text, end, before, rewriting->host_names);
	if (secret) {
		*ret = (struct found){ 0, strlen(secret->text), secret->placeholder };
		return true;
	}
	length = uuid_length(text, end);
	if (length)
		return found_value(secrets, text, 0, length, VIA_SECRET_UUID, ret);
	if (mac_name_length(text, end))
		return found_value(secrets, text, 3, 12, VIA_SECRET_MAC, ret);
	length = mac_length(text, end);
	return length && found_value(secrets, text, 0, length, VIA_SECRET_MAC, ret);
}

/* Most characters begin nothing that could have to go; this tells those cheaply. */
static bool may_begin(const struct via_secrets *secrets, const char *text, const char *end)
{
	unsigned char c = (unsigned char)*text;

	if (secrets->begins[c] || c == 'U' || c == 'e')
		return true;
	if (!isxdigit(c))
		return false;
	return (end - text > 2 && (text[2] == ':' || text[2] == '-')) ||
	       (end - text >= UUID_TEXT && text[8] == '-');
}

struct via_span rewrite_text(struct via_secrets *secrets, struct via_arena *arena, const char *text,
			     size_t size, bool host_names)
{
	struct via_rewriting rewriting = { secrets, arena, NULL, 0, 0, host_names };
	const char *end = text + size, *kept = text; /* from there on nothing was written yet */
	struct found found;

	for (const char *at = text; at < end;) {
		if (!may_begin(secrets, at, end) ||
		    !find_here(&rewriting, at, end, at > text ? at[-1] : 0, &found)) {
			at++;
			continue;
		}
		rewriting_emit(&rewriting, kept, (size_t)(at - kept) + found.kept);
		rewriting_emit(&rewriting, found.placeholder, strlen(found.placeholder));
		kept = at += found.size;
	}
	if (kept == text)
		return (struct via_span){ (const uint8_t *)text, size };
	rewriting_emit(&rewriting, kept, (size_t)(end - kept));
	rewriting_emit(&rewriting, "", 1);
	return (struct via_span){ (const uint8_t *)rewriting.out, rewriting.length - 1 };
}

/* A key's certificate may name the host; its lengths must stay as they are. */
struct via_span rewrite_binary(struct via_secrets *secrets, struct via_arena *arena,
			       struct via_span data, bool host_names)
{
	uint8_t *copy = arena_memdup(arena, data.data, data.size);
	const char *text = (const char *)data.data, *end = text + data.size;
	char before = 0;

	for (const char *at = text; at < end;) {
		const struct via_secret *secret = secrets_at(secrets, at, end, before, host_names);
		size_t length = secret ? strlen(secret->text) : 1;

		if (secret)
			memset(copy + (at - text), 'x', length);
		at += length;
		before = at[-1];
	}
	return (struct via_span){ copy, data.size };
}
