/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>

#include "base/cleanup.h"
#include "base/fact.h"
#include "bench/vfio.h"
#include "prove/ioas.h"

enum { SMALL = 4096, LARGE = 2 << 20 };

/* Memory that is mapped for a device and unmapped, again and again. */
struct mapping {
	struct vfio_session session;
	int iommufd;
	uint32_t space;
	void *memory;
	uint64_t iova;
	size_t size;
};

/* A page table's page, where the size is one: then the IOMMU needs a single entry. */
static int get_memory(struct mapping *mapping)
{
	size_t whole = mapping->size * 2;
	uint8_t *memory =
		mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return -errno;
	memory += mapping->size - (uintptr_t)memory % mapping->size;
	if (mapping->size > SMALL)
		madvise(memory, mapping->size, MADV_HUGEPAGE);
	for (size_t at = 0; at < mapping->size; at += SMALL)
		((volatile uint8_t *)memory)[at] = 1;
	mapping->memory = memory;
	return 0;
}

static int by_type1(void *context, uint64_t count)
{
	struct mapping *mapping = context;
	const struct vfio_interface *interface = mapping->session.interface;

	for (uint64_t i = 0; i < count; i++) {
		uint64_t unmapped;
		int r = interface->map(&mapping->session, mapping->memory, mapping->iova,
				       mapping->size);

		if (r == 0)
			r = interface->unmap(&mapping->session, mapping->iova, mapping->size,
					     &unmapped);
		if (r < 0)
			return r;
	}
	return 0;
}

static int by_iommufd(void *context, uint64_t count)
{
	struct mapping *mapping = context;

	for (uint64_t i = 0; i < count; i++) {
		int r = ioas_map(mapping->iommufd, mapping->space, mapping->memory, mapping->size,
				 &mapping->iova);

		if (r == 0)
			r = ioas_unmap(mapping->iommufd, mapping->space, mapping->iova,
				       mapping->size);
		if (r < 0)
			return r;
	}
	return 0;
}

static int run(const struct bench_context *context, const struct via_report *report,
	       struct mapping *mapping, int (*batch)(void *, uint64_t))
{
	int r = get_memory(mapping);

	if (r == 0)
		r = meter_run(context->meter, 0, batch, mapping);
	return r < 0 ? report_fail(report, r, "mapping memory",
				   r == -ENOMEM ? "the limit of locked memory is too low" : NULL)
		     : CLIMB_PASS;
}

static int measure_type1(const struct bench_context *context, const struct via_report *report)
{
	struct mapping mapping = { .size = *(const int *)context->item->argument };
	struct vfio_session *session = &mapping.session;
	int r = vfio_begin(context, report, session);

	if (r == CLIMB_PASS) {
		r = session->interface->limits(session, &session->limits);
		if (r == 0)
			r = limits_pick(&session->limits, 0, UINT64_MAX, mapping.size,
					&mapping.iova);
		r = r < 0 ? report_fail(report, r, session->interface->limits_call, NULL)
			  : run(context, report, &mapping, by_type1);
	}
	if (session->arena)
		session_close(session);
	return r;
}

static int measure_iommufd(const struct bench_context *context, const struct via_report *report)
{
	struct mapping mapping = { .size = *(const int *)context->item->argument };
	_cleanup_close_ int fd = root_openat(context->root, "dev/iommu", O_RDWR);
	int r;

	if (fd < 0)
		return bench_skip(report,
				  "/dev/iommu: %s; this kernel may be built without iommufd",
				  errno_name(-fd));
	mapping.iommufd = fd;
	r = ioas_new(fd, &mapping.space);
	if (r < 0)
		return report_fail(report, r, "IOMMU_IOAS_ALLOC", NULL);
	return run(context, report, &mapping, by_iommufd);
}

static const int small = SMALL, large = LARGE;

const struct bench_item bench_dma_items[] = {
	{ "map-4k", "4 KiB mapped for a device and unmapped, by type 1", VIA_GENERATION_DMA,
	  measure_type1, &small },
	{ "map-2m", "2 MiB mapped for a device and unmapped, by type 1", VIA_GENERATION_DMA,
	  measure_type1, &large },
	{ "ioas-4k", "4 KiB pinned and let go by iommufd, no device", VIA_GENERATION_DMA,
	  measure_iommufd, &small },
	{ "ioas-2m", "2 MiB pinned and let go by iommufd, no device", VIA_GENERATION_DMA,
	  measure_iommufd, &large },
	{ 0 },
};
