/* SPDX-License-Identifier: GPL-2.0-or-later */
/* extlinux and U-Boot, which reads the same file. */
#include "base/cleanup.h"
#include "boot/change.h"

static const char *const configs[] = { "boot/extlinux/extlinux.conf", "boot/extlinux.conf",
				       "boot/syslinux/syslinux.cfg" };

static void detect(struct via_boot_view *view)
{
	bool there = false;

	for (size_t i = 0; i < VIA_COUNT(configs); i++)
		there |= view_trace_file(view, VIA_LOADER_EXTLINUX, 10, configs[i]);
	if (there && fact_text(&view->boot->boot_image))
		view_trace(view, VIA_LOADER_EXTLINUX, 20, view->boot->boot_image.path,
			   view->boot->boot_image.text);
}

static void read_menu(struct via_boot_view *view)
{
	struct via_boot *boot = view->boot;

	for (size_t i = 0; i < VIA_COUNT(configs); i++) {
		struct via_fact fact = view_decode(view, configs[i], extlinux_config_decode);

		if (!i || !fact_is(&fact, VIA_ABSENT))
			boot->menu_file = fact;
		if (fact_is(&fact, VIA_PRESENT))
			break;
	}
	if (boot->menu.defaults.count)
		boot->next_entry = menu_find_id(
			&boot->menu, boot->menu.defaults.items[boot->menu.defaults.count - 1]);
	else if (boot->menu.entries.count)
		boot->next_entry = 0;
	if (boot->next_entry < 0)
		boot->next_entry_untold = "no label is the default";
}

/* @implied: what the generator takes where the variable is not set. */
static void change_shell(struct via_boot_view *view, const char *path, const char *variable,
			 const char *implied)
{
	view_change_line(view, path,
			 (struct via_line_where){ .format = VIA_LINE_SHELL, .key = variable }, true)
		->implied = implied;
	view_change_command(view, view->boot->regenerate);
	view->boot->line_change.read_back = true;
}

static void read_sources(struct via_boot_view *view)
{
	struct via_boot *boot = view->boot;

	boot->change = "the append line of the label";
	if (view_exists(view, "etc/update-extlinux.conf")) {
		boot->change = "default_kernel_opts in /etc/update-extlinux.conf";
		boot->regenerate = "update-extlinux";
		change_shell(view, "etc/update-extlinux.conf", "default_kernel_opts", NULL);
	} else if (view_exists(view, "usr/sbin/u-boot-update")) {
		boot->change = "U_BOOT_PARAMETERS in /etc/default/u-boot";
		boot->regenerate = "u-boot-update";
		change_shell(view, "etc/default/u-boot", "U_BOOT_PARAMETERS", "ro quiet");
	} else {
		view_change_entry(view, VIA_LINE_EXTLINUX);
	}
	view_add_entry_source(view);
	view_add_grub_sources(view, false);
}

static void judge_one_shot(struct via_boot_view *view)
{
	view_no_one_shot(view, "extlinux keeps no entry for one boot that it clears itself");
}

const struct via_loader loader_extlinux = {
	.id = VIA_LOADER_EXTLINUX,
	.detect = detect,
	.read_menu = read_menu,
	.read_sources = read_sources,
	.judge_one_shot = judge_one_shot,
};
