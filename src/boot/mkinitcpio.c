/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mkinitcpio of Arch: MODULES are loaded before any hook runs. */
#include "boot/generator.h"

static void wants(struct via_boot_view *view)
{
	view_want_lines(view, "etc/mkinitcpio.conf");
	view_want_folder(view, "etc/mkinitcpio.conf.d", ".conf");
}

const struct via_generator generator_mkinitcpio = {
	.name = "mkinitcpio",
	.program = "usr/bin/mkinitcpio",
	.rebuild = "mkinitcpio -P",
	.wants = wants,
};
