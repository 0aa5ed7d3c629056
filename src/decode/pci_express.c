/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The PCI Express capability: device, link, slot and root parts, each with the registers
 * that version 2 added. Which parts mean something depends on the port type.
 *
 * Source: PCI Express Base 6.0 7.5.3
 */
#include "decode/pci_field.h"

static const char *const port_types[] = {
	[VIA_PCIE_ENDPOINT] = "endpoint",
	[VIA_PCIE_LEGACY_ENDPOINT] = "legacy_endpoint",
	[VIA_PCIE_ROOT_PORT] = "root_port",
	[VIA_PCIE_UPSTREAM] = "upstream_port",
	[VIA_PCIE_DOWNSTREAM] = "downstream_port",
	[VIA_PCIE_TO_PCI] = "pcie_to_pci_bridge",
	[VIA_PCI_TO_PCIE] = "pci_to_pcie_bridge",
	[VIA_PCIE_RC_ENDPOINT] = "root_complex_endpoint",
	[VIA_PCIE_RC_EVENT_COLLECTOR] = "root_complex_event_collector",
};
static const char *const speeds[] = { "unknown", "2.5", "5", "8", "16", "32", "64", "128" };
/* Where only 2.5 GT/s is there, the field may be hardwired to 0. */
static const char *const target_speeds[] = { "2.5", "2.5", "5", "8", "16", "32", "64", "128" };
static const char *const aspm[] = { "none", "L0s", "L1", "L0s L1" };
static const char *const l0s_acceptable[] = { "64ns", "128ns", "256ns", "512ns",
					      "1us",  "2us",   "4us",	"unlimited" };
static const char *const l1_acceptable[] = { "1us",  "2us",  "4us",  "8us",
					     "16us", "32us", "64us", "unlimited" };
static const char *const l0s_exit[] = { "<64ns", "<128ns", "<256ns", "<512ns",
					"<1us",	 "<2us",   "<4us",   "unlimited" };
static const char *const l1_exit[] = { "<1us",	"<2us",	 "<4us",  "<8us",
				       "<16us", "<32us", "<64us", "unlimited" };
static const char *const indicators[] = { "unknown", "on", "blink", "off" };

/*
 * Eight bits of value below two of scale, 1 to 1/1000. At scale 1, F0 to FE are steps of
 * 25 W from 250 W on, and FF is "more than 600 W".
 */
static uint64_t power_limit_mw(uint64_t raw)
{
	static const uint16_t scales[] = { 1000, 100, 10, 1 };
	uint64_t value = raw & 0xff;

	if (raw >> 8 == 0 && value >= 0xf0)
		return value == 0xff ? 600000 : 250000 + 25000 * (value - 0xf0);
	return value * scales[raw >> 8];
}

static uint64_t phantom_functions(uint64_t raw)
{
	return (UINT64_C(1) << raw) - 1;
}

static uint64_t completion_boundary(uint64_t raw)
{
	return raw ? 128 : 64;
}

