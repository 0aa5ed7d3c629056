/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/vfio_session.h"

#include <errno.h>
#include <sys/ioctl.h>

#include "prove/child.h"
#include "prove/clock.h"

static void cite_methods(const struct vfio_session *session, const struct via_report *report)
{
	const char *methods = fact_text(&session->device->reset_method);

	if (methods)
		report_evidence(report, "methods", "%s", methods);
	else if (fact_is(&session->device->reset_method, VIA_ABSENT))
		report_evidence(report, "methods", "none told");
}

static int check_alive(const struct vfio_session *session, const struct via_report *report)
{
	uint16_t vendor, device;
	int r = session_config_ids(session, &vendor, &device);

	if (r < 0)
		return report_fail(report, r, "read of configuration space", NULL);
	report_evidence(report, "ids_after", "%04x:%04x", vendor, device);
	if (vendor == fact_number(&session->device->vendor, vendor) && vendor != UINT16_MAX)
		return CLIMB_PASS;
	return report_fail(report, -EIO, "the device did not come back",
			   "this device survives no reset: a guest could use it once, and the "
			   "host would have to be restarted");
}

int climb_reset(void *context, const struct via_report *report)
{
	struct vfio_session *session = context;
	double start = clock_ms();

	cite_methods(session, report);
	if (!(session->info.flags & VFIO_DEVICE_FLAGS_RESET)) {
		report_hint(report,
			    "the function cannot be reset by itself: what one guest left in "
			    "it, the next one finds");
		return CLIMB_SKIP;
	}
	if (ioctl(session->device_fd, VFIO_DEVICE_RESET) < 0)
		return report_fail(report, -errno, "VFIO_DEVICE_RESET", "%s",
				   errno == EAGAIN ? "the device was locked; try again"
						   : "look at the kernel log for the device");
	report_evidence(report, "took", "%.1f ms", clock_ms() - start);
	return check_alive(session, report);
}
