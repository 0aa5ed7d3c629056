/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

/*
 * Points at which a process may be killed: before and after each effect of the fake kernel
 * and each fsync of the journal, and in the middle of each of its writes.
 */
extern unsigned long crash_at; /* die at this point, from 1; 0: never */
extern unsigned long crash_passed;

/* crash_point - die here by SIGKILL when it is time */
void crash_point(void);
