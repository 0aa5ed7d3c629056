/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "sys/root.h"

/**
 * kvm_backend - which module answers behind /dev/kvm: one that is no part of kvm itself
 *
 * Return: its name, in @arena; "built in"; NULL where it could not be told
 */
const char *kvm_backend(const struct via_root *root, struct via_arena *arena);
