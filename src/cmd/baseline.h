/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "cmd/command.h"

/**
 * baseline_look - compare a host with how it was when it was good
 * @host: probed already; its baseline is filled in, and reset methods that nobody asked for
 *
 * Depth: attributes
 */
void baseline_look(const struct via_root *root, struct via_host *host);

/**
 * baseline_save - record how the host is now
 * @host: any look at it
 * Effect: var/lib/viaduct/baseline
 * Return: 0; negative errno
 */
int baseline_save(const struct via_root *root, struct via_host *host, struct via_error *error);
