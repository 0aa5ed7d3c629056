/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <errno.h>

/* The specification's limit is 64 KiB for the older table; the newer ones stay near it. */
enum { SMBIOS_LIMIT = 256 * 1024 };

static struct via_fact identity(const struct via_root *root, struct via_arena *arena,
				const char *name)
{
	return root_text(root, arena, "sys/class/dmi/id/%s", name);
}

/* The raw table has what the files lack: on kernels without CONFIG_DMIID, all of it. */
static void fill(struct via_fact *fact, const struct via_fact *smbios, const char *text)
{
	if (!fact_is(fact, VIA_PRESENT) && text)
		*fact = fact_present(smbios->path, text, 1);
}

static void probe_smbios(const struct via_root *root, struct via_host *host)
{
	struct via_firmware *firmware = &host->firmware;
	struct via_blob table =
		root_blob(root, host->arena, SMBIOS_LIMIT, "sys/firmware/dmi/tables/DMI");
	struct via_smbios smbios;

	firmware->smbios = table.fact;
	if (!fact_is(&table.fact, VIA_PRESENT))
		return;
	smbios_decode(host->arena, table.span, &smbios);
	firmware->smbios.number = smbios.structures;
	via_for_each (slot, &smbios.slots)
		*via_list_add(host->arena, &firmware->slots) = *slot;
	fill(&firmware->system_vendor, &table.fact, smbios.system_vendor);
	fill(&firmware->product_name, &table.fact, smbios.product_name);
	fill(&firmware->product_version, &table.fact, smbios.product_version);
	fill(&firmware->board_vendor, &table.fact, smbios.board_vendor);
	fill(&firmware->board_name, &table.fact, smbios.board_name);
	fill(&firmware->bios_version, &table.fact, smbios.bios_version);
	fill(&firmware->bios_date, &table.fact, smbios.bios_date);
}

void probe_board(const struct via_root *root, struct via_host *host)
{
	struct via_firmware *firmware = &host->firmware;

	firmware->system_vendor = identity(root, host->arena, "sys_vendor");
	firmware->product_name = identity(root, host->arena, "product_name");
	firmware->product_version = identity(root, host->arena, "product_version");
	firmware->board_vendor = identity(root, host->arena, "board_vendor");
	firmware->board_name = identity(root, host->arena, "board_name");
	firmware->bios_version = identity(root, host->arena, "bios_version");
	firmware->bios_date = identity(root, host->arena, "bios_date");
	probe_smbios(root, host);
}
