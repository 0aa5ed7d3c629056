/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GRUB: custom.cfg, which 41_custom has grub.cfg read at its end, makes the system as it is the
 * default; next_entry in the environment block starts the other once.
 */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "boot/change.h"
#include "boot/trial_loader.h"
#include "decode/grub_entry.h"

#define TRIAL_FILE TRIAL_ENTRY ".cfg"

/*
 * Where the block still has what was to be started once, GRUB could not write it, and would
 * start it for ever: then it is not started at all.
 */
static const char rest[] =
	"if [ -f \"${config_directory}/" TRIAL_FILE "\" ]; then\n"
	"\tsource \"${config_directory}/" TRIAL_FILE "\"\n"
	"elif [ -z \"${config_directory}\" -a -f \"${prefix}/" TRIAL_FILE "\" ]; then\n"
	"\tsource \"${prefix}/" TRIAL_FILE "\"\n"
	"fi\n"
	"if [ \"${boot_once}\" = true ]; then\n"
	"\tload_env\n"
	"\tif [ -n \"${next_entry}\" ]; then\n"
	"\t\tset next_entry=\n"
	"\t\tset boot_once=\n"
	"\t\tset default=\"" KNOWN_GOOD_ENTRY "\"\n"
	"\tfi\n"
	"else\n"
	"\tset default=\"" KNOWN_GOOD_ENTRY "\"\n"
	"fi\n"
	"set fallback=\"" KNOWN_GOOD_ENTRY "\"\n"
	"# viaduct: end\n";

static const char begin[] =
	"# viaduct: while a change is on trial, the system as it was is what boots by default.\n";

static const char *folder_of(const struct via_boot_view *view)
{
	const char *path = view->boot->menu_file.path;

	return arena_strndup(view->arena, path, (size_t)(path_name(path) - path));
}

static bool reads_custom(const struct via_boot_view *view)
{
	struct via_blob config = view_read(view, view->boot->menu_file.path);

	return fact_is(&config.fact, VIA_PRESENT) &&
	       memmem(config.span.data, config.span.size, "/custom.cfg", 11);
}

static const char *next_entry(const struct via_boot_view *view, const char *folder)
{
	struct via_blob blob = view_read(view, arena_printf(view->arena, "%sgrubenv", folder));
	struct via_grub_environment environment = { 0 };

	if (!fact_is(&blob.fact, VIA_PRESENT))
		return NULL;
	grub_environment_decode(view->arena, blob.span, &environment);
	return grub_variable(&environment, "next_entry");
}

static bool refuse(struct via_boot_view *view, const char *folder)
{
	const struct via_boot *boot = view->boot;

	if (fact_is(&boot->one_shot, VIA_UNKNOWN))
		view_untold_trial(view, &boot->one_shot, boot->one_shot_reason);
	else if (!fact_is(&boot->one_shot, VIA_PRESENT))
		view_no_trial(view, NULL, "%s", boot->one_shot_reason);
	else if (boot->menu.reads_entries)
		view_no_trial(view, "grub2-reboot starts an entry once, the default stays",
			      "GRUB's menu here is made of loader/entries (BLS), and none of them "
			      "is kept apart");
	else if (fact_is(&boot->menu_file, VIA_UNKNOWN))
		view_untold_trial(view, &boot->menu_file, "GRUB's menu could not be read");
	else if (!reads_custom(view))
		view_no_trial(view, "make /etc/grub.d/41_custom executable, and the menu anew",
			      "%s does not read %scustom.cfg", boot->menu_file.path, folder);
	else if (next_entry(view, folder))
		view_no_trial(view, "grub-editenv - unset next_entry",
			      "another entry is to be started once already: %s",
			      next_entry(view, folder));
	else if (boot->booted_entry < 0)
		view_no_trial(view, "reboot first, into an entry of the menu as it is, then try",
			      "no entry of GRUB's menu boots this kernel with the line it runs "
			      "with, so what would be kept is not known to boot");
	else
		return false;
	return true;
}

/* The owner's own text, and ours behind it. */
static const char *custom_with(struct via_boot_view *view, const struct via_file *file,
			       const char *entry)
{
	const char *own = file->content.size
				  ? arena_strndup(view->arena, (const char *)file->content.data,
						  file->content.size)
				  : "";

	return arena_printf(view->arena, "%s%s%s%s%s", own,
			    *own && !text_ends(own, "\n") ? "\n" : "", begin, entry, rest);
}

void grub_trial_look(struct via_boot_view *view)
{
	struct via_boot_trial *trial = &view->boot->trial;
	const struct via_boot_entry *booted = boot_entry_at(view->boot, view->boot->booted_entry);
	const char *folder = folder_of(view), *entry;
	struct via_grub_copy copy = { .title = "As it was before the change (viaduct)",
				      .id = KNOWN_GOOD_ENTRY };
	struct via_blob config = view_read(view, view->boot->menu_file.path);
	struct via_boot_state keeper;

	if (refuse(view, folder))
		return;
	copy.image = trial_image(view, booted, &copy.other_image);
	keeper = view_state(view, arena_printf(view->arena, "%scustom.cfg", folder));
	if (booted->initrds.count && !copy.image) {
		view_no_trial(view, NULL, "which initramfs it booted with could not be told");
		return;
	}
	if (fact_is(&keeper.fact, VIA_UNKNOWN) ||
	    grub_entry_copy(view->arena, config.span, booted, &copy, &entry) < 0) {
		view_no_trial(view, NULL, "the entry that booted it could not be taken apart");
		return;
	}
	*trial = (struct via_boot_trial){
		.told = fact_present(keeper.path, "GRUB's next_entry", 1),
		.keeper = keeper,
		.keeper_text = custom_with(view, &keeper.file, entry),
		.image = copy.image,
		.once = arena_printf(view->arena, "/%sgrubenv", folder),
		.once_entry = TRIAL_ENTRY,
	};
}

int grub_trial_entry(struct via_boot_view *view, const char *words, const char **ret_path,
		     const char **ret_text)
{
	const struct via_boot_entry *next = boot_entry_at(view->boot, view->boot->next_entry);
	const struct via_grub_copy copy = { .title = "On trial (viaduct)",
					    .id = TRIAL_ENTRY,
					    .words = words };
	struct via_blob config;

	if (!next || view->boot->menu.reads_entries)
		return -ENODATA;
	config = view_read(view, view->boot->menu_file.path);
	*ret_path = arena_printf(view->arena, "%s" TRIAL_FILE, folder_of(view));
	return grub_entry_copy(view->arena, config.span, next, &copy, ret_text);
}
