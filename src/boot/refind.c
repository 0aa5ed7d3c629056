/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rEFInd: options beside the kernel in refind_linux.conf, or stanzas of refind.conf. */
#include "base/cleanup.h"
#include "boot/change.h"

static const char *const configs[] = { "boot/efi/EFI/refind/refind.conf",
				       "efi/EFI/refind/refind.conf",
				       "boot/EFI/refind/refind.conf" };

static void detect(struct via_boot_view *view)
{
	view_trace_names(view, VIA_LOADER_REFIND, "rEFInd", "refind");
	for (size_t i = 0; i < VIA_COUNT(configs); i++)
		view_trace_file(view, VIA_LOADER_REFIND, 10, configs[i]);
	view_trace_file(view, VIA_LOADER_REFIND, 5, "boot/refind_linux.conf");
}

static void read_menu(struct via_boot_view *view)
{
	struct via_boot *boot = view->boot;
	struct via_fact linux_conf =
		view_decode(view, "boot/refind_linux.conf", refind_linux_decode);
	size_t beside = boot->menu.entries.count;

	boot->menu_file = linux_conf;
	for (size_t i = 0; i < VIA_COUNT(configs); i++) {
		struct via_fact fact = view_decode(view, configs[i], refind_config_decode);

		if (fact_is(&fact, VIA_PRESENT) && !fact_is(&linux_conf, VIA_PRESENT))
			boot->menu_file = fact;
	}
	if (beside && boot->menu.entries.count == beside)
		boot->next_entry = 0; /* the first line is what a kernel it finds gets */
	else
		boot->next_entry_untold = "rEFInd starts what was chosen last";
}

static void read_sources(struct via_boot_view *view)
{
	view->boot->change = "/boot/refind_linux.conf, first line";
	view_add_entry_source(view);
	if (view->boot->next_entry >= 0)
		view_change_entry(view, VIA_LINE_REFIND_LINUX);
	else
		view_advise(view,
			    "rEFInd starts what was chosen last: add the words to the options "
			    "of that entry");
	view_add_grub_sources(view, false);
}

static void judge_one_shot(struct via_boot_view *view)
{
	view_no_one_shot(view, "rEFInd has no entry for one boot");
}

const struct via_loader loader_refind = {
	.id = VIA_LOADER_REFIND,
	.detect = detect,
	.read_menu = read_menu,
	.read_sources = read_sources,
	.judge_one_shot = judge_one_shot,
};
