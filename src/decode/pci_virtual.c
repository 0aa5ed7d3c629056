/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Extended capabilities that assignment and sharing of a device live by: isolation,
 * virtual functions, address translation, address spaces, resizable BARs.
 *
 * Source: PCI Express Base 6.0 7.7.11 (ACS), 7.8.8 (ARI), 7.8.6 (resizable BAR), 7.9.13
 * (TPH), 9.3.3 (SR-IOV), 10.5 (ATS, PRI, PASID)
 */
#include "decode/pci_field.h"

static const struct via_field acs_bits[] = {
	BIT(0x00, 0, "source_validation"),   BIT(0x00, 1, "translation_blocking"),
	BIT(0x00, 2, "request_redirect"),    BIT(0x00, 3, "completion_redirect"),
	BIT(0x00, 4, "upstream_forwarding"), BIT(0x00, 5, "egress_control"),
	BIT(0x00, 6, "direct_translated"),
};
static const struct via_field acs_enhanced[] = {
	BIT(0x04, 7, "enhanced_supported"),
	NUMBER(0x04, 8, 8, "egress_vector_bits"),
	BIT(0x06, 7, "io_request_blocking_enable"),
	NUMBER(0x06, 8, 2, "downstream_target_access"),
	NUMBER(0x06, 10, 2, "upstream_target_access"),
	BIT(0x06, 12, "unclaimed_redirect_enable"),
};

static void acs_more(struct via_reading *reading)
{
	reading_fields_at(reading, TABLE(acs_bits), 0x04, NULL, "_supported");
	reading_fields_at(reading, TABLE(acs_bits), 0x06, NULL, "_enabled");
	reading_fields(reading, TABLE(acs_enhanced));
}

static const struct via_field ari[] = {
	BIT(0x04, 0, "mfvc_groups_supported"), BIT(0x04, 1, "acs_groups_supported"),
	NUMBER(0x04, 8, 8, "next_function"),   BIT(0x06, 0, "mfvc_groups_enable"),
	BIT(0x06, 1, "acs_groups_enable"),     NUMBER(0x06, 4, 3, "function_group"),
};

static uint64_t queue_depth(uint64_t raw)
{
	return raw ? raw : 32;
}

static const struct via_field ats[] = {
	UNIT(0x04, 0, 5, "invalidate_queue_depth", queue_depth),
	BIT(0x04, 5, "page_aligned_request"),
	BIT(0x04, 6, "global_invalidate_supported"),
	BIT(0x04, 7, "relaxed_ordering_supported"),
	NUMBER(0x06, 0, 5, "smallest_translation_unit"),
	BIT(0x06, 15, "enable"),
};

static const struct via_field pri[] = {
	BIT(0x04, 0, "enable"),
	BIT(0x04, 1, "reset"),
	BIT(0x06, 0, "response_failure"),
	BIT(0x06, 1, "unexpected_group_index"),
	BIT(0x06, 8, "stopped"),
	BIT(0x06, 15, "pasid_required"),
	NUMBER(0x08, 0, 32, "request_capacity"),
	NUMBER(0x0c, 0, 32, "request_allocation"),
};

static const struct via_field pasid[] = {
	BIT(0x04, 1, "execute_supported"), BIT(0x04, 2, "privileged_supported"),
	NUMBER(0x04, 8, 5, "max_width"),   BIT(0x06, 0, "enable"),
	BIT(0x06, 1, "execute_enable"),	   BIT(0x06, 2, "privileged_enable"),
};

static const struct via_field sriov[] = {
	BIT(0x04, 0, "vf_migration_capable"),
	BIT(0x04, 1, "ari_hierarchy_preserved"),
	BIT(0x04, 2, "vf_tag_10bit_requester_supported"),
	NUMBER(0x04, 21, 11, "interrupt_message_number"),
	BIT(0x08, 0, "vf_enable"),
	BIT(0x08, 1, "vf_migration_enable"),
	BIT(0x08, 2, "vf_migration_interrupt_enable"),
	BIT(0x08, 3, "vf_memory_enable"),
	BIT(0x08, 4, "ari_capable_hierarchy"),
	BIT(0x08, 5, "vf_tag_10bit_requester_enable"),
	BIT(0x0a, 0, "vf_migration_status"),
	NUMBER(0x0c, 0, 16, "initial_vfs"),
	NUMBER(0x0e, 0, 16, "total_vfs"),
	NUMBER(0x10, 0, 16, "num_vfs"),
	HEX(0x12, 0, 8, "function_dependency_link"),
	NUMBER(0x14, 0, 16, "first_vf_offset"),
	NUMBER(0x16, 0, 16, "vf_stride"),
	ID(0x1a, "vf_device_id"),
	HEX(0x1c, 0, 32, "supported_page_sizes"),
	HEX(0x20, 0, 32, "system_page_size"),
	NUMBER(0x3c, 0, 3, "vf_migration_state_bar"),
	ADDRESS(0x3c, 3, 29, "vf_migration_state_offset", field_times_8),
};

