/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "prove/vfio_session.h"

/*
 * Which reset methods the kernel may use on a function, in which order (sysfs reset_method,
 * Linux 5.15). It is narrowed to one method at a time, and must be put back whatever
 * happens; it does not outlive the function or the boot.
 */

/* reset_policy_set - only that method, or a list of them; 0 or negative errno */
int reset_policy_set(const struct vfio_session *session, const char *methods);

/* reset_policy_restore - what it was when the host was probed; for via_road.restore */
void reset_policy_restore(void *session);
