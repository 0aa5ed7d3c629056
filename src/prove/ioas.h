/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * An address space of iommufd's without a device: memory is pinned and accounted for, and no
 * IOMMU has anything to do.
 *
 * Source: include/uapi/linux/iommufd.h, which libc's headers need not have
 */

/* ioas_new - in an open /dev/iommu, with which it goes; 0 or the kernel's negative errno */
int ioas_new(int fd, uint32_t *ret_id);

/* ioas_map - memory of this process, to read and to write, where the kernel likes */
int ioas_map(int fd, uint32_t id, void *memory, size_t size, uint64_t *ret_iova);

/* ioas_unmap - a whole mapping; -EIO when the kernel unmapped something else */
int ioas_unmap(int fd, uint32_t id, uint64_t iova, size_t size);
