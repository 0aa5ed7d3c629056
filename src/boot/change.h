/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "boot/loader.h"

/*
 * How a loader says what changes its command line: each read_sources() fills
 * boot->line_change in, by these.
 */

/* view_state - a file as a plan that changes it needs it */
struct via_boot_state view_state(const struct via_boot_view *view, const char *path);

/**
 * view_change_line - words are put into, or only taken out of, a file of the owner's
 * @adds: put in too; the way is then VIA_BOOT_EDIT
 */
struct via_boot_line *view_change_line(struct via_boot_view *view, const char *path,
				       struct via_line_where where, bool adds);

/* view_change_entry - the entry that boots next is what is edited; nothing where it is untold */
void view_change_entry(struct via_boot_view *view, enum via_line_format format);

/* view_change_command - to be run behind the files */
void view_change_command(struct via_boot_view *view, const char *command);

/* view_advise - only its owner can change it, like this */
void view_advise(struct via_boot_view *view, const char *advice);

/* view_drop_in_name - of viaduct's own file in a folder: read behind all that set @variable */
const char *view_drop_in_name(const struct via_boot_view *view, const char *folder,
			      const char *suffix, const char *variable);

/* view_change_drop_in - a file of viaduct's own adds to a variable; NULL: holds words only */
void view_change_drop_in(struct via_boot_view *view, const char *folder, const char *suffix,
			 const char *variable);

/* view_change_grub - etc/default/grub, or a drop-in where those are read; grub.c */
void view_change_grub(struct via_boot_view *view, const char *command);

/* view_change_cmdline - etc/kernel/cmdline, made from the next entry's line where it lacks */
void view_change_cmdline(struct via_boot_view *view, enum via_line_format format);

/* view_read_drop_ins - what viaduct's own files beyond the loader's hold now */
void view_read_drop_ins(struct via_boot_view *view);
