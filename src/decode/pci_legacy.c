/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Capabilities of the standard list from before PCI Express.
 *
 * Source: AGP 3.0 6; PCI-X 2.0 7-8; HyperTransport I/O Link 3.10 7; CompactPCI Hot Swap
 */
#include "decode/pci_field.h"

static const struct via_field agp[] = {
	NUMBER(0x02, 4, 4, "major_revision"),
	NUMBER(0x02, 0, 4, "minor_revision"),
	UNIT(0x04, 24, 8, "request_depth", field_plus_one),
	BIT(0x04, 16, "isochronous_supported"),
	NUMBER(0x04, 13, 3, "async_request_size"),
	NUMBER(0x04, 10, 3, "calibration_cycle"),
	BIT(0x04, 9, "sideband_supported"),
	BIT(0x04, 8, "coherency_supported"),
	BIT(0x04, 7, "gart_64bit_supported"),
	BIT(0x04, 6, "host_translation_disabled"),
	BIT(0x04, 5, "above_4g_supported"),
	BIT(0x04, 4, "fast_write_supported"),
	BIT(0x04, 3, "agp3_mode"),
	HEX(0x04, 0, 3, "rates_supported"),
	UNIT(0x08, 24, 8, "control_request_depth", field_plus_one),
	NUMBER(0x08, 13, 3, "control_async_request_size"),
	NUMBER(0x08, 10, 3, "control_calibration_cycle"),
	BIT(0x08, 9, "sideband_enable"),
	BIT(0x08, 8, "agp_enable"),
	BIT(0x08, 7, "gart_64bit_enable"),
	BIT(0x08, 5, "above_4g_enable"),
	BIT(0x08, 4, "fast_write_enable"),
	HEX(0x08, 0, 3, "rate_selected"),
};

static const struct via_field slot_id[] = {
	NUMBER(0x02, 0, 5, "expansion_slots"),
	BIT(0x02, 5, "first_in_chassis"),
	HEX(0x03, 0, 8, "chassis"),
};

static const struct via_field hot_swap[] = {
	BIT(0x02, 0, "device_hiding_arm"),
	BIT(0x02, 1, "enum_mask"),
	BIT(0x02, 2, "pending"),
	BIT(0x02, 3, "led"),
	NUMBER(0x02, 4, 2, "prog_interface"),
	BIT(0x02, 6, "extraction"),
	BIT(0x02, 7, "insertion"),
};

static uint64_t read_count_bytes(uint64_t raw)
{
	return UINT64_C(512) << raw;
}

static uint64_t cumulative_bytes(uint64_t raw)
{
	return UINT64_C(1024) << raw;
}

static uint64_t split_transactions(uint64_t raw)
{
	static const uint8_t splits[] = { 1, 2, 3, 4, 8, 12, 16, 32 };

	return splits[raw];
}

static const struct via_field pcix[] = {
	BIT(0x02, 0, "parity_error_recovery"),
	BIT(0x02, 1, "relaxed_ordering"),
	UNIT(0x02, 2, 2, "max_read_count_bytes", read_count_bytes),
	UNIT(0x02, 4, 3, "max_split_transactions", split_transactions),
	NUMBER(0x02, 12, 2, "pcix_version"),
	NUMBER(0x04, 0, 3, "function"),
	NUMBER(0x04, 3, 5, "device"),
	NUMBER(0x04, 8, 8, "bus"),
	BIT(0x04, 16, "bus_64bit"),
	BIT(0x04, 17, "capable_133mhz"),
	BIT(0x04, 18, "split_completion_discarded"),
	BIT(0x04, 19, "unexpected_split_completion"),
	BIT(0x04, 20, "complex_device"),
	UNIT(0x04, 21, 2, "designed_max_read_count_bytes", read_count_bytes),
	UNIT(0x04, 23, 3, "designed_max_split_transactions", split_transactions),
	UNIT(0x04, 26, 3, "designed_max_cumulative_read_bytes", cumulative_bytes),
	BIT(0x04, 29, "split_completion_error"),
	BIT(0x04, 30, "capable_266mhz"),
	BIT(0x04, 31, "capable_533mhz"),
};

static const struct via_field pcix_bridge[] = {
	BIT(0x02, 0, "secondary_64bit"),
	BIT(0x02, 1, "secondary_capable_133mhz"),
	BIT(0x02, 2, "secondary_split_completion_discarded"),
	BIT(0x02, 3, "secondary_unexpected_split_completion"),
	BIT(0x02, 4, "secondary_split_completion_overrun"),
	BIT(0x02, 5, "secondary_split_request_delayed"),
	NUMBER(0x02, 6, 4, "secondary_frequency_code"),
	NUMBER(0x02, 12, 2, "pcix_version"),
	BIT(0x02, 14, "secondary_capable_266mhz"),
	BIT(0x02, 15, "secondary_capable_533mhz"),
	NUMBER(0x04, 0, 3, "function"),
	NUMBER(0x04, 3, 5, "device"),
	NUMBER(0x04, 8, 8, "bus"),
	BIT(0x04, 16, "bus_64bit"),
	BIT(0x04, 17, "capable_133mhz"),
	BIT(0x04, 18, "split_completion_discarded"),
	BIT(0x04, 19, "unexpected_split_completion"),
	BIT(0x04, 20, "split_completion_overrun"),
	BIT(0x04, 21, "split_request_delayed"),
	NUMBER(0x08, 0, 16, "upstream_split_capacity"),
	NUMBER(0x08, 16, 16, "upstream_split_commitment_limit"),
	NUMBER(0x0c, 0, 16, "downstream_split_capacity"),
	NUMBER(0x0c, 16, 16, "downstream_split_commitment_limit"),
};

