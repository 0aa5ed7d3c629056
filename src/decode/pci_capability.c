/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/pci_capability.h"

#include <string.h>

#include "base/cleanup.h"
#include "decode/pci_field.h"

enum {
	HEADER_BYTES = 64,
	STATUS = 0x06,
	STATUS_HAS_LIST = 1 << 4,
	CLASS_HOST_BRIDGE = 0x0600,
	POINTER = 0x34,
	POINTER_CARDBUS = 0x14,
	STANDARD_START = 0x40,
	STANDARD_BYTES = 256,
	STANDARD_HOPS = 48,
	EXTENDED_START = 0x100,
	EXTENDED_BYTES = 4096,
	EXTENDED_HOPS = (EXTENDED_BYTES - EXTENDED_START) / 8,
};

/* What the walk of one function carries along. */
struct walk {
	struct via_arena *arena;
	struct via_pci_window *window; /* NULL: @config is all there */
	struct via_span config;
	bool survey;
	struct via_capabilities *found;
	struct via_pci_header header;
	int pcie_type;
	bool mode2; /* PCI-X that has an extended space */
	bool cut_short;
	struct via_capability passed;
	uint8_t seen[EXTENDED_BYTES / 4 / 8];
};

static void trouble(struct walk *walk, const char *what)
{
	if (!walk->found->trouble)
		walk->found->trouble = what;
}

/* Whether an entry was met before; from then on it was. */
static bool seen(struct walk *walk, unsigned int at)
{
	uint8_t *byte = &walk->seen[at / 4 / 8], bit = (uint8_t)(1 << at / 4 % 8);
	bool was = *byte & bit;

	*byte |= bit;
	return was;
}

static const struct via_capability_layout *layout_of(bool extended, uint16_t id)
{
	static const struct via_capability_layout *const standard[] = { standard_capabilities,
									express_capabilities,
									legacy_capabilities };
	static const struct via_capability_layout *const others[] = {
		virtual_capabilities, error_capabilities, link_capabilities, fabric_capabilities,
		encryption_capabilities
	};
	size_t count = extended ? VIA_COUNT(others) : VIA_COUNT(standard);

	for (size_t i = 0; i < count; i++)
		for (const struct via_capability_layout *row = extended ? others[i] : standard[i];
		     row->name; row++)
			if (row->id == id)
				return row;
	return NULL;
}

/* The first @limit bytes of the space, of which [at, at + size) are wanted. */
static struct via_span want(struct walk *walk, size_t limit, size_t at, size_t size)
{
	if (walk->window) {
		pci_window_want(walk->window, at, at < limit ? size : 0);
		walk->config.size = walk->window->size;
	}
	return walk->config.size < limit ? walk->config : span_sub(walk->config, 0, limit);
}

/* Its fixed fields are read at once. */
static struct via_span want_fields(struct walk *walk, size_t limit,
				   const struct via_capability_layout *layout, size_t at)
{
	size_t end = 0;

	for (size_t i = 0; walk->window && i < layout->field_count; i++) {
		const struct via_field *field = &layout->fields[i];
		size_t behind = field->offset + (field->low + field->bits + 7u) / 8;

		if (behind > end)
			end = behind;
	}
	return want(walk, limit, at, at + end <= limit ? end : limit - at);
}

static void decode(struct walk *walk, size_t limit, struct via_capability *capability)
{
	const struct via_capability_layout *layout =
		layout_of(capability->extended, capability->id);
	struct via_reading reading = {
		.arena = walk->arena,
		.window = walk->window,
		.capability = capability,
		.pcie_type = walk->pcie_type,
		.header_type = walk->header.type,
	};

	if (!layout) {
		capability->name =
			arena_printf(walk->arena, capability->extended ? "ext-%04x" : "cap-%02x",
				     capability->id);
		return;
	}
	capability->name = layout->name;
	reading.config = want_fields(walk, limit, layout, capability->offset);
	reading_fields(&reading, layout->fields, layout->field_count);
	if (layout->more)
		layout->more(&reading);
	walk->cut_short |= reading.cut_short;
}

