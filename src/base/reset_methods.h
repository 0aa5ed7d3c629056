/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

/**
 * reset_methods_valid - whether the kernel knows each method of a list for reset_method
 * @text: names with one blank between: "flr bus"; "" leaves a function without any
 *
 * Source: pci_reset_fn_methods[] in drivers/pci/pci.c
 */
bool reset_methods_valid(const char *text);
