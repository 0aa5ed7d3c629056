/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Capabilities of the standard list that today's functions have: power management, the
 * message interrupts, advanced features, enhanced allocation, vendor-specific.
 *
 * Source: PCI Local Bus 3.0 6.7-6.8 and appendix H; PCI Bus Power Management 1.2; PCI
 * Express Base 7.5.1, 7.7, 7.8.5, 7.9.4; Virtio 1.2 4.1.4
 */
#include "decode/pci_field.h"

#include "base/cleanup.h"

static uint64_t aux_current_ma(uint64_t raw)
{
	static const uint16_t milliamperes[] = { 0, 55, 100, 160, 220, 270, 320, 375 };

	return milliamperes[raw];
}

static const char *const power_states[] = { "D0", "D1", "D2", "D3hot" };

static const struct via_field pm[] = {
	NUMBER(0x02, 0, 3, "version"),
	BIT(0x02, 3, "pme_clock"),
	BIT(0x02, 4, "immediate_readiness"),
	BIT(0x02, 5, "device_specific_initialization"),
	UNIT(0x02, 6, 3, "aux_current_ma", aux_current_ma),
	BIT(0x02, 9, "d1_supported"),
	BIT(0x02, 10, "d2_supported"),
	BIT(0x02, 11, "pme_from_d0"),
	BIT(0x02, 12, "pme_from_d1"),
	BIT(0x02, 13, "pme_from_d2"),
	BIT(0x02, 14, "pme_from_d3hot"),
	BIT(0x02, 15, "pme_from_d3cold"),
	WORD(0x04, 0, 2, "power_state", power_states),
	BIT(0x04, 3, "no_soft_reset"),
	BIT(0x04, 8, "pme_enable"),
	NUMBER(0x04, 9, 4, "data_select"),
	NUMBER(0x04, 13, 2, "data_scale"),
	BIT(0x04, 15, "pme_status"),
};

static const struct via_field pm_bridge[] = {
	BIT(0x06, 6, "b2_in_d3hot"),
	BIT(0x06, 7, "bus_power_clock_control"),
};

static void pm_more(struct via_reading *reading)
{
	if (reading->header_type != 0)
		reading_fields(reading, TABLE(pm_bridge));
}

static const struct via_field vpd[] = {
	HEX(0x02, 0, 15, "vpd_address"),
	BIT(0x02, 15, "transfer_done"),
	HEX(0x04, 0, 32, "vpd_data"),
};

static const struct via_field msi[] = {
	BIT(0x02, 0, "enable"),
	UNIT(0x02, 1, 3, "vectors_capable", field_power_of_two),
	UNIT(0x02, 4, 3, "vectors_enabled", field_power_of_two),
	BIT(0x02, 7, "address_64bit"),
	BIT(0x02, 8, "per_vector_masking"),
	BIT(0x02, 9, "extended_data_capable"),
	BIT(0x02, 10, "extended_data_enable"),
};
static const struct via_field msi_32bit[] = {
	HEX(0x04, 0, 32, "message_address"),
	HEX(0x08, 0, 16, "message_data"),
};
static const struct via_field msi_64bit[] = {
	HEX(0x04, 0, 64, "message_address"),
	HEX(0x0c, 0, 16, "message_data"),
};
static const struct via_field msi_masks[] = {
	HEX(0x00, 0, 32, "mask_bits"),
	HEX(0x04, 0, 32, "pending_bits"),
};

static void msi_more(struct via_reading *reading)
{
	bool wide = reading_bits(reading, 0x02, 7, 1), masks = reading_bits(reading, 0x02, 8, 1);

	reading_want(reading, 0x04, (wide ? 0x0c : 0x08) + (masks ? 0x08 : 0));
	if (wide)
		reading_fields(reading, TABLE(msi_64bit));
	else
		reading_fields(reading, TABLE(msi_32bit));
	if (masks)
		reading_fields_at(reading, TABLE(msi_masks), wide ? 0x10 : 0x0c, NULL, NULL);
}

static const struct via_field msix[] = {
	UNIT(0x02, 0, 11, "table_size", field_plus_one),
	BIT(0x02, 14, "function_mask"),
	BIT(0x02, 15, "enable"),
	NUMBER(0x04, 0, 3, "table_bar"),
	ADDRESS(0x04, 3, 29, "table_offset", field_times_8),
	NUMBER(0x08, 0, 3, "pba_bar"),
	ADDRESS(0x08, 3, 29, "pba_offset", field_times_8),
};

static const struct via_field af[] = {
	NUMBER(0x02, 0, 8, "length"),
	BIT(0x03, 0, "transactions_pending_capable"),
	BIT(0x03, 1, "flr"),
	BIT(0x04, 0, "initiate_flr"),
	BIT(0x05, 0, "transactions_pending"),
};

static const struct via_field debug_port[] = {
	HEX(0x02, 0, 13, "debug_offset"),
	NUMBER(0x02, 13, 3, "debug_bar"),
};

static const struct via_field ssvid[] = {
	ID(0x04, "subsystem_vendor"),
	ID(0x06, "subsystem_device"),
};

static const struct via_field sata[] = {
	NUMBER(0x02, 4, 4, "major_revision"),
	NUMBER(0x02, 0, 4, "minor_revision"),
	HEX(0x04, 0, 4, "bar_location"),
	HEX(0x04, 4, 20, "bar_offset_dwords"),
};

