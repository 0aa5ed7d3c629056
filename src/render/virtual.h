/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>

#include "model/host.h"
#include "render/paper.h"

/* text_mediated - parents with their types, mediated devices, definitions, vGPUs */
void text_mediated(const struct via_paper *paper, const struct via_host *host);

/* text_vdpa - management devices, devices of the bus and how they are set up */
void text_vdpa(const struct via_paper *paper, const struct via_host *host);

/* text_vduse - VDUSE devices, who serves them, and whether they are on the bus vdpa */
void text_vduse(const struct via_paper *paper, const struct via_host *host);

/* json_…_list - viaduct.mdev/1, viaduct.vdpa/1, viaduct.vduse/1; the caller owns them */
json_t *json_mediated_list(const struct via_host *host);
json_t *json_vdpa_list(const struct via_host *host);
json_t *json_vduse_list(const struct via_host *host);
