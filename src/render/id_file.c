/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/id_file.h"

#include <string.h>

static const char *end_of(struct via_span file)
{
	return (const char *)file.data + file.size;
}

static const char *next_line(struct via_span file, const char *at)
{
	const char *stop = memchr(at, '\n', (size_t)(end_of(file) - at));

	return stop ? stop + 1 : end_of(file);
}

/* @digits hex digits and two blanks; lower and upper case */
static bool take_id(struct via_span file, const char *at, unsigned int digits, unsigned int *ret)
{
	unsigned int value = 0;

	if (end_of(file) - at < (ptrdiff_t)digits + 2)
		return false;
	for (unsigned int i = 0; i < digits; i++) {
		unsigned int c = (unsigned char)at[i] | 0x20u;

		if (c >= '0' && c <= '9')
			value = value << 4 | (c - '0');
		else if (c >= 'a' && c <= 'f')
			value = value << 4 | (c - 'a' + 10);
		else
			return false;
	}
	*ret = value;
	return at[digits] == ' ' && at[digits + 1] == ' ';
}

static const char *name_at(struct via_span file, const char *at, size_t *ret_length)
{
	const char *end = next_line(file, at);

	while (end > at && (end[-1] == '\n' || end[-1] == '\r' || end[-1] == ' '))
		end--;
	*ret_length = (size_t)(end - at);
	return at;
}

/* The first line of a vendor at or behind @at, or the end; the classes come last. */
static const char *vendor_line(struct via_span file, const char *at, unsigned int *ret)
{
	for (; at < end_of(file); at = next_line(file, at)) {
		if (*at == 'C' && end_of(file) - at > 1 && at[1] == ' ')
			return end_of(file);
		if (take_id(file, at, 4, ret))
			return at;
	}
	return at;
}

/* By halves: from the middle to the next vendor, and on in the half that has it. */
static const char *find_vendor(struct via_span file, unsigned int vendor)
{
	const char *low = (const char *)file.data, *high = end_of(file);
	unsigned int found = 0;

	while (high - low > 4096) {
		const char *middle = next_line(file, low + (high - low) / 2);
		const char *line = vendor_line(file, middle, &found);

		if (line >= high || found > vendor)
			high = middle;
		else
			low = line;
	}
	for (low = vendor_line(file, low, &found); low < end_of(file) && found < vendor;)
		low = vendor_line(file, next_line(file, low), &found);
	return low < end_of(file) && found == vendor ? low : NULL;
}

const char *id_file_vendor(struct via_span file, unsigned int vendor, size_t *ret_length)
{
	const char *line = find_vendor(file, vendor);

	return line ? name_at(file, line + 6, ret_length) : NULL;
}

/* A line below another: one tab more. */
static const char *find_below(struct via_span file, const char *line, unsigned int digits,
			      unsigned int id, size_t *ret_length)
{
	unsigned int found;

	for (line = next_line(file, line); line < end_of(file); line = next_line(file, line)) {
		if (*line == '#' || *line == '\n')
			continue;
		if (*line != '\t')
			return NULL;
		if (take_id(file, line + 1, digits, &found) && found == id)
			return name_at(file, line + 1 + digits + 2, ret_length);
	}
	return NULL;
}

const char *id_file_device(struct via_span file, unsigned int vendor, unsigned int device,
			   size_t *ret_length)
{
	const char *line = find_vendor(file, vendor);

	return line ? find_below(file, line, 4, device, ret_length) : NULL;
}

const char *id_file_device_below(struct via_span file, const char *name, unsigned int device,
				 size_t *ret_length)
{
	return find_below(file, name, 4, device, ret_length);
}

/* Classes stand behind a megabyte of vendors. */
enum { CLASSES_BYTES = 32 * 1024 };

static const char *find_base_class(struct via_span file, unsigned int base)
{
	const char key[] = {
		'\n', 'C', ' ', "0123456789abcdef"[base >> 4 & 0xf], "0123456789abcdef"[base & 0xf],
		' ',  ' '
	};
	size_t skip = file.size > CLASSES_BYTES ? file.size - CLASSES_BYTES : 0;
	const char *found = memmem(file.data + skip, file.size - skip, key, sizeof(key));

	if (!found)
		found = memmem(file.data, file.size, key, sizeof(key));
	return found ? found + 1 : NULL;
}

const char *id_file_base_class(struct via_span file, unsigned int base, size_t *ret_length)
{
	const char *line = find_base_class(file, base);

	return line ? name_at(file, line + 6, ret_length) : NULL;
}

const char *id_file_class(struct via_span file, unsigned int class_code, size_t *ret_length)
{
	const char *line = find_base_class(file, class_code >> 8);

	return line ? find_below(file, line, 2, class_code & 0xff, ret_length) : NULL;
}
