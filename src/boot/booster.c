/* SPDX-License-Identifier: GPL-2.0-or-later */
/* booster: modules_force_load are loaded first. */
#include "boot/early.h"
#include "boot/generator.h"

static void wants(struct via_boot_view *view)
{
	view_want_lines(view, "etc/booster.yaml");
}

/* It runs no scripts: what is left is the driver's own list of ids, which takes twins too. */
static void early(struct via_boot_view *view)
{
	struct via_boot_early *early = &view->boot->early;

	early->told = fact_present(view->boot->generator_fact.path, "booster", 1);
	early->by_line = true;
	early->rebuild = "/usr/lib/booster/regenerate_images";
	early->wanted = view_state(view, "etc/booster.yaml");
}

const struct via_generator generator_booster = {
	.name = "booster",
	.program = "usr/bin/booster",
	.rebuild = "/usr/lib/booster/regenerate_images",
	.wants = wants,
	.early = early,
};
