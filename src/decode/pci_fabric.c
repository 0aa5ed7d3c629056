/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Extended capabilities of the fabric: virtual channels, the root complex, multicast,
 * vendor-specific registers, encryption and object exchange, and those known by name only.
 *
 * Source: PCI Express Base 6.0 7.9; CXL 3.0 8.1
 */
#include "decode/pci_field.h"

static const char *const vc_clocks[] = { "100ns" };
static const char *const port_selects[] = { "fixed", "wrr32", "wrr64", "wrr128" };
static const char *const vc_selects[] = {
	"fixed", "wrr32", "wrr64", "wrr128", "twrr128", "wrr256"
};

static const struct via_field vc[] = {
	NUMBER(0x04, 0, 3, "extended_vc_count"),
	NUMBER(0x04, 4, 3, "low_priority_vc_count"),
	WORD(0x04, 8, 2, "reference_clock", vc_clocks),
	UNIT(0x04, 10, 2, "port_table_entry_bits", field_power_of_two),
	BIT(0x08, 0, "arbitration_fixed"),
	BIT(0x08, 1, "arbitration_wrr32"),
	BIT(0x08, 2, "arbitration_wrr64"),
	BIT(0x08, 3, "arbitration_wrr128"),
	HEX(0x08, 24, 8, "arbitration_table_offset"),
	WORD(0x0c, 1, 3, "arbitration_select", port_selects),
	BIT(0x0e, 0, "arbitration_in_progress"),
};
static const struct via_field vc_resource[] = {
	BIT(0x00, 0, "arbitration_fixed"),
	BIT(0x00, 1, "arbitration_wrr32"),
	BIT(0x00, 2, "arbitration_wrr64"),
	BIT(0x00, 3, "arbitration_wrr128"),
	BIT(0x00, 4, "arbitration_twrr128"),
	BIT(0x00, 5, "arbitration_wrr256"),
	BIT(0x00, 15, "reject_snoop"),
	UNIT(0x00, 16, 7, "max_time_slots", field_plus_one),
	HEX(0x00, 24, 8, "port_table_offset"),
	HEX(0x04, 0, 8, "tc_map"),
	WORD(0x04, 17, 3, "arbitration_select", vc_selects),
	NUMBER(0x04, 24, 3, "id"),
	BIT(0x04, 31, "enable"),
	BIT(0x0a, 0, "arbitration_in_progress"),
	BIT(0x0a, 1, "negotiation_pending"),
};

static void vc_more(struct via_reading *reading)
{
	uint64_t extended = reading_bits(reading, 0x04, 0, 3);

	for (unsigned int i = 0; i <= extended && reading_has(reading, 0x10 + 12 * i, 12); i++)
		reading_fields_at(reading, TABLE(vc_resource), 0x10 + 12 * i,
				  arena_printf(reading->arena, "vc%u_", i), NULL);
}

static void dsn_more(struct via_reading *reading)
{
	char text[24];

	if (!reading_has(reading, 0x04, 8))
		return;
	for (unsigned int i = 0; i < 8; i++) {
		uint64_t byte = reading_bits(reading, 0x0b - i, 0, 8);

		text[3 * i] = "0123456789abcdef"[byte >> 4];
		text[3 * i + 1] = "0123456789abcdef"[byte & 0xf];
		text[3 * i + 2] = i < 7 ? '-' : '\0';
	}
	reading_add_text(reading, "serial_number", arena_strdup(reading->arena, text));
}

static const struct via_field power_budget[] = {
	NUMBER(0x04, 0, 8, "data_select"), NUMBER(0x08, 0, 8, "base_power"),
	NUMBER(0x08, 8, 2, "data_scale"),  NUMBER(0x08, 10, 3, "pm_substate"),
	NUMBER(0x08, 13, 2, "pm_state"),   NUMBER(0x08, 15, 3, "power_type"),
	NUMBER(0x08, 18, 3, "power_rail"), BIT(0x0c, 0, "system_allocated"),
};

