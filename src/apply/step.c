/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/step.h"

#include <time.h>

static const char *const outcome_names[] = {
	[VIA_STEP_WOULD] = "would",   [VIA_STEP_DONE] = "done",	      [VIA_STEP_FAILED] = "failed",
	[VIA_STEP_UNDONE] = "undone", [VIA_STEP_ALREADY] = "already", [VIA_STEP_GONE] = "gone",
	[VIA_STEP_VOID] = "void",     [VIA_STEP_KEPT] = "kept",	      [VIA_STEP_MERGED] = "merged",
	[VIA_STEP_OTHERS] = "others", [VIA_STEP_LEFT] = "left",	      [VIA_STEP_TO_RUN] = "to-run",
};
_Static_assert(sizeof(outcome_names) / sizeof(outcome_names[0]) == VIA_STEP_OUTCOMES,
	       "every outcome has a name");

const char *step_outcome_name(enum via_step_outcome outcome)
{
	return outcome_names[outcome];
}

void step_tell(const struct via_apply_options *options, const struct via_step_report *report)
{
	if (options->step)
		options->step(options->context, report);
}

uint64_t step_clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}