static void sata_more(struct via_reading *reading)
{
	uint64_t location = reading_bits(reading, 0x04, 0, 4);

	if (location >= 4 && location <= 9)
		reading_add(reading, "index_data_bar", VIA_FIELD_NUMBER, location - 4);
}

static const struct via_field ea[] = {
	NUMBER(0x02, 0, 6, "entry_count"),
};
static const struct via_field ea_bridge[] = {
	NUMBER(0x04, 0, 8, "fixed_secondary_bus"),
	NUMBER(0x04, 8, 8, "fixed_subordinate_bus"),
};
static const struct via_field ea_entry[] = {
	NUMBER(0x00, 0, 3, "size_dwords"),
	NUMBER(0x00, 4, 4, "bar_equivalent"),
	HEX(0x00, 8, 8, "primary_properties"),
	HEX(0x00, 16, 8, "secondary_properties"),
	BIT(0x00, 30, "writable"),
	BIT(0x00, 31, "enable"),
};

/* The low dwords of base and MaxOffset, then the upper halves of those that are 64 bits. */
static void ea_range(struct via_reading *reading, size_t at, const char *prefix)
{
	uint64_t base = reading_bits(reading, at + 4, 2, 30) << 2;
	uint64_t most = reading_bits(reading, at + 8, 2, 30) << 2 | 3;
	size_t upper = at + 12;

	if (reading_bits(reading, at + 4, 1, 1)) {
		base |= reading_bits(reading, upper, 0, 32) << 32;
		upper += 4;
	}
	if (reading_bits(reading, at + 8, 1, 1))
		most |= reading_bits(reading, upper, 0, 32) << 32;
	reading_add(reading, arena_printf(reading->arena, "%sbase", prefix), VIA_FIELD_HEX, base);
	reading_add(reading, arena_printf(reading->arena, "%smax_offset", prefix), VIA_FIELD_HEX,
		    most);
}

static void ea_more(struct via_reading *reading)
{
	uint64_t count = reading_bits(reading, 0x02, 0, 6);
	size_t at = reading->header_type == 1 ? 8 : 4;

	if (reading->header_type == 1)
		reading_fields(reading, TABLE(ea_bridge));
	for (unsigned int i = 0; i < count && reading_has(reading, at, 4); i++) {
		const char *prefix = arena_printf(reading->arena, "entry%u_", i);
		uint64_t dwords = reading_bits(reading, at, 0, 3);

		reading_fields_at(reading, TABLE(ea_entry), at, prefix, NULL);
		if (dwords >= 2)
			ea_range(reading, at, prefix);
		at += 4 + 4 * dwords;
	}
}

static const struct via_field vendor_specific[] = {
	NUMBER(0x02, 0, 8, "length"),
};

static const char *const virtio_structures[] = { NULL,	      "common_cfg", "notify",
						 "isr",	      "device_cfg", "pci_cfg",
						 NULL,	      NULL,	    "shared_memory",
						 "vendor_cfg" };
static const struct via_field virtio[] = {
	WORD(0x03, 0, 8, "virtio_structure", virtio_structures),
	NUMBER(0x04, 0, 8, "virtio_bar"),
	HEX(0x08, 0, 32, "virtio_offset"),
	HEX(0x0c, 0, 32, "virtio_length"),
};
static const struct via_field virtio_notify[] = {
	HEX(0x10, 0, 32, "notify_off_multiplier"),
};

static void vendor_specific_more(struct via_reading *reading)
{
	uint16_t vendor = 0, device = 0;

	span_u16(reading->config, 0, &vendor);
	span_u16(reading->config, 2, &device);
	if (vendor != 0x1af4 || device < 0x1000 || device > 0x107f ||
	    reading_bits(reading, 0x02, 0, 8) < 16)
		return;
	reading_fields(reading, TABLE(virtio));
	if (reading_bits(reading, 0x03, 0, 8) == 2 && reading_bits(reading, 0x02, 0, 8) >= 20)
		reading_fields(reading, TABLE(virtio_notify));
}

static const struct via_field fpb[] = {
	BIT(0x04, 0, "rid_decode_supported"),	    BIT(0x04, 1, "mem_low_decode_supported"),
	BIT(0x04, 2, "mem_high_decode_supported"),  NUMBER(0x04, 8, 3, "rid_vector_size"),
	NUMBER(0x04, 16, 3, "mem_low_vector_size"), NUMBER(0x04, 24, 3, "mem_high_vector_size"),
	BIT(0x08, 0, "rid_decode_enable"),	    BIT(0x0c, 0, "mem_low_decode_enable"),
	BIT(0x10, 0, "mem_high_decode_enable"),
};

const struct via_capability_layout standard_capabilities[] = {
	{ 0x01, "pm", TABLE(pm), pm_more },
	{ 0x03, "vpd", TABLE(vpd) },
	{ 0x05, "msi", TABLE(msi), msi_more },
	{ 0x09, "vndr", TABLE(vendor_specific), vendor_specific_more },
	{ 0x0a, "debug_port", TABLE(debug_port) },
	{ 0x0d, "ssvid", TABLE(ssvid) },
	{ 0x11, "msix", TABLE(msix) },
	{ 0x12, "sata", TABLE(sata), sata_more },
	{ 0x13, "af", TABLE(af) },
	{ 0x14, "ea", TABLE(ea), ea_more },
	{ 0x15, "fpb", TABLE(fpb) },
	{ 0 },
};
