/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdint.h>

#include "sys/watch.h"

/* What the files of the watch share. */

int64_t watch_now_ms(void);

/* watch_fork - a child that ends with what @act returns; @ret_alive is readable once it has ended
 */
pid_t watch_fork(int (*act)(void *argument), void *argument, int *ret_alive);

/* watch_leave_behind - look where it hangs, for watch_hang(), and send it SIGKILL */
void watch_leave_behind(pid_t pid);
