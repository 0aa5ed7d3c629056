/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/dmar.h"

#include <stdio.h>

#include "base/cleanup.h"

static const char *const table_flags[8] = { "intr_remap", "x2apic_opt_out", "platform_opt_in" };
static const char *const drhd_flags[8] = { "include_pci_all" };
static const char *const atsr_flags[8] = { "all_ports" };
static const char *const satc_flags[8] = { "atc_required" };
static const char *const scope_flags[8] = {
	"req_wo_pasid_nested_notallowed",
	"req_wo_pasid_pwsnp_notallowed",
	"req_wo_pasid_pgsnp_notallowed",
	"atc_hardened",
	"atc_required",
};

static const struct via_acpi_field table_fields[] = {
	{ "flags", .at = 37, .size = 1, .kind = VIA_ACPI_FLAGS, .flags = table_flags },
};

static const struct via_acpi_field scope_fields[] = {
	{ "length", .at = 1, .size = 1 },
	{ "flags", .at = 2, .size = 1, .kind = VIA_ACPI_FLAGS, .flags = scope_flags },
	{ "enumeration_id", .at = 4, .size = 1 },
	{ "start_bus", .at = 5, .size = 1 },
};

static const struct via_acpi_field drhd_fields[] = {
	{ "segment", .at = 6, .size = 2 },
	{ "base", .at = 8, .size = 8, .kind = VIA_ACPI_ADDRESS },
	{ "size", .at = 5, .size = 1 },
	{ "flags", .at = 4, .size = 1, .kind = VIA_ACPI_FLAGS, .flags = drhd_flags },
};

static const struct via_acpi_field rmrr_fields[] = {
	{ "segment", .at = 6, .size = 2 },
	{ "base", .at = 8, .size = 8, .kind = VIA_ACPI_ADDRESS },
	{ "limit", .at = 16, .size = 8, .kind = VIA_ACPI_ADDRESS },
};

static const struct via_acpi_field atsr_fields[] = {
	{ "segment", .at = 6, .size = 2 },
	{ "flags", .at = 4, .size = 1, .kind = VIA_ACPI_FLAGS, .flags = atsr_flags },
};

static const struct via_acpi_field rhsa_fields[] = {
	{ "base", .at = 8, .size = 8, .kind = VIA_ACPI_ADDRESS },
	{ "proximity_domain", .at = 16, .size = 4 },
};

static const struct via_acpi_field andd_fields[] = {
	{ "device_number", .at = 7, .size = 1 },
	{ "name", .at = 8, .kind = VIA_ACPI_TEXT },
};

static const struct via_acpi_field satc_fields[] = {
	{ "segment", .at = 6, .size = 2 },
	{ "flags", .at = 4, .size = 1, .kind = VIA_ACPI_FLAGS, .flags = satc_flags },
};

static const struct via_acpi_field sidp_fields[] = {
	{ "segment", .at = 6, .size = 2 },
};

static const struct {
	const char *name;
	struct via_acpi_fields fields;
} kinds[] = {
#define FIELDS(array)                                     \
	{                                                 \
		.items = array, .count = VIA_COUNT(array) \
	}
	[VIA_DMAR_DRHD] = { "DRHD", FIELDS(drhd_fields) },
	[VIA_DMAR_RMRR] = { "RMRR", FIELDS(rmrr_fields) },
	[VIA_DMAR_ATSR] = { "ATSR", FIELDS(atsr_fields) },
	[VIA_DMAR_RHSA] = { "RHSA", FIELDS(rhsa_fields) },
	[VIA_DMAR_ANDD] = { "ANDD", FIELDS(andd_fields) },
	[VIA_DMAR_SATC] = { "SATC", FIELDS(satc_fields) },
	[VIA_DMAR_SIDP] = { "SIDP", FIELDS(sidp_fields) },
};
_Static_assert(VIA_COUNT(kinds) == VIA_DMAR_SIDP + 1, "a kind for each type");

const char *dmar_type_name(uint16_t type)
{
	return type < VIA_COUNT(kinds) ? kinds[type].name : "unknown";
}

struct via_acpi_fields dmar_fields(uint16_t type)
{
	return type < VIA_COUNT(kinds) ? kinds[type].fields : (struct via_acpi_fields){ 0 };
}

struct via_acpi_fields dmar_table_fields(void)
{
	return VIA_ACPI_FIELDS(table_fields);
}

struct via_acpi_fields dmar_scope_fields(void)
{
	return VIA_ACPI_FIELDS(scope_fields);
}

const char *dmar_scope_type_name(uint8_t type)
{
	static const char *const names[] = {
		[VIA_DMAR_ENDPOINT] = "endpoint",
		[VIA_DMAR_BRIDGE] = "bridge",
		[VIA_DMAR_IOAPIC] = "ioapic",
		[VIA_DMAR_HPET] = "hpet",
		[VIA_DMAR_NAMESPACE] = "acpi_namespace",
	};

	return type < VIA_COUNT(names) && names[type] ? names[type] : "unknown";
}

const char *dmar_scope_path(struct via_arena *arena, const struct via_dmar_scope *scope)
{
	size_t room = sizeof("ff:ff.ff") + scope->path.count * sizeof("/ff.ff");
	char *text, *end;

	if (!scope->path.count)
		return NULL;
	text = end = arena_alloc(arena, room);
	end += snprintf(end, room, "%02x:", scope->start_bus);
	via_for_each (hop, &scope->path)
		end += snprintf(end, room - (size_t)(end - text), "%s%02x.%x",
				hop == scope->path.items ? "" : "/", hop->device, hop->function);
	return text;
}
