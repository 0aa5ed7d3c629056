/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <sys/types.h>

/**
 * struct via_hang - where in the kernel a process sleeps that does not come back
 * @state: "S" may be interrupted, "D" may not, as proc(5) has them; '?' untold
 * @where: the function it waits in; "" untold
 * @stack: functions, the innermost first, " < " between them; "" where only root may read it
 *         and we are not
 */
struct via_hang {
	pid_t pid;
	char state;
	char where[64];
	char stack[512];
};

/**
 * hang_look - look at a process of our own
 * Source: proc(5): /proc/PID/stat, wchan, stack (CONFIG_STACKTRACE, CAP_SYS_ADMIN)
 */
void hang_look(pid_t pid, struct via_hang *ret);

/* hang_frames - "[<0>] msleep+0x2d/0x40\n…" as @stack has it; @size of @ret */
void hang_frames(const char *text, char *ret, size_t size);
