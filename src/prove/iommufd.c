/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/iommufd.h"

#include <errno.h>
#include <sys/ioctl.h>

enum { RANGES = 64, VTD_LARGE_SHIFT = 34 };

/* Which large pages a unit of VT-d can use stands in its capability register: SLLPS. */
static uint64_t large_pages(const struct vfio_session *session)
{
	struct iommufd_hw_vtd vtd = { 0 };
	struct iommufd_hw_info request = {
		.size = sizeof(request),
		.dev_id = session->devid,
		.data_len = sizeof(vtd),
		.data_uptr = (uintptr_t)&vtd,
	};

	if (ioctl(session->container, IOMMUFD_HW_INFO, &request) < 0 ||
	    request.out_data_type != IOMMUFD_HW_VTD)
		return 0;
	return (vtd.cap_reg >> VTD_LARGE_SHIFT & 1) << 21 |
	       (vtd.cap_reg >> (VTD_LARGE_SHIFT + 1) & 1) << 30;
}

static int by_iommufd_limits(struct vfio_session *session, struct iommu_limits *ret)
{
	struct iova_range ranges[RANGES];
	struct iommufd_ranges request = {
		.size = sizeof(request),
		.ioas_id = session->ioas,
		.num_iovas = RANGES,
		.allowed_iovas = (uintptr_t)ranges,
	};
	struct iommu_limits limits = { 0 };

	if (ioctl(session->container, IOMMUFD_RANGES, &request) < 0)
		return -errno;
	limits.page_sizes = request.out_iova_alignment | large_pages(session);
	for (uint32_t i = 0; i < request.num_iovas && i < RANGES; i++)
		*via_list_add(session->arena, &limits.ranges) = ranges[i];
	*ret = limits;
	return 0;
}

static int by_iommufd_map(const struct vfio_session *session, void *memory, uint64_t iova,
			  uint64_t size)
{
	struct iommufd_map request = {
		.size = sizeof(request),
		.flags = IOMMUFD_MAP_FIXED | IOMMUFD_MAP_READ | IOMMUFD_MAP_WRITE,
		.ioas_id = session->ioas,
		.user_va = (uintptr_t)memory,
		.length = size,
		.iova = iova,
	};

	return ioctl(session->container, IOMMUFD_MAP, &request) < 0 ? -errno : 0;
}

static int by_iommufd_unmap(const struct vfio_session *session, uint64_t iova, uint64_t size,
			    uint64_t *ret_size)
{
	struct iommufd_unmap request = {
		.size = sizeof(request), .ioas_id = session->ioas, .iova = iova, .length = size
	};

	if (ioctl(session->container, IOMMUFD_UNMAP, &request) < 0)
		return -errno;
	*ret_size = request.length;
	return 0;
}

static void by_iommufd_leave(struct vfio_session *session)
{
	session_close_fd(&session->container);
}

const struct vfio_interface vfio_by_iommufd = {
	.name = "iommufd",
	.open = iommufd_open,
	.attach = iommufd_attach,
	.limits = by_iommufd_limits,
	.map = by_iommufd_map,
	.unmap = by_iommufd_unmap,
	.leave = by_iommufd_leave,
	.limits_call = "IOMMU_IOAS_IOVA_RANGES",
	.map_call = "IOMMU_IOAS_MAP",
	.unmap_call = "IOMMU_IOAS_UNMAP",
	.memlock_of = "user",
};
