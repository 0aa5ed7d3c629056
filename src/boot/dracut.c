/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dracut: force_drivers are loaded first, add_drivers are only inside. */
#include "boot/early.h"
#include "boot/early_text.h"
#include "boot/generator.h"

static void wants(struct via_boot_view *view)
{
	view_want_lines(view, "etc/dracut.conf");
	view_want_folder(view, "etc/dracut.conf.d", ".conf");
}

/* pre-udev hooks run before udev is started, with systemd in the image and without.
 * Source: dracut.modules(7); 98dracut-systemd/dracut-pre-udev.service */
static void early(struct via_boot_view *view)
{
	early_resolver(view, early_rebuild(view, "dracut --force --kver",
					   "dracut --force --regenerate-all"));
	early_file(view, "usr/lib/dracut/modules.d/05viaduct/module-setup.sh", 0755,
		   early_dracut_module);
	early_file(view, "usr/lib/dracut/modules.d/05viaduct/viaduct-pre-udev.sh", 0755,
		   early_dracut_pre_udev);
	early_file(view, "etc/dracut.conf.d/90-viaduct.conf", 0644, early_dracut_conf);
}

const struct via_generator generator_dracut = {
	.name = "dracut",
	.program = "usr/bin/dracut",
	.rebuild = "dracut -f --regenerate-all",
	.wants = wants,
	.early = early,
};
