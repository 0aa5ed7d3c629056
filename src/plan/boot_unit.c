/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/boot_unit.h"

static const char unit[] =
	"# Made by viaduct: the host lives what /etc/viaduct/host.yaml declares, after devices and\n"
	"# their drivers are there, before anything that uses what is made of them.\n"
	"[Unit]\n"
	"Description=Devices as declared in /etc/viaduct/host.yaml\n"
	"Documentation=man:viaduct(1)\n"
	"ConditionPathExists=/etc/viaduct/host.yaml\n"
	"DefaultDependencies=no\n"
	"After=local-fs.target systemd-modules-load.service systemd-udev-trigger.service\n"
	"Wants=network-pre.target\n"
	"Before=network-pre.target libvirtd.service virtqemud.service pve-guests.service\n"
	"Before=multi-user.target shutdown.target\n"
	"Conflicts=shutdown.target\n"
	"\n"
	"[Service]\n"
	"Type=oneshot\n"
	"RemainAfterExit=yes\n"
	"ExecStart=%s apply --file /etc/viaduct/host.yaml --at-boot --wait 60\n"
	"TimeoutStartSec=300\n";

static const char wants[] = "# Made by viaduct.\n"
			    "[Unit]\n"
			    "Wants=viaduct-host.service\n";

/* What is declared is live already: nothing of this waits for a reboot. */
static void own_file(struct via_plan *plan, const char *path, const struct via_file *before,
		     const char *text, const char *why)
{
	struct via_action *action = plan_own_file(plan, path, before, text, why);

	if (action)
		action->effect = action->undo = VIA_EFFECT_NOW;
}

void plan_boot_unit(struct via_plan *plan, const struct via_boot_unit *present)
{
	own_file(plan, BOOT_UNIT_PATH, &present->unit,
		 arena_printf(plan->arena, unit, present->program),
		 "each boot makes what is declared live");
	own_file(plan, BOOT_WANTS_PATH, &present->wants, wants, "and starts the unit that does");
}
