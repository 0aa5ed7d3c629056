/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "boot/loader.h"

/**
 * struct via_generator - what makes initramfs images, a file of its own in this folder
 * @program: where it is installed, without a leading slash
 * @rebuild: the command that remakes the image of every kernel
 * @wants: note what its configuration wants loaded early (view_want)
 * @early: how devices are taken before any other driver comes (boot/early.h)
 */
struct via_generator {
	const char *name, *program, *rebuild;
	void (*wants)(struct via_boot_view *view);
	void (*early)(struct via_boot_view *view);
};

extern const struct via_generator generator_initramfs_tools, generator_dracut, generator_mkinitcpio,
	generator_booster;

/* generators_look - which is installed; what it, modprobe.d and the command line want early */
void generators_look(struct via_boot_view *view);

/* generator_named - by the name an image gives; NULL */
const struct via_generator *generator_named(const char *name);

/* view_want - a line of a file that wants vfio early */
void view_want(struct via_boot_view *view, const char *path, const char *value);

/* view_want_lines - every line of a file that is no comment and names vfio */
void view_want_lines(struct via_boot_view *view, const char *path);

/* view_want_folder - likewise of every file of a folder with that suffix */
void view_want_folder(struct via_boot_view *view, const char *folder, const char *suffix);

/* image_look - find the initramfs of the running system, and index it when @read */
void image_look(struct via_boot_view *view, bool read);

/* image_look_entry - index the initramfs of one entry, in place of the running system's */
void image_look_entry(struct via_boot_view *view, const struct via_boot_entry *entry);
