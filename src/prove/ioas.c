/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/ioas.h"

#include <errno.h>
#include <sys/ioctl.h>

#include "prove/iommufd.h"

int ioas_new(int fd, uint32_t *ret_id)
{
	struct iommufd_ioas_alloc request = { .size = sizeof(request) };

	if (ioctl(fd, IOMMUFD_IOAS_ALLOC, &request) < 0)
		return -errno;
	*ret_id = request.out_ioas_id;
	return 0;
}

int ioas_map(int fd, uint32_t id, void *memory, size_t size, uint64_t *ret_iova)
{
	struct iommufd_map request = {
		.size = sizeof(request),
		.flags = IOMMUFD_MAP_WRITE | IOMMUFD_MAP_READ,
		.ioas_id = id,
		.user_va = (uintptr_t)memory,
		.length = size,
	};

	if (ioctl(fd, IOMMUFD_MAP, &request) < 0)
		return -errno;
	*ret_iova = request.iova;
	return 0;
}

int ioas_unmap(int fd, uint32_t id, uint64_t iova, size_t size)
{
	struct iommufd_unmap request = {
		.size = sizeof(request), .ioas_id = id, .iova = iova, .length = size
	};

	if (ioctl(fd, IOMMUFD_UNMAP, &request) < 0)
		return -errno;
	return request.length == size ? 0 : -EIO;
}
