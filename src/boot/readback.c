/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "boot/readback.h"

#include <errno.h>
#include <string.h>

#include "base/parse.h"
#include "boot/boot.h"
#include "boot/generator.h"
#include "decode/cmdline.h"

static bool line_has(const struct via_boot_view *view, const char *word)
{
	return text_has_word(view->boot->generated.text, word);
}

static bool image_has(const struct via_boot_view *view, const char *thing)
{
	const struct via_initramfs *image = &view->boot->image.content;

	if (!strchr(thing, '/'))
		return initramfs_has(image, thing);
	via_for_each (file, &image->files)
		if (strcmp(file->path, thing + (*thing == '/')) == 0)
			return true;
	return false;
}

/* What only reading the image tells is read once, for the first claim that needs it. */
static int look(struct via_boot_view *view, struct via_claim *claim)
{
	struct via_boot *boot = view->boot;

	if (claim->place == VIA_CLAIM_CMDLINE) {
		if (!fact_text(&boot->generated))
			return -ENODATA;
		claim->holds = line_has(view, claim->thing);
		return 0;
	}
	if (!boot->image.content.entries)
		image_look_entry(view, boot_entry_at(boot, boot->next_entry));
	if (!fact_is(&boot->image.index, VIA_PRESENT) || !boot->image.content.complete)
		return -ENODATA;
	claim->holds = image_has(view, claim->thing);
	return 0;
}

int boot_read_back(const struct via_root *root, struct via_arena *arena, struct via_claims *claims)
{
	struct via_host *host = claims->count ? host_new() : NULL;
	struct via_boot_view view = { .root = root, .arena = arena, .host = host };
	int r = 0;

	if (!host)
		return 0;
	host->kernel_release = root_text(root, host->arena, "proc/sys/kernel/osrelease");
	boot_look(root, host, false);
	view.boot = &host->boot;
	view.boot->image = (struct via_boot_image){ 0 };
	via_for_each (claim, claims)
		r = r < 0 ? r : look(&view, claim);
	host_free(host);
	return r;
}
