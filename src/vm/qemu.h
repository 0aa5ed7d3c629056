/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "base/error.h"
#include "base/names.h"
#include "model/host.h"
#include "vm/spec.h"

/**
 * qemu_argv - the QEMU command that runs a guest on this host
 * @ret: emptied; the words in @arena, the program first, a NULL behind the last one
 *
 * A bare q35 machine: nothing that the spec does not name. Each device sits behind a root
 * port of its own, as it would on a board.
 *
 * Source: qemu(1); docs/pcie.txt in QEMU
 * Return: 0, or as spec_admit()
 */
int qemu_argv(struct via_arena *arena, const struct via_vm_spec *spec, const struct via_host *host,
	      struct via_names *ret, struct via_error *error);

/**
 * shell_line - words as a shell would have to be given them, on lines of options
 * Return: text in @arena
 */
const char *shell_line(struct via_arena *arena, const struct via_names *words);
