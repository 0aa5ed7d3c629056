/* SPDX-License-Identifier: GPL-2.0-or-later */
/* booster: modules_force_load are loaded first. */
#include "boot/generator.h"

static void wants(struct via_boot_view *view)
{
	view_want_lines(view, "etc/booster.yaml");
}

const struct via_generator generator_booster = {
	.name = "booster",
	.program = "usr/bin/booster",
	.rebuild = "/usr/lib/booster/regenerate_images",
	.wants = wants,
};
