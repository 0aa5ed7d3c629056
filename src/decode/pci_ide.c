/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Integrity and Data Encryption: link streams, then selective streams, each of which
 * carries as many address associations as its own capability register says.
 *
 * Source: PCI Express Base 6.0 7.9.26
 */
#include "decode/pci_field.h"

static const char *const algorithms[] = { "aes-gcm-256-96b" };
static const char *const states[16] = { [0] = "insecure", [2] = "secure" };
static const char *const header_encryption[] = { "none", "17:2", "25:2", "33:2", "41:2" };

static const struct via_field ide[] = {
	BIT(0x04, 0, "link_supported"),
	BIT(0x04, 1, "selective_supported"),
	BIT(0x04, 2, "flow_through_supported"),
	BIT(0x04, 3, "partial_header_encryption_supported"),
	BIT(0x04, 4, "aggregation_supported"),
	BIT(0x04, 5, "pcrc_supported"),
	BIT(0x04, 6, "key_management_supported"),
	BIT(0x04, 7, "selective_for_configuration_supported"),
	WORD(0x04, 8, 5, "algorithm", algorithms),
	UNIT(0x04, 13, 3, "link_traffic_classes", field_plus_one),
	UNIT(0x04, 16, 8, "selective_streams", field_plus_one),
	BIT(0x04, 24, "tee_limited_supported"),
	BIT(0x04, 25, "xt_mode_supported"),
	BIT(0x08, 2, "flow_through_enable"),
};

static const struct via_field stream[] = {
	BIT(0x00, 0, "enable"),
	NUMBER(0x00, 2, 2, "npr_aggregation"),
	NUMBER(0x00, 4, 2, "pr_aggregation"),
	NUMBER(0x00, 6, 2, "cpl_aggregation"),
	BIT(0x00, 8, "pcrc_enable"),
	WORD(0x00, 10, 4, "header_encryption", header_encryption),
	WORD(0x00, 14, 5, "algorithm", algorithms),
	NUMBER(0x00, 19, 3, "traffic_class"),
	NUMBER(0x00, 24, 8, "id"),
	WORD(0x04, 0, 4, "state", states),
	BIT(0x04, 31, "check_failed"),
};
static const struct via_field selective[] = {
	BIT(0x00, 9, "configuration_enable"),
	BIT(0x00, 22, "default"),
	BIT(0x00, 23, "tee_limited"),
	HEX(0x08, 8, 16, "rid_limit"),
	BIT(0x0c, 0, "rid_valid"),
	HEX(0x0c, 8, 16, "rid_base"),
	HEX(0x0c, 24, 8, "segment_base"),
};

static void association(struct via_reading *reading, size_t at, const char *prefix, unsigned int i)
{
	struct via_arena *arena = reading->arena;
	uint64_t base = reading_bits(reading, at, 8, 12) << 20;
	uint64_t limit = reading_bits(reading, at, 20, 12) << 20 | 0xfffff;

	base |= reading_bits(reading, at + 8, 0, 32) << 32;
	limit |= reading_bits(reading, at + 4, 0, 32) << 32;
	reading_add(reading, arena_printf(arena, "%srange%u_valid", prefix, i), VIA_FIELD_BOOL,
		    reading_bits(reading, at, 0, 1));
	reading_add(reading, arena_printf(arena, "%srange%u_base", prefix, i), VIA_FIELD_HEX, base);
	reading_add(reading, arena_printf(arena, "%srange%u_limit", prefix, i), VIA_FIELD_HEX,
		    limit);
}

/* Return: the length of one selective stream's registers */
static size_t selective_stream(struct via_reading *reading, size_t at, unsigned int number)
{
	const char *prefix = arena_printf(reading->arena, "selective%u_", number);
	unsigned int ranges = (unsigned int)reading_bits(reading, at, 0, 4);

	reading_fields_at(reading, TABLE(stream), at + 4, prefix, NULL);
	reading_fields_at(reading, TABLE(selective), at + 4, prefix, NULL);
	for (unsigned int i = 0; i < ranges && reading_has(reading, at + 20 + 12 * i, 12); i++)
		association(reading, at + 20 + 12 * i, prefix, i);
	return 20 + 12 * (size_t)ranges;
}

static void ide_more(struct via_reading *reading)
{
	uint64_t link = reading_bits(reading, 0x04, 0, 1);
	uint64_t links = link ? reading_bits(reading, 0x04, 13, 3) + 1 : 0;
	uint64_t streams = reading_bits(reading, 0x04, 16, 8) + 1;
	size_t at = 0x0c;

	for (unsigned int i = 0; i < links && reading_has(reading, at, 8); i++, at += 8)
		reading_fields_at(reading, TABLE(stream), at,
				  arena_printf(reading->arena, "link%u_", i), NULL);
	if (!reading_bits(reading, 0x04, 1, 1))
		return;
	for (unsigned int i = 0; i < streams && reading_has(reading, at, 20); i++)
		at += selective_stream(reading, at, i);
}

const struct via_capability_layout encryption_capabilities[] = {
	{ 0x30, "ide", TABLE(ide), ide_more },
	{ 0 },
};