static const char *const element_types[] = { "configuration", "egress_port", "internal_link" };
static const char *const link_types[] = { "memory_mapped", "configuration" };

static const struct via_field rc_link[] = {
	WORD(0x04, 0, 4, "element_type", element_types),
	NUMBER(0x04, 8, 8, "link_count"),
	HEX(0x04, 16, 8, "component_id"),
	HEX(0x04, 24, 8, "port_number"),
};
static const struct via_field rc_link_entry[] = {
	BIT(0x00, 0, "valid"),		 WORD(0x00, 1, 1, "type", link_types),
	BIT(0x00, 2, "associated_rcrb"), HEX(0x00, 16, 8, "target_component"),
	HEX(0x00, 24, 8, "target_port"), HEX(0x08, 0, 64, "address"),
};

static void rc_link_more(struct via_reading *reading)
{
	uint64_t count = reading_bits(reading, 0x04, 8, 8);

	for (unsigned int i = 0; i < count && reading_has(reading, 0x10 + 16 * i, 16); i++)
		reading_fields_at(reading, TABLE(rc_link_entry), 0x10 + 16 * i,
				  arena_printf(reading->arena, "link%u_", i), NULL);
}

static const struct via_field vendor_specific[] = {
	ID(0x04, "vsec_id"),
	NUMBER(0x04, 16, 4, "vsec_revision"),
	NUMBER(0x04, 20, 12, "length"),
};

static const struct via_field multicast[] = {
	UNIT(0x04, 0, 6, "max_groups", field_plus_one),
	BIT(0x04, 15, "ecrc_regeneration_supported"),
	UNIT(0x06, 0, 6, "groups", field_plus_one),
	BIT(0x06, 15, "enable"),
	NUMBER(0x08, 0, 6, "index_position"),
	ADDRESS(0x08, 12, 52, "base_address", field_times_4k),
	HEX(0x10, 0, 64, "receive"),
	HEX(0x18, 0, 64, "block_all"),
	HEX(0x20, 0, 64, "block_untranslated"),
};
static uint64_t times_64(uint64_t raw)
{
	return raw * 64;
}
static const struct via_field multicast_port[] = {
	NUMBER(0x28, 0, 6, "overlay_size"),
	ADDRESS(0x28, 6, 58, "overlay_address", times_64),
};
static const struct via_field multicast_endpoint[] = {
	NUMBER(0x04, 8, 6, "window_size_requested"),
};

static void multicast_more(struct via_reading *reading)
{
	if (reading->pcie_type == VIA_PCIE_ENDPOINT || reading->pcie_type == VIA_PCIE_RC_ENDPOINT)
		reading_fields(reading, TABLE(multicast_endpoint));
	else
		reading_fields(reading, TABLE(multicast_port));
}

static const struct via_field dpa[] = {
	NUMBER(0x04, 0, 5, "max_substate"),
	NUMBER(0x04, 8, 2, "latency_unit"),
	NUMBER(0x04, 12, 2, "power_allocation_scale"),
	NUMBER(0x04, 16, 8, "transition_latency0"),
	NUMBER(0x04, 24, 8, "transition_latency1"),
	NUMBER(0x0c, 0, 5, "substate"),
	BIT(0x0c, 8, "substate_control_enabled"),
	NUMBER(0x0e, 0, 5, "substate_control"),
};

