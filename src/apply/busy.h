/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/error.h"
#include "sys/root.h"

/**
 * busy_check - whether nobody else is changing what this host boots from
 *
 * Package managers are told by their locks (dpkg, apt, rpm, pacman, zypp, apk), programs that
 * make images and menus (update-initramfs, dracut, grub-mkconfig …) by their names. Those from
 * which we descend are passed over: a hook of theirs may call us.
 *
 * Return: 0; -EBUSY, told in @error
 */
int busy_check(const struct via_root *root, struct via_error *error);
