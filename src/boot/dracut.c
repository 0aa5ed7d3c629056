/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dracut: force_drivers are loaded first, add_drivers are only inside. */
#include "boot/generator.h"

static void wants(struct via_boot_view *view)
{
	view_want_lines(view, "etc/dracut.conf");
	view_want_folder(view, "etc/dracut.conf.d", ".conf");
}

const struct via_generator generator_dracut = {
	.name = "dracut",
	.program = "usr/bin/dracut",
	.rebuild = "dracut -f --regenerate-all",
	.wants = wants,
};
