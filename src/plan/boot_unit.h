/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "plan/file.h"

/* Where the unit that makes a host live what it declares has its files. */
#define BOOT_UNIT_PATH	"/etc/systemd/system/viaduct-host.service"
#define BOOT_WANTS_PATH "/etc/systemd/system/multi-user.target.d/viaduct-host.conf"

/**
 * struct via_boot_unit - what stands there now
 * @program: viaduct itself, as an absolute path
 * @unit, @wants: the two files
 */
struct via_boot_unit {
	const char *program;
	struct via_file unit, wants;
};

/**
 * plan_boot_unit - have what is declared made live at each boot
 *
 * A target's own drop-in wants the unit, in the place of the link that `systemctl enable`
 * makes: a file, which undoes like any other.
 */
void plan_boot_unit(struct via_plan *plan, const struct via_boot_unit *present);
