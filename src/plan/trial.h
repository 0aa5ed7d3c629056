/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "model/host.h"
#include "plan/action.h"
#include "plan/file.h"

/* Where the unit that judges a trial has its files. */
#define TRIAL_UNIT_PATH	 "/etc/systemd/system/viaduct-trial.service"
#define TRIAL_WANTS_PATH "/etc/systemd/system/multi-user.target.d/viaduct-trial.conf"

/* Programs of viaduct's own, as actions of the kind generate name them: that keeps a file under
 * another name (FROM TO), and that makes the entry on trial (ID). */
#define TRIAL_KEEP  "viaduct-keep"
#define TRIAL_ENTER "viaduct-trial-entry"

/**
 * struct via_trial_wish - how a plan is to be tried
 * @program: viaduct itself, as an absolute path
 * @unit, @wants: the unit's files, as they are now
 * @reboot: the unit starts the machine again where the trial fails
 */
struct via_trial_wish {
	struct via_plan_trial trial;
	const char *program;
	struct via_file unit, wants;
	bool reboot;
};

/**
 * plan_trial - have a plan tried by one boot alone
 * @plan: a whole plan; what of it is for this boot only is left out
 * @host: boot_trial_look() was at it
 *
 * Around it comes: the unit that judges, the initramfs of this boot under another name, the
 * system as it is as the default; and behind it the entry on trial, and that it is started once.
 * In this order each moment between has a way back, and undone from the end likewise.
 *
 * Refused, in @plan, where it could not be done. A plan that has nothing left is left empty.
 */
void plan_trial(struct via_plan *plan, const struct via_host *host,
		const struct via_trial_wish *wish);

/**
 * trial_unmet - what a plan expected of the boot that tries it, and what is not so
 * @expect: "cmdline+WORD", "cmdline-WORD", "iommu+driven", "driver+ADDRESS=DRIVER"
 *
 * Return: a sentence for each in @arena; none: all is so
 */
struct via_names trial_unmet(struct via_arena *arena, const struct via_host *host,
			     const struct via_names *expect);

/* plan_trial_unit - the unit's files; trial_unit.c */
void plan_trial_unit(struct via_plan *plan, const struct via_trial_wish *wish);