static const struct via_field device[] = {
	NUMBER(0x02, 0, 4, "version"),
	WORD(0x02, 4, 4, "port_type", port_types),
	BIT(0x02, 8, "slot_implemented"),
	NUMBER(0x02, 9, 5, "interrupt_message_number"),
	UNIT(0x04, 0, 3, "max_payload_supported_bytes", field_payload_bytes),
	UNIT(0x04, 3, 2, "phantom_functions", phantom_functions),
	BIT(0x04, 5, "extended_tag_supported"),
	BIT(0x04, 15, "role_based_error_reporting"),
	BIT(0x04, 30, "tee_io_supported"),
	BIT(0x08, 0, "correctable_error_reporting"),
	BIT(0x08, 1, "non_fatal_error_reporting"),
	BIT(0x08, 2, "fatal_error_reporting"),
	BIT(0x08, 3, "unsupported_request_reporting"),
	BIT(0x08, 4, "relaxed_ordering"),
	UNIT(0x08, 5, 3, "max_payload_bytes", field_payload_bytes),
	BIT(0x08, 8, "extended_tag_enable"),
	BIT(0x08, 9, "phantom_functions_enable"),
	BIT(0x08, 10, "aux_power_enable"),
	BIT(0x08, 11, "no_snoop"),
	UNIT(0x08, 12, 3, "max_read_request_bytes", field_payload_bytes),
	BIT(0x0a, 0, "correctable_error_detected"),
	BIT(0x0a, 1, "non_fatal_error_detected"),
	BIT(0x0a, 2, "fatal_error_detected"),
	BIT(0x0a, 3, "unsupported_request_detected"),
	BIT(0x0a, 4, "aux_power_detected"),
	BIT(0x0a, 5, "transactions_pending"),
};
static const struct via_field acceptable_latency[] = {
	WORD(0x04, 6, 3, "l0s_acceptable_latency", l0s_acceptable),
	WORD(0x04, 9, 3, "l1_acceptable_latency", l1_acceptable),
};
static const struct via_field function_reset[] = {
	BIT(0x04, 28, "flr"),
	BIT(0x08, 15, "initiate_flr"),
};
static const struct via_field bridge_retry[] = {
	BIT(0x08, 15, "bridge_configuration_retry"),
};
static const struct via_field on_a_card[] = {
	BIT(0x04, 12, "attention_button"),
	BIT(0x04, 13, "attention_indicator"),
	BIT(0x04, 14, "power_indicator"),
	UNIT(0x04, 18, 10, "captured_slot_power_limit_mw", power_limit_mw),
};

static const struct via_field link[] = {
	WORD(0x0c, 0, 4, "max_link_speed_gts", speeds),
	NUMBER(0x0c, 4, 6, "max_link_width"),
	WORD(0x0c, 10, 2, "aspm_support", aspm),
	WORD(0x0c, 12, 3, "l0s_exit_latency", l0s_exit),
	WORD(0x0c, 15, 3, "l1_exit_latency", l1_exit),
	BIT(0x0c, 18, "clock_power_management"),
	BIT(0x0c, 19, "surprise_down_reporting"),
	BIT(0x0c, 20, "link_active_reporting"),
	BIT(0x0c, 21, "bandwidth_notification"),
	BIT(0x0c, 22, "aspm_optionality_compliance"),
	NUMBER(0x0c, 24, 8, "port_number"),
	WORD(0x10, 0, 2, "aspm_control", aspm),
	UNIT(0x10, 3, 1, "read_completion_boundary_bytes", completion_boundary),
	BIT(0x10, 4, "link_disable"),
	BIT(0x10, 6, "common_clock"),
	BIT(0x10, 7, "extended_synch"),
	BIT(0x10, 8, "clock_power_management_enable"),
	BIT(0x10, 9, "autonomous_width_disable"),
	BIT(0x10, 10, "bandwidth_management_interrupt"),
	BIT(0x10, 11, "autonomous_bandwidth_interrupt"),
	BIT(0x10, 13, "flit_mode_disable"),
	WORD(0x12, 0, 4, "link_speed_gts", speeds),
	NUMBER(0x12, 4, 6, "link_width"),
	BIT(0x12, 10, "link_training_error"),
	BIT(0x12, 11, "link_training"),
	BIT(0x12, 12, "slot_clock"),
	BIT(0x12, 13, "link_active"),
	BIT(0x12, 14, "bandwidth_management_status"),
	BIT(0x12, 15, "autonomous_bandwidth_status"),
};

