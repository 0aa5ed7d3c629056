/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/trial.h"

static const char unit[] =
	"# Made by viaduct: judges the change that is on trial. It is gone when that is decided.\n"
	"[Unit]\n"
	"Description=A change on trial: kept if this boot is good, else taken back\n"
	"Documentation=man:viaduct(1)\n"
	"After=local-fs.target network.target systemd-modules-load.service viaduct-host.service\n"
	"\n"
	"[Service]\n"
	"Type=oneshot\n"
	"ExecStart=%s confirm --at-boot --wait 60%s\n"
	"SuccessExitStatus=4\n"
	"StandardOutput=journal+console\n"
	"StandardError=journal+console\n"
	"TimeoutStartSec=900\n";

static const char wants[] = "# Made by viaduct.\n"
			    "[Unit]\n"
			    "Wants=viaduct-trial.service\n";

void plan_trial_unit(struct via_plan *plan, const struct via_trial_wish *wish)
{
	plan_own_file(
		plan, TRIAL_UNIT_PATH, &wish->unit,
		arena_printf(plan->arena, unit, wish->program, wish->reboot ? " --reboot" : ""),
		"judges the boot that tries the change");
	plan_own_file(plan, TRIAL_WANTS_PATH, &wish->wants, wants, "and is started by each boot");
}
