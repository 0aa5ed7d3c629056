/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>

#include "decode/acpi_file.h"

/**
 * json_acpi_tables - the object "viaduct.acpi/1" of decoded tables
 * @arena: for what is formatted on the way; nothing in it outlives the call's use
 *
 * A value whose bytes a damaged table does not hold is null. Every table, structure, scope
 * and entry has "trouble": null or words. Beyond the common keys:
 *
 * - addresses and registers are "0x…"; "device_id" and its like are four digits of hex;
 *   "segment", "enumeration_id", lengths and offsets are numbers;
 * - "type_number" is the type as a number, so that unknown ones can be told apart; those
 *   have "bytes", in hex;
 * - a scope's "path" is "00:02.0"; "00:1c.0/00.0" where bridges stand between: which bus the
 *   last hop is on only the running host knows;
 * - "host_address_width_bits" is null where the table has none (IVRS: "physical_address_bits"
 *   and "virtual_address_bits"); "checksum_ok" is null when the table is cut short.
 *
 * Return: a new reference
 */
json_t *json_acpi_tables(struct via_arena *arena, const struct via_acpi_file *files, size_t count);