static const struct via_field dvsec[] = {
	ID(0x04, "dvsec_vendor"),
	NUMBER(0x04, 16, 4, "dvsec_revision"),
	NUMBER(0x04, 20, 12, "length"),
	ID(0x08, "dvsec_id"),
};
static const struct via_field cxl_device[] = {
	BIT(0x0a, 0, "cxl_cache_capable"),
	BIT(0x0a, 1, "cxl_io_capable"),
	BIT(0x0a, 2, "cxl_mem_capable"),
	BIT(0x0a, 3, "cxl_mem_hw_init"),
	NUMBER(0x0a, 4, 2, "hdm_count"),
	BIT(0x0a, 14, "viral_capable"),
	BIT(0x0c, 0, "cxl_cache_enable"),
	BIT(0x0c, 1, "cxl_io_enable"),
	BIT(0x0c, 2, "cxl_mem_enable"),
	NUMBER(0x0c, 3, 5, "cxl_cache_snoop_filter_coverage"),
	NUMBER(0x0c, 8, 3, "cxl_cache_snoop_filter_granularity"),
	BIT(0x0c, 11, "cxl_cache_clean_eviction_disable"),
	BIT(0x0c, 14, "viral_enable"),
	BIT(0x0e, 14, "viral_status"),
	BIT(0x12, 1, "cxl_reset_complete"),
	BIT(0x12, 2, "cxl_reset_error"),
	BIT(0x12, 15, "cxl_pm_complete"),
};
static const struct via_field cxl_range[] = {
	BIT(0x04, 0, "valid"),
	BIT(0x04, 1, "active"),
	NUMBER(0x04, 2, 3, "media_type"),
	NUMBER(0x04, 5, 3, "memory_class"),
};

/* Size and base are a high dword and the upper four bits of a low one. */
static void cxl_memory(struct via_reading *reading, unsigned int number, size_t at)
{
	struct via_arena *arena = reading->arena;
	const char *prefix = arena_printf(arena, "range%u_", number);
	uint64_t size =
		reading_bits(reading, at, 0, 32) << 32 | reading_bits(reading, at + 4, 28, 4) << 28;
	uint64_t base = reading_bits(reading, at + 8, 0, 32) << 32 |
			reading_bits(reading, at + 12, 28, 4) << 28;

	reading_fields_at(reading, TABLE(cxl_range), at, prefix, NULL);
	reading_add(reading, arena_printf(arena, "%ssize_bytes", prefix), VIA_FIELD_HEX, size);
	reading_add(reading, arena_printf(arena, "%sbase", prefix), VIA_FIELD_HEX, base);
}

enum { DVSEC_VENDOR_CXL = 0x1e98, DVSEC_CXL_DEVICE = 0 };

static void dvsec_more(struct via_reading *reading)
{
	if (reading_bits(reading, 0x04, 0, 16) != DVSEC_VENDOR_CXL ||
	    reading_bits(reading, 0x08, 0, 16) != DVSEC_CXL_DEVICE ||
	    !reading_has(reading, 0, 0x38))
		return;
	reading_fields(reading, TABLE(cxl_device));
	cxl_memory(reading, 1, 0x18);
	cxl_memory(reading, 2, 0x28);
}

static const struct via_field frs[] = {
	NUMBER(0x04, 0, 12, "max_queue_depth"), NUMBER(0x04, 16, 5, "interrupt_message_number"),
	BIT(0x08, 0, "message_received"),	BIT(0x08, 1, "message_overflow"),
	BIT(0x0a, 0, "interrupt_enable"),
};

static const struct via_field npem[] = {
	BIT(0x04, 0, "capable"),
	BIT(0x04, 1, "reset_capable"),
	HEX(0x04, 2, 30, "indications_capable"),
	BIT(0x08, 0, "enable"),
	HEX(0x08, 2, 30, "indications"),
	BIT(0x0c, 0, "command_completed"),
};

static const struct via_field doe[] = {
	BIT(0x04, 0, "interrupt_supported"),
	NUMBER(0x04, 1, 11, "interrupt_message_number"),
	BIT(0x08, 0, "abort"),
	BIT(0x08, 1, "interrupt_enable"),
	BIT(0x08, 31, "go"),
	BIT(0x0c, 0, "busy"),
	BIT(0x0c, 1, "interrupt_status"),
	BIT(0x0c, 2, "error"),
	BIT(0x0c, 31, "object_ready"),
};

