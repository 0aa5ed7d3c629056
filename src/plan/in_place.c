/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs that write over what is booted, where no stand-in can be put under them. */
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "plan/boot.h"
#include "plan/generate.h"
#include "plan/goal.h"

bool generate_writes_in_place(const char *command)
{
	static const char *const names[] = { "proxmox-boot-tool", "pve-efiboot-tool" };

	for (size_t i = 0; i < VIA_COUNT(names); i++)
		if (text_starts(command, names[i]))
			return true;
	return false;
}

bool plan_refuse_in_place(struct via_plan *plan, const struct via_boot *boot)
{
	const struct via_boot_change *change = &boot->line_change;
	const char *what = change->commands.count ? change->commands.items[0] : "the loader";

	if (!change->in_place)
		return false;
	if (plan->insistence >= VIA_INSIST_ONCE) {
		plan_overrule(plan, what, change->in_place);
		plan_risk(plan,
			  "%s: power that fails while it runs leaves a host that may not boot; be "
			  "sure of it, and of a way to the console",
			  change->in_place);
		return false;
	}
	plan_refuse(plan, what,
		    arena_printf(plan->arena,
				 "by hand: make the change in %s, run %s, and leave the power on "
				 "until it has ended; or insist: --force",
				 boot->change ? boot->change : "the loader's configuration", what),
		    "%s", change->in_place);
	return true;
}
