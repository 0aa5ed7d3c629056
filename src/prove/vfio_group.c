/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/vfio_group.h"

#include <errno.h>
#include <sys/ioctl.h>

static int group_limits(struct vfio_session *session, struct iommu_limits *ret)
{
	struct vfio_iommu_type1_info question = { 0 };
	struct via_span answer;
	int r = info_fetch(session->arena, session->container, VFIO_IOMMU_GET_INFO, &question,
			   sizeof(question), &answer);

	return r < 0 ? r : limits_decode(session->arena, answer, ret);
}

static int group_map(const struct vfio_session *session, void *memory, uint64_t iova, uint64_t size)
{
	struct vfio_iommu_type1_dma_map request = {
		.argsz = sizeof(request),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.vaddr = (uintptr_t)memory,
		.iova = iova,
		.size = size,
	};

	return ioctl(session->container, VFIO_IOMMU_MAP_DMA, &request) < 0 ? -errno : 0;
}

static int group_unmap(const struct vfio_session *session, uint64_t iova, uint64_t size,
		       uint64_t *ret_size)
{
	struct vfio_iommu_type1_dma_unmap request = { .argsz = sizeof(request),
						      .iova = iova,
						      .size = size };

	if (ioctl(session->container, VFIO_IOMMU_UNMAP_DMA, &request) < 0)
		return -errno;
	*ret_size = request.size;
	return 0;
}

static void group_leave(struct vfio_session *session)
{
	if (session->group_fd >= 0)
		ioctl(session->group_fd, VFIO_GROUP_UNSET_CONTAINER);
	session_close_fd(&session->group_fd);
	session_close_fd(&session->container);
}

const struct vfio_interface vfio_by_group = {
	.name = "group",
	.open = group_open,
	.attach = group_attach,
	.limits = group_limits,
	.map = group_map,
	.unmap = group_unmap,
	.leave = group_leave,
	.limits_call = "VFIO_IOMMU_GET_INFO",
	.map_call = "VFIO_IOMMU_MAP_DMA",
	.unmap_call = "VFIO_IOMMU_UNMAP_DMA",
	.memlock_of = "process",
};