/* What a standard capability tells about the walk itself. */
static void learn(struct walk *walk, struct via_span config,
		  const struct via_capability *capability)
{
	uint8_t byte;

	if (capability->id == 0x10 && span_u8(config, capability->offset + 2u, &byte))
		walk->pcie_type = byte >> 4;
	if (capability->id == 0x07 && walk->header.type == 0 &&
	    span_u8(config, capability->offset + 7u, &byte))
		walk->mode2 = byte & 0xc0; /* 266 or 533 MHz */
}

static bool is_surveyed(bool extended, uint16_t id)
{
	return extended ? id == 0x0d : id == 0x10;
}

/* A survey keeps what it is after, and passes over the others in @passed. */
static struct via_capability *next_entry(struct walk *walk, bool extended, uint16_t id,
					 unsigned int at)
{
	struct via_capability *capability = &walk->passed;

	if (!walk->survey || is_surveyed(extended, id))
		capability = via_list_add(walk->arena, &walk->found->list);
	*capability =
		(struct via_capability){ .extended = extended, .id = id, .offset = (uint16_t)at };
	return capability;
}

static void decode_or_name(struct walk *walk, size_t limit, struct via_capability *capability)
{
	if (!walk->survey) {
		decode(walk, limit, capability);
		return;
	}
	capability->name = capability->extended ? "acs" : "pcie";
	if (capability == &walk->passed)
		return;
	if (capability->extended) /* the control register is a dword where it is odd */
		want(walk, limit, capability->offset, 12);
	walk->cut_short |=
		walk->config.size < capability->offset + (capability->extended ? 8u : 4u);
}

/* Whether a pointer can be followed; its width keeps it from leading past the end. */
static bool pointer_is_good(struct walk *walk, unsigned int at, unsigned int start)
{
	if (at < start) {
		trouble(walk, "a capability pointer leads out of the list's space");
		return false;
	}
	if (seen(walk, at)) {
		trouble(walk, "the capability list is a loop");
		return false;
	}
	return true;
}

static unsigned int aligned(struct walk *walk, unsigned int pointer)
{
	if (pointer & 3)
		trouble(walk, "a capability pointer is not a multiple of four");
	return pointer & ~3u;
}

/* Return: whether the list was followed to its end */
static bool walk_standard(struct walk *walk, unsigned int at)
{
	for (unsigned int hops = 0; at && hops < STANDARD_HOPS; hops++) {
		struct via_capability *capability;
		struct via_span space;
		uint8_t id, next;

		if (!pointer_is_good(walk, at, STANDARD_START))
			return false;
		space = want(walk, STANDARD_BYTES, at, 4);
		if (!span_u8(space, at, &id) || !span_u8(space, at + 1, &next))
			return false;
		if (id == 0xff) {
			trouble(walk, "a capability reads all ones");
			return false;
		}
		capability = next_entry(walk, false, id, at);
		learn(walk, space, capability);
		decode_or_name(walk, STANDARD_BYTES, capability);
		at = aligned(walk, next);
	}
	return !at;
}

static bool survey_is_over(const struct walk *walk)
{
	return walk->survey && capability_find(walk->found, "acs");
}

static bool walk_extended(struct walk *walk)
{
	unsigned int at = EXTENDED_START;

	for (unsigned int hops = 0; at && hops < EXTENDED_HOPS && !survey_is_over(walk); hops++) {
		struct via_capability *capability;
		uint32_t header;

		if (!pointer_is_good(walk, at, EXTENDED_START))
			return false;
		if (!span_u32(want(walk, EXTENDED_BYTES, at, 4), at, &header))
			return false;
		if (header == UINT32_MAX && at != EXTENDED_START)
			trouble(walk, "an extended capability reads all ones");
		if (header == 0 || header == UINT32_MAX)
			return header == 0 || at == EXTENDED_START;
		capability = next_entry(walk, true, (uint16_t)header, at);
		capability->version = header >> 16 & 0xf;
		decode_or_name(walk, EXTENDED_BYTES, capability);
		at = aligned(walk, header >> 20);
	}
	return !at || survey_is_over(walk);
}

