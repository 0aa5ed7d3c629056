/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "sys/root.h"

/**
 * struct scsi_target - a disk of some memory that vhost-scsi shows to a guest
 * @name: of the target, "naa." and 16 digits; what VHOST_SCSI_SET_ENDPOINT is given
 * @serial: what the disk answers an INQUIRY for its serial number with
 * @keeps_fabric: others had targets for vhost-scsi before, so that directory stays
 */
struct scsi_target {
	char name[24], initiator[24], serial[24];
	unsigned int adapter;
	bool keeps_fabric;
};

enum { SCSI_TARGET_PORTAL = 1 };

/* scsi_target_choose - names that nothing has; nothing is made yet. 0 or negative errno */
int scsi_target_choose(const struct via_root *root, struct scsi_target *ret);

/**
 * scsi_target_make - make it in configfs
 * @ret_failed: in @arena: what was being made
 *
 * Needs:  vhost_scsi loaded, configfs mounted
 * Effect: directories below sys/kernel/config/target/{core,vhost}, also on failure
 * Source: Documentation/target/tcm_mod_builder.rst, drivers/target/target_core_configfs.c
 * Return: 0; -ENOENT no configfs, or no target in it; the kernel's negative errno
 */
int scsi_target_make(const struct via_root *root, const struct scsi_target *target,
		     struct via_arena *arena, const char **ret_failed);

/* scsi_target_remove - all of it, whatever of it is there; 0, or the first negative errno */
int scsi_target_remove(const struct via_root *root, const struct scsi_target *target);
