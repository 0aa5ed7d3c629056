/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/vfio.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"

enum { PAGE = 4096 };

int vfio_begin(const struct bench_context *context, const struct via_report *report,
	       struct vfio_session *ret)
{
	const struct via_bench_options *options = context->options;
	int r;

	if (!options->device)
		return bench_skip(report, "it needs a device that is bound to vfio-pci: --device "
					  "names one, which is then reset");
	*ret = (struct vfio_session){
		.arena = arena_new(),
		.root = context->root,
		.host = options->host,
		.device = options->device,
		.group = options->group,
		.interface = &vfio_by_group,
		.container = -1,
		.group_fd = -1,
		.device_fd = -1,
	};
	meter_note(context->meter, "%s", options->device->name);
	r = ret->interface->open(ret, report);
	return r < 0 ? r : ret->interface->attach(ret, report);
}

/* A window of the device's memory: the first that may be mapped. */
struct window {
	struct vfio_session session;
	uint64_t offset; /* of device_fd */
	volatile uint32_t *memory;
};

static int open_window(struct window *window, const struct via_report *report)
{
	struct vfio_session *session = &window->session;
	int r = session_enable(session, false);

	if (r < 0)
		return report_fail(report, r, "enabling memory decoding", NULL);
	for (uint32_t bar = VFIO_PCI_BAR0_REGION_INDEX; bar <= VFIO_PCI_BAR5_REGION_INDEX; bar++) {
		const struct vfio_region_info *region;
		struct via_span span;
		void *memory;

		if (session_region(session, bar, &region, &span) < 0 || region->size < PAGE ||
		    !(region->flags & VFIO_REGION_INFO_FLAG_MMAP))
			continue;
		window->offset = region->offset;
		memory = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, session->device_fd,
			      (off_t)region->offset);
		if (memory == MAP_FAILED)
			continue;
		window->memory = memory;
		return CLIMB_PASS;
	}
	return bench_skip(report, "the device has no memory that may be mapped");
}

static int read_mapped(void *context, uint64_t count)
{
	struct window *window = context;

	for (uint64_t i = 0; i < count; i++)
		(void)*window->memory;
	return 0;
}

static int read_trapped(void *context, uint64_t count)
{
	struct window *window = context;
	uint32_t value;

	for (uint64_t i = 0; i < count; i++)
		if (pread(window->session.device_fd, &value, sizeof(value),
			  (off_t)window->offset) != sizeof(value))
			return -EIO;
	return 0;
}

static int read_config(void *context, uint64_t count)
{
	struct window *window = context;
	uint16_t value;

	for (uint64_t i = 0; i < count; i++) {
		int r = session_config_read(&window->session, 0, &value, sizeof(value));

		if (r < 0)
			return r;
	}
	return 0;
}

static int measure_window(const struct bench_context *context, const struct via_report *report)
{
	int (*const *batch)(void *, uint64_t) = context->item->argument;
	struct window window = { 0 };
	int r = vfio_begin(context, report, &window.session);

	if (r == CLIMB_PASS)
		r = open_window(&window, report);
	if (r == CLIMB_PASS) {
		r = meter_run(context->meter, 0, *batch, &window);
		if (r < 0)
			report_fail(report, r, "reading the device", NULL);
	}
	if (window.session.arena)
		session_close(&window.session);
	return r;
}

static int (*const mapped)(void *, uint64_t) = read_mapped;
static int (*const trapped)(void *, uint64_t) = read_trapped;
static int (*const config)(void *, uint64_t) = read_config;

const struct bench_item bench_vfio_items[] = {
	{ "bar-mapped", "device's register, mapped", VIA_GENERATION_VFIO, measure_window, &mapped },
	{ "bar-trapped", "device's register, read by the kernel", VIA_GENERATION_VFIO,
	  measure_window, &trapped },
	{ "config", "device's configuration space, read by the kernel", VIA_GENERATION_VFIO,
	  measure_window, &config },
	{ 0 },
};
