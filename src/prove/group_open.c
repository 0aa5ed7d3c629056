/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/vfio_group.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/ioctl.h>

static const char *why_no_container(int error)
{
	switch (error) {
	case ENOENT:
	case ENODEV:
		return "load the module vfio (modprobe vfio-pci brings it in)";
	case EACCES:
	case EPERM:
		return "be root, or give your user access to /dev/vfio/vfio";
	default:
		return "look at the kernel log for vfio";
	}
}

static int open_container(struct vfio_session *session, const struct via_report *report)
{
	int version, type1;

	session->container = root_openat(session->root, "dev/vfio/vfio", O_RDWR);
	if (session->container < 0)
		return report_fail(report, session->container, "open /dev/vfio/vfio", "%s",
				   why_no_container(-session->container));
	version = ioctl(session->container, VFIO_GET_API_VERSION);
	type1 = ioctl(session->container, VFIO_CHECK_EXTENSION, VFIO_TYPE1v2_IOMMU);
	report_evidence(report, "api_version", "%d", version);
	report_evidence(report, "type1v2", "%s", type1 == 1 ? "yes" : "no");
	if (version != VFIO_API_VERSION)
		return report_fail(report, -EPROTO, "VFIO_GET_API_VERSION", NULL);
	if (type1 != 1)
		return report_fail(report, -EOPNOTSUPP, "VFIO_CHECK_EXTENSION type1v2",
				   "modprobe vfio_iommu_type1");
	return 0;
}

static const char *why_no_group(int error)
{
	switch (error) {
	case EBUSY:
		return "somebody else has the group open: a running virtual machine, DPDK or SPDK";
	case ENOENT:
		return "no member of the group is bound to a VFIO driver";
	case EACCES:
		return "be root, or give your user access to the node";
	case EPERM:
		return "a group without an IOMMU: it needs CAP_SYS_RAWIO and is no use for a guest";
	default:
		return "look at the kernel log for vfio";
	}
}

static int open_group(struct vfio_session *session, const struct via_report *report)
{
	char *path = arena_printf(session->arena, "dev/vfio/%" PRIu64, session->group->id);
	struct vfio_group_status status = { .argsz = sizeof(status) };

	session->group_fd = root_openat(session->root, path, O_RDWR);
	if (session->group_fd < 0)
		return report_fail(report, session->group_fd,
				   arena_printf(session->arena, "open /%s", path), "%s",
				   why_no_group(-session->group_fd));
	if (ioctl(session->group_fd, VFIO_GROUP_GET_STATUS, &status) < 0)
		return report_fail(report, -errno, "VFIO_GROUP_GET_STATUS", NULL);
	report_evidence(report, "node", "/%s", path);
	report_evidence(report, "viable", "%s",
			status.flags & VFIO_GROUP_FLAGS_VIABLE ? "yes" : "no");
	if (!(status.flags & VFIO_GROUP_FLAGS_VIABLE))
		return report_fail(report, -EPERM, "group not viable",
				   "a member belongs to another driver");
	return 0;
}

int group_open(struct vfio_session *session, const struct via_report *report)
{
	int r = open_container(session, report);

	return r < 0 ? r : open_group(session, report);
}
