/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/dma_class.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "prove/child.h"
#include "prove/fault_log.h"

static void fill_trial(const struct dma_device *device)
{
	memset(device->trial, DMA_FILL, DMA_PAGE);
	__sync_synchronize();
}

static bool trial_is_whole(const struct dma_device *device)
{
	__sync_synchronize();
	for (size_t i = 0; i < DMA_PAGE; i++)
		if (((const volatile uint8_t *)device->trial)[i] != DMA_FILL)
			return false;
	return true;
}

/* Without this the page could stay whole because the device never writes at all. */
static int write_inside(struct dma_device *device, uint64_t iova)
{
	const struct vfio_interface *interface = device->session->interface;
	uint64_t unmapped = 0;
	int r = interface->map(device->session, device->trial, iova, DMA_PAGE), written;

	if (r < 0)
		return report_fail(device->report, r, interface->map_call, NULL);
	fill_trial(device);
	written = device->class->write_to(device, iova);
	r = interface->unmap(device->session, iova, DMA_PAGE, &unmapped);
	if (written < 0)
		return report_fail(device->report, written, "a write to memory that is mapped",
				   NULL);
	if (r < 0 || unmapped != DMA_PAGE)
		return report_fail(device->report, r < 0 ? r : -EIO, interface->unmap_call, NULL);
	if (trial_is_whole(device))
		return report_fail(device->report, -EIO, "a write to memory that is mapped",
				   "it did not arrive, so nothing can be said of one that is "
				   "to be stopped");
	report_evidence(device->report, "mapped", "a write to %#" PRIx64 " arrived", iova);
	return 0;
}

static int judge_log(struct dma_device *device, struct fault_log *log)
{
	const struct via_pci_device *function = device->session->device;
	const char *line = NULL;
	int r = fault_log_await(log, device->session->arena, function, &line);

	if (r == 0) {
		report_evidence(device->report, "fault", "%s", line);
		return CLIMB_PASS;
	}
	if (r == -ENOMSG) {
		report_evidence(device->report, "fault", "none in the kernel log");
		report_hint(device->report, "the write was stopped, but the log does not name the "
					    "device: faults may be rate-limited or not reported");
	} else {
		report_evidence(device->report, "fault", "the kernel log could not be read: %s",
				errno_name(-r));
		report_hint(device->report, "the write was stopped; be root to see the fault");
	}
	return CLIMB_WARN;
}

/* An answer that never comes is no failure here: it may be what the fault has led to. */
static int write_outside(struct dma_device *device, uint64_t iova)
{
	struct fault_log log;
	int r;

	fault_log_open(&log, device->session->root);
	fill_trial(device);
	r = device->class->write_to(device, iova);
	report_evidence(device->report, "unmapped", "a write to %#" PRIx64 " was ordered%s", iova,
			r < 0 ? ", the device did not answer" : "");
	if (!trial_is_whole(device)) {
		fault_log_close(&log);
		return report_fail(device->report, -EIO, "a write outside what is mapped arrived",
				   "the IOMMU does not confine this device: give it to no guest");
	}
	report_evidence(device->report, "page", "unchanged");
	r = judge_log(device, &log);
	fault_log_close(&log);
	return r;
}

int climb_isolation(void *context, const struct via_report *report)
{
	struct vfio_session *session = context;
	struct dma_device *device = session->driven;
	uint64_t iova;
	int r;

	if (!device || !device->started || !device->class->write_to) {
		report_hint(report, "nothing here makes the device write where it should not");
		return CLIMB_SKIP;
	}
	device->report = report;
	iova = device->iova + DMA_TRIAL;
	r = write_inside(device, iova);
	if (r == 0)
		r = write_outside(device, iova);
	/* the fault may have broken it: what follows starts it anew */
	dma_device_quiet(device);
	return r;
}
