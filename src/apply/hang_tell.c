/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/hang_tell.h"

#include <errno.h>

#include "sys/watch.h"

/* Of a process in D nothing gets rid, short of what it waits for. */
static const char *reach(const struct via_hang *hang)
{
	return hang->state == 'D' ? "no signal reaches it" : "it was sent SIGKILL";
}

int hang_tell(const struct via_action *action, struct via_error *error)
{
	const char *kind = action_kind_name(action->kind);
	const struct via_hang *hang = watch_hang();

	if (!hang)
		return error_set(error, -ETIMEDOUT, "change", action->target,
				 "%s hangs in the kernel", kind);
	return error_set(error, -ETIMEDOUT, "change", action->target,
			 "%s hangs in the kernel%s%s (process %d, state %c: %s)%s%.220s", kind,
			 *hang->where ? ", in " : "", hang->where, (int)hang->pid, hang->state,
			 reach(hang), *hang->stack ? "; its stack: " : "", hang->stack);
}
