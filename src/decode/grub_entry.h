/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "decode/boot_menu.h"

/**
 * struct via_grub_copy - an entry under another name
 * @title: without quotes
 * @words: behind those of the kernel's line; NULL for none
 * @image, @other_image: of its initrd line the one goes, the other comes; NULL: all stay
 */
struct via_grub_copy {
	const char *title, *id;
	const char *words;
	const char *image, *other_image;
};

/**
 * grub_entry_copy - the text of a menuentry that boots as another does
 * @config: the file in which @entry was found
 *
 * What it has loaded, searched for and drawn stays as it is written. What writes into GRUB's
 * environment block at each start (savedefault, recordfail) is left out.
 *
 * Return: 0; -ENODATA it has no kernel's line of its own, or several; -ENOENT @image is not in it
 */
int grub_entry_copy(struct via_arena *arena, struct via_span config,
		    const struct via_boot_entry *entry, const struct via_grub_copy *copy,
		    const char **ret);
