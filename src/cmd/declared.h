/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "model/host.h"
#include "sys/query.h"
#include "sys/root.h"

/**
 * declared_look - compare a host with what its etc/viaduct/host.yaml declares
 * @host: probed already, and how it boots was looked at; its declared is filled in
 *
 * Where there is such a file the devices are looked at once more, as for a plan.
 *
 * Depth:  attributes; config where the file is there
 */
void declared_look(const struct via_root *root, const struct via_queries *queries,
		   struct via_host *host);
