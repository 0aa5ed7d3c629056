/* SPDX-License-Identifier: GPL-2.0-or-later */
/* initramfs-tools of Debian: etc/initramfs-tools/modules is loaded in order, behind udev's
 * coldplug. */
#include "boot/generator.h"

static void wants(struct via_boot_view *view)
{
	view_want_lines(view, "etc/initramfs-tools/modules");
	view_want_folder(view, "usr/share/initramfs-tools/modules.d", "");
}

const struct via_generator generator_initramfs_tools = {
	.name = "initramfs-tools",
	.program = "usr/sbin/update-initramfs",
	.rebuild = "update-initramfs -u -k all",
	.wants = wants,
};
