/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "apply/journal.h"
#include "cmd/command.h"

/**
 * trial_make - have a plan tried by one boot alone
 * @host: it was planned for; how one boot can try it is looked at
 * @plan: what waits for the next boot stays, with what a trial needs around it
 * @reboot: the machine is started again where the trial fails
 *
 * Return: 0; -ENODATA nothing of the plan waits for a boot; -EOPNOTSUPP nothing would judge it
 */
int trial_make(const struct via_session *session, struct via_host *host, struct via_plan *plan,
	       bool reboot, struct via_error *error);

/**
 * trial_trouble - why the boot that tries a change is not good
 * Return: sentences in @arena; none: no finding fails that did not before, and what the plan
 *         expected is so
 */
struct via_names trial_trouble(const struct via_session *session, struct via_arena *arena,
			       const struct via_trial *trial);

/**
 * trial_decide - as the unit does at each boot, while something is on trial
 * @wait_s: how long a boot that is not good yet may take to become so
 * @reboot: start the machine again where the trial failed and is taken back
 *
 * Return: an exit status
 */
int trial_decide(struct via_session *session, unsigned int wait_s, bool reboot);
