/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "decode/acpi_file.h"

static const char tables_path[] = "sys/firmware/acpi/tables";

/* The kernel's own limit is lower; a table of a megabyte is not one. */
enum { TABLE_LIMIT = 1024 * 1024, IOMEM_LIMIT = 256 * 1024 };

/* Presence by name in the directory: told without privilege, unlike the content. */
static struct via_fact table_named(const struct via_host *host, const struct via_names *names,
				   const char *signature)
{
	const char *path = arena_printf(host->arena, "%s/%s", tables_path, signature);

	if (!fact_is(&host->firmware.acpi_tables, VIA_PRESENT)) {
		struct via_fact fact = host->firmware.acpi_tables;

		fact.path = path;
		return fact;
	}
	return names_have(names, signature) ? fact_present(path, "there", 1) : fact_absent(path);
}

static void decode_dmar(struct via_arena *arena, struct via_iommu_table *table)
{
	struct via_acpi_file file;

	table->decoded = acpi_file_decode(arena, table->content.span, "DMAR", &file) == 0 &&
			 file.kind == VIA_ACPI_DMAR;
	table->dmar = file.dmar;
	table->interrupt_remapping = file.dmar.flags & DMAR_INTR_REMAP;
	table->x2apic_opt_out = file.dmar.flags & DMAR_X2APIC_OPT_OUT;
	table->platform_opt_in = file.dmar.flags & DMAR_PLATFORM_OPT_IN;
	via_for_each (structure, &file.dmar.structures) {
		table->units += structure->type == VIA_DMAR_DRHD && !structure->trouble;
		table->reserved_regions += structure->type == VIA_DMAR_RMRR;
	}
}

static bool is_unit(const struct via_ivrs_block *block)
{
	return block->type == VIA_IVRS_IVHD10 || block->type == VIA_IVRS_IVHD11 ||
	       block->type == VIA_IVRS_IVHD40;
}

/* A unit may be described three times over, once for each kind of IVHD. */
static bool described_before(const struct via_ivrs *ivrs, const struct via_ivrs_block *block)
{
	via_for_each (other, &ivrs->blocks)
		if (other == block)
			return false;
		else if (is_unit(other) && other->base == block->base &&
			 other->segment == block->segment)
			return true;
	return false;
}

static void decode_ivrs(struct via_arena *arena, struct via_iommu_table *table)
{
	struct via_acpi_file file;

	table->decoded = acpi_file_decode(arena, table->content.span, "IVRS", &file) == 0 &&
			 file.kind == VIA_ACPI_IVRS;
	table->ivrs = file.ivrs;
	via_for_each (block, &file.ivrs.blocks) {
		table->units += is_unit(block) && !described_before(&file.ivrs, block);
		table->reserved_regions +=
			block->type >= VIA_IVRS_IVMD20 && block->type <= VIA_IVRS_IVMD22;
	}
}

static struct via_iommu_table iommu_table(const struct via_root *root, struct via_host *host,
					  const struct via_names *names, const char *signature,
					  void (*decode)(struct via_arena *,
							 struct via_iommu_table *))
{
	struct via_iommu_table table = { .present = table_named(host, names, signature) };

	if (fact_is(&table.present, VIA_PRESENT))
		table.content =
			root_blob(root, host->arena, TABLE_LIMIT, "%s/%s", tables_path, signature);
	if (fact_is(&table.content.fact, VIA_PRESENT))
		decode(host->arena, &table);
	return table;
}

static struct via_iort_table iort_table(const struct via_root *root, struct via_host *host,
					const struct via_names *names)
{
	struct via_iort_table table = { .present = table_named(host, names, "IORT") };
	struct via_acpi_file file;

	if (fact_is(&table.present, VIA_PRESENT))
		table.content = root_blob(root, host->arena, TABLE_LIMIT, "%s/IORT", tables_path);
	if (!fact_is(&table.content.fact, VIA_PRESENT))
		return table;
	table.decoded = acpi_file_decode(host->arena, table.content.span, "IORT", &file) == 0 &&
			file.kind == VIA_ACPI_IORT;
	table.nodes = file.iort;
	return table;
}

/*
 * No register says "above 4G decoding": a root bus window above 4 GiB is its effect.
 * Unprivileged readers see every address as zero.
 */
static struct via_fact window_above_4g(const struct via_root *root, struct via_arena *arena)
{
	struct via_blob blob = root_blob(root, arena, IOMEM_LIMIT, "proc/iomem");
	char *text, *line, *save = NULL;
	bool any_address = false;

	if (!fact_is(&blob.fact, VIA_PRESENT))
		return blob.fact;
	text = arena_strndup(arena, (const char *)blob.span.data, blob.span.size);
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		unsigned long long start, end;

		if (sscanf(line, "%llx-%llx", &start, &end) != 2)
			continue;
		any_address |= end != 0;
		if (end >> 32 && strstr(line, " : PCI Bus "))
			return fact_present(blob.fact.path, arena_strdup(arena, line), 1);
	}
	return any_address ? fact_absent(blob.fact.path) : fact_unknown(blob.fact.path, EACCES);
}

void probe_firmware(const struct via_root *root, struct via_host *host)
{
	struct via_firmware *firmware = &host->firmware;
	struct via_names names;

	firmware->acpi_tables = root_entries(root, host->arena, &names, "%s", tables_path);
	firmware->dmar = iommu_table(root, host, &names, "DMAR", decode_dmar);
	firmware->ivrs = iommu_table(root, host, &names, "IVRS", decode_ivrs);
	firmware->viot = table_named(host, &names, "VIOT");
	firmware->iort = iort_table(root, host, &names);
	firmware->mcfg = table_named(host, &names, "MCFG");
	firmware->above_4g = window_above_4g(root, host->arena);
	probe_secure_boot(root, host);
	probe_board(root, host);
	probe_hypervisor(root, host);
}
