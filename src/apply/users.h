/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "model/host.h"
#include "plan/action.h"
#include "sys/world.h"

/**
 * users_look - who uses which function now
 *
 * Depth:  attributes
 * Return: a host of which only PCI was looked at; host_free() frees it
 */
struct via_host *users_look(const struct via_world *world);

/**
 * users_allow - whether undoing an action takes nothing from under its user
 *
 * A driver, or an NVMe controller's queues, are missed by who uses the function; a count of
 * VFs by who uses any of them; a mediated or vDPA device by who has it open. Users that could not
 * be told are not refused: what is undone was free when it was done.
 *
 * @insistence: passes over what plan_refuse_holders() would pass over
 *
 * Return: 0; -EBUSY, told in @error
 */
int users_allow(const struct via_host *host, const struct via_action *action,
		enum via_insistence insistence, struct via_error *error);
