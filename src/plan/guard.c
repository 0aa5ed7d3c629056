/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hooks by which each installation of a kernel has it judged; they never fail it. */
#include <errno.h>

#include "plan/boot.h"
#include "plan/goal.h"

static const char by_package[] =
	"#!/bin/sh\n"
	"# made by viaduct: judges each kernel that is installed, and never fails its installation\n"
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n"
	"if [ -n \"$1\" ] && command -v viaduct >/dev/null 2>&1; then\n"
	"\tviaduct guard \"$1\" || true\n"
	"fi\n"
	"exit 0\n";

static const char by_kernel_install[] =
	"#!/bin/sh\n"
	"# made by viaduct: judges each kernel that is installed, and never fails its installation\n"
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n"
	"if [ \"$1\" = add ] && [ -n \"$2\" ] && command -v viaduct >/dev/null 2>&1; then\n"
	"\tviaduct guard \"$2\" || true\n"
	"fi\n"
	"exit 0\n";

static int plan_guard(const struct via_host *host, const char *const *words, size_t count,
		      struct via_plan *plan, struct via_error *error)
{
	const struct via_boot_guard *guard = &host->boot.guard;
	size_t before = plan->actions.count;

	if (count)
		return error_usage(error, "plan guard", words[0], "it takes no words");
	if (guard->has_packages)
		plan_text_file(plan, &guard->packages, 0755, by_package,
			       "each package of a kernel runs it, behind what makes its image");
	else if (guard->has_kernel_install)
		plan_text_file(plan, &guard->kernel_install, 0755, by_kernel_install,
			       "kernel-install runs it, behind what makes its image");
	else
		plan_refuse(plan, "guard", "run viaduct guard by hand after an upgrade",
			    "neither /etc/kernel/postinst.d nor kernel-install is here: nothing "
			    "would run it");
	for (size_t i = before; i < plan->actions.count; i++)
		plan->actions.items[i].effect = plan->actions.items[i].undo = VIA_EFFECT_NOW;
	return 0;
}

const struct via_goal_kind goal_guard = {
	.name = "guard",
	.arguments = "",
	.summary = "have each kernel that is installed judged before it runs",
	.plan = plan_guard,
};
