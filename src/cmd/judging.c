/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/judging.h"

#include "boot/boot.h"
#include "boot/trial.h"
#include "boot/upgrade.h"

struct via_host *judging_look(const struct via_session *session, const char *release)
{
	struct via_host *host = session_look_lean(session, VIA_DEPTH_ATTRIBUTES);

	boot_look(&session->world->root, host, false);
	boot_trial_look(&session->world->root, host);
	upgrade_look(&session->world->root, host, release);
	return host;
}

int judging_status(const struct via_findings *findings, enum via_verdict mildest)
{
	size_t wrong = findings_count(findings, VIA_FAIL);

	if (mildest == VIA_WARN)
		wrong += findings_count(findings, VIA_WARN);
	if (wrong)
		return VIA_EXIT_FAILING;
	return findings_count(findings, VIA_CANNOT_TELL) ? VIA_EXIT_CANNOT_TELL : VIA_EXIT_DONE;
}
