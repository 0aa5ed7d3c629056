/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

/*
 * pci.ids as it lies on the disk: vendors in the order of their ids, each with its devices
 * below. What is printed is looked for where it must be; the other 99 % are never read.
 */

/**
 * id_file_vendor / id_file_device / id_file_class - a name in the file
 * @class_code: class and subclass, 0x0200
 *
 * Return: the name, which ends where @ret_length says; NULL when it is not there
 */
const char *id_file_vendor(struct via_span file, unsigned int vendor, size_t *ret_length);
const char *id_file_device(struct via_span file, unsigned int vendor, unsigned int device,
			   size_t *ret_length);

/* id_file_device_below - likewise, of a vendor that was found: @name as id_file_vendor() gave it */
const char *id_file_device_below(struct via_span file, const char *name, unsigned int device,
				 size_t *ret_length);
const char *id_file_class(struct via_span file, unsigned int class_code, size_t *ret_length);
const char *id_file_base_class(struct via_span file, unsigned int base, size_t *ret_length);
