/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "prove/report.h"

/*
 * The two shortcuts between a guest and a device: a guest's write that wakes a descriptor
 * without an exit to user space, and a descriptor that raises a guest's interrupt.
 * Both climb with a struct kvm_machine whose processor has run.
 */
int climb_ioeventfd(void *context, const struct via_report *report);
int climb_irqfd(void *context, const struct via_report *report);