static void pcix_more(struct via_reading *reading)
{
	if (reading->header_type == 1)
		reading_fields(reading, TABLE(pcix_bridge));
	else
		reading_fields(reading, TABLE(pcix));
}

static const char *const ht_widths[] = { "8bit", "16bit", NULL, "32bit",
					 "2bit", "4bit",  NULL, "not_connected" };
static const char *const ht_frequencies[] = {
	"200",	"300",	"400",	"500",	"600",	"800",	"1000", "1200",
	"1400", "1600", "1800", "2000", "2200", "2400", "2600", "vendor",
};

static const struct via_field ht_host[] = {
	BIT(0x02, 0, "warm_reset"),
	BIT(0x02, 1, "double_ended"),
	NUMBER(0x02, 2, 5, "device_number"),
	BIT(0x02, 7, "chain_side"),
	BIT(0x02, 8, "host_hide"),
	BIT(0x02, 10, "act_as_slave"),
	BIT(0x02, 11, "host_inbound_eoc_error"),
	BIT(0x02, 12, "drop_on_uninitialized"),
};
static const struct via_field ht_slave[] = {
	NUMBER(0x02, 0, 5, "base_unit_id"),	NUMBER(0x02, 5, 5, "unit_count"),
	BIT(0x02, 10, "master_host"),		BIT(0x02, 11, "default_direction"),
	BIT(0x02, 12, "drop_on_uninitialized"),
};
static const struct via_field ht_link[] = {
	BIT(0x00, 1, "crc_flood_enable"),
	BIT(0x00, 2, "crc_start_test"),
	BIT(0x00, 3, "crc_force_error"),
	BIT(0x00, 4, "failure"),
	BIT(0x00, 5, "initialization_complete"),
	BIT(0x00, 6, "end_of_chain"),
	BIT(0x00, 7, "transmitter_off"),
	HEX(0x00, 8, 4, "crc_error"),
	BIT(0x00, 12, "isochronous_enable"),
	BIT(0x00, 13, "ldtstop_tristate_enable"),
	BIT(0x00, 14, "extended_ctl"),
	BIT(0x00, 15, "addressing_64bit_enable"),
	WORD(0x02, 0, 3, "max_width_in", ht_widths),
	BIT(0x02, 3, "doubleword_flow_control_in"),
	WORD(0x02, 4, 3, "max_width_out", ht_widths),
	BIT(0x02, 7, "doubleword_flow_control_out"),
	WORD(0x02, 8, 3, "width_in", ht_widths),
	BIT(0x02, 11, "doubleword_flow_control_in_enable"),
	WORD(0x02, 12, 3, "width_out", ht_widths),
	BIT(0x02, 15, "doubleword_flow_control_out_enable"),
};
static const struct via_field ht_speed[] = {
	WORD(0x00, 0, 4, "frequency_mhz", ht_frequencies),
	BIT(0x00, 4, "protocol_error"),
	BIT(0x00, 5, "overflow_error"),
	BIT(0x00, 6, "end_of_chain_error"),
	BIT(0x00, 7, "ctl_timeout"),
	HEX(0x01, 0, 16, "frequencies_supported"),
};
static const struct via_field ht_revision[] = {
	NUMBER(0x00, 5, 3, "major_revision"),
	NUMBER(0x00, 0, 5, "minor_revision"),
};
static const struct via_field ht_features[] = {
	BIT(0x00, 0, "isochronous_flow_control"),
	BIT(0x00, 1, "ldtstop_supported"),
	BIT(0x00, 2, "crc_test_mode"),
	BIT(0x00, 3, "extended_ctl_time_required"),
	BIT(0x00, 4, "addressing_64bit"),
	BIT(0x00, 5, "unit_id_reorder_disable"),
};
static const struct via_field ht_host_features[] = {
	BIT(0x00, 8, "extended_registers"),
	BIT(0x00, 9, "upstream_configuration_enable"),
};
static const struct via_field ht_errors[] = {
	BIT(0x00, 0, "protocol_flood_enable"),
	BIT(0x00, 1, "overflow_flood_enable"),
	BIT(0x00, 2, "protocol_fatal_enable"),
	BIT(0x00, 3, "overflow_fatal_enable"),
	BIT(0x00, 4, "end_of_chain_fatal_enable"),
	BIT(0x00, 5, "response_fatal_enable"),
	BIT(0x00, 6, "crc_fatal_enable"),
	BIT(0x00, 7, "serr_fatal_enable"),
	BIT(0x00, 8, "chain_fail"),
	BIT(0x00, 9, "response_error"),
	BIT(0x00, 10, "protocol_non_fatal_enable"),
	BIT(0x00, 11, "overflow_non_fatal_enable"),
	BIT(0x00, 12, "end_of_chain_non_fatal_enable"),
	BIT(0x00, 13, "response_non_fatal_enable"),
	BIT(0x00, 14, "crc_non_fatal_enable"),
	BIT(0x00, 15, "serr_non_fatal_enable"),
	HEX(0x02, 0, 8, "memory_base_upper"),
	HEX(0x03, 0, 8, "memory_limit_upper"),
};
static const struct via_field ht_bus[] = { NUMBER(0x1a, 0, 8, "bus_number") };
static const struct via_field ht_msi[] = {
	BIT(0x02, 0, "enable"),
	BIT(0x02, 1, "fixed"),
};
static uint64_t megabytes(uint64_t raw)
{
	return raw << 20;
}

