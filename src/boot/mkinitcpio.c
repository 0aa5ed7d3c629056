/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mkinitcpio of Arch: MODULES are loaded before any hook runs. */
#include <string.h>

#include "boot/early.h"
#include "boot/early_text.h"
#include "boot/generator.h"

static void wants(struct via_boot_view *view)
{
	view_want_lines(view, "etc/mkinitcpio.conf");
	view_want_folder(view, "etc/mkinitcpio.conf.d", ".conf");
}

/* Whether this one reads mkinitcpio.conf.d: those before 36 do not. */
static bool reads_drop_ins(const struct via_boot_view *view)
{
	struct via_blob program = view_read(view, "usr/bin/mkinitcpio");

	return fact_is(&program.fact, VIA_PRESENT) &&
	       memmem(program.span.data, program.span.size, "conf.d", 6);
}

static void early(struct via_boot_view *view)
{
	if (!reads_drop_ins(view)) {
		view->boot->early.advice =
			"this mkinitcpio reads no /etc/mkinitcpio.conf.d: put vfio_pci first into "
			"MODULES of /etc/mkinitcpio.conf, and the ids into modprobe.d";
		return;
	}
	early_resolver(view, "mkinitcpio -P");
	early_file(view, "etc/viaduct/passthrough.service", 0644, early_mkinitcpio_unit);
	early_file(view, "etc/initcpio/install/viaduct", 0644, early_mkinitcpio_install);
	early_file(view, "etc/initcpio/hooks/viaduct", 0644, early_mkinitcpio_hook);
	early_file(view, "etc/mkinitcpio.conf.d/90-viaduct.conf", 0644, early_mkinitcpio_conf);
}

const struct via_generator generator_mkinitcpio = {
	.name = "mkinitcpio",
	.program = "usr/bin/mkinitcpio",
	.rebuild = "mkinitcpio -P",
	.wants = wants,
	.early = early,
};
