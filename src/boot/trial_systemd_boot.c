/* SPDX-License-Identifier: GPL-2.0-or-later */
/* systemd-boot: entries of their own; variables of the firmware choose between them. */
#include <errno.h>
#include <string.h>

#include "base/parse.h"
#include "boot/change.h"
#include "boot/trial_loader.h"
#include "decode/boot_words.h"
#include "decode/efi_variable.h"
#include "decode/entry_copy.h"
#include "sys/file_state.h"

#define VARIABLE "sys/firmware/efi/efivars/%s-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"

/* Of LoaderFeatures. Source: systemd, the boot loader interface */
enum { KNOWS_DEFAULT = 1 << 2, KNOWS_ONE_SHOT = 1 << 3, VARIABLE_BYTES = 4096 };

static struct via_blob variable(const struct via_boot_view *view, const char *name)
{
	return root_blob(view->root, view->arena, VARIABLE_BYTES, VARIABLE, name);
}

/* What it is set to; "" where it is not */
static const char *text_of(const struct via_boot_view *view, const char *name)
{
	struct via_blob blob = variable(view, name);
	const char *text = "";

	if (fact_is(&blob.fact, VIA_PRESENT))
		efi_variable_text(view->arena, blob.span, &text);
	return text;
}

static bool knows_how(const struct via_boot_view *view)
{
	struct via_blob blob = variable(view, "LoaderFeatures");
	uint64_t features;

	return fact_is(&blob.fact, VIA_PRESENT) &&
	       span_u64(blob.span, EFI_ATTRIBUTE_BYTES, &features) &&
	       (features & (KNOWS_DEFAULT | KNOWS_ONE_SHOT)) == (KNOWS_DEFAULT | KNOWS_ONE_SHOT);
}

static const char *unwritable(const struct via_boot_view *view)
{
	const char *why = NULL;
	int r = file_obstacle(view->root, arena_printf(view->arena, VARIABLE, "LoaderEntryOneShot"),
			      view->arena, &why);

	return r < 0 ? "variables of the firmware cannot be reached" : why;
}

static bool runs_its_line(struct via_boot_view *view, const struct via_boot_entry *entry)
{
	const char *booted = fact_text(&view->boot->booted);
	const char *options = entry_options(view, entry);

	return booted && !*words_missing(view->arena, options, booted) &&
	       !*words_missing(view->arena, booted, options);
}

/* Boot counting renames an entry at each start until its boot was found good. */
static bool is_counted(const struct via_boot_entry *entry)
{
	return entry && entry->tries_left >= 0;
}

static bool refuse(struct via_boot_view *view)
{
	const struct via_boot_entry *entry = boot_entry_at(view->boot, view->boot->booted_entry);
	const struct via_boot_entry *next = boot_entry_at(view->boot, view->boot->next_entry);
	/* It names itself as well: without both, efivarfs is not there or was not captured. */
	const struct via_blob features = variable(view, "LoaderFeatures");
	const struct via_blob info = variable(view, "LoaderInfo");

	if (!fact_is(&features.fact, VIA_PRESENT) && !fact_is(&info.fact, VIA_PRESENT))
		view_untold_trial(view, &features.fact,
				  "the variables of the firmware could not be seen");
	else if (!knows_how(view))
		view_no_trial(view, NULL,
			      "it does not say that it starts entries once "
			      "(LoaderFeatures)");
	else if (unwritable(view))
		view_no_trial(view, NULL, "what is started once is a variable of the firmware: %s",
			      unwritable(view));
	else if (*text_of(view, "LoaderEntryOneShot"))
		view_no_trial(view, "bootctl set-oneshot ''",
			      "another entry is to be started once already: %s",
			      text_of(view, "LoaderEntryOneShot"));
	else if (*text_of(view, "LoaderEntryDefault"))
		view_no_trial(view, "bootctl set-default '', and name the default in loader.conf",
			      "its default is chosen by a variable of the firmware already: %s",
			      text_of(view, "LoaderEntryDefault"));
	else if (!entry || entry->efi || !text_ends(entry->id ?: "", ".conf"))
		view_no_trial(view, NULL, "it was not booted by a file of loader/entries");
	else if (is_counted(entry) || is_counted(next))
		view_no_trial(
			view,
			"systemctl status systemd-bless-boot: once it has found this boot good "
			"the name has no +N, and one boot can try it",
			"the entry that %s is under boot counting (%s, +N in the name of its "
			"file): the loader renames it at each start",
			is_counted(entry) ? "booted it" : "boots next",
			is_counted(entry) ? entry->file : next->file);
	else if (!runs_its_line(view, entry))
		view_no_trial(view, "reboot first, into an entry of the menu as it is, then try",
			      "the entry that booted it has another line by now, so what would be "
			      "kept is not known to boot");
	else
		return false;
	return true;
}

static const char *beside(const struct via_boot_view *view, const char *file, const char *name)
{
	return arena_printf(view->arena, "%.*s%s.conf", (int)(path_name(file) - file), file, name);
}

void systemd_boot_trial_look(struct via_boot_view *view)
{
	const struct via_boot_entry *booted = boot_entry_at(view->boot, view->boot->booted_entry);
	struct via_entry_copy copy = { .title = "As it was before the change (viaduct)" };
	struct via_blob blob;
	const char *text;

	if (refuse(view))
		return;
	blob = view_read(view, booted->file);
	copy.image = trial_image(view, booted, &copy.other_image);
	if ((booted->initrds.count && !copy.image) || !fact_is(&blob.fact, VIA_PRESENT) ||
	    entry_copy(view->arena, blob.span, &copy, &text) < 0) {
		view_no_trial(view, NULL, "the entry that booted it could not be taken apart");
		return;
	}
	view->boot->trial = (struct via_boot_trial){
		.told = fact_present(booted->file, "systemd-boot's one-shot entry", 1),
		.keeper = view_state(view, beside(view, booted->file, KNOWN_GOOD_ENTRY)),
		.keeper_text = text,
		.image = copy.image,
		.once = "LoaderEntryOneShot",
		.once_entry = TRIAL_ENTRY ".conf",
		.standing = "LoaderEntryDefault",
		.standing_entry = KNOWN_GOOD_ENTRY ".conf",
	};
}

int systemd_boot_trial_entry(struct via_boot_view *view, const char *words, const char **ret_path,
			     const char **ret_text)
{
	const struct via_boot_entry *next = boot_entry_at(view->boot, view->boot->next_entry);
	const struct via_entry_copy copy = { .title = "On trial (viaduct)", .words = words };
	struct via_blob blob;

	if (!next || next->efi || !next->file)
		return -ENODATA;
	blob = view_read(view, next->file);
	if (!fact_is(&blob.fact, VIA_PRESENT))
		return -ENODATA;
	*ret_path = beside(view, next->file, TRIAL_ENTRY);
	return entry_copy(view->arena, blob.span, &copy, ret_text);
}
