/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/span.h"
#include "sys/effect.h"

/**
 * effect_efi_variable - set a variable of the firmware, or remove it
 * @path: below efivarfs, relative to the root
 * @bytes: its attributes and value, as efivarfs shows them; none: it is removed
 *
 * efivarfs marks most variables immutable, so that no `rm -r` bricks a machine; that is lifted
 * for the one that is written.
 *
 * Return: 0; -EROFS; other negative errno
 */
int effect_efi_variable(const struct via_effects *effects, const char *path, struct via_span bytes);
