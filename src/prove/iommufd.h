/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdint.h>

#include <linux/ioctl.h>
#include <linux/vfio.h>

#include "prove/vfio_session.h"

/*
 * What <linux/iommufd.h> and a newer <linux/vfio.h> declare; headers of Linux 6.1 have neither.
 * Source: include/uapi/linux/iommufd.h, include/uapi/linux/vfio.h, Linux 6.6
 */
#define IOMMUFD_BIND	   _IO(VFIO_TYPE, VFIO_BASE + 18)
#define IOMMUFD_ATTACH	   _IO(VFIO_TYPE, VFIO_BASE + 19)
#define IOMMUFD_IOAS_ALLOC _IO(';', 0x81)
#define IOMMUFD_RANGES	   _IO(';', 0x84)
#define IOMMUFD_MAP	   _IO(';', 0x85)
#define IOMMUFD_UNMAP	   _IO(';', 0x86)
#define IOMMUFD_HW_INFO	   _IO(';', 0x8a)

/* The token is Linux 6.17's; a kernel before asks for none by this way, and refuses the flag. */
struct iommufd_bind {
	uint32_t argsz, flags;
	int32_t iommufd;
	uint32_t out_devid;
	uint64_t token_uuid_ptr;
};
_Static_assert(sizeof(struct iommufd_bind) == 24, "struct vfio_device_bind_iommufd");

enum { IOMMUFD_BIND_TOKEN = 1 };

struct iommufd_attach {
	uint32_t argsz, flags, pt_id;
};
_Static_assert(sizeof(struct iommufd_attach) == 12, "struct vfio_device_attach_iommufd_pt");

struct iommufd_ioas_alloc {
	uint32_t size, flags, out_ioas_id;
};
_Static_assert(sizeof(struct iommufd_ioas_alloc) == 12, "struct iommu_ioas_alloc");

struct iommufd_ranges {
	uint32_t size, ioas_id, num_iovas, reserved;
	uint64_t allowed_iovas, out_iova_alignment;
};
_Static_assert(sizeof(struct iommufd_ranges) == 32, "struct iommu_ioas_iova_ranges");
_Static_assert(sizeof(struct iova_range) == 16, "struct iommu_iova_range: start, last");

enum { IOMMUFD_MAP_FIXED = 1, IOMMUFD_MAP_WRITE = 2, IOMMUFD_MAP_READ = 4 };

struct iommufd_map {
	uint32_t size, flags, ioas_id, reserved;
	uint64_t user_va, length, iova;
};
_Static_assert(sizeof(struct iommufd_map) == 40, "struct iommu_ioas_map");

struct iommufd_unmap {
	uint32_t size, ioas_id;
	uint64_t iova, length;
};
_Static_assert(sizeof(struct iommufd_unmap) == 24, "struct iommu_ioas_unmap");

struct iommufd_hw_info {
	uint32_t size, flags, dev_id, data_len;
	uint64_t data_uptr;
	uint32_t out_data_type, reserved;
	uint64_t out_capabilities;
};
_Static_assert(sizeof(struct iommufd_hw_info) == 40, "struct iommu_hw_info");

enum { IOMMUFD_HW_VTD = 1 };

struct iommufd_hw_vtd {
	uint32_t flags, reserved;
	uint64_t cap_reg, ecap_reg;
};
_Static_assert(sizeof(struct iommufd_hw_vtd) == 24, "struct iommu_hw_info_vtd");

/* The parts of vfio_by_iommufd. */
int iommufd_open(struct vfio_session *session, const struct via_report *report);
int iommufd_attach(struct vfio_session *session, const struct via_report *report);
