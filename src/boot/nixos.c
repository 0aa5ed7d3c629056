/* SPDX-License-Identifier: GPL-2.0-or-later */
/* NixOS writes everything from its own configuration: only advice helps. */
#include <string.h>

#include "base/parse.h"
#include "boot/change.h"

static void detect(struct via_boot_view *view)
{
	const char *init = view_word(view, "init");

	if (init && text_starts(init, "/nix/store/"))
		view_trace(view, VIA_LOADER_NIXOS, 100, "proc/cmdline",
			   arena_printf(view->arena, "init=%s", init));
	if (view_distribution(view, "nixos"))
		view_trace(view, VIA_LOADER_NIXOS, 100, view->host->os_id.path, "ID=nixos");
}

static void read_sources(struct via_boot_view *view)
{
	struct via_boot *boot = view->boot;

	boot->immutable = fact_present(view->host->os_id.path, "NixOS", 1);
	boot->change = "boot.kernelParams in configuration.nix";
	boot->regenerate = "nixos-rebuild boot";
	view_advise(view, "add the words to boot.kernelParams in configuration.nix and run "
			  "nixos-rebuild boot");
	view_add_entry_source(view);
}

static void judge_one_shot(struct via_boot_view *view)
{
	view_no_one_shot(view, "the generation before stays in the menu instead");
}

const struct via_loader loader_nixos = {
	.id = VIA_LOADER_NIXOS,
	.keeps = true,
	.detect = detect,
	.read_sources = read_sources,
	.judge_one_shot = judge_one_shot,
};
