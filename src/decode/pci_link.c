/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Extended capabilities of a link: its physical layers, power states and time.
 *
 * Source: PCI Express Base 6.0 7.7.3-7.7.8 (physical layers), 7.8.2 (LTR), 7.8.3 (L1SS),
 * 7.9.15 (PTM), 7.7.4 (DLF)
 */
#include "decode/pci_field.h"

static const struct via_field secondary[] = {
	BIT(0x04, 0, "perform_equalization"),
	BIT(0x04, 1, "equalization_interrupt_enable"),
	NUMBER(0x04, 9, 7, "lower_skp_generation"),
	HEX(0x08, 0, 32, "lane_error_status"),
};

static const struct via_field equalization[] = {
	BIT(0x00, 0, "equalization_complete"),	   BIT(0x00, 1, "equalization_phase1"),
	BIT(0x00, 2, "equalization_phase2"),	   BIT(0x00, 3, "equalization_phase3"),
	BIT(0x00, 4, "link_equalization_request"),
};

static void equalization_more(struct via_reading *reading)
{
	reading_fields_at(reading, TABLE(equalization), 0x0c, NULL, NULL);
}

static const struct via_field parity_16gt[] = {
	HEX(0x10, 0, 32, "local_parity_mismatch"),
	HEX(0x14, 0, 32, "first_retimer_parity_mismatch"),
	HEX(0x18, 0, 32, "second_retimer_parity_mismatch"),
};

static const char *const training_sets[] = { "pci_express", "training_set_messages",
					     "alternate_protocol" };
static const char *const enhanced_links[] = { "full_equalization", "equalization_bypass",
					      "no_equalization_needed" };

static const struct via_field layer_32gt[] = {
	BIT(0x04, 0, "equalization_bypass_supported"),
	BIT(0x04, 1, "no_equalization_needed_supported"),
	BIT(0x04, 8, "modified_ts_mode0_supported"),
	BIT(0x04, 9, "modified_ts_mode1_supported"),
	BIT(0x04, 10, "modified_ts_mode2_supported"),
	BIT(0x08, 0, "equalization_bypass_disable"),
	BIT(0x08, 1, "no_equalization_needed_disable"),
	WORD(0x08, 8, 3, "modified_ts_mode", training_sets),
	BIT(0x0c, 5, "modified_ts_received"),
	WORD(0x0c, 6, 2, "enhanced_link_behavior", enhanced_links),
	BIT(0x0c, 8, "transmitter_precoding"),
	BIT(0x0c, 9, "transmitter_precoding_request"),
	BIT(0x0c, 10, "no_equalization_needed_received"),
};

static const struct via_field layer_64gt[] = {
	BIT(0x0c, 5, "transmitter_precoding"),
	BIT(0x0c, 6, "transmitter_precoding_request"),
	BIT(0x0c, 7, "no_equalization_needed_received"),
};

static const struct via_field lane_margin[] = {
	BIT(0x04, 0, "uses_driver_software"),
	BIT(0x06, 0, "ready"),
	BIT(0x06, 1, "software_ready"),
};

/* Ten bits of value, three of scale, of which 6 and 7 are not permitted. */
static uint64_t latency_ns(uint64_t raw)
{
	return raw >> 10 < 6 ? (raw & 0x3ff) << (5 * (raw >> 10)) : 0;
}

static const struct via_field ltr[] = {
	UNIT(0x04, 0, 13, "max_snoop_latency_ns", latency_ns),
	UNIT(0x06, 0, 13, "max_no_snoop_latency_ns", latency_ns),
};

/* Two bits of scale below five of value. */
static uint64_t power_on_us(uint64_t raw)
{
	static const uint8_t scales[] = { 2, 10, 100, 0 };

	return (raw >> 3) * scales[raw & 3];
}

/* Ten bits of value, three reserved, three of scale. */
static uint64_t threshold_ns(uint64_t raw)
{
	return raw >> 13 < 6 ? (raw & 0x3ff) << (5 * (raw >> 13)) : 0;
}

static const struct via_field l1ss[] = {
	BIT(0x04, 0, "pci_pm_l12_supported"),
	BIT(0x04, 1, "pci_pm_l11_supported"),
	BIT(0x04, 2, "aspm_l12_supported"),
	BIT(0x04, 3, "aspm_l11_supported"),
	BIT(0x04, 4, "substates_supported"),
	NUMBER(0x04, 8, 8, "port_common_mode_restore_us"),
	UNIT(0x04, 16, 8, "port_power_on_us", power_on_us),
	BIT(0x08, 0, "pci_pm_l12_enable"),
	BIT(0x08, 1, "pci_pm_l11_enable"),
	BIT(0x08, 2, "aspm_l12_enable"),
	BIT(0x08, 3, "aspm_l11_enable"),
	NUMBER(0x08, 8, 8, "common_mode_restore_us"),
	UNIT(0x08, 16, 16, "ltr_l12_threshold_ns", threshold_ns),
	UNIT(0x0c, 0, 8, "power_on_us", power_on_us),
};

static const struct via_field ptm[] = {
	BIT(0x04, 0, "requester_capable"),
	BIT(0x04, 1, "responder_capable"),
	BIT(0x04, 2, "root_capable"),
	NUMBER(0x04, 8, 8, "local_clock_granularity_ns"),
	BIT(0x08, 0, "enable"),
	BIT(0x08, 1, "root_selected"),
	NUMBER(0x08, 8, 8, "effective_granularity_ns"),
};

static const struct via_field dlf[] = {
	BIT(0x04, 0, "scaled_flow_control_supported"),
	HEX(0x04, 0, 23, "local_features"),
	BIT(0x04, 31, "exchange_enable"),
	HEX(0x08, 0, 23, "remote_features"),
	BIT(0x08, 31, "remote_valid"),
};

const struct via_capability_layout link_capabilities[] = {
	{ 0x18, "ltr", TABLE(ltr) },
	{ 0x19, "secpci", TABLE(secondary) },
	{ 0x1e, "l1ss", TABLE(l1ss) },
	{ 0x1f, "ptm", TABLE(ptm) },
	{ 0x25, "dlf", TABLE(dlf) },
	{ 0x26, "16gt", TABLE(parity_16gt), equalization_more },
	{ 0x27, "lane_margin", TABLE(lane_margin) },
	{ 0x2a, "32gt", TABLE(layer_32gt), equalization_more },
	{ 0x31, "64gt", TABLE(layer_64gt), equalization_more },
	{ 0 },
};
