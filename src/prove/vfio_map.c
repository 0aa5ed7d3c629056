/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/vfio_session.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "prove/child.h"
#include "prove/memlock.h"
#include "prove/reserved.h"

enum { LARGE = 2 << 20 };

/* Mapping memory for a device: the session, where it reports to, and what was seen. */
struct mapping {
	struct vfio_session *session;
	const struct via_report *report;
	uint8_t *memory; /* LARGE bytes, aligned to their size */
	uint64_t page;
	bool odd; /* something was accepted that should not have been */
};

static const char *why_not_mapped(int error)
{
	switch (error) {
	case ENOMEM:
		return "locked memory (ulimit -l) is limited too low for it: raise memlock in "
		       "/etc/security/limits.d, or LimitMEMLOCK= of the service";
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
	struct vfio_session *session = mapping->session;
	const struct vfio_interface *interface = session->interface;
	uint64_t iova, unmapped = 0;
	int r = limits_pick(&session->limits, 0, UINT64_MAX, size, &iova);

	if (r < 0)
		return report_fail(mapping->report, r, "finding a free address", NULL);
	r = interface->map(session, mapping->memory, iova, size);
	if (r < 0)
		return report_fail(mapping->report, r, interface->map_call, "%s",
				   why_not_mapped(-r));
	r = interface->unmap(session, iova, size, &unmapped);
	if (r < 0)
		return report_fail(mapping->report, r, interface->unmap_call, NULL);
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
	const struct vfio_interface *interface = mapping->session->interface;
	uint64_t unmapped;
	int r = interface->map(mapping->session, mapping->memory, iova, mapping->page);

	if (r == 0) {
		interface->unmap(mapping->session, iova, mapping->page, &unmapped);
		report_evidence(mapping->report, name, "%#" PRIx64 " was accepted", iova);
	} else {
		report_evidence(mapping->report, name, "%#" PRIx64 " refused (%s)", iova,
				errno_name(-r));
	}
	mapping->odd |= r != -EINVAL;
}

/* try_reserved - what the kernel says is reserved is neither offered nor given */
static void try_reserved(struct mapping *mapping)
{
	struct reserved_regions regions = { 0 };
	unsigned int i = 0;

	reserved_read(mapping->session->arena, &mapping->session->group->reserved_regions,
		      &regions);
	via_for_each (region, &regions.list) {
		char name[64];

		if (!reserved_for_good(region))
			continue;
		if (limits_overlap(&mapping->session->limits, region->start, region->end)) {
			report_evidence(mapping->report, "offered",
					"%#" PRIx64 "-%#" PRIx64 " although reserved",
					region->start, region->end);
			mapping->odd = true;
		}
		snprintf(name, sizeof(name), "reserved_%u_%s", i++, region->type);
		try_refused(mapping, name, region->start / mapping->page * mapping->page);
	}
	if (!i)
		report_evidence(mapping->report, "reserved", "%s",
				fact_is(&mapping->session->group->reserved_regions, VIA_PRESENT)
					? "nothing"
					: "could not be told");
}

static void try_outside(struct mapping *mapping)
{
	const struct iommu_limits *limits = &mapping->session->limits;
	uint64_t last;

	try_reserved(mapping);
	if (!limits->ranges.count)
		return;
	last = limits->ranges.items[limits->ranges.count - 1].end;
	if (last < UINT64_MAX - mapping->page)
		try_refused(mapping, "past_the_end", last + 1);
}

static void cite_limits(const struct iommu_limits *limits, const struct via_report *report)
{
	unsigned int i = 0;

	report_evidence(report, "page_sizes", "%#" PRIx64, limits->page_sizes);
	via_for_each (range, &limits->ranges) {
		char name[32];

		snprintf(name, sizeof(name), "range_%u", i++);
		report_evidence(report, name, "%#" PRIx64 "-%#" PRIx64, range->start, range->end);
	}
	if (limits->available_known)
		report_evidence(report, "mappings_left", "%" PRIu32, limits->available);
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

static uint64_t smallest_page(uint64_t page_sizes)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), smallest = page_sizes & -page_sizes;

	return smallest > page ? smallest : page;
}

static int map_sizes(struct mapping *mapping)
{
	int r = try_map(mapping, "small", mapping->page);

	return r < 0 ? r : try_map(mapping, "large", LARGE);
}

int climb_dma_map(void *context, const struct via_report *report)
{
	struct mapping mapping = { .session = context, .report = report };
	struct iommu_limits *limits = &mapping.session->limits;
	int r = mapping.session->interface->limits(mapping.session, limits);

	if (r < 0)
		return report_fail(report, r, mapping.session->interface->limits_call, NULL);
	cite_limits(limits, report);
	memlock_raise(mapping.session->root, report, LARGE, mapping.session->interface->memlock_of);
	mapping.page = smallest_page(limits->page_sizes);
	mapping.memory = aligned_memory();
	if (!mapping.memory)
		return report_fail(report, -ENOMEM, "mmap", NULL);
	r = map_sizes(&mapping);
	if (r < 0)
		return r;
	try_outside(&mapping);
	return mapping.odd ? CLIMB_WARN : CLIMB_PASS;
}
