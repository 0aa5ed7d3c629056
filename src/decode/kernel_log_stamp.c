/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/kernel_log_stamp.h"

#include <ctype.h>
#include <string.h>

enum { NAME_END = 100, BRACKET_END = 48, FACILITY_SHIFT = 3 };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static const char *skip_blanks(const char *at)
{
	return at + strspn(at, " \t");
}

/* As mail quotes it. */
static const char *unquoted(const char *line)
{
	line = skip_blanks(line);
	while (*line == '>')
		line = skip_blanks(line + 1);
	return line;
}

static const char *number(const char *at, uint64_t *ret)
{
	uint64_t value = 0;

	if (!is_digit(*at))
		return NULL;
	for (int digits = 0; is_digit(*at) && digits < 18; digits++)
		value = value * 10 + (uint64_t)(*at++ - '0');
	*ret = value;
	return at;
}

/* "<6>": the level, and above it the facility: 0 is the kernel. */
static const char *priority(const char *at, struct via_log_stamp *stamp)
{
	uint64_t value;

	if (*at != '<')
		return NULL;
	at = number(at + 1, &value);
	if (!at || *at != '>')
		return NULL;
	stamp->foreign |= value >> FACILITY_SHIFT != 0;
	return at + 1;
}

/* /dev/kmsg: "6,339,5140900,-;" */
static const char *record(const char *at, struct via_log_stamp *stamp)
{
	uint64_t value, sequence, time_us;

	at = number(at, &value);
	at = at && *at == ',' ? number(at + 1, &sequence) : NULL;
	at = at && *at == ',' ? number(at + 1, &time_us) : NULL;
	if (!at || *at != ',')
		return NULL;
	at = strchr(at, ';');
	if (!at)
		return NULL;
	stamp->foreign |= value >> FACILITY_SHIFT != 0;
	stamp->has_time = true;
	stamp->time_us = time_us;
	return at + 1;
}

static bool is_clock(const char *at)
{
	return is_digit(at[0]) && is_digit(at[1]) && at[2] == ':' && is_digit(at[3]) &&
	       is_digit(at[4]) && at[5] == ':' && is_digit(at[6]) && is_digit(at[7]);
}

/* Whether a time of day stands in the first @length bytes, a word of its own. */
static bool has_clock(const char *at, size_t length)
{
	for (size_t i = 0; i < length && at[i]; i++)
		if ((i == 0 || at[i - 1] == ' ' || at[i - 1] == 'T') && is_clock(at + i))
			return true;
	return false;
}

/* "   12.345678", with more behind it */
static bool bracket_time(const char *at, struct via_log_stamp *stamp)
{
	uint64_t seconds, micro;
	const char *dot = number(skip_blanks(at), &seconds);
	const char *end = dot && *dot == '.' ? number(dot + 1, &micro) : NULL;

	if (!end)
		return false;
	if (end - dot == 7) {
		stamp->has_time = true;
		stamp->time_us = seconds * 1000000 + micro;
	}
	return true;
}

/* dmesg -H: "[Nov22 21:50]", then "[  +0.000012]" */
static bool bracket_human(const char *at)
{
	uint64_t value;
	const char *end = skip_blanks(at);

	if (*end == '+')
		return number(end + 1, &value) != NULL;
	if (!isalpha((unsigned char)at[0]) || !isalpha((unsigned char)at[1]) ||
	    !isalpha((unsigned char)at[2]))
		return false;
	end = number(skip_blanks(at + 3), &value);
	return end && *end == ' ' && is_digit(end[1]) && is_digit(end[2]) && end[3] == ':' &&
	       is_digit(end[4]) && is_digit(end[5]) && end[6] == ']';
}

/* [    0.123456], [T1], [ C0], [Thu Oct 22 08:54:51 2020]; not [drm] or [Firmware Bug] */
static const char *bracket(const char *at, struct via_log_stamp *stamp)
{
	const char *inside = at + 1, *end, *caller;

	if (*at != '[')
		return NULL;
	end = strchr(inside, ']');
	if (!end || end - inside > BRACKET_END)
		return NULL;
	caller = skip_blanks(inside);
	if (bracket_time(inside, stamp) || bracket_human(inside) ||
	    has_clock(inside, (size_t)(end - inside)))
		return end + 1;
	if ((*caller == 'T' || *caller == 'C') && is_digit(caller[1]) &&
	    caller + 1 + strspn(caller + 1, "0123456789") == end)
		return end + 1;
	return NULL;
}

/* "Jun 29 18:28:41 host kernel: ", and @behind a time "host kernel: ", "kernel: " */
static const char *named(const char *at, bool behind)
{
	static const char name[] = "kernel: ";
	const char *found = strstr(at, name);
	size_t words = 0;

	if (!found || found - at > NAME_END || (found > at && found[-1] != ' '))
		return NULL;
	for (const char *c = at; c < found; c++) {
		words += *c == ' ';
		if (c[0] == ':' && c[1] == ' ')
			return NULL;
	}
	if (words > 1 && (behind || !has_clock(at, (size_t)(found - at))))
		return NULL; /* a message that has the word in it */
	return found + strlen(name);
}

/* dmesg -x: "kern  :info  : " */
static const char *decoded(const char *at, struct via_log_stamp *stamp)
{
	const char *end = at + strspn(at, "abcdefghijklmnopqrstuvwxyz01234567");
	const char *level = skip_blanks(end);

	if (end == at || *level != ':')
		return NULL;
	level++;
	end = level + strspn(level, "abcdefghijklmnopqrstuvwxyz");
	if (end == level || *skip_blanks(end) != ':')
		return NULL;
	stamp->foreign |= strncmp(at, "kern", 4) != 0;
	return skip_blanks(end) + 1;
}

struct via_log_stamp log_stamp_read(const char *line)
{
	struct via_log_stamp stamp = { 0 };
	const char *at = unquoted(line), *next;
	bool behind = false;

	for (;;) {
		next = priority(at, &stamp);
		if (next) {
			stamp.stamped = true;
			at = skip_blanks(next);
			continue;
		}
		next = bracket(at, &stamp);
		if (!next)
			next = record(at, &stamp);
		if (!next)
			next = named(at, behind);
		if (!next)
			next = decoded(at, &stamp);
		if (!next)
			break;
		behind = stamp.stamped = true;
		at = skip_blanks(next);
	}
	if (!stamp.stamped && isalnum((unsigned char)*at) && has_clock(at, 32))
		stamp.stamped = stamp.foreign = true;
	stamp.message = at;
	return stamp;
}
