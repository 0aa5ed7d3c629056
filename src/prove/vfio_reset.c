/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/vfio_session.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include "prove/child.h"
#include "prove/clock.h"
#include "prove/dma_class.h"
#include "prove/reset_policy.h"

static int check_alive(const struct vfio_session *session, const struct via_report *report)
{
	uint16_t vendor, device;
	int r = session_config_ids(session, &vendor, &device);

	if (r < 0)
		return report_fail(report, r, "read of configuration space", NULL);
	if (vendor == fact_number(&session->device->vendor, vendor) && vendor != UINT16_MAX)
		return CLIMB_PASS;
	report_evidence(report, "ids_after", "%04x:%04x", vendor, device);
	return report_fail(report, -EIO, "the device did not come back",
			   "this device survives no reset: a guest could use it once, and the "
			   "host would have to be restarted");
}

/* A state for the reset to take away, where the device has a driver here. */
static const struct dma_class *mark(struct vfio_session *session, const struct via_report *report)
{
	const struct dma_class *class = dma_class_of(session->device);

	if (!class || !class->marked || dma_device_start(session, report) != CLIMB_PASS)
		return NULL;
	if (class->mark)
		class->mark(session->driven);
	return class->marked(session->driven) ? class : NULL;
}

/* judge_state - what has become of it; a reset that leaves it is no reset */
static int judge_state(struct vfio_session *session, const struct via_report *report,
		       const struct dma_class *class, const char *name, double ms)
{
	session_enable(session, false);
	if (!class) {
		report_evidence(report, name, "%.1f ms, answers", ms);
		return CLIMB_PASS;
	}
	if (!class->marked(session->driven)) {
		report_evidence(report, name, "%.1f ms, %s lost", ms, class->mark_name);
		return CLIMB_PASS;
	}
	report_evidence(report, name, "%.1f ms, %s survived", ms, class->mark_name);
	report_hint(report,
		    "%s leaves something: what one guest left in the device, the next one "
		    "finds",
		    name);
	return CLIMB_WARN;
}

static int try_reset(struct vfio_session *session, const struct via_report *report,
		     const char *name)
{
	const struct dma_class *class = mark(session, report);
	double start = clock_ms();
	int r = ioctl(session->device_fd, VFIO_DEVICE_RESET) < 0 ? -errno : 0;

	start = clock_ms() - start;
	if (session->driven) /* what it was set up with is gone, or may be */
		session->driven->started = false;
	if (r < 0) {
		report_evidence(report, name, "failed: %s", errno_name(-r));
		return r;
	}
	r = check_alive(session, report);
	return r < 0 ? r : judge_state(session, report, class, name, start);
}

static int must_work(const struct via_report *report, int code)
{
	return report_fail(report, code, "VFIO_DEVICE_RESET", "%s",
			   code == -EAGAIN ? "the device was locked; try again"
					   : "look at the kernel log for the device");
}

/* as_the_kernel_does - the first method that works, of those it may use */
static int as_the_kernel_does(struct vfio_session *session, const struct via_report *report)
{
	int r = try_reset(session, report, "reset");

	return r < 0 ? must_work(report, r) : r;
}

/* One after the other, each alone; in their order where the policy cannot be set. */
static int try_each(struct vfio_session *session, const struct via_report *report,
		    const struct via_names *methods)
{
	int worst = CLIMB_PASS, r;

	via_for_each (method, methods) {
		r = reset_policy_set(session, *method);
		if (r < 0) {
			report_evidence(report, "each_alone", "no: reset_method: %s",
					errno_name(-r));
			return as_the_kernel_does(session, report);
		}
		r = try_reset(session, report, *method);
		if (r < 0 && method == methods->items)
			return must_work(report, r);
		if (r < 0 && worst == CLIMB_PASS)
			report_hint(report,
				    "%s does not work here; the kernel uses what stands "
				    "before it",
				    *method);
		if (r < 0)
			r = CLIMB_WARN;
		worst = r > worst ? r : worst;
	}
	return worst;
}

static struct via_names words_of(struct via_arena *arena, const char *text)
{
	struct via_names words = { 0 };
	char *copy = arena_strdup(arena, text ? text : ""), *rest = NULL;

	for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
		*via_list_add(arena, &words) = word;
	return words;
}

int climb_reset(void *context, const struct via_report *report)
{
	struct vfio_session *session = context;
	const char *text = fact_text(&session->device->reset_method);
	struct via_names methods = words_of(session->arena, text);
	int r;

	report_evidence(report, "methods", "%s", text && *text ? text : "none told");
	if (!(session->info.flags & VFIO_DEVICE_FLAGS_RESET))
		return report_fail(report, -EOPNOTSUPP, "no reset method",
				   "the function cannot be reset by itself: what one guest left "
				   "in it, the next one finds");
	if (!methods.count)
		return as_the_kernel_does(session, report);
	r = try_each(session, report, &methods);
	reset_policy_restore(session);
	return r;
}
