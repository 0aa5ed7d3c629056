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
 * @arch: BUILD_EXCLUSIVE_ARCH, likewise; NULL for none
 * @config: BUILD_EXCLUSIVE_CONFIG, "CONFIG_A !CONFIG_B"; NULL for none
 * @autoinstall: AUTOINSTALL is there: else a new kernel gets it only by hand
 * @untold: one of these is computed by the shell, so it cannot be told what it will be
 * @modules: BUILT_MODULE_NAME[…], with underscores; those that the shell computes are left out
 */
struct via_dkms_conf {
	const char *only, *least, *most;
	const char *arch, *config;
	bool autoinstall;
	bool untold;
	struct via_names modules;
};

/* dkms_conf_decode - a dkms.conf is a shell script; its plain assignments are read */
void dkms_conf_decode(struct via_arena *arena, struct via_span file, struct via_dkms_conf *ret);

/**
 * dkms_conf_lacks - the first word of @config that a kernel's configuration does not fulfil
 * @kernel: its .config
 *
 * Return: the word, in @arena; NULL where all are as asked for
 */
const char *dkms_conf_lacks(struct via_arena *arena, const struct via_dkms_conf *conf,
			    struct via_span kernel);

/**
 * dkms_conf_excludes - whether DKMS would silently skip a kernel
 * @machine: as uname -m tells, which @arch is held against; NULL where that is not known
 *
 * Return: 1 it would, 0 it would not, -1 cannot be told
 */
int dkms_conf_excludes(const struct via_dkms_conf *conf, const char *release, const char *machine);
