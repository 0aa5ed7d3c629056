/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "model/boot_change.h"

/* Names that a loader knows our entries by. */
#define TRIAL_ENTRY	 "viaduct-trial"
#define KNOWN_GOOD_ENTRY "viaduct-known-good"

/* On the line of the entry that is on trial: tells its boot from others. */
#define TRIAL_WORD "viaduct.trial"

/**
 * struct via_boot_trial - how one boot alone can try a change, on this host
 * @told: present: it can, and text says how; absent or unknown: @why_not and @by_hand
 * @keeper, @keeper_text: the file that has the system as it is now booted by default, and what it
 *                        shall hold
 * @image, @image_kept: the initramfs that this system booted with, and where it is kept under a
 *                      name that no generator knows; NULL where it boots without
 * @once, @once_entry: what makes the loader start one entry once, and that entry's name there:
 *                     GRUB's environment block, as a path, or a variable of systemd-boot's
 * @standing: a variable of systemd-boot's that makes @keeper the default, by @standing_entry;
 *            NULL: the file does so itself
 * @watchdog: what could end a boot that hangs: text: the device's own name; number: 1 where
 * somebody has it running already; absent: no driver brought one
 */
struct via_boot_trial {
	struct via_fact told;
	const char *why_not, *by_hand;
	struct via_boot_state keeper;
	const char *keeper_text;
	const char *image, *image_kept;
	const char *once, *once_entry;
	const char *standing, *standing_entry;
	struct via_fact watchdog;
};
