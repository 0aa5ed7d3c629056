/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Extended capabilities about errors.
 *
 * Source: PCI Express Base 6.0 7.8.4 (AER), 7.9.14 (DPC), 7.9.10 (event collector)
 */
#include "decode/pci_field.h"

static const struct via_field uncorrectable[] = {
	BIT(0x00, 4, "data_link_protocol"),
	BIT(0x00, 5, "surprise_down"),
	BIT(0x00, 12, "poisoned_tlp"),
	BIT(0x00, 13, "flow_control_protocol"),
	BIT(0x00, 14, "completion_timeout"),
	BIT(0x00, 15, "completer_abort"),
	BIT(0x00, 16, "unexpected_completion"),
	BIT(0x00, 17, "receiver_overflow"),
	BIT(0x00, 18, "malformed_tlp"),
	BIT(0x00, 19, "ecrc"),
	BIT(0x00, 20, "unsupported_request"),
	BIT(0x00, 21, "acs_violation"),
	BIT(0x00, 22, "internal"),
	BIT(0x00, 23, "mc_blocked_tlp"),
	BIT(0x00, 24, "atomic_egress_blocked"),
	BIT(0x00, 25, "tlp_prefix_blocked"),
	BIT(0x00, 26, "poisoned_tlp_egress_blocked"),
	BIT(0x00, 27, "dmwr_egress_blocked"),
	BIT(0x00, 28, "ide_check_failed"),
	BIT(0x00, 29, "misrouted_ide_tlp"),
	BIT(0x00, 30, "pcrc_check_failed"),
	BIT(0x00, 31, "tlp_translation_egress_blocked"),
};
static const struct via_field correctable[] = {
	BIT(0x00, 0, "receiver_error"),
	BIT(0x00, 6, "bad_tlp"),
	BIT(0x00, 7, "bad_dllp"),
	BIT(0x00, 8, "replay_rollover"),
	BIT(0x00, 12, "replay_timeout"),
	BIT(0x00, 13, "advisory_non_fatal"),
	BIT(0x00, 14, "corrected_internal"),
	BIT(0x00, 15, "header_log_overflow"),
};
static const struct via_field aer_control[] = {
	NUMBER(0x18, 0, 5, "first_error_pointer"),
	BIT(0x18, 5, "ecrc_generation_capable"),
	BIT(0x18, 6, "ecrc_generation_enable"),
	BIT(0x18, 7, "ecrc_check_capable"),
	BIT(0x18, 8, "ecrc_check_enable"),
	BIT(0x18, 9, "multiple_header_capable"),
	BIT(0x18, 10, "multiple_header_enable"),
	BIT(0x18, 11, "tlp_prefix_log_present"),
	BIT(0x18, 12, "completion_timeout_header_log_capable"),
	HEX(0x1c, 0, 32, "header_log0"),
	HEX(0x20, 0, 32, "header_log1"),
	HEX(0x24, 0, 32, "header_log2"),
	HEX(0x28, 0, 32, "header_log3"),
};
static const struct via_field aer_root[] = {
	BIT(0x2c, 0, "correctable_interrupt_enable"),
	BIT(0x2c, 1, "non_fatal_interrupt_enable"),
	BIT(0x2c, 2, "fatal_interrupt_enable"),
	BIT(0x30, 0, "correctable_received"),
	BIT(0x30, 1, "multiple_correctable_received"),
	BIT(0x30, 2, "uncorrectable_received"),
	BIT(0x30, 3, "multiple_uncorrectable_received"),
	BIT(0x30, 4, "first_uncorrectable_fatal"),
	BIT(0x30, 5, "non_fatal_received"),
	BIT(0x30, 6, "fatal_received"),
	NUMBER(0x30, 27, 5, "interrupt_message_number"),
	HEX(0x34, 0, 16, "correctable_source"),
	HEX(0x34, 16, 16, "uncorrectable_source"),
};

static void aer_more(struct via_reading *reading)
{
	reading_want(reading, 0x04, reading->pcie_type == VIA_PCIE_ROOT_PORT ? 0x34 : 0x28);
	reading_fields_at(reading, TABLE(uncorrectable), 0x04, "uncorrectable_status_", NULL);
	reading_fields_at(reading, TABLE(uncorrectable), 0x08, "uncorrectable_mask_", NULL);
	reading_fields_at(reading, TABLE(uncorrectable), 0x0c, "uncorrectable_fatal_", NULL);
	reading_fields_at(reading, TABLE(correctable), 0x10, "correctable_status_", NULL);
	reading_fields_at(reading, TABLE(correctable), 0x14, "correctable_mask_", NULL);
	reading_fields(reading, TABLE(aer_control));
	if (reading->pcie_type == VIA_PCIE_ROOT_PORT ||
	    reading->pcie_type == VIA_PCIE_RC_EVENT_COLLECTOR)
		reading_fields(reading, TABLE(aer_root));
}

static const char *const triggers[] = { "disabled", "fatal", "non_fatal" };
static const char *const reasons[] = { "uncorrectable", "err_nonfatal", "err_fatal", "extended" };
static const char *const extended_reasons[] = { "rp_pio", "software" };

static const struct via_field dpc[] = {
	NUMBER(0x04, 0, 5, "interrupt_message_number"),
	BIT(0x04, 5, "root_port_extensions"),
	BIT(0x04, 6, "poisoned_egress_blocking_supported"),
	BIT(0x04, 7, "software_trigger_supported"),
	NUMBER(0x04, 8, 4, "rp_pio_log_dwords"),
	BIT(0x04, 12, "link_active_error_supported"),
	WORD(0x06, 0, 2, "trigger_enable", triggers),
	BIT(0x06, 2, "completion_control"),
	BIT(0x06, 3, "interrupt_enable"),
	BIT(0x06, 4, "correctable_error_enable"),
	BIT(0x06, 5, "poisoned_egress_blocking_enable"),
	BIT(0x06, 6, "software_trigger"),
	BIT(0x06, 7, "link_active_error_enable"),
	BIT(0x08, 0, "triggered"),
	WORD(0x08, 1, 2, "trigger_reason", reasons),
	BIT(0x08, 3, "interrupt_status"),
	BIT(0x08, 4, "root_port_busy"),
	WORD(0x08, 5, 2, "trigger_reason_extended", extended_reasons),
	NUMBER(0x08, 8, 5, "rp_pio_first_error_pointer"),
	HEX(0x0a, 0, 16, "error_source"),
};

static const struct via_field event_collector[] = {
	HEX(0x04, 0, 32, "endpoint_bitmap"),
};
static const struct via_field event_collector_buses[] = {
	NUMBER(0x08, 8, 8, "next_bus"),
	NUMBER(0x08, 16, 8, "last_bus"),
};

static void event_collector_more(struct via_reading *reading)
{
	if (reading->capability->version >= 2)
		reading_fields(reading, TABLE(event_collector_buses));
}

static const struct via_field sfi[] = {
	BIT(0x04, 0, "oob_presence_detect_supported"),
	BIT(0x08, 0, "presence_detect_state_mask"),
	BIT(0x08, 1, "link_state_mask"),
	BIT(0x08, 2, "drs_mask"),
};

const struct via_capability_layout error_capabilities[] = {
	{ 0x01, "aer", .more = aer_more },
	{ 0x07, "rc_event_collector", TABLE(event_collector), event_collector_more },
	{ 0x1d, "dpc", TABLE(dpc) },
	{ 0x2c, "sfi", TABLE(sfi) },
	{ 0 },
};
