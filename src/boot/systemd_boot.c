/* SPDX-License-Identifier: GPL-2.0-or-later */
/* systemd-boot: entries that kernel-install writes, and entries written by hand. */
#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "boot/change.h"
#include "decode/efi_variable.h"

static const char *const partitions[] = { "boot", "efi", "boot/efi" };

static void detect(struct via_boot_view *view)
{
	const char *initrd = view_word(view, "initrd");

	view_trace_names(view, VIA_LOADER_SYSTEMD_BOOT, "systemd-boot", "systemd-boot");
	if (initrd && *initrd == '\\') /* as EFI programs write paths */
		view_trace(view, VIA_LOADER_SYSTEMD_BOOT, 20, "proc/cmdline",
			   arena_printf(view->arena, "initrd=%s", initrd));
	for (size_t i = 0; i < VIA_COUNT(partitions); i++)
		view_trace_file(view, VIA_LOADER_SYSTEMD_BOOT, 10,
				arena_printf(view->arena, "%s/loader/loader.conf", partitions[i]));
}

static const char *text_variable(const struct via_boot_view *view, const char *name)
{
	struct via_blob blob =
		root_blob(view->root, view->arena, 4096,
			  "sys/firmware/efi/efivars/%s-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f", name);
	const char *text;

	if (!fact_is(&blob.fact, VIA_PRESENT) ||
	    efi_variable_text(view->arena, blob.span, &text) < 0)
		return NULL;
	return text;
}

static const char *sort_text(const struct via_boot_entry *entry)
{
	return entry->version ? entry->version : entry->id ? entry->id : "";
}

/*
 * Whether @a stands before @b: bad ones last, those with a sort key first, by key, then the
 * newest version. Source: Boot Loader Specification, Sorting
 */
static bool goes_before(const struct via_boot_entry *a, const struct via_boot_entry *b)
{
	int order;

	if ((a->tries_left == 0) != (b->tries_left == 0))
		return b->tries_left == 0;
	if (!a->sort_key != !b->sort_key)
		return a->sort_key != NULL;
	order = a->sort_key ? strcmp(a->sort_key, b->sort_key) : 0;
	if (order)
		return order < 0;
	return strverscmp(sort_text(a), sort_text(b)) > 0;
}

static int first_entry(const struct via_boot_menu *menu)
{
	int first = -1;

	for (size_t i = 0; i < menu->entries.count; i++)
		if (first < 0 || goes_before(&menu->entries.items[i], &menu->entries.items[first]))
			first = (int)i;
	return first;
}

static int match(const struct via_boot_menu *menu, const char *pattern)
{
	int found = -1;

	for (size_t i = 0; i < menu->entries.count; i++) {
		const struct via_boot_entry *entry = &menu->entries.items[i];

		if (entry->id && fnmatch(pattern, entry->id, FNM_CASEFOLD) == 0 &&
		    (found < 0 || goes_before(entry, &menu->entries.items[found])))
			found = (int)i;
	}
	return found >= 0 ? found : menu_find_id(menu, pattern);
}

static void set_next(struct via_boot_view *view)
{
	struct via_boot *boot = view->boot;
	const char *once = text_variable(view, "LoaderEntryOneShot");
	const char *standing = text_variable(view, "LoaderEntryDefault");
	const char *name = once && strcmp(once, TRIAL_ENTRY ".conf") != 0 ? once : standing;

	boot->next_is_once = once != NULL;
	if (name && strcmp(name, KNOWN_GOOD_ENTRY ".conf") == 0)
		name = NULL; /* it stands in for what was chosen otherwise */
	if (!name && boot->menu.defaults.count)
		name = boot->menu.defaults.items[boot->menu.defaults.count - 1];
	if (name && strcmp(name, "@saved") == 0)
		name = text_variable(view, "LoaderEntryLastBooted");
	boot->next_entry = name ? match(&boot->menu, name) : -1;
	if (boot->next_entry < 0)
		boot->next_entry = first_entry(&boot->menu);
	if (boot->next_entry < 0 && !boot->next_entry_untold)
		boot->next_entry_untold = "no entry could be read";
}

