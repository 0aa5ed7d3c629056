/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/dma_class.h"

#include "prove/child.h"

static int no_driver(const struct vfio_session *session, const struct via_report *report)
{
	report_hint(report, "viaduct has no driver for this kind of device; it has one for: %s",
		    dma_class_names(session->arena));
	return CLIMB_SKIP;
}

int climb_dma_real(void *context, const struct via_report *report)
{
	struct vfio_session *session = context;
	const struct dma_class *class = dma_class_of(session->device);
	int r;

	if (!class)
		return no_driver(session, report);
	report_evidence(report, "class", "%s", class->name);
	r = dma_device_start(session, report);
	return r == CLIMB_PASS ? class->move(session->driven) : r;
}
