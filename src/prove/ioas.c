/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/ioas.h"

#include <errno.h>
#include <sys/ioctl.h>

enum { IOAS_ALLOC = 0x3b81, IOAS_MAP = 0x3b85, IOAS_UNMAP = 0x3b86, WRITEABLE = 2, READABLE = 4 };

struct ioas_alloc_request {
	uint32_t size, flags, id;
};

struct ioas_map_request {
	uint32_t size, flags, id, reserved;
	uint64_t user, length, iova;
};
_Static_assert(sizeof(struct ioas_map_request) == 40, "struct iommu_ioas_map");

struct ioas_unmap_request {
	uint32_t size, id;
	uint64_t iova, length;
};
_Static_assert(sizeof(struct ioas_unmap_request) == 24, "struct iommu_ioas_unmap");

int ioas_new(int fd, uint32_t *ret_id)
{
	struct ioas_alloc_request request = { .size = sizeof(request) };

	if (ioctl(fd, IOAS_ALLOC, &request) < 0)
		return -errno;
	*ret_id = request.id;
	return 0;
}

int ioas_map(int fd, uint32_t id, void *memory, size_t size, uint64_t *ret_iova)
{
	struct ioas_map_request request = {
		.size = sizeof(request),
		.flags = WRITEABLE | READABLE,
		.id = id,
		.user = (uintptr_t)memory,
		.length = size,
	};

	if (ioctl(fd, IOAS_MAP, &request) < 0)
		return -errno;
	*ret_iova = request.iova;
	return 0;
}

int ioas_unmap(int fd, uint32_t id, uint64_t iova, size_t size)
{
	struct ioas_unmap_request request = {
		.size = sizeof(request), .id = id, .iova = iova, .length = size
	};

	if (ioctl(fd, IOAS_UNMAP, &request) < 0)
		return -errno;
	return request.length == size ? 0 : -EIO;
}
