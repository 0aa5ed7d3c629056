/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/fact.h"
#include "decode/kernel_log.h"

/**
 * struct via_host_log - what the kernel said, as far as its log still has it
 * @fact: whether there is a log to read; unknown: EPERM (kernel.dmesg_restrict), ENODATA
 * @beginning: whether it reaches back to the boot; a line that is not in a log that does
 *             not is unknown, not absent
 * @kvm_disabled_by_firmware: text: the line that says so
 */
struct via_host_log {
	struct via_fact fact;
	struct via_fact beginning;
	struct via_fact kvm_disabled_by_firmware;
	struct via_kernel_log log;
	struct via_log_groups groups;
};

/**
 * log_fact - whether a line of that kind is in the log
 * Return: present: text is the first such line; absent: only of a log that begins at the
 * boot; unknown: with the errno of the log, or ENODATA
 */
struct via_fact log_fact(const struct via_host_log *log, enum via_log_kind kind);

/* log_last - the last event of that kind, or NULL */
const struct via_log_event *log_last(const struct via_host_log *log, enum via_log_kind kind);
