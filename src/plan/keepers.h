/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "plan/goal.h"

/*
 * What other programs set up at each boot, where a plan wants it otherwise. One that lasts
 * (plan->lasting) is written through its owner where that keeps it in a form of its own that
 * can be told (driverctl: a driver's name), and refused with the owner's way to say it where
 * not. One that does not last is told that the next boot will have it the owner's way.
 */

/* plan_keep_driver - a function is to have that driver. Return: whether it was refused */
bool plan_keep_driver(struct via_plan *plan, const struct via_host *host,
		      const struct via_pci_device *device, const char *driver);

/* plan_keep_count - a PF is to have so many VFs. Return: whether it was refused */
bool plan_keep_count(struct via_plan *plan, const struct via_host *host,
		     const struct via_pci_device *pf, uint64_t count);

/* plan_tell_guests - whose guests are defined with a function that goes */
void plan_tell_guests(struct via_plan *plan, const struct via_host *host,
		      const struct via_pci_device *device);
