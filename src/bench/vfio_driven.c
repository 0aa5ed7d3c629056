/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a device costs that works by itself, driven by the classes of the proof: its interrupts,
 * and its own way to memory through the IOMMU's cache of translations.
 */
#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>

#include "base/cleanup.h"
#include "bench/vfio.h"
#include "prove/dma_class.h"
#include "prove/vfio_interrupt.h"

enum {
	WAIT_MS = 1000,
	SPREAD = 2 << 20, /* so that no page-table page serves two of them */
	MANY = 512,	  /* pages; more than a cache of translations holds */
	FEW = 32,	  /* where the device's addresses are narrow */
	NARROW_BITS = 32,
};

struct driven {
	struct vfio_session session;
	const struct dma_class *class;
	const struct vfio_interrupt *interrupt;
	int event;
	uint8_t *pages;
	uint64_t iova;
	unsigned int count, next; /* pages that are written to by turns */
};

/* begin - the device started by its class, which must know how to do it */
static int begin(const struct bench_context *context, const struct via_report *report,
		 struct driven *driven, bool (*able)(const struct dma_class *class))
{
	struct vfio_session *session = &driven->session;
	int r = vfio_begin(context, report, session);

	if (r != CLIMB_PASS)
		return r;
	driven->class = dma_class_of(session->device);
	if (!driven->class || !able(driven->class))
		return bench_skip(report,
				  "viaduct does not know how to make this device do it; it "
				  "knows: %s",
				  dma_class_names(session->arena));
	r = session->interface->limits(session, &session->limits);
	if (r < 0)
		return report_fail(report, r, session->interface->limits_call, NULL);
	r = dma_device_start(session, report);
	return r == CLIMB_CANNOT_TELL ? CLIMB_SKIP : r;
}

static void end(struct driven *driven)
{
	if (driven->session.arena)
		session_close(&driven->session);
}

static bool raises(const struct dma_class *class)
{
	return class->raise;
}

static bool writes(const struct dma_class *class)
{
	return class->write_to;
}

static int await(int event)
{
	struct pollfd poll_fd = { .fd = event, .events = POLLIN };
	eventfd_t count;

	if (poll(&poll_fd, 1, WAIT_MS) <= 0)
		return -ETIMEDOUT;
	return eventfd_read(event, &count) < 0 ? -errno : 0;
}

static int raise_by_device(void *context, uint64_t count)
{
	struct driven *driven = context;
	struct dma_device *device = driven->session.driven;

	for (uint64_t i = 0; i < count; i++) {
		int r = driven->class->raise(device);

		if (r == 0)
			r = await(driven->event);
		if (driven->class->settle)
			driven->class->settle(device);
		if (r < 0)
			return r;
	}
	return 0;
}

static int raise_by_kernel(void *context, uint64_t count)
{
	struct driven *driven = context;

	for (uint64_t i = 0; i < count; i++) {
		int r = interrupt_set(&driven->session, driven->interrupt->index, 1, NULL);

		if (r == 0)
			r = await(driven->event);
		if (r < 0)
			return r;
	}
	return 0;
}

static int measure_raised(const struct bench_context *context, const struct via_report *report,
			  struct driven *driven, int (*batch)(void *, uint64_t))
{
	int r;

	driven->interrupt = interrupt_choose(&driven->session);
	if (!driven->interrupt)
		return bench_skip(report, "the device has no interrupt");
	driven->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	r = driven->event < 0
		    ? -errno
		    : interrupt_set(&driven->session, driven->interrupt->index, 1, &driven->event);
	if (r == 0)
		r = meter_run(context->meter, 0, batch, driven);
	meter_note(context->meter, "%s, %s", driven->session.device->name, driven->interrupt->name);
	interrupt_set(&driven->session, driven->interrupt->index, 0, NULL);
	cleanup_close(&driven->event);
	return r < 0 ? report_fail(report, r, "the interrupt", NULL) : CLIMB_PASS;
}

static int measure_interrupt(const struct bench_context *context, const struct via_report *report)
{
	struct driven driven = { 0 };
	int r = begin(context, report, &driven, raises);

	if (r == CLIMB_PASS)
		r = measure_raised(context, report, &driven, raise_by_device);
	end(&driven);
	return r;
}

static int measure_trigger(const struct bench_context *context, const struct via_report *report)
{
	struct driven driven = { 0 };
	int r = vfio_begin(context, report, &driven.session);

	if (r == CLIMB_PASS)
		r = measure_raised(context, report, &driven, raise_by_kernel);
	end(&driven);
	return r;
}

/* Each page has a mapping of its own: none is merged with its neighbour. */
static int map_pages(struct driven *driven, const struct via_report *report)
{
	struct vfio_session *session = &driven->session;
	unsigned int bits = driven->class->address_bits;
	int r = limits_pick(&session->limits, 0, UINT64_MAX >> (64 - bits),
			    (uint64_t)driven->count * SPREAD, &driven->iova);

	if (r < 0)
		return report_fail(report, r, "finding addresses that the device can use", NULL);
	driven->pages = mmap(NULL, (size_t)driven->count * DMA_PAGE, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (driven->pages == MAP_FAILED)
		return report_fail(report, -errno, "mmap", NULL);
	for (unsigned int i = 0; i < driven->count; i++) {
		r = session->interface->map(session, driven->pages + (size_t)i * DMA_PAGE,
					    driven->iova + (uint64_t)i * SPREAD, DMA_PAGE);
		/* the device's own memory lies somewhere as well */
		if (r < 0 && r != -EEXIST)
			return report_fail(report, r, session->interface->map_call, NULL);
	}
	return 0;
}

static int write_by_turns(void *context, uint64_t count)
{
	struct driven *driven = context;

	for (uint64_t i = 0; i < count; i++) {
		uint64_t iova = driven->iova + (uint64_t)driven->next * SPREAD;
		int r = driven->class->write_to(driven->session.driven, iova);

		if (r < 0)
			return r;
		driven->next = (driven->next + 1) % driven->count;
	}
	return 0;
}

static int measure_pages(const struct bench_context *context, const struct via_report *report)
{
	struct driven driven = { 0 };
	int r = begin(context, report, &driven, writes);

	if (r == CLIMB_PASS) {
		bool many = context->item->argument;

		driven.count = !many ? 1 : driven.class->address_bits < NARROW_BITS ? FEW : MANY;
		r = map_pages(&driven, report);
		if (r == 0)
			r = meter_run(context->meter, 0, write_by_turns, &driven);
		meter_note(context->meter, "%s, %u pages", driven.session.device->name,
			   driven.count);
		if (r < 0)
			report_fail(report, r, "the device's own writes", NULL);
	}
	end(&driven);
	return r;
}

const struct bench_item bench_driven_items[] = {
	{ "vfio-interrupt", "device's own interrupt, until who waits for it has woken",
	  VIA_GENERATION_VFIO, measure_interrupt, NULL },
	{ "vfio-trigger", "interrupt raised by the kernel for the device, likewise",
	  VIA_GENERATION_VFIO, measure_trigger, NULL },
	{ "dma-one-page", "device writes to one page, again and again", VIA_GENERATION_DMA,
	  measure_pages, NULL },
	{ "dma-many-pages", "device writes to many pages by turns: each is translated anew",
	  VIA_GENERATION_DMA, measure_pages, "" },
	{ 0 },
};
