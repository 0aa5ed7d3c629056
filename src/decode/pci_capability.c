/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/pci_capability.h"

#include <string.h>

#include "base/cleanup.h"
#include "decode/pci_field.h"

enum {
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
	struct via_capabilities *found;
	struct via_pci_header header;
	int pcie_type;
	bool mode2; /* PCI-X that has an extended space */
	bool cut_short;
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

static void decode(struct walk *walk, struct via_span space, struct via_capability *capability)
{
	const struct via_capability_layout *layout =
		layout_of(capability->extended, capability->id);
	struct via_reading reading = {
		.arena = walk->arena,
		.config = space,
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
static bool walk_standard(struct walk *walk, struct via_span space, unsigned int at)
{
	for (unsigned int hops = 0; at && hops < STANDARD_HOPS; hops++) {
		struct via_capability *capability;
		uint8_t id, next;

		if (!pointer_is_good(walk, at, STANDARD_START))
			return false;
		if (!span_u8(space, at, &id) || !span_u8(space, at + 1, &next))
			return false;
		if (id == 0xff) {
			trouble(walk, "a capability reads all ones");
			return false;
		}
		capability = via_list_add(walk->arena, &walk->found->list);
		capability->id = id;
		capability->offset = (uint16_t)at;
		learn(walk, space, capability);
		decode(walk, space, capability);
		at = aligned(walk, next);
	}
	return !at;
}

static bool walk_extended(struct walk *walk, struct via_span space)
{
	unsigned int at = EXTENDED_START;

	for (unsigned int hops = 0; at && hops < EXTENDED_HOPS; hops++) {
		struct via_capability *capability;
		uint32_t header;

		if (!pointer_is_good(walk, at, EXTENDED_START))
			return false;
		if (!span_u32(space, at, &header))
			return false;
		if (header == UINT32_MAX && at != EXTENDED_START)
			trouble(walk, "an extended capability reads all ones");
		if (header == 0 || header == UINT32_MAX)
			return header == 0 || at == EXTENDED_START;
		capability = via_list_add(walk->arena, &walk->found->list);
		capability->extended = true;
		capability->id = (uint16_t)header;
		capability->version = header >> 16 & 0xf;
		capability->offset = (uint16_t)at;
		decode(walk, space, capability);
		at = aligned(walk, header >> 20);
	}
	return !at;
}

static struct via_span first(struct via_span config, size_t bytes)
{
	return config.size < bytes ? config : span_sub(config, 0, bytes);
}

static bool standard(struct walk *walk, struct via_span config)
{
	uint16_t status = 0;
	uint8_t pointer = 0;

	span_u16(config, STATUS, &status);
	if (!(status & STATUS_HAS_LIST))
		return true;
	span_u8(config, walk->header.type == 2 ? POINTER_CARDBUS : POINTER, &pointer);
	if (!walk_standard(walk, first(config, STANDARD_BYTES), aligned(walk, pointer)))
		return false;
	if (walk->cut_short && config.size >= STANDARD_BYTES)
		trouble(walk, "a capability reaches past the end of its space");
	return !walk->cut_short || config.size >= STANDARD_BYTES;
}

static bool extended(struct walk *walk, struct via_span config)
{
	bool possible = walk->pcie_type >= 0 || walk->mode2 ||
			walk->header.class_code >> 8 == CLASS_HOST_BRIDGE;

	if (config.size <= STANDARD_BYTES)
		return walk->found->standard_read && !possible;
	walk->cut_short = false;
	if (!walk_extended(walk, first(config, EXTENDED_BYTES)))
		return false;
	if (walk->cut_short && config.size >= EXTENDED_BYTES)
		trouble(walk, "an extended capability reaches past the end of its space");
	return !walk->cut_short || config.size >= EXTENDED_BYTES;
}

/* A virtual function has no ids of its own, so those alone do not say that it is gone. */
static bool answers(struct via_span config)
{
	for (size_t i = 0; i < 64; i++)
		if (config.data[i] != 0xff)
			return true;
	return false;
}

void capabilities_decode(struct via_arena *arena, struct via_span config,
			 struct via_capabilities *ret)
{
	struct via_capabilities found = { 0 };
	struct walk walk = { .arena = arena, .found = &found, .pcie_type = -1 };

	if (!pci_header_decode(config, &walk.header)) {
		trouble(&walk, "fewer than the 64 bytes of a header");
	} else if (!answers(config)) {
		trouble(&walk, "the function does not answer: it reads all ones");
	} else {
		found.standard_read = standard(&walk, config);
		found.extended_read = extended(&walk, config);
	}
	*ret = found;
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
