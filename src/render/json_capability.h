/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>

#include "decode/pci_capability.h"
#include "render/json_writer.h"

/**
 * write_capabilities - a device's capabilities as `list` and `show` print them
 *
 * Each is {"id":"acs","offset":"0x148", fields flat}, "version" for extended ones too; null
 * when no list could be read.
 */
void write_capabilities(struct via_json_writer *to, const struct via_capabilities *capabilities);

/* json_capabilities - the same as a tree; a new reference */
json_t *json_capabilities(const struct via_capabilities *capabilities);
