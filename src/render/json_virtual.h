/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>

#include "model/host.h"

/* json_virtual_of - what is mediated, virtio or vDPA on one function */
json_t *json_virtual_of(const struct via_host *host, const struct via_pci_device *device);

/* write_virtual - the keys mediated, vdpa, vduse, vhost_user and virtio of `list`, each only
 * where there are any */
struct via_json_writer;
void write_virtual(struct via_json_writer *to, const struct via_host *host);
