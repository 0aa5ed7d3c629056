/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/iort.h"

#include <errno.h>

#include "base/cleanup.h"

enum { IORT_FIXED = 48, NODE_HEADER = 16 };

static const char *const smmu_flags[32] = { "dvm_supported", "coherent_walk" };
static const char *const smmu_v3_flags[32] = { "cohacc_override", NULL, NULL, "proximity_valid",
					       "deviceid_valid" };
static const char *const ats_flags[32] = { "ats", "pri", "pasid_forward" };
static const char *const rmr_flags[32] = { "remap_permitted", "privileged" };

static const struct via_acpi_field table_fields[] = {
	{ "node_count", .at = 36, .size = 4 },
	{ "node_offset", .at = 40, .size = 4 },
};

static const struct via_acpi_field its_fields[] = {
	{ "its_count", .at = 16, .size = 4 },
};

static const struct via_acpi_field named_fields[] = {
	{ "name", .at = 29, .kind = VIA_ACPI_TEXT },
};

static const struct via_acpi_field root_complex_fields[] = {
	{ "segment", .at = 28, .size = 4 },
	{ "flags", .at = 24, .size = 4, .kind = VIA_ACPI_FLAGS, .flags = ats_flags },
};

static const struct via_acpi_field smmu_fields[] = {
	{ "base", .at = 16, .size = 8, .kind = VIA_ACPI_ADDRESS },
	{ "span", .at = 24, .size = 8, .kind = VIA_ACPI_HEX },
	{ "model", .at = 32, .size = 4 },
	{ "flags", .at = 36, .size = 4, .kind = VIA_ACPI_FLAGS, .flags = smmu_flags },
};

static const struct via_acpi_field smmu_v3_fields[] = {
	{ "base", .at = 16, .size = 8, .kind = VIA_ACPI_ADDRESS },
	{ "model", .at = 40, .size = 4 },
	{ "flags", .at = 24, .size = 4, .kind = VIA_ACPI_FLAGS, .flags = smmu_v3_flags },
};

static const struct via_acpi_field pmcg_fields[] = {
	{ "base", .at = 16, .size = 8, .kind = VIA_ACPI_ADDRESS },
};

static const struct via_acpi_field rmr_fields[] = {
	{ "flags", .at = 16, .size = 4, .kind = VIA_ACPI_FLAGS, .flags = rmr_flags },
	{ "region_count", .at = 20, .size = 4 },
};

static const struct {
	const char *name;
	struct via_acpi_fields fields;
	size_t least; /* bytes up to the end of what is read of it */
} kinds[] = {
	[VIA_IORT_ITS] = { "ITS", VIA_ACPI_FIELDS(its_fields), 20 },
	[VIA_IORT_NAMED] = { "named_component", VIA_ACPI_FIELDS(named_fields), 30 },
	[VIA_IORT_ROOT_COMPLEX] = { "root_complex", VIA_ACPI_FIELDS(root_complex_fields), 32 },
	[VIA_IORT_SMMU] = { "SMMU", VIA_ACPI_FIELDS(smmu_fields), 40 },
	[VIA_IORT_SMMU_V3] = { "SMMUv3", VIA_ACPI_FIELDS(smmu_v3_fields), 44 },
	[VIA_IORT_PMCG] = { "PMCG", VIA_ACPI_FIELDS(pmcg_fields), 24 },
	[VIA_IORT_RMR] = { "RMR", VIA_ACPI_FIELDS(rmr_fields), 24 },
};

const char *iort_type_name(uint8_t type)
{
	return type < VIA_COUNT(kinds) ? kinds[type].name : "unknown";
}

struct via_acpi_fields iort_fields(uint8_t type)
{
	return type < VIA_COUNT(kinds) ? kinds[type].fields : (struct via_acpi_fields){ 0 };
}

struct via_acpi_fields iort_table_fields(void)
{
	return VIA_ACPI_FIELDS(table_fields);
}

static void decode_node(struct via_arena *arena, struct via_acpi_record record,
			struct via_iort *iort)
{
	struct via_iort_node *node = via_list_add(arena, &iort->nodes);

	node->offset = record.offset;
	node->length = record.length;
	node->bytes = record.bytes;
	node->trouble = record.trouble;
	span_u8(record.bytes, 0, &node->type);
	if (node->type < VIA_COUNT(kinds) && record.bytes.size < kinds[node->type].least)
		acpi_trouble(arena, &node->trouble, "its length of %zu is less than %s needs",
			     node->length, iort_type_name(node->type));
	if (node->trouble)
		acpi_trouble(arena, &iort->trouble, "node at 0x%03zx: %s", node->offset,
			     node->trouble);
	else
		iort->smmus += node->type == VIA_IORT_SMMU || node->type == VIA_IORT_SMMU_V3;
}

int iort_decode(struct via_arena *arena, struct via_span table, struct via_iort *ret)
{
	struct via_iort iort = { 0 };
	uint32_t count = 0, first = 0;
	size_t at;

	if (!span_u32(table, 36, &count) || !span_u32(table, 40, &first) || table.size < IORT_FIXED)
		acpi_trouble(arena, &iort.trouble, "%zu bytes are less than an IORT needs",
			     table.size);
	else if (count && (first < IORT_FIXED || first >= table.size))
		acpi_trouble(arena, &iort.trouble, "its nodes are said to start at 0x%03x", first);
	at = iort.trouble ? table.size : first;
	while (iort.nodes.count < count && at < table.size) {
		uint16_t length = 0;

		span_u16(table, at + 1, &length);
		decode_node(arena, acpi_record_take(arena, table, &at, length, NODE_HEADER), &iort);
	}
	if (!iort.trouble && iort.nodes.count < count)
		acpi_trouble(arena, &iort.trouble, "%zu of %u nodes are there", iort.nodes.count,
			     count);
	*ret = iort;
	return iort.trouble ? -EBADMSG : 0;
}