static void read_menu(struct via_boot_view *view)
{
	for (size_t i = 0; i < VIA_COUNT(partitions); i++) {
		struct via_blob blob = view_read(
			view, arena_printf(view->arena, "%s/loader/loader.conf", partitions[i]));

		if (!fact_is(&blob.fact, VIA_ABSENT) || !i)
			view->boot->menu_file = blob.fact;
		if (!fact_is(&blob.fact, VIA_PRESENT))
			continue;
		view->boot->menu_file.text = NULL;
		loader_conf_decode(view->arena, blob.span, &view->boot->menu);
		break;
	}
	view_read_entries(view);
	view_read_images(view);
	set_next(view);
}

/* The kernel that boots next alone: the others stay as they are known to boot. */
static const char *install_again(const struct via_boot_view *view)
{
	const char *release = fact_text(&view->boot->next_release);
	const char *kernel, *image;

	if (!release)
		return NULL;
	kernel = arena_printf(view->arena, "boot/vmlinuz-%s", release);
	image = arena_printf(view->arena, "boot/initrd.img-%s", release);
	if (view_exists(view, kernel) && view_exists(view, image))
		return arena_printf(view->arena, "kernel-install add %s /%s /%s", release, kernel,
				    image);
	kernel = arena_printf(view->arena, "usr/lib/modules/%s/vmlinuz", release);
	return view_exists(view, kernel)
		       ? arena_printf(view->arena, "kernel-install add %s /%s", release, kernel)
		       : NULL;
}

static void change_installed(struct via_boot_view *view)
{
	const char *again = install_again(view);
	struct via_blob uki = view_read(view, "etc/kernel/uki.conf");

	view_change_cmdline(view, VIA_LINE_WHOLE);
	if (fact_is(&uki.fact, VIA_PRESENT) && memmem(uki.span.data, uki.span.size, "Cmdline", 7))
		view_change_line(view, "etc/kernel/uki.conf",
				 (struct via_line_where){ .format = VIA_LINE_UKIFY }, true);
	if (again && !text_starts(view->boot->regenerate, "mkinitcpio") &&
	    !text_starts(view->boot->regenerate, "sdbootutil"))
		view_change_command(view, again);
	else
		view_change_command(view, view->boot->regenerate);
}

static void read_sources(struct via_boot_view *view)
{
	struct via_boot *boot = view->boot;
	struct via_boot_source *line = view_add_line(view, "etc/kernel/cmdline");

	const struct via_boot_entry *next = boot_entry_at(boot, boot->next_entry);

	if (next && next->efi) {
		boot->variant = "unified kernel images";
		boot->change = "/etc/kernel/cmdline";
		boot->regenerate = view_exists(view, "usr/bin/mkinitcpio")
					   ? "mkinitcpio -P"
					   : "kernel-install add-all";
		if (line)
			line->governs = true;
	} else if (line || view->is_generated) {
		boot->variant = "entries that kernel-install writes";
		boot->change = "/etc/kernel/cmdline";
		boot->regenerate = view_exists(view, "usr/bin/sdbootutil")
					   ? "sdbootutil update-all-entries"
				   : view_exists(view, "usr/sbin/update-initramfs")
					   ? "update-initramfs -u -k all"
					   : "kernel-install add-all";
		if (line)
			line->governs = true;
	} else {
		boot->variant = "entries written by hand";
		boot->change = "the options line of the entry";
		view_add_entry_source(view);
		view_change_entry(view, VIA_LINE_ENTRY);
	}
	if (boot->regenerate)
		change_installed(view);
	view_add_grub_sources(view, false);
}

static void judge_one_shot(struct via_boot_view *view)
{
	view_one_shot(view, "bootctl set-oneshot ENTRY");
}

const struct via_loader loader_systemd_boot = {
	.id = VIA_LOADER_SYSTEMD_BOOT,
	.detect = detect,
	.read_menu = read_menu,
	.read_sources = read_sources,
	.judge_one_shot = judge_one_shot,
};
