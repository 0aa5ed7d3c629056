/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/vfio_session.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/parse.h"
#include "prove/child.h"

/* cite_member - name a member and its driver; whether that driver keeps the group from us */
static bool cite_member(struct vfio_session *session, const char *name,
			const struct via_report *report)
{
	struct via_fact driver =
		root_link(session->root, session->arena, "sys/bus/pci/devices/%s/driver", name);
	const char *text = fact_text(&driver);

	report_evidence(report, arena_printf(session->arena, "member_%s", name), "%s",
			text ? text : "no driver");
	return text && !pci_driver_shares_group(text);
}

static int cite_members(struct vfio_session *session, const struct via_report *report)
{
	struct via_names members;
	struct via_fact fact =
		root_entries(session->root, session->arena, &members,
			     "sys/kernel/iommu_groups/%" PRIu64 "/devices", session->group->id);
	int blockers = 0;

	if (fact.known != VIA_PRESENT)
		return report_fail(report, fact.known == VIA_ABSENT ? -ENOENT : -fact.error,
				   fact.path, "the group is gone: look again");
	via_for_each (name, &members)
		blockers += cite_member(session, *name, report);
	if (blockers)
		return report_fail(report, -EPERM, "group not viable",
				   "unbind the members that have a driver of their own, or bind "
				   "them to vfio-pci");
	return 0;
}

/* The host is looked at again here: it may have changed since it was probed. */
int climb_driver(void *context, const struct via_report *report)
{
	struct vfio_session *session = context;
	const char *name = session->device->name, *driver;
	struct via_fact link =
		root_link(session->root, session->arena, "sys/bus/pci/devices/%s/driver", name);

	driver = fact_text(&link);
	report_evidence(report, "driver", "%s", driver ? driver : "none");
	report_evidence(report, "group", "%" PRIu64, session->group->id);
	if (!driver || !pci_driver_is_vfio(driver))
		return report_fail(report, -ENODEV, link.path, "viaduct bind %s vfio-pci", name);
	return cite_members(session, report);
}
