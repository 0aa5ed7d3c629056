/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdio.h>

#include "decode/acpi_file.h"

/**
 * text_acpi_table - a decoded table for a reader: a line a structure, what is in it indented
 * @arena: for what is formatted on the way
 *
 * Return: 0; -EIO when @out took not all of it
 */
int text_acpi_table(struct via_arena *arena, const struct via_acpi_file *file, FILE *out);
