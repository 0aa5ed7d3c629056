/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/ivrs.h"

#include "base/cleanup.h"

static const char *const table_flags[2] = { "efr_supported", "dma_remap_preboot" };
static const char *const ivhd_flags[8] = {
	"ht_tunnel_enable", "pass_posted_writes", "response_pass_posted_writes", "isochronous",
	"iotlb_supported",  "coherent",		  "prefetch_supported",		 "ppr_supported",
};
static const char *const ivmd_flags[8] = { "unity", "read", "write", "exclusion" };
static const char *const data_flags[8] = {
	"init_pass", "eint_pass", "nmi_pass",	NULL,
	"sysmgt1",   "sysmgt2",	  "lint0_pass", "lint1_pass",
};
static const char *const extended_flags[32] = { [31] = "ats_disabled" };

/* Everything here is a part of one word, IVinfo. */
static const struct via_acpi_field table_fields[] = {
	{ "flags", .at = 36, .size = 4, .bits = 2, .kind = VIA_ACPI_FLAGS, .flags = table_flags },
	{ "guest_address_size", .at = 36, .size = 4, .shift = 5, .bits = 3 },
	{ "physical_address_bits", .at = 36, .size = 4, .shift = 8, .bits = 7 },
	{ "virtual_address_bits", .at = 36, .size = 4, .shift = 15, .bits = 7 },
	{ "ht_ats_reserved", .at = 36, .size = 4, .shift = 22, .bits = 1 },
};

#define IVHD_FIELDS                                                                           \
	{ "device_id", .at = 4, .size = 2, .kind = VIA_ACPI_RID },                            \
		{ "segment", .at = 16, .size = 2 },                                           \
		{ "base", .at = 8, .size = 8, .kind = VIA_ACPI_ADDRESS },                     \
		{ "flags", .at = 1, .size = 1, .kind = VIA_ACPI_FLAGS, .flags = ivhd_flags }, \
		{ "capability_offset", .at = 6, .size = 2, .kind = VIA_ACPI_HEX },            \
		{ "msi_number", .at = 18, .size = 2, .bits = 5 },                             \
	{                                                                                     \
		"unit_id", .at = 18, .size = 2, .shift = 8, .bits = 5                         \
	}

static const struct via_acpi_field ivhd10_fields[] = {
	IVHD_FIELDS,
	{ "feature_reporting", .at = 20, .size = 4, .kind = VIA_ACPI_HEX },
};

static const struct via_acpi_field ivhd11_fields[] = {
	IVHD_FIELDS,
	{ "attributes", .at = 20, .size = 4, .kind = VIA_ACPI_HEX },
	{ "efr", .at = 24, .size = 8, .kind = VIA_ACPI_HEX },
	{ "efr2", .at = 32, .size = 8, .kind = VIA_ACPI_HEX },
};

/* "length" is the block's own: the memory's has a longer name. */
#define IVMD_FIELDS                                                                      \
	{ "segment", .at = 8, .size = 2 },                                               \
		{ "base", .at = 16, .size = 8, .kind = VIA_ACPI_ADDRESS },               \
		{ "memory_length", .at = 24, .size = 8, .kind = VIA_ACPI_HEX },          \
	{                                                                                \
		"flags", .at = 1, .size = 1, .kind = VIA_ACPI_FLAGS, .flags = ivmd_flags \
	}

static const struct via_acpi_field ivmd20_fields[] = { IVMD_FIELDS };

static const struct via_acpi_field ivmd21_fields[] = {
	{ "device_id", .at = 4, .size = 2, .kind = VIA_ACPI_RID },
	IVMD_FIELDS,
};

static const struct via_acpi_field ivmd22_fields[] = {
	{ "device_id", .at = 4, .size = 2, .kind = VIA_ACPI_RID },
	{ "last_device_id", .at = 6, .size = 2, .kind = VIA_ACPI_RID },
	IVMD_FIELDS,
};

#define DEVICE_FIELDS                                                                    \
	{ "device_id", .at = 1, .size = 2, .kind = VIA_ACPI_RID },                       \
	{                                                                                \
		"flags", .at = 3, .size = 1, .kind = VIA_ACPI_FLAGS, .flags = data_flags \
	}
#define USED_FIELD                                                         \
	{                                                                  \
		"used_device_id", .at = 5, .size = 2, .kind = VIA_ACPI_RID \
	}

