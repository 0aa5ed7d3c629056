/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "model/host.h"
#include "sys/root.h"

/**
 * upgrade_look - a kernel that was installed, before it runs
 * @host: looked at by boot_look() already; its upgrade is filled in
 * @release: which; NULL: the newest, where that is not the one that runs
 *
 * Its initramfs is read where devices are to be taken there.
 *
 * Depth:  attributes
 */
void upgrade_look(const struct via_root *root, struct via_host *host, const char *release);
