/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Limine: its own file, or one that limine-entry-tool writes. */
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "boot/change.h"
#include "decode/shell_assignment.h"

static const char *const configs[] = {
	"boot/limine.conf",
	"boot/limine/limine.conf",
	"boot/EFI/limine/limine.conf",
	"efi/limine.conf",
	"boot/efi/limine.conf",
	"boot/efi/EFI/limine/limine.conf",
	"efi/EFI/limine/limine.conf",
	"boot/limine.cfg",
	"boot/limine/limine.cfg",
};

static void detect(struct via_boot_view *view)
{
	view_trace_names(view, VIA_LOADER_LIMINE, "Limine", "limine");
	for (size_t i = 0; i < VIA_COUNT(configs); i++)
		if (view_trace_file(view, VIA_LOADER_LIMINE, 10, configs[i]))
			return;
}

/* default_entry counts what the menu shows, from 1; closed folders hide theirs. */
static void set_next(struct via_boot_view *view)
{
	struct via_boot *boot = view->boot;
	uint64_t number = 1;

	if (boot->menu.defaults.count &&
	    parse_u64(boot->menu.defaults.items[boot->menu.defaults.count - 1], 10, &number) < 0) {
		boot->next_entry_untold = "default_entry is no number";
		return;
	}
	for (size_t i = 0; i < boot->menu.entries.count; i++) {
		if (boot->menu.entries.items[i].submenu) {
			boot->next_entry_untold = "folders of the menu decide the numbering";
			return;
		}
		if (i + 1 == number) {
			boot->next_entry = (int)i;
			return;
		}
	}
	boot->next_entry_untold = "no entry has that number";
}

static void read_menu(struct via_boot_view *view)
{
	struct via_boot *boot = view->boot;

	for (size_t i = 0; i < VIA_COUNT(configs); i++) {
		struct via_fact fact = view_decode(view, configs[i], limine_config_decode);

		if (!i || !fact_is(&fact, VIA_ABSENT))
			boot->menu_file = fact;
		if (fact_is(&fact, VIA_PRESENT))
			break;
	}
	set_next(view);
}

static void read_sources(struct via_boot_view *view)
{
	struct via_boot *boot = view->boot;

	if (view_exists(view, "etc/default/limine")) {
		boot->variant = "entries that limine-entry-tool writes";
		boot->change = "KERNEL_CMDLINE[default] in /etc/default/limine";
		boot->regenerate = "limine-update";
		view_change_line(view, "etc/default/limine",
				 (struct via_line_where){ .format = VIA_LINE_SHELL,
							  .key = "KERNEL_CMDLINE[default]" },
				 true);
		view_change_command(view, boot->regenerate);
	} else {
		boot->variant = "entries written by hand";
		boot->change = "the cmdline key of the entry";
		view_change_entry(view, VIA_LINE_LIMINE);
	}
	view_add_entry_source(view);
	view_add_grub_sources(view, false);
}

static void judge_one_shot(struct via_boot_view *view)
{
	view_no_one_shot(view, "Limine has no entry for one boot");
}

const struct via_loader loader_limine = {
	.id = VIA_LOADER_LIMINE,
	.detect = detect,
	.read_menu = read_menu,
	.read_sources = read_sources,
	.judge_one_shot = judge_one_shot,
};
