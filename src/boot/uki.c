/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A unified kernel image that firmware starts itself: kernel, initramfs and line in one. */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "boot/change.h"
#include "decode/efi_variable.h"
#include "decode/line.h"
#include "decode/pe_section.h"

enum { LINE_BYTES = 64 * 1024 };

static void detect(struct via_boot_view *view)
{
	const struct via_boot *boot = view->boot;
	const char *stub = fact_text(&boot->stub_info), *started = fact_text(&boot->firmware_entry);

	/* A loader that started the image would have told its own name too. */
	if (stub && !fact_text(&boot->loader_info))
		view_trace(view, VIA_LOADER_UKI, 90, boot->stub_info.path, stub);
	if (started && strcasestr(started, "\\EFI\\Linux\\"))
		view_trace(view, VIA_LOADER_UKI, 90, boot->firmware_entry.path, started);
}

/* A section's text; the image may be a hundred megabytes, so only this part is read. */
static const char *section_text(const struct via_boot_view *view, struct via_span file,
				const struct via_pe *pe, const char *name)
{
	const struct via_pe_section *section = pe_section(pe, name);
	struct via_span text;

	if (!section || section->size > LINE_BYTES)
		return NULL;
	text = span_sub(file, (size_t)section->offset, (size_t)section->size);
	return text.data ? line_trim(arena_strndup(view->arena, (const char *)text.data,
						   strnlen((const char *)text.data, text.size)))
			 : NULL;
}

static void add_image(struct via_boot_view *view, const char *path)
{
	/* Sections with text stand before .linux and .initrd. */
	struct via_blob blob = root_blob(view->root, view->arena, 1024 * 1024, "%s", path);
	struct via_boot_entry *entry;
	struct via_pe pe;

	if (!fact_is(&blob.fact, VIA_PRESENT) || pe_decode(view->arena, blob.span, &pe) < 0 ||
	    !pe_section(&pe, ".linux"))
		return;
	entry = boot_menu_add(view->arena, &view->boot->menu);
	if (!entry)
		return;
	entry->id = path_name(blob.fact.path);
	entry->file = entry->kernel = blob.fact.path;
	entry->efi = true;
	entry->version = section_text(view, blob.span, &pe, ".uname");
	entry->options = section_text(view, blob.span, &pe, ".cmdline");
}

void view_read_images(struct via_boot_view *view)
{
	static const char *const partitions[] = { "efi", "boot/efi", "boot" };

	for (size_t i = 0; i < VIA_COUNT(partitions); i++) {
		char *folder = arena_printf(view->arena, "%s/EFI/Linux", partitions[i]);
		struct via_names names;
		struct via_fact fact = root_entries(view->root, view->arena, &names, "%s", folder);

		if (!fact_is(&fact, VIA_PRESENT) || !names.count)
			continue;
		via_for_each (name, &names)
			if (text_ends(*name, ".efi"))
				add_image(view, arena_printf(view->arena, "%s/%s", folder, *name));
		return;
	}
}

static void read_menu(struct via_boot_view *view)
{
	struct via_boot *boot = view->boot;
	const char *started = fact_text(&boot->firmware_entry);
	const char *path = started ? efi_file_path(view->arena, started) : NULL;

	boot->menu_file = boot->firmware_entry;
	view_read_images(view);
	for (size_t i = 0; path && i < boot->menu.entries.count; i++)
		if (strcasecmp(path_name(path), boot->menu.entries.items[i].id) == 0)
			boot->next_entry = boot->booted_entry = (int)i;
	if (boot->next_entry < 0)
		boot->next_entry_untold = "the image that firmware starts was not found";
}

static void read_sources(struct via_boot_view *view)
{
	struct via_boot *boot = view->boot;
	struct via_boot_source *line = view_add_line(view, "etc/kernel/cmdline");
	struct via_names names;
	struct via_fact folder = view_sourced(view, "etc/cmdline.d", &names);

	if (line)
		line->governs = true;
	if (fact_is(&folder, VIA_PRESENT))
		via_for_each (name, &names) {
			line = text_ends(*name, ".conf")
				       ? view_add_line(view,
						       arena_printf(view->arena, "etc/cmdline.d/%s",
								    *name))
				       : NULL;
			if (line)
				line->governs = true;
		}
	boot->change = "/etc/kernel/cmdline";
	boot->regenerate = view_exists(view, "usr/bin/mkinitcpio") ? "mkinitcpio -P"
								   : "kernel-install add-all";
	if (boot->sources.count) {
		if (fact_is(&folder, VIA_PRESENT) && !view_exists(view, "etc/kernel/cmdline"))
			view_change_drop_in(view, "etc/cmdline.d", ".conf", NULL);
		else
			view_change_cmdline(view, VIA_LINE_WHOLE);
		boot->line_change.read_back = true;
		view_change_command(view, boot->regenerate);
	} else {
		view_advise(view,
			    "write /etc/kernel/cmdline from /proc/cmdline, add the words, and "
			    "make the image anew");
	}
	view_add_grub_sources(view, false);
}

static void judge_one_shot(struct via_boot_view *view)
{
	view_one_shot(view, "efibootmgr --bootnext NUMBER");
}

const struct via_loader loader_uki = {
	.id = VIA_LOADER_UKI,
	.detect = detect,
	.read_menu = read_menu,
	.read_sources = read_sources,
	.judge_one_shot = judge_one_shot,
};
