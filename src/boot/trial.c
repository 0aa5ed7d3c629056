/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/trial.h"

#include <errno.h>
#include <string.h>

#include "base/parse.h"
#include "boot/boot.h"
#include "boot/trial_loader.h"

#define KEPT_IMAGE KNOWN_GOOD_ENTRY ".img"

static const char by_hand[] =
	"apply it without --trial, and keep another way to boot at hand: a second entry of the "
	"loader's menu, or a rescue medium";

void view_no_trial(struct via_boot_view *view, const char *hint, const char *why, ...)
{
	struct via_boot_trial *trial = &view->boot->trial;
	va_list arguments;

	va_start(arguments, why);
	*trial = (struct via_boot_trial){
		.told = fact_absent("trial boot"),
		.why_not = arena_vprintf(view->arena, why, arguments),
		.by_hand = hint ? hint : by_hand,
	};
	va_end(arguments);
}

void view_untold_trial(struct via_boot_view *view, const struct via_fact *fact, const char *why)
{
	view_no_trial(view, NULL, "%s", why);
	view->boot->trial.told = fact_unknown(fact ? fact->path : "trial boot",
					      fact && fact->error ? fact->error : ENODATA);
}

/* A panic must end in a reset; dracut's image asks at a shell instead unless told otherwise. */
const char *trial_words(struct via_boot_view *view, const char *id)
{
	const char *generator = view->boot->generator;
	bool dracut = generator && strcmp(generator, "dracut") == 0;

	return arena_printf(view->arena, "panic=%d%s " TRIAL_WORD "=%s", TRIAL_PANIC_SECONDS,
			    dracut ? " rd.shell=0 rd.emergency=reboot" : "", id);
}

const char *trial_image(struct via_boot_view *view, const struct via_boot_entry *entry,
			const char **ret_kept)
{
	const char *file = view->boot->image.file.path;

	for (size_t i = entry->initrds.count; file && i-- > 0;) {
		const char *written = entry->initrds.items[i], *name = path_name(written);

		if (strcmp(name, path_name(file)) != 0)
			continue;
		*ret_kept = arena_printf(view->arena, "%.*s" KEPT_IMAGE, (int)(name - written),
					 written);
		return written;
	}
	return NULL;
}

static void keep_image(struct via_boot_view *view)
{
	struct via_boot_trial *trial = &view->boot->trial;
	const char *file = view->boot->image.file.path, *name = path_name(file);

	trial->image = arena_printf(view->arena, "/%s", file);
	trial->image_kept = arena_printf(view->arena, "/%.*s" KEPT_IMAGE, (int)(name - file), file);
}

static void look(struct via_boot_view *view)
{
	struct via_boot *boot = view->boot;

	if (boot->confidence < VIA_BOOT_LIKELY) {
		view_untold_trial(view, NULL, "which loader boots it could not be told");
		return;
	}
	if (boot->keeper != boot->loader) {
		view_no_trial(view, NULL, "%s keeps the entries of its loader", boot->keeper_name);
		return;
	}
	if (boot->loader == VIA_LOADER_GRUB)
		grub_trial_look(view);
	else if (boot->loader == VIA_LOADER_SYSTEMD_BOOT)
		systemd_boot_trial_look(view);
	else
		view_no_trial(view, NULL, "for %s viaduct knows no entry that is started once",
			      boot->loader_name);
	if (fact_is(&boot->trial.told, VIA_PRESENT) && boot->trial.image)
		keep_image(view);
}

static struct via_fact find_watchdog(const struct via_boot_view *view)
{
	static const char device[] = "sys/class/watchdog/watchdog0";
	struct via_fact fact = root_exists(view->root, view->arena, "%s", device);
	struct via_fact name = root_text(view->root, view->arena, "%s/identity", device);
	struct via_fact state = root_text(view->root, view->arena, "%s/state", device);

	if (!fact_is(&fact, VIA_PRESENT))
		return fact;
	return fact_present(fact.path, fact_text(&name) ?: "watchdog0",
			    fact_text(&state) && strcmp(state.text, "active") == 0);
}

void boot_trial_look(const struct via_root *root, struct via_host *host)
{
	struct via_boot_view view = {
		.root = root, .host = host, .boot = &host->boot, .arena = host->arena
	};

	host->boot.trial = (struct via_boot_trial){ 0 };
	look(&view);
	host->boot.trial.watchdog = find_watchdog(&view);
}

int boot_trial_entry(const struct via_root *root, struct via_arena *arena, const char *id,
		     const char **ret_path, const char **ret_text)
{
	struct via_host *host = host_new();
	struct via_boot_view view = { .root = root, .arena = arena, .host = host };
	int r = -EOPNOTSUPP;

	host->kernel_release = root_text(root, host->arena, "proc/sys/kernel/osrelease");
	host->kernel.command_line = root_text(root, host->arena, "proc/cmdline");
	boot_look(root, host, false);
	view.boot = &host->boot;
	if (host->boot.loader == VIA_LOADER_GRUB)
		r = grub_trial_entry(&view, trial_words(&view, id), ret_path, ret_text);
	else if (host->boot.loader == VIA_LOADER_SYSTEMD_BOOT)
		r = systemd_boot_trial_entry(&view, trial_words(&view, id), ret_path, ret_text);
	host_free(host);
	return r;
}
