/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>

#include "model/host.h"
#include "render/paper.h"

/* text_mediated - parents with their types, mediated devices, definitions, vGPUs */
void text_mediated(const struct via_paper *paper, const struct via_host *host);

/* text_vdpa - management devices, devices of the bus and how they are set up */
void text_vdpa(const struct via_paper *paper, const struct via_host *host);

/* json_mediated_list, json_vdpa_list - viaduct.mdev/1, viaduct.vdpa/1; the caller owns them */
json_t *json_mediated_list(const struct via_host *host);
json_t *json_vdpa_list(const struct via_host *host);