static bool standard(struct walk *walk)
{
	struct via_span config = want(walk, STANDARD_BYTES, 0, 16);
	uint16_t status = 0;
	uint8_t pointer = 0;

	span_u16(config, STATUS, &status);
	if (!(status & STATUS_HAS_LIST))
		return true;
	config = want(walk, STANDARD_BYTES, walk->header.type == 2 ? POINTER_CARDBUS : POINTER, 1);
	span_u8(config, walk->header.type == 2 ? POINTER_CARDBUS : POINTER, &pointer);
	if (!walk_standard(walk, aligned(walk, pointer)))
		return false;
	if (walk->cut_short && walk->config.size >= STANDARD_BYTES)
		trouble(walk, "a capability reaches past the end of its space");
	return !walk->cut_short || walk->config.size >= STANDARD_BYTES;
}

static bool extended(struct walk *walk)
{
	bool possible = walk->pcie_type >= 0 || walk->mode2 ||
			walk->header.class_code >> 8 == CLASS_HOST_BRIDGE;

	want(walk, EXTENDED_BYTES, EXTENDED_START, 4);
	if (walk->config.size <= STANDARD_BYTES)
		return walk->found->standard_read && !possible;
	walk->cut_short = false;
	if (!walk_extended(walk))
		return false;
	if (walk->cut_short && walk->config.size >= EXTENDED_BYTES)
		trouble(walk, "an extended capability reaches past the end of its space");
	return !walk->cut_short || walk->config.size >= EXTENDED_BYTES;
}

/* A virtual function has no ids of its own, so those alone do not say that it is gone. */
static bool answers(struct walk *walk)
{
	for (size_t i = 0; i < HEADER_BYTES; i++)
		if (want(walk, HEADER_BYTES, i, 1).size > i && walk->config.data[i] != 0xff)
			return true;
	return false;
}

static void walk_lists(struct walk *walk)
{
	struct via_span header = want(walk, HEADER_BYTES, 0, 16);
	uint8_t type = 0;

	if (span_u8(header, 0x0e, &type) && (type & 0x7f))
		want(walk, HEADER_BYTES, 0x18, 4); /* the bus numbers */
	if (!pci_header_decode(walk->config, &walk->header)) {
		trouble(walk, "fewer than the 64 bytes of a header");
	} else if (!answers(walk)) {
		trouble(walk, "the function does not answer: it reads all ones");
	} else {
		walk->found->standard_read = standard(walk);
		walk->found->extended_read = extended(walk);
	}
}

void capabilities_decode(struct via_arena *arena, struct via_span config,
			 struct via_capabilities *ret)
{
	struct via_capabilities found = { 0 };
	struct walk walk = { .arena = arena, .config = config, .found = &found, .pcie_type = -1 };

	walk_lists(&walk);
	*ret = found;
}

static void walk_window(struct via_arena *arena, struct via_pci_window *window, bool survey,
			struct via_capabilities *ret)
{
	struct via_capabilities found = { 0 };
	struct walk walk = {
		.arena = arena,
		.window = window,
		.config = { .data = window->bytes, .size = window->size },
		.survey = survey,
		.found = &found,
		.pcie_type = -1,
	};

	walk_lists(&walk);
	*ret = found;
}

void capabilities_decode_window(struct via_arena *arena, struct via_pci_window *window,
				struct via_capabilities *ret)
{
	walk_window(arena, window, false, ret);
}

void capabilities_survey(struct via_arena *arena, struct via_pci_window *window,
			 struct via_capabilities *ret)
{
	walk_window(arena, window, true, ret);
}

const struct via_capability *capability_find(const struct via_capabilities *capabilities,
					     const char *name)
{
	via_for_each (capability, &capabilities->list)
		if (strcmp(capability->name, name) == 0)
			return capability;
	return NULL;
}

const struct via_capability_field *capability_field(const struct via_capability *capability,
						    const char *name)
{
	via_for_each (field, &capability->fields)
		if (strcmp(field->name, name) == 0)
			return field;
	return NULL;
}
