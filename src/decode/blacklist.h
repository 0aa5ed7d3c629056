/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "base/names.h"
#include "base/span.h"

/*
 * Which modules are kept from being loaded by the name of a device: told to modprobe in a
 * file, or to the kernel by a word. A module that is asked for by its own name is loaded all
 * the same, except with module_blacklist= and where "install" stands in its place.
 */

/**
 * blacklist_of_file - "blacklist NAME" and "install NAME /bin/false" of one modprobe.d file
 * @names: added to, with underscores, each once
 */
void blacklist_of_file(struct via_arena *arena, struct via_span file, struct via_names *names);

/* blacklist_of_cmdline - likewise of module_blacklist= and modprobe.blacklist= */
void blacklist_of_cmdline(struct via_arena *arena, const char *cmdline, struct via_names *names);
