/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/vfio_info.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include <linux/vfio.h>

enum { ANSWERS = 4, CAPABILITIES = 64 };

int info_fetch(struct via_arena *arena, int fd, unsigned long request, const void *head,
	       size_t size, struct via_span *ret)
{
	uint32_t length = (uint32_t)size;

	for (int i = 0; i < ANSWERS; i++) {
		uint8_t *answer = arena_alloc(arena, length);
		uint32_t wanted;

		memcpy(answer, head, size);
		memcpy(answer, &length, sizeof(length));
		if (ioctl(fd, request, answer) < 0)
			return -errno;
		memcpy(&wanted, answer, sizeof(wanted));
		if (wanted <= length) {
			*ret = (struct via_span){ .data = answer, .size = length };
			return 0;
		}
		length = wanted;
	}
	return -EPROTO;
}

bool info_capability(struct via_span info, uint32_t first, uint16_t id, uint32_t *ret_offset)
{
	uint32_t offset = first, next;
	uint16_t found;

	for (int i = 0; offset && i < CAPABILITIES; i++, offset = next) {
		if (!span_u16(info, offset, &found) || !span_u32(info, offset + 4, &next))
			return false;
		if (found == id) {
			*ret_offset = offset;
			return true;
		}
	}
	return false;
}

static int ranges_decode(struct via_arena *arena, struct via_span info, uint32_t offset,
			 struct iommu_limits *limits)
{
	const size_t head = sizeof(struct vfio_iommu_type1_info_cap_iova_range);
	uint32_t count;

	if (!span_u32(info, offset + sizeof(struct vfio_info_cap_header), &count))
		return -EBADMSG;
	for (uint32_t i = 0; i < count; i++) {
		size_t at = offset + head + i * sizeof(struct vfio_iova_range);
		struct iova_range range;

		if (!span_u64(info, at, &range.start) || !span_u64(info, at + 8, &range.end))
			return -EBADMSG;
		*via_list_add(arena, &limits->ranges) = range;
	}
	return 0;
}

int limits_decode(struct via_arena *arena, struct via_span info, struct iommu_limits *ret)
{
	struct vfio_iommu_type1_info head = { 0 };
	struct iommu_limits limits = { 0 };
	uint32_t offset;
	int r;

	if (info.size < offsetof(struct vfio_iommu_type1_info, cap_offset))
		return -EBADMSG;
	memcpy(&head, info.data, info.size < sizeof(head) ? info.size : sizeof(head));
	if (head.flags & VFIO_IOMMU_INFO_PGSIZES)
		limits.page_sizes = head.iova_pgsizes;
	if (!(head.flags & VFIO_IOMMU_INFO_CAPS))
		head.cap_offset = 0;
	if (info_capability(info, head.cap_offset, VFIO_IOMMU_TYPE1_INFO_CAP_IOVA_RANGE, &offset)) {
		r = ranges_decode(arena, info, offset, &limits);
		if (r < 0)
			return r;
	}
	if (info_capability(info, head.cap_offset, VFIO_IOMMU_TYPE1_INFO_DMA_AVAIL, &offset))
		limits.available_known = span_u32(info, offset + 8, &limits.available);
	*ret = limits;
	return 0;
}

bool limits_allow(const struct iommu_limits *limits, uint64_t iova, uint64_t size)
{
	uint64_t last = iova + size - 1;

	if (!size || last < iova)
		return false;
	via_for_each (range, &limits->ranges)
		if (iova >= range->start && last <= range->end)
			return true;
	return limits->ranges.count == 0;
}

/* The lowest multiple of @size that is not below @from and not 0; 0: there is none. */
static uint64_t aligned_from(uint64_t from, uint64_t size)
{
	uint64_t over = from % size, at;

	if (!over)
		return from ? from : size;
	return __builtin_add_overflow(from, size - over, &at) ? 0 : at;
}

static bool fits(const struct iommu_limits *limits, uint64_t iova, uint64_t ceiling, uint64_t size)
{
	return iova && limits_allow(limits, iova, size) && iova + size - 1 <= ceiling;
}

int limits_pick(const struct iommu_limits *limits, uint64_t floor, uint64_t ceiling, uint64_t size,
		uint64_t *ret)
{
	uint64_t iova = aligned_from(floor, size);

	if (fits(limits, iova, ceiling, size)) {
		*ret = iova;
		return 0;
	}
	via_for_each (range, &limits->ranges) {
		iova = aligned_from(range->start > floor ? range->start : floor, size);
		if (fits(limits, iova, ceiling, size)) {
			*ret = iova;
			return 0;
		}
	}
	return -ENOSPC;
}

bool limits_overlap(const struct iommu_limits *limits, uint64_t start, uint64_t end)
{
	via_for_each (range, &limits->ranges)
		if (start <= range->end && end >= range->start)
			return true;
	return limits->ranges.count == 0;
}
