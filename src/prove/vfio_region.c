/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/vfio_session.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/pci_regs.h>

#include "prove/child.h"
#include "prove/dma_class.h"
#include "prove/vfio_info.h"

static const char *region_name(uint32_t index, char *text, size_t size)
{
	if (index <= VFIO_PCI_BAR5_REGION_INDEX)
		snprintf(text, size, "bar%u", index);
	else if (index == VFIO_PCI_ROM_REGION_INDEX)
		return "rom";
	else if (index == VFIO_PCI_CONFIG_REGION_INDEX)
		return "config";
	else if (index == VFIO_PCI_VGA_REGION_INDEX)
		return "vga";
	else
		snprintf(text, size, "region%u", index);
	return text;
}

static void cite_region(const struct via_report *report, const struct vfio_region_info *region)
{
	char name[32];

	report_evidence(report, region_name(region->index, name, sizeof(name)),
			"%" PRIu64 " bytes %s%s%s", (uint64_t)region->size,
			region->flags & VFIO_REGION_INFO_FLAG_READ ? "r" : "",
			region->flags & VFIO_REGION_INFO_FLAG_WRITE ? "w" : "",
			region->flags & VFIO_REGION_INFO_FLAG_MMAP ? "m" : "");
}

/* A BAR of memory: by the bit that the configuration space shows for it. */
static bool is_memory_bar(const struct vfio_session *session, uint32_t index)
{
	uint32_t bar;

	return index <= VFIO_PCI_BAR5_REGION_INDEX &&
	       session_config_read(session, PCI_BASE_ADDRESS_0 + 4 * index, &bar, sizeof(bar)) ==
		       0 &&
	       !(bar & PCI_BASE_ADDRESS_SPACE_IO);
}

/* better - a BAR that can be mapped before one that can only be read */
static bool better(const struct vfio_region_info *region, const struct vfio_region_info *best)
{
	if (!(region->flags & VFIO_REGION_INFO_FLAG_READ) || region->size < sizeof(uint32_t))
		return false;
	return !best || (!(best->flags & VFIO_REGION_INFO_FLAG_MMAP) &&
			 region->flags & VFIO_REGION_INFO_FLAG_MMAP);
}

struct regions {
	const struct vfio_region_info *best;
	struct via_span best_span;
};

static int look_at_regions(struct vfio_session *session, const struct via_report *report,
			   struct regions *regions)
{
	for (uint32_t i = 0; i < session->info.num_regions; i++) {
		const struct vfio_region_info *region;
		struct via_span span;
		int r = session_region(session, i, &region, &span);

		if (r == -EINVAL) /* VGA on a function that has none */
			continue;
		if (r < 0)
			return report_fail(report, r, "VFIO_DEVICE_GET_REGION_INFO", NULL);
		if (!region->size)
			continue;
		cite_region(report, region);
		if (is_memory_bar(session, i) && better(region, regions->best))
			*regions = (struct regions){ region, span };
	}
	return 0;
}

static bool same_ids(const struct vfio_session *session, uint16_t vendor, uint16_t device)
{
	return vendor == fact_number(&session->device->vendor, vendor) &&
	       device == fact_number(&session->device->device, device);
}

static int check_ids(struct vfio_session *session, const struct via_report *report)
{
	uint16_t vendor, device;
	int r = session_config_ids(session, &vendor, &device);

	if (r < 0)
		return report_fail(report, r, "read of configuration space", NULL);
	report_evidence(report, "ids", "%04x:%04x", vendor, device);
	if (!same_ids(session, vendor, device))
		return report_fail(report, -EIO, "not the ids that the host shows",
				   "the device may have fallen off the bus");
	return 0;
}

/* Where a mapping may start: parts of a region can be left out (its MSI-X table). */
static uint64_t mappable_offset(const struct regions *regions)
{
	uint32_t offset, areas;
	uint64_t start;

	if (!(regions->best->flags & VFIO_REGION_INFO_FLAG_CAPS) ||
	    !info_capability(regions->best_span, regions->best->cap_offset,
			     VFIO_REGION_INFO_CAP_SPARSE_MMAP, &offset))
		return 0;
	if (span_u32(regions->best_span, offset + 8, &areas) && areas &&
	    span_u64(regions->best_span, offset + 16, &start))
		return start;
	return 0;
}

static int read_mapped(const struct vfio_session *session, const struct regions *regions,
		       uint64_t offset, uint32_t *ret)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	volatile uint32_t *memory = mmap(NULL, page, PROT_READ, MAP_SHARED, session->device_fd,
					 (off_t)(regions->best->offset + offset));

	if (memory == MAP_FAILED)
		return -errno;
	*ret = memory[session->telling / sizeof(*memory)];
	munmap((void *)memory, page);
	return 0;
}

/* The first one, unless the class knows a better one in this very page. */
static uint16_t telling_register(const struct vfio_session *session, const struct regions *regions,
				 uint64_t offset)
{
	const struct dma_class *class = dma_class_of(session->device);

	if (!class || regions->best->index != VFIO_PCI_BAR0_REGION_INDEX || offset)
		return 0;
	return (uint16_t) class->telling;
}

static int read_bar(struct vfio_session *session, const struct via_report *report,
		    const struct regions *regions)
{
	bool mapped = regions->best->flags & VFIO_REGION_INFO_FLAG_MMAP;
	uint64_t offset = mapped ? mappable_offset(regions) : 0;
	uint32_t value = 0;
	char name[32];
	int r = session_enable(session, false);

	if (r < 0)
		return report_fail(report, r, "enabling memory decoding", NULL);
	if (mapped) {
		session->page = regions->best->offset + offset;
		session->telling = telling_register(session, regions, offset);
		r = read_mapped(session, regions, offset, &value);
	} else if (pread(session->device_fd, &value, sizeof(value), (off_t)regions->best->offset) !=
		   sizeof(value))
		r = -EIO;
	if (r < 0)
		return report_fail(report, r, mapped ? "mmap of a region" : "read of a region",
				   NULL);
	report_evidence(report, "register", "%s+%#" PRIx64 " %s: 0x%08x",
			region_name(regions->best->index, name, sizeof(name)),
			offset + session->telling, mapped ? "mapped" : "read", value);
	if (value != UINT32_MAX)
		return CLIMB_PASS;
	report_hint(report, "all ones is also what a device that does not answer reads as");
	return CLIMB_WARN;
}

int climb_region(void *context, const struct via_report *report)
{
	struct vfio_session *session = context;
	struct regions regions = { 0 };
	int r = check_ids(session, report);

	if (r < 0)
		return r;
	r = look_at_regions(session, report, &regions);
	if (r < 0)
		return r;
	if (regions.best)
		return read_bar(session, report, &regions);
	report_evidence(report, "register", "none: no memory BAR");
	return CLIMB_PASS;
}