static const char *const bar_kinds[] = { "memory_32bit", "memory_1mb", "memory_64bit" };

static void sriov_more(struct via_reading *reading)
{
	struct via_arena *arena = reading->arena;

	for (unsigned int i = 0; i < 6 && reading_has(reading, 0x24 + 4 * i, 4); i++) {
		const unsigned int at = 0x24 + 4 * i, number = i;
		uint64_t flags = reading_bits(reading, at, 0, 4), type = flags >> 1 & 3;
		uint64_t address = reading_bits(reading, at, 0, 32) & ~UINT64_C(0xf);

		if (!address && !flags)
			continue;
		if (type == 2 && i < 5)
			address |= reading_bits(reading, 0x24 + 4 * ++i, 0, 32) << 32;
		reading_add(reading, arena_printf(arena, "vf_bar%u_address", number), VIA_FIELD_HEX,
			    address);
		reading_add_text(reading, arena_printf(arena, "vf_bar%u_kind", number),
				 type < 3 ? bar_kinds[type] : "reserved");
		reading_add(reading, arena_printf(arena, "vf_bar%u_prefetchable", number),
			    VIA_FIELD_BOOL, flags >> 3);
	}
}

static uint64_t bar_bytes(uint64_t raw)
{
	return raw < 44 ? UINT64_C(1) << (raw + 20) : 0;
}

static const struct via_field rebar_entry[] = {
	NUMBER(0x08, 0, 3, "bar"),
	UNIT(0x08, 8, 6, "size_bytes", bar_bytes),
};

/* Bit n of sizes_supported stands for 2^(n + 20) bytes; 28 and up came with 4.0. */
static void rebar_more(struct via_reading *reading)
{
	uint64_t count = reading_bits(reading, 0x08, 5, 3);

	reading_add(reading, "bar_count", VIA_FIELD_NUMBER, count);
	for (unsigned int i = 0; i < count && reading_has(reading, 8 * i + 4, 8); i++) {
		const char *prefix = arena_printf(reading->arena, "entry%u_", i);
		uint64_t sizes = reading_bits(reading, 8 * i + 0x04, 4, 28) |
				 reading_bits(reading, 8 * i + 0x08, 16, 16) << 28;

		reading_fields_at(reading, TABLE(rebar_entry), 8 * i, prefix, NULL);
		reading_add(reading, arena_printf(reading->arena, "%ssizes_supported", prefix),
			    VIA_FIELD_HEX, sizes);
	}
}

static const char *const table_places[] = { "none", "capability", "msix_table" };
static const char *const tph_modes[] = { "no_st", "interrupt_vector", "device_specific" };
static const char *const tph_enables[] = { "disabled", "tph", NULL, "extended_tph" };

static const struct via_field tph[] = {
	BIT(0x04, 0, "no_st_mode_supported"),
	BIT(0x04, 1, "interrupt_vector_mode_supported"),
	BIT(0x04, 2, "device_specific_mode_supported"),
	BIT(0x04, 8, "extended_tph_supported"),
	WORD(0x04, 9, 2, "st_table_location", table_places),
	UNIT(0x04, 16, 11, "st_table_size", field_plus_one),
	WORD(0x08, 0, 3, "st_mode", tph_modes),
	WORD(0x08, 8, 2, "requester_enable", tph_enables),
};

const struct via_capability_layout virtual_capabilities[] = {
	{ 0x0d, "acs", .more = acs_more },
	{ 0x0e, "ari", TABLE(ari) },
	{ 0x0f, "ats", TABLE(ats) },
	{ 0x10, "sriov", TABLE(sriov), sriov_more },
	{ 0x13, "pri", TABLE(pri) },
	{ 0x15, "rebar", .more = rebar_more },
	{ 0x17, "tph", TABLE(tph) },
	{ 0x1b, "pasid", TABLE(pasid) },
	{ 0x24, "vf_rebar", .more = rebar_more },
	{ 0 },
};