static const struct via_field slot[] = {
	BIT(0x14, 0, "attention_button"),
	BIT(0x14, 1, "power_controller"),
	BIT(0x14, 2, "mrl_sensor"),
	BIT(0x14, 3, "attention_indicator"),
	BIT(0x14, 4, "power_indicator"),
	BIT(0x14, 5, "hot_plug_surprise"),
	BIT(0x14, 6, "hot_plug_capable"),
	UNIT(0x14, 7, 10, "power_limit_mw", power_limit_mw),
	BIT(0x14, 17, "interlock"),
	BIT(0x14, 18, "no_command_completed"),
	NUMBER(0x14, 19, 13, "number"),
	BIT(0x18, 0, "attention_button_enable"),
	BIT(0x18, 1, "power_fault_enable"),
	BIT(0x18, 2, "mrl_sensor_enable"),
	BIT(0x18, 3, "presence_detect_enable"),
	BIT(0x18, 4, "command_completed_enable"),
	BIT(0x18, 5, "hot_plug_interrupt_enable"),
	WORD(0x18, 6, 2, "attention_indicator_control", indicators),
	WORD(0x18, 8, 2, "power_indicator_control", indicators),
	BIT(0x18, 10, "power_off"),
	BIT(0x18, 11, "interlock_control"),
	BIT(0x18, 12, "link_state_enable"),
	BIT(0x1a, 0, "attention_button_pressed"),
	BIT(0x1a, 1, "power_fault"),
	BIT(0x1a, 2, "mrl_sensor_changed"),
	BIT(0x1a, 3, "presence_changed"),
	BIT(0x1a, 4, "command_completed"),
	BIT(0x1a, 5, "mrl_open"),
	BIT(0x1a, 6, "presence_detected"),
	BIT(0x1a, 7, "interlock_engaged"),
	BIT(0x1a, 8, "link_state_changed"),
};

static const struct via_field root[] = {
	BIT(0x1c, 0, "system_error_on_correctable"),
	BIT(0x1c, 1, "system_error_on_non_fatal"),
	BIT(0x1c, 2, "system_error_on_fatal"),
	BIT(0x1c, 3, "pme_interrupt_enable"),
	BIT(0x1c, 4, "crs_visibility_enable"),
	BIT(0x1e, 0, "crs_visibility_supported"),
	HEX(0x20, 0, 16, "pme_requester"),
	BIT(0x20, 16, "pme_status"),
	BIT(0x20, 17, "pme_pending"),
};

static const char *const timeout_ranges[] = {
	[0x0] = "none", [0x1] = "A",   [0x2] = "B",   [0x3] = "AB",
	[0x6] = "BC",	[0x7] = "ABC", [0xe] = "BCD", [0xf] = "ABCD",
};
static const char *const timeouts[] = {
	[0x0] = "50us to 50ms", [0x1] = "50us to 100us", [0x2] = "1ms to 10ms",
	[0x5] = "16ms to 55ms", [0x6] = "65ms to 210ms", [0x9] = "260ms to 900ms",
	[0xa] = "1s to 3.5s",	[0xd] = "4s to 13s",	 [0xe] = "17s to 64s",
};
static const char *const line_sizes[] = { "none", "64B", "128B" };
static const char *const obff_support[] = { "none", "message", "wake", "message wake" };
static const char *const obff_control[] = { "disabled", "message_a", "message_b", "wake" };
static const char *const power_reduction[] = { "none", "device_specific", "form_factor" };

static uint64_t prefix_count(uint64_t raw)
{
	return raw ? raw : 4;
}

