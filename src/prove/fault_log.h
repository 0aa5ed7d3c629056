/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "model/pci.h"
#include "sys/root.h"

/* The kernel's log from one moment on. */
struct fault_log {
	int fd; /* or a negative errno: it could not be opened */
};

enum { FAULT_LOG_PATIENCE_MS = 2000 };

/**
 * fault_log_open - from now on
 * Needs: CAP_SYSLOG where kernel.dmesg_restrict is set
 */
void fault_log_open(struct fault_log *ret, const struct via_root *root);
void fault_log_close(struct fault_log *log);

/**
 * fault_log_await - the line in which the kernel tells of DMA of a function that was stopped
 * @ret: in @arena
 *
 * A function behind a PCI bridge or VMD is told by the requester id that stands for it.
 *
 * Return: 0; -ENOMSG no such line came in time; the errno with which the log was not opened
 */
int fault_log_await(struct fault_log *log, struct via_arena *arena,
		    const struct via_pci_device *function, const char **ret);

/* fault_line_names - whether one line of a log tells of a fault of a function's DMA */
bool fault_line_names(struct via_arena *arena, const char *line,
		      const struct via_pci_device *function);
