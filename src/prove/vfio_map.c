/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/vfio_session.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "prove/child.h"
#include "prove/vfio_info.h"

enum { LARGE = 2 << 20, MSI_WINDOW = 0xfee00 /* pages of 4 KiB; x86 */ };

/* Mapping memory for a device: the session, where it reports to, and what is allowed. */
struct mapping {
	const struct vfio_session *session;
	const struct via_report *report;
	struct iommu_limits limits;
	uint8_t *memory; /* LARGE bytes, aligned to their size */
	uint64_t page;
	bool odd; /* something was accepted that should not have been */
};

static int map(const struct mapping *mapping, uint64_t iova, uint64_t size)
{
	struct vfio_iommu_type1_dma_map request = {
		.argsz = sizeof(request),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.vaddr = (uintptr_t)mapping->memory,
		.iova = iova,
		.size = size,
	};

	return ioctl(mapping->session->container, VFIO_IOMMU_MAP_DMA, &request) < 0 ? -errno : 0;
}

/* unmap - @ret_size is what the kernel says it has unmapped */
static int unmap(const struct mapping *mapping, uint64_t iova, uint64_t size, uint64_t *ret_size)
{
	struct vfio_iommu_type1_dma_unmap request = { .argsz = sizeof(request),
						      .iova = iova,
						      .size = size };

	if (ioctl(mapping->session->container, VFIO_IOMMU_UNMAP_DMA, &request) < 0)
		return -errno;
	*ret_size = request.size;
	return 0;
}

static const char *why_not_mapped(int error)
{
	switch (error) {
	case ENOMEM:
		return "the limit on locked memory (ulimit -l) is too low for it";
	case ENOSPC:
		return "vfio_iommu_type1.dma_entry_limit is used up";
	case EINVAL:
		return "the address is outside what the IOMMU or a reserved region allows";
	default:
		return "look at the kernel log for vfio";
	}
}

static int try_map(const struct mapping *mapping, const char *name, uint64_t size)
{
	uint64_t iova, unmapped = 0;
	int r = limits_pick(&mapping->limits, size, &iova);

	if (r < 0)
		return report_fail(mapping->report, r, "finding a free address", NULL);
	r = map(mapping, iova, size);
	if (r < 0)
		return report_fail(mapping->report, r, "VFIO_IOMMU_MAP_DMA", "%s",
				   why_not_mapped(-r));
	r = unmap(mapping, iova, size, &unmapped);
	if (r < 0)
		return report_fail(mapping->report, r, "VFIO_IOMMU_UNMAP_DMA", NULL);
	report_evidence(mapping->report, name,
			"%" PRIu64 " bytes at %#" PRIx64 ", unmapped %" PRIu64, size, iova,
			unmapped);
	if (unmapped != size)
		return report_fail(mapping->report, -EIO, "unmapped another size", NULL);
	return 0;
}

/* try_refused - an address the kernel must not map */
static void try_refused(struct mapping *mapping, const char *name, uint64_t iova)
{
	int r = map(mapping, iova, mapping->page);
	uint64_t unmapped;

	if (r == 0) {
		unmap(mapping, iova, mapping->page, &unmapped);
		report_evidence(mapping->report, name, "%#" PRIx64 " was accepted", iova);
	} else {
		report_evidence(mapping->report, name, "%#" PRIx64 " refused (%s)", iova,
				errno_name(-r));
	}
	mapping->odd |= r != -EINVAL;
}

/* The window that interrupts are written to, as the kernel tells it for this group. */
static uint64_t msi_window(const struct via_pci_group *group)
{
	const char *line = fact_text(&group->reserved_regions);
	uint64_t start, end;
	char type[32];

	while (line && *line) {
		if (sscanf(line, "%" SCNx64 " %" SCNx64 " %31s", &start, &end, type) == 3 &&
		    strcmp(type, "msi") == 0)
			return start;
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	return (uint64_t)MSI_WINDOW << 12;
}

static void try_outside(struct mapping *mapping)
{
	uint64_t last;

	try_refused(mapping, "msi_window", msi_window(mapping->session->group));
	if (!mapping->limits.ranges.count)
		return;
	last = mapping->limits.ranges.items[mapping->limits.ranges.count - 1].end;
	if (last < UINT64_MAX - mapping->page)
		try_refused(mapping, "past_the_end", last + 1);
}

static void cite_limits(const struct mapping *mapping)
{
	const struct iommu_limits *limits = &mapping->limits;
	unsigned int i = 0;

	report_evidence(mapping->report, "page_sizes", "%#" PRIx64, limits->page_sizes);
	via_for_each (range, &limits->ranges) {
		char name[32];

		snprintf(name, sizeof(name), "range_%u", i++);
		report_evidence(mapping->report, name, "%#" PRIx64 "-%#" PRIx64, range->start,
				range->end);
	}
	if (limits->available_known)
		report_evidence(mapping->report, "mappings_left", "%" PRIu32, limits->available);
}

static int ask_limits(struct mapping *mapping)
{
	struct via_arena *arena = mapping->session->arena;
	struct vfio_iommu_type1_info question = { 0 };
	struct via_span answer;
	int r = info_fetch(arena, mapping->session->container, VFIO_IOMMU_GET_INFO, &question,
			   sizeof(question), &answer);

	if (r == 0)
		r = limits_decode(arena, answer, &mapping->limits);
	if (r < 0)
		return report_fail(mapping->report, r, "VFIO_IOMMU_GET_INFO", NULL);
	cite_limits(mapping);
	return 0;
}

/* Twice the size is asked for, so that there is an aligned half. */
static uint8_t *aligned_memory(void)
{
	uint8_t *memory =
		mmap(NULL, 2 * LARGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return NULL;
	return (uint8_t *)(((uintptr_t)memory + LARGE - 1) / LARGE * LARGE);
}

static void raise_memlock(const struct via_report *report)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_MEMLOCK, &limit) < 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_MEMLOCK, &limit);
	if (limit.rlim_max == RLIM_INFINITY)
		report_evidence(report, "memlock", "unlimited");
	else
		report_evidence(report, "memlock", "%llu KiB",
				(unsigned long long)limit.rlim_max / 1024);
}

static uint64_t smallest_page(uint64_t page_sizes)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), smallest = page_sizes & -page_sizes;

	return smallest > page ? smallest : page;
}

int climb_dma_map(void *context, const struct via_report *report)
{
	struct mapping mapping = { .session = context, .report = report };
	int r = ask_limits(&mapping);

	if (r < 0)
		return r;
	raise_memlock(report);
	mapping.page = smallest_page(mapping.limits.page_sizes);
	mapping.memory = aligned_memory();
	if (!mapping.memory)
		return report_fail(report, -ENOMEM, "mmap", NULL);
	r = try_map(&mapping, "small", mapping.page);
	if (r < 0)
		return r;
	r = try_map(&mapping, "large", LARGE);
	if (r < 0)
		return r;
	try_outside(&mapping);
	return mapping.odd ? CLIMB_WARN : CLIMB_PASS;
}