static const struct via_field device2[] = {
	WORD(0x24, 0, 4, "completion_timeout_ranges", timeout_ranges),
	BIT(0x24, 4, "completion_timeout_disable_supported"),
	BIT(0x24, 5, "ari_forwarding_supported"),
	BIT(0x24, 6, "atomic_routing_supported"),
	BIT(0x24, 7, "atomic_completer_32bit"),
	BIT(0x24, 8, "atomic_completer_64bit"),
	BIT(0x24, 9, "atomic_completer_128bit_cas"),
	BIT(0x24, 10, "no_relaxed_peer_to_peer"),
	BIT(0x24, 11, "ltr_supported"),
	BIT(0x24, 12, "tph_completer"),
	BIT(0x24, 13, "extended_tph_completer"),
	WORD(0x24, 14, 2, "ln_system_cache_line", line_sizes),
	BIT(0x24, 16, "tag_10bit_completer"),
	BIT(0x24, 17, "tag_10bit_requester"),
	WORD(0x24, 18, 2, "obff_supported", obff_support),
	BIT(0x24, 20, "extended_fmt_field"),
	BIT(0x24, 21, "end_to_end_prefix_supported"),
	UNIT(0x24, 22, 2, "max_end_to_end_prefixes", prefix_count),
	WORD(0x24, 24, 2, "emergency_power_reduction", power_reduction),
	BIT(0x24, 26, "emergency_power_reduction_init"),
	BIT(0x24, 31, "frs_supported"),
	WORD(0x28, 0, 4, "completion_timeout", timeouts),
	BIT(0x28, 4, "completion_timeout_disable"),
	BIT(0x28, 5, "ari_forwarding_enable"),
	BIT(0x28, 6, "atomic_requester_enable"),
	BIT(0x28, 7, "atomic_egress_blocking"),
	BIT(0x28, 8, "ido_request_enable"),
	BIT(0x28, 9, "ido_completion_enable"),
	BIT(0x28, 10, "ltr_enable"),
	BIT(0x28, 11, "emergency_power_reduction_request"),
	BIT(0x28, 12, "tag_10bit_requester_enable"),
	WORD(0x28, 13, 2, "obff_enable", obff_control),
	BIT(0x28, 15, "end_to_end_prefix_blocking"),
};

/* Full swing and half swing; the steps in between are the implementation's. */
static const char *const margins[] = {
	"normal",
	"800-1200mV/400-700mV",
	"200-400mV/100-200mV",
	"200-400mV/100-200mV",
	"200-400mV/100-200mV",
	"200-400mV/100-200mV",
};
static const char *const deemphasis[] = { "-6dB", "-3.5dB" };
static const char *const presets[] = {
	"-6dB de-emphasis, 0dB preshoot",     "-3.5dB de-emphasis, 0dB preshoot",
	"-4.4dB de-emphasis, 0dB preshoot",   "-2.5dB de-emphasis, 0dB preshoot",
	"0dB de-emphasis, 0dB preshoot",      "0dB de-emphasis, 1.9dB preshoot",
	"0dB de-emphasis, 2.5dB preshoot",    "-6.0dB de-emphasis, 3.5dB preshoot",
	"-3.5dB de-emphasis, 3.5dB preshoot", "0dB de-emphasis, 3.5dB preshoot",
};
static const char *const crosslinks[] = { "unsupported", "upstream_port", "downstream_port",
					  "incomplete" };
static const char *const components[] = { "link_down_not_determined", "link_down_not_present",
					  "link_down_present",	      NULL,
					  "link_up_present",	      "link_up_present_drs" };

static const struct via_field link2[] = {
	HEX(0x2c, 1, 7, "supported_speeds"),
	BIT(0x2c, 8, "crosslink_supported"),
	BIT(0x2c, 23, "retimer_detect_supported"),
	BIT(0x2c, 24, "two_retimers_detect_supported"),
	BIT(0x2c, 31, "drs_supported"),
	WORD(0x30, 0, 4, "target_link_speed_gts", target_speeds),
	BIT(0x30, 4, "enter_compliance"),
	BIT(0x30, 5, "autonomous_speed_disable"),
	WORD(0x30, 6, 1, "selectable_deemphasis", deemphasis),
	WORD(0x30, 7, 3, "transmit_margin", margins),
	BIT(0x30, 10, "enter_modified_compliance"),
	BIT(0x30, 11, "compliance_sos"),
	WORD(0x30, 12, 4, "compliance_preset", presets),
	WORD(0x32, 0, 1, "current_deemphasis", deemphasis),
	BIT(0x32, 1, "equalization_complete"),
	BIT(0x32, 2, "equalization_phase1"),
	BIT(0x32, 3, "equalization_phase2"),
	BIT(0x32, 4, "equalization_phase3"),
	BIT(0x32, 5, "link_equalization_request"),
	BIT(0x32, 6, "retimer_detected"),
	BIT(0x32, 7, "two_retimers_detected"),
	WORD(0x32, 8, 2, "crosslink_resolution", crosslinks),
	BIT(0x32, 10, "flit_mode"),
};
static const struct via_field downstream2[] = {
	WORD(0x32, 12, 3, "downstream_component", components),
	BIT(0x32, 15, "drs_message_received"),
};
static const struct via_field slot2[] = {
	BIT(0x34, 0, "in_band_presence_disable_supported"),
	BIT(0x38, 0, "in_band_presence_disable"),
};