static const struct via_acpi_field device_fields[] = { DEVICE_FIELDS };
static const struct via_acpi_field alias_fields[] = { DEVICE_FIELDS, USED_FIELD };
/* Padding has a device id as well, which means nothing. */
static const struct via_acpi_field end_fields[] = {
	{ "device_id", .at = 1, .size = 2, .kind = VIA_ACPI_RID },
};
static const struct via_acpi_field extended_fields[] = {
	DEVICE_FIELDS,
	{ "extended_flags", .at = 4, .size = 4, .kind = VIA_ACPI_FLAGS, .flags = extended_flags },
};
static const struct via_acpi_field special_fields[] = {
	DEVICE_FIELDS,
	USED_FIELD,
	{ "handle", .at = 4, .size = 1 },
	{ "variety_number", .at = 7, .size = 1 },
};
static const struct via_acpi_field hid_fields[] = {
	DEVICE_FIELDS,
	{ "hid", .at = 4, .size = 8, .kind = VIA_ACPI_TEXT },
	{ "cid", .at = 12, .size = 8, .kind = VIA_ACPI_TEXT },
};

static const struct block_kind {
	uint8_t type;
	const char *name;
	struct via_acpi_fields fields;
} blocks[] = {
#define FIELDS(array)                                     \
	{                                                 \
		.items = array, .count = VIA_COUNT(array) \
	}
	{ VIA_IVRS_IVHD10, "IVHD10", FIELDS(ivhd10_fields) },
	{ VIA_IVRS_IVHD11, "IVHD11", FIELDS(ivhd11_fields) },
	{ VIA_IVRS_IVHD40, "IVHD40", FIELDS(ivhd11_fields) },
	{ VIA_IVRS_IVMD20, "IVMD20", FIELDS(ivmd20_fields) },
	{ VIA_IVRS_IVMD21, "IVMD21", FIELDS(ivmd21_fields) },
	{ VIA_IVRS_IVMD22, "IVMD22", FIELDS(ivmd22_fields) },
};

static const struct block_kind entries[] = {
	{ VIA_IVRS_PAD, "pad", FIELDS(end_fields) },
	{ VIA_IVRS_ALL, "all", FIELDS(device_fields) },
	{ VIA_IVRS_SELECT, "select", FIELDS(device_fields) },
	{ VIA_IVRS_RANGE_START, "range_start", FIELDS(device_fields) },
	{ VIA_IVRS_RANGE_END, "range_end", FIELDS(end_fields) },
	{ VIA_IVRS_PAD8, "pad", FIELDS(end_fields) },
	{ VIA_IVRS_ALIAS_SELECT, "alias_select", FIELDS(alias_fields) },
	{ VIA_IVRS_ALIAS_RANGE_START, "alias_range_start", FIELDS(alias_fields) },
	{ VIA_IVRS_EXTENDED_SELECT, "extended_select", FIELDS(extended_fields) },
	{ VIA_IVRS_EXTENDED_RANGE_START, "extended_range_start", FIELDS(extended_fields) },
	{ VIA_IVRS_SPECIAL, "special", FIELDS(special_fields) },
	{ VIA_IVRS_ACPI_HID, "acpi_hid", FIELDS(hid_fields) },
};

static const struct block_kind *find(const struct block_kind *kinds, size_t count, uint8_t type)
{
	static const struct block_kind unknown = { .name = "unknown" };

	for (size_t i = 0; i < count; i++)
		if (kinds[i].type == type)
			return &kinds[i];
	return &unknown;
}

const char *ivrs_type_name(uint8_t type)
{
	return find(blocks, VIA_COUNT(blocks), type)->name;
}

struct via_acpi_fields ivrs_fields(uint8_t type)
{
	return find(blocks, VIA_COUNT(blocks), type)->fields;
}

const char *ivrs_entry_type_name(uint8_t type)
{
	return find(entries, VIA_COUNT(entries), type)->name;
}

struct via_acpi_fields ivrs_entry_fields(uint8_t type)
{
	return find(entries, VIA_COUNT(entries), type)->fields;
}

struct via_acpi_fields ivrs_table_fields(void)
{
	return VIA_ACPI_FIELDS(table_fields);
}

const char *ivrs_entry_variety(const struct via_ivrs_entry *entry)
{
	if (entry->bytes.size < 8)
		return NULL;
	switch (entry->variety) {
	case VIA_IVRS_IOAPIC:
		return "ioapic";
	case VIA_IVRS_HPET:
		return "hpet";
	default:
		return "unknown";
	}
}

bool ivrs_is_ivhd(uint8_t type)
{
	return type == VIA_IVRS_IVHD10 || type == VIA_IVRS_IVHD11 || type == VIA_IVRS_IVHD40;
}

bool ivrs_is_ivmd(uint8_t type)
{
	return type >= VIA_IVRS_IVMD20 && type <= VIA_IVRS_IVMD22;
}
