/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>

#include "decode/pci_capability.h"

/**
 * json_capabilities - a device's capabilities as `list` and `show` print them
 *
 * Each is {"id":"acs","offset":"0x148", fields flat}, "version" for extended ones too.
 *
 * Return: a new reference; an array, or JSON null when no list could be read
 */
json_t *json_capabilities(const struct via_capabilities *capabilities);

/* json_capability - one of them */
json_t *json_capability(const struct via_capability *capability);