static const char *const widths[] = { "x1", "x2", "x4", "x8", "x16", NULL, NULL, "dynamic" };
static const char *const initial_widths[] = { "x1", "x2", "x4", "x8", "x16" };
static const char *const l0p_latencies[] = { "<1us",  "<2us",  "<4us",	"<8us",
					     "<16us", "<32us", "<64us", ">64us" };

static const struct via_field dev3[] = {
	BIT(0x04, 0, "dmwr_routing_supported"),
	BIT(0x04, 1, "tag_14bit_completer"),
	BIT(0x04, 2, "tag_14bit_requester"),
	BIT(0x04, 3, "l0p_supported"),
	WORD(0x04, 4, 3, "port_l0p_exit_latency", l0p_latencies),
	WORD(0x04, 7, 3, "retimer_l0p_exit_latency", l0p_latencies),
	BIT(0x04, 10, "uio_completer"),
	BIT(0x04, 11, "uio_requester"),
	BIT(0x08, 0, "dmwr_requester_enable"),
	BIT(0x08, 1, "dmwr_egress_blocking"),
	BIT(0x08, 2, "tag_14bit_requester_enable"),
	BIT(0x08, 3, "l0p_enable"),
	WORD(0x08, 4, 3, "target_link_width", widths),
	BIT(0x08, 7, "uio_requester_enable"),
	BIT(0x08, 8, "uio_256b_boundary_disable"),
	WORD(0x0c, 0, 3, "initial_link_width", initial_widths),
	BIT(0x0c, 3, "segment_captured"),
	BIT(0x0c, 4, "remote_l0p_supported"),
};

/* Known by name; their registers are not decoded. */
#define NAME_ONLY(id, name)             \
	{                               \
		id, name, NULL, 0, NULL \
	}

const struct via_capability_layout fabric_capabilities[] = {
	{ 0x02, "vc", TABLE(vc), vc_more },
	{ 0x03, "dsn", .more = dsn_more },
	{ 0x04, "power_budget", TABLE(power_budget) },
	{ 0x05, "rc_link", TABLE(rc_link), rc_link_more },
	NAME_ONLY(0x06, "rc_link_control"),
	{ 0x08, "mfvc", TABLE(vc), vc_more },
	{ 0x09, "vc", TABLE(vc), vc_more },
	NAME_ONLY(0x0a, "rcrb"),
	{ 0x0b, "vndr", TABLE(vendor_specific) },
	NAME_ONLY(0x0c, "cac"),
	NAME_ONLY(0x11, "mriov"),
	{ 0x12, "multicast", TABLE(multicast), multicast_more },
	{ 0x16, "dpa", TABLE(dpa) },
	NAME_ONLY(0x1a, "pmux"),
	NAME_ONLY(0x1c, "lnr"),
	NAME_ONLY(0x20, "mpcie"),
	{ 0x21, "frs", TABLE(frs) },
	NAME_ONLY(0x22, "readiness_time"),
	{ 0x23, "dvsec", TABLE(dvsec), dvsec_more },
	NAME_ONLY(0x28, "hierarchy_id"),
	{ 0x29, "npem", TABLE(npem) },
	NAME_ONLY(0x2b, "alternate_protocol"),
	NAME_ONLY(0x2d, "shadow_functions"),
	{ 0x2e, "doe", TABLE(doe) },
	{ 0x2f, "dev3", TABLE(dev3) },
	NAME_ONLY(0x32, "flit_logging"),
	NAME_ONLY(0x33, "flit_performance"),
	NAME_ONLY(0x34, "flit_error_injection"),
	NAME_ONLY(0x35, "svc"),
	NAME_ONLY(0x36, "mmio_rbl"),
	NAME_ONLY(0x37, "nop_flit"),
	NAME_ONLY(0x38, "siov"),
	{ 0 },
};
