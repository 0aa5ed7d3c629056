/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "boot/loader.h"

/* What the loaders' parts of a trial share. */

enum { TRIAL_PANIC_SECONDS = 30 };

/* view_no_trial - it cannot be done: why, and what its owner can do by hand */
void view_no_trial(struct via_boot_view *view, const char *by_hand, const char *why, ...)
	__attribute__((format(printf, 3, 4)));

/* view_untold_trial - whether it can be done could not be told; @fact: what was not read, or NULL
 */
void view_untold_trial(struct via_boot_view *view, const struct via_fact *fact, const char *why);

/* trial_words - what the line of the entry on trial has beside its own */
const char *trial_words(struct via_boot_view *view, const char *id);

/**
 * trial_image - the initrd of an entry that is the image of the running system, as the loader
 * writes it
 * @ret_kept: the same with the name under which it is kept
 * Return: NULL where it is none of them
 */
const char *trial_image(struct via_boot_view *view, const struct via_boot_entry *entry,
			const char **ret_kept);

/* See boot/trial.h; trial_grub.c, trial_systemd_boot.c */
void grub_trial_look(struct via_boot_view *view);
int grub_trial_entry(struct via_boot_view *view, const char *words, const char **ret_path,
		     const char **ret_text);
void systemd_boot_trial_look(struct via_boot_view *view);
int systemd_boot_trial_entry(struct via_boot_view *view, const char *words, const char **ret_path,
			     const char **ret_text);
