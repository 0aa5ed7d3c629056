/* SPDX-License-Identifier: GPL-2.0-or-later */
/* proxmox-boot-tool (pve-efiboot-tool before 6.4): copies kernels to EFI partitions that are
 * not mounted, for systemd-boot or GRUB to start. */
#include <string.h>

#include "base/cleanup.h"
#include "boot/change.h"

static void detect(struct via_boot_view *view)
{
	if (fact_is(&view->boot->proxmox_uuids, VIA_PRESENT))
		view_trace(view, VIA_LOADER_PROXMOX, BOOT_RUNNING_WEIGHT,
			   view->boot->proxmox_uuids.path, "is there");
}

static void read_sources(struct via_boot_view *view)
{
	struct via_boot *boot = view->boot;
	bool grub = boot->loader == VIA_LOADER_GRUB;
	struct via_boot_source *line = view_add_line(view, "etc/kernel/cmdline");

	boot->variant = grub ? "over GRUB" : "over systemd-boot";
	if (line) {
		line->governs = !grub;
		if (fact_text(&line->fact)) /* the tool takes the first line */
			line->fact.text = arena_strndup(view->arena, line->fact.text,
							strcspn(line->fact.text, "\n"));
	}
	view_add_grub_sources(view, grub);
	boot->change = grub ? "GRUB_CMDLINE_LINUX_DEFAULT in /etc/default/grub"
			    : "/etc/kernel/cmdline (one line, with root=)";
	boot->regenerate = view_exists(view, "usr/sbin/proxmox-boot-tool") ||
					   !view_exists(view, "usr/sbin/pve-efiboot-tool")
				   ? "proxmox-boot-tool refresh"
				   : "pve-efiboot-tool refresh";
	if (grub) {
		view_change_grub(view, boot->regenerate);
	} else {
		view_change_cmdline(view, VIA_LINE_FIRST);
		view_change_command(view, boot->regenerate);
	}
	boot->line_change.read_back = false; /* its partitions are not mounted */
	boot->line_change.in_place = "it writes over kernels, images and entries on the EFI "
				     "partitions in place, which it mounts itself";
}

static void judge_one_shot(struct via_boot_view *view)
{
	/* Its GRUB has the environment block on the EFI partition, which is FAT. */
	view_one_shot(view, "proxmox-boot-tool kernel pin KERNEL --next-boot");
}

const struct via_loader loader_proxmox = {
	.id = VIA_LOADER_PROXMOX,
	.keeps = true,
	.detect = detect,
	.read_sources = read_sources,
	.judge_one_shot = judge_one_shot,
};
