/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kernelstub of Pop!_OS, which writes entries for systemd-boot. */
#include "base/cleanup.h"
#include "boot/change.h"

static void detect(struct via_boot_view *view)
{
	view_trace_file(view, VIA_LOADER_KERNELSTUB, BOOT_RUNNING_WEIGHT,
			"etc/kernelstub/configuration");
}

static void read_sources(struct via_boot_view *view)
{
	view->boot->change = "kernelstub -a \"WORDS\"";
	view_add_entry_source(view);
	view_change_line(view, "etc/kernelstub/configuration",
			 (struct via_line_where){ .format = VIA_LINE_KERNELSTUB }, true);
	view_change_command(view, "kernelstub");
	view->boot->line_change.read_back = true;
	view_add_grub_sources(view, false);
}

static void judge_one_shot(struct via_boot_view *view)
{
	loader_systemd_boot.judge_one_shot(view);
}

const struct via_loader loader_kernelstub = {
	.id = VIA_LOADER_KERNELSTUB,
	.keeps = true,
	.detect = detect,
	.read_sources = read_sources,
	.judge_one_shot = judge_one_shot,
};
