/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/names.h"
#include "base/span.h"

/**
 * struct via_dkms_conf - what decides in a dkms.conf
 * @only: BUILD_EXCLUSIVE_KERNEL, an extended regular expression; NULL for none
 * @least, @most: BUILD_EXCLUSIVE_KERNEL_MIN and _MAX; NULL for none
 * @untold: one of these is computed by the shell, so it cannot be told what it will be
 * @modules: BUILT_MODULE_NAME[…], with underscores; those that the shell computes are left out
 */
struct via_dkms_conf {
	const char *only, *least, *most;
	bool untold;
	struct via_names modules;
};

/* dkms_conf_decode - a dkms.conf is a shell script; its plain assignments are read */
void dkms_conf_decode(struct via_arena *arena, struct via_span file, struct via_dkms_conf *ret);

/**
 * dkms_conf_excludes - whether DKMS would silently skip a kernel
 * Return: 1 it would, 0 it would not, -1 cannot be told
 */
int dkms_conf_excludes(const struct via_dkms_conf *conf, const char *release);
