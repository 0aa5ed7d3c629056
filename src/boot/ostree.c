/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ostree and bootc: a deployment's line is changed by making a new deployment. */
#include "base/cleanup.h"
#include "boot/change.h"

static void detect(struct via_boot_view *view)
{
	const char *deployment = view_word(view, "ostree");

	if (deployment)
		view_trace(view, VIA_LOADER_OSTREE, 100, "proc/cmdline",
			   arena_printf(view->arena, "ostree=%s", deployment));
	view_trace_file(view, VIA_LOADER_OSTREE, 100, "run/ostree-booted");
}

static void read_sources(struct via_boot_view *view)
{
	struct via_boot *boot = view->boot;
	bool bootc = view_exists(view, "usr/lib/bootc") && !view_exists(view, "usr/bin/rpm-ostree");

	boot->immutable = fact_present("run/ostree-booted", bootc ? "bootc" : "ostree", 1);
	boot->change = bootc ? "kargs in /usr/lib/bootc/kargs.d of the image"
			     : "rpm-ostree kargs --append-if-missing=WORD";
	view_advise(view,
		    bootc ? "put the words into kargs of a file in /usr/lib/bootc/kargs.d of the "
			    "image"
			  : "rpm-ostree kargs --append-if-missing=WORD, for each word; "
			    "--delete-if-present=WORD takes it back");
	view_add_entry_source(view);
	view_add_grub_sources(view, false);
}

static void judge_one_shot(struct via_boot_view *view)
{
	view_no_one_shot(view, "the deployment before stays in the menu instead");
}

const struct via_loader loader_ostree = {
	.id = VIA_LOADER_OSTREE,
	.keeps = true,
	.detect = detect,
	.read_sources = read_sources,
	.judge_one_shot = judge_one_shot,
};