static const struct via_field ht_msi_address[] = { ADDRESS(0x04, 20, 44, "mapping_address",
							   megabytes) };

static void ht_host_more(struct via_reading *reading)
{
	reading_fields(reading, TABLE(ht_host));
	reading_fields_at(reading, TABLE(ht_link), 0x04, "link0_", NULL);
	reading_fields_at(reading, TABLE(ht_revision), 0x08, NULL, NULL);
	reading_fields_at(reading, TABLE(ht_speed), 0x09, "link0_", NULL);
	reading_fields_at(reading, TABLE(ht_features), 0x0c, NULL, NULL);
	reading_fields_at(reading, TABLE(ht_host_features), 0x0c, NULL, NULL);
	reading_fields_at(reading, TABLE(ht_errors), 0x12, NULL, NULL);
}

static void ht_slave_more(struct via_reading *reading)
{
	reading_fields(reading, TABLE(ht_slave));
	reading_fields_at(reading, TABLE(ht_link), 0x04, "link0_", NULL);
	reading_fields_at(reading, TABLE(ht_link), 0x08, "link1_", NULL);
	reading_fields_at(reading, TABLE(ht_revision), 0x0c, NULL, NULL);
	reading_fields_at(reading, TABLE(ht_speed), 0x0d, "link0_", NULL);
	reading_fields_at(reading, TABLE(ht_features), 0x10, NULL, NULL);
	reading_fields_at(reading, TABLE(ht_speed), 0x11, "link1_", NULL);
	reading_fields_at(reading, TABLE(ht_errors), 0x16, NULL, NULL);
	reading_fields(reading, TABLE(ht_bus));
}

/* Types are five bits wide, except for slave and host, which take the upper three. */
static const char *ht_type(unsigned int type)
{
	static const char *const types[32] = {
		[0x00 ... 0x03] = "slave",
		[0x04 ... 0x07] = "host",
		[0x08] = "switch",
		[0x10] = "interrupt_discovery",
		[0x11] = "revision_id",
		[0x12] = "unit_id_clumping",
		[0x13] = "extended_configuration",
		[0x14] = "address_mapping",
		[0x15] = "msi_mapping",
		[0x16] = "direct_route",
		[0x17] = "vcset",
		[0x18] = "retry_mode",
		[0x19] = "x86_encoding",
		[0x1a] = "gen3",
		[0x1b] = "function_level_extension",
		[0x1c] = "power_management",
	};

	return types[type] ? types[type] : "reserved";
}

static void ht_more(struct via_reading *reading)
{
	unsigned int type = (unsigned int)reading_bits(reading, 0x02, 11, 5);

	reading_add_text(reading, "ht_type", ht_type(type));
	if (type >> 2 == 0) {
		ht_slave_more(reading);
	} else if (type >> 2 == 1) {
		ht_host_more(reading);
	} else if (type == 0x15) {
		reading_fields(reading, TABLE(ht_msi));
		if (!reading_bits(reading, 0x02, 1, 1))
			reading_fields(reading, TABLE(ht_msi_address));
	}
}

const struct via_capability_layout legacy_capabilities[] = {
	{ 0x00, "null" },
	{ 0x02, "agp", TABLE(agp) },
	{ 0x04, "slot_id", TABLE(slot_id) },
	{ 0x06, "hot_swap", TABLE(hot_swap) },
	{ 0x07, "pcix", .more = pcix_more },
	{ 0x08, "ht", .more = ht_more },
	{ 0x0b, "compactpci_central" },
	{ 0x0c, "shpc" },
	{ 0x0e, "agp3", TABLE(agp) },
	{ 0x0f, "secure_device" },
	{ 0 },
};
