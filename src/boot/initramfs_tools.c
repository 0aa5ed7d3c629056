/* SPDX-License-Identifier: GPL-2.0-or-later */
/* initramfs-tools of Debian: etc/initramfs-tools/modules is loaded in order, behind udev's
 * coldplug. */
#include "boot/early.h"
#include "boot/early_text.h"
#include "boot/generator.h"

static void wants(struct via_boot_view *view)
{
	view_want_lines(view, "etc/initramfs-tools/modules");
	view_want_folder(view, "usr/share/initramfs-tools/modules.d", "");
}

/* Scripts that need no other run in the order of their names: 00viaduct ahead of udev.
 * Source: get_prereq_pairs() in hook-functions, tsort */
static void early(struct via_boot_view *view)
{
	early_resolver(view,
		       early_rebuild(view, "update-initramfs -u -k", "update-initramfs -u -k all"));
	early_file(view, "etc/initramfs-tools/hooks/viaduct", 0755, early_initramfs_tools_hook);
	early_file(view, "etc/initramfs-tools/scripts/init-top/00viaduct", 0755,
		   early_initramfs_tools_script);
}

const struct via_generator generator_initramfs_tools = {
	.name = "initramfs-tools",
	.program = "usr/sbin/update-initramfs",
	.rebuild = "update-initramfs -u -k all",
	.wants = wants,
	.early = early,
};