static bool is_endpoint(int type)
{
	return type == VIA_PCIE_ENDPOINT || type == VIA_PCIE_LEGACY_ENDPOINT;
}

static bool has_link(int type)
{
	return type != VIA_PCIE_RC_ENDPOINT && type != VIA_PCIE_RC_EVENT_COLLECTOR;
}

static bool leads_downstream(int type)
{
	return type == VIA_PCIE_ROOT_PORT || type == VIA_PCIE_DOWNSTREAM || type == VIA_PCI_TO_PCIE;
}

static void device_more(struct via_reading *reading, int type)
{
	if (is_endpoint(type))
		reading_fields(reading, TABLE(acceptable_latency));
	if (is_endpoint(type) || type == VIA_PCIE_RC_ENDPOINT)
		reading_fields(reading, TABLE(function_reset));
	if (type == VIA_PCIE_TO_PCI)
		reading_fields(reading, TABLE(bridge_retry));
	if (is_endpoint(type) || type == VIA_PCIE_UPSTREAM || type == VIA_PCIE_TO_PCI)
		reading_fields(reading, TABLE(on_a_card));
}

static void version2_more(struct via_reading *reading, int type, bool slotted)
{
	reading_fields(reading, TABLE(device2));
	if (has_link(type))
		reading_fields(reading, TABLE(link2));
	if (leads_downstream(type))
		reading_fields(reading, TABLE(downstream2));
	if (slotted)
		reading_fields_at(reading, TABLE(slot2), 0, "slot_", NULL);
}

/* The link's, the slot's and the root's lie together, and those of version 2 behind them. */
static void want_registers(struct via_reading *reading, int type, bool slotted)
{
	bool second = reading_bits(reading, 0x02, 0, 4) >= 2;

	if (slotted || type == VIA_PCIE_ROOT_PORT) {
		reading_want(reading, 0x0c, second ? 0x30 : 0x18);
		return;
	}
	if (has_link(type))
		reading_want(reading, 0x0c, 0x08);
	if (second)
		reading_want(reading, 0x24, has_link(type) ? 0x10 : 0x08);
}

static void pcie_more(struct via_reading *reading)
{
	int type = (int)reading_bits(reading, 0x02, 4, 4);
	bool slotted = leads_downstream(type) && reading_bits(reading, 0x02, 8, 1);

	want_registers(reading, type, slotted);
	device_more(reading, type);
	if (has_link(type))
		reading_fields(reading, TABLE(link));
	if (slotted)
		reading_fields_at(reading, TABLE(slot), 0, "slot_", NULL);
	if (type == VIA_PCIE_ROOT_PORT || type == VIA_PCIE_RC_EVENT_COLLECTOR)
		reading_fields(reading, TABLE(root));
	if (reading_bits(reading, 0x02, 0, 4) >= 2)
		version2_more(reading, type, slotted);
}

const struct via_capability_layout express_capabilities[] = {
	{ 0x10, "pcie", TABLE(device), pcie_more },
	{ 0 },
};
