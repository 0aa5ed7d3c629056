/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/efi_variable.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"

enum {
	TEXT_LIMIT = 4096,
	OPTION_ATTRIBUTES = EFI_ATTRIBUTE_BYTES,
	OPTION_PATH_BYTES = OPTION_ATTRIBUTES + 4,
	OPTION_DESCRIPTION = OPTION_PATH_BYTES + 2,
	NODE_HEADER = 4,
	MESSAGING = 3,
	MESSAGING_MAC = 11,
	MEDIA = 4,
	MEDIA_DISK = 1,
	MEDIA_FILE = 4,
	PATH_END = 0x7f,
	ACTIVE = 1,
};

static size_t put_utf8(char *out, uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* @ret_size: bytes that were read, the NUL included. */
static int utf16(struct via_arena *arena, struct via_span bytes, const char **ret, size_t *ret_size)
{
	char *text = arena_alloc(arena, bytes.size * 2 + 1);
	size_t at = 0, length = 0;
	uint16_t unit, low;

	for (; span_u16(bytes, at, &unit); at += 2) {
		uint32_t c = unit;

		if (!unit) {
			at += 2;
			break;
		}
		if (unit >= 0xdc00 && unit < 0xe000)
			return -EBADMSG;
		if (unit >= 0xd800 && unit < 0xdc00) {
			if (!span_u16(bytes, at + 2, &low) || low < 0xdc00 || low >= 0xe000)
				return -EBADMSG;
			c = 0x10000 + ((uint32_t)(unit - 0xd800) << 10) + (uint32_t)(low - 0xdc00);
			at += 2;
		}
		length += put_utf8(text + length, c);
	}
	*ret = text;
	if (ret_size)
		*ret_size = at;
	return 0;
}

int efi_variable_text(struct via_arena *arena, struct via_span file, const char **ret)
{
	if (file.size < EFI_ATTRIBUTE_BYTES || file.size % 2 || file.size > TEXT_LIMIT)
		return -EBADMSG;
	return utf16(arena, span_sub(file, EFI_ATTRIBUTE_BYTES, file.size - EFI_ATTRIBUTE_BYTES),
		     ret, NULL);
}

/* Only for what is ASCII; anything else becomes '?'. */
struct via_span efi_variable_from_text(struct via_arena *arena, struct via_span attributes,
				       const char *text)
{
	size_t length = strlen(text), size = EFI_ATTRIBUTE_BYTES + (length + 1) * 2;
	uint8_t *bytes = arena_alloc(arena, size);

	if (attributes.size >= EFI_ATTRIBUTE_BYTES)
		memcpy(bytes, attributes.data, EFI_ATTRIBUTE_BYTES);
	for (size_t i = 0; i < length; i++)
		bytes[EFI_ATTRIBUTE_BYTES + i * 2] =
			(unsigned char)text[i] < 0x80 ? (uint8_t)text[i] : '?';
	return (struct via_span){ bytes, size };
}

bool efi_variable_u8(struct via_span file, uint8_t *ret)
{
	return file.size == EFI_ATTRIBUTE_BYTES + 1 && span_u8(file, EFI_ATTRIBUTE_BYTES, ret);
}

bool efi_variable_u16(struct via_span file, uint16_t *ret)
{
	return file.size == EFI_ATTRIBUTE_BYTES + 2 && span_u16(file, EFI_ATTRIBUTE_BYTES, ret);
}

struct node {
	uint8_t type, subtype;
	struct via_span data;
};

/* Moves @path on. Return: false at the end, and where lengths do not fit (@path.data NULL) */
static bool next_node(struct via_span *path, struct node *ret)
{
	uint16_t size;

	if (!path->size)
		return false;
	if (!span_u16(*path, 2, &size) || size < NODE_HEADER || size > path->size) {
		*path = (struct via_span){ 0 };
		return false;
	}
	*ret = (struct node){ path->data[0], path->data[1],
			      span_sub(*path, NODE_HEADER, size - NODE_HEADER) };
	path->data += size;
	path->size -= size;
	return ret->type != PATH_END;
}

/* Where the device path of a load option is. */
static int find_path(struct via_arena *arena, struct via_span file, const char **ret_description,
		     struct via_span *ret_path)
{
	size_t description;
	uint16_t size;

	if (file.size > TEXT_LIMIT * 4 || !span_u16(file, OPTION_PATH_BYTES, &size) ||
	    utf16(arena, span_sub(file, OPTION_DESCRIPTION, file.size - OPTION_DESCRIPTION),
		  ret_description, &description) < 0 ||
	    !span_has(file, OPTION_DESCRIPTION + description, size))
		return -EBADMSG;
	*ret_path = span_sub(file, OPTION_DESCRIPTION + description, size);
	return 0;
}

int efi_load_option_decode(struct via_arena *arena, struct via_span file,
			   struct via_efi_load_option *ret)
{
	struct via_efi_load_option option = { 0 };
	struct via_span path;
	struct node node;
	uint32_t attributes;
	int r;

	if (!span_u32(file, OPTION_ATTRIBUTES, &attributes))
		return -EBADMSG;
	option.active = attributes & ACTIVE;
	r = find_path(arena, file, &option.description, &path);
	if (r < 0)
		return r;
	while (next_node(&path, &node)) {
		const char *text;

		option.network |= node.type == MESSAGING && node.subtype == MESSAGING_MAC;
		option.disk |= node.type == MEDIA && node.subtype == MEDIA_DISK;
		if (node.type != MEDIA || node.subtype != MEDIA_FILE ||
		    utf16(arena, node.data, &text, NULL) < 0)
			continue;
		option.path = option.path ? arena_printf(arena, "%s%s", option.path, text) : text;
	}
	if (path.size == 0 && !path.data)
		return -EBADMSG;
	*ret = option;
	return 0;
}

struct via_span efi_load_option_blank(struct via_arena *arena, struct via_span file)
{
	const char *description;
	struct via_span path;
	struct node node;
	uint8_t *copy;

	if (find_path(arena, file, &description, &path) < 0)
		return (struct via_span){ 0 };
	copy = arena_memdup(arena, file.data, file.size);
	for (uint8_t *at = copy + OPTION_DESCRIPTION; at + 2 < copy + (path.data - file.data);
	     at += 2) {
		at[0] = 'x'; /* firmware puts models and serial numbers of disks here */
		at[1] = 0;
	}
	if (path.data + path.size < file.data + file.size)
		memset(copy + (path.data + path.size - file.data), 0,
		       (size_t)(file.data + file.size - path.data - path.size));
	while (next_node(&path, &node))
		if (node.data.size && (node.type != MEDIA || node.subtype != MEDIA_FILE))
			memset(copy + (node.data.data - file.data), 0, node.data.size);
	if (!path.data)
		return (struct via_span){ 0 };
	return (struct via_span){ copy, file.size };
}

const char *efi_file_path(struct via_arena *arena, const char *path)
{
	char *copy;

	while (*path == '\\' || *path == '/')
		path++;
	copy = arena_strdup(arena, path);
	for (char *at = copy; *at; at++)
		if (*at == '\\')
			*at = '/';
	return copy;
}
