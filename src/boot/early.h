/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "boot/change.h"

/*
 * How an initramfs generator says in what way devices are taken early: its early() fills
 * boot->early in, by these.
 */

/* early_file - a file of viaduct's own, as it shall be; see early_text.h */
void early_file(struct via_boot_view *view, const char *path, unsigned int mode, const char *text);

/* early_resolver - the list of devices and what finds them, which all ways share; and the
 * command that remakes the image of the kernel that boots next */
void early_resolver(struct via_boot_view *view, const char *rebuild);

/* early_rebuild - @before with the release that boots next behind it; @all where that could
 * not be told */
const char *early_rebuild(const struct via_boot_view *view, const char *before, const char *all);

/* early_look - the installed generator's way */
void early_look(struct via_boot_view *view);
