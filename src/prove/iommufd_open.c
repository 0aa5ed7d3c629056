/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/iommufd.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>

#include "base/uuid.h"
#include "prove/child.h"

static const char *why_no_node(int error)
{
	switch (error) {
	case ENOENT:
		return "this kernel gives devices no node of their own (CONFIG_VFIO_DEVICE_CDEV, "
		       "Linux 6.6): --interface group";
	case EACCES:
	case EPERM:
		return "be root, or give your user access to the node";
	case EBUSY:
		return "somebody else has the device open";
	default:
		return "look at the kernel log for vfio";
	}
}

static const char *why_no_iommufd(int error)
{
	switch (error) {
	case ENOENT:
	case ENODEV:
		return "modprobe iommufd, if this kernel has it: --interface group does without";
	case EACCES:
	case EPERM:
		return "be root, or give your user access to /dev/iommu";
	default:
		return "look at the kernel log for iommufd";
	}
}

/* The one name in vfio-dev is the node's. */
static int open_node(struct vfio_session *session, const struct via_report *report)
{
	const char *name = session->device->name, *path;
	struct via_names nodes = { 0 };
	struct via_fact fact = root_entries(session->root, session->arena, &nodes,
					    "sys/bus/pci/devices/%s/vfio-dev", name);

	if (!nodes.count)
		return report_fail(report, fact.known == VIA_UNKNOWN ? -fact.error : -ENOENT,
				   fact.path, "%s", why_no_node(ENOENT));
	path = arena_printf(session->arena, "dev/vfio/devices/%s", nodes.items[0]);
	session->device_fd = root_openat(session->root, path, O_RDWR);
	if (session->device_fd < 0)
		return report_fail(report, session->device_fd,
				   arena_printf(session->arena, "open /%s", path), "%s",
				   why_no_node(-session->device_fd));
	report_evidence(report, "node", "/%s", path);
	return 0;
}

int iommufd_open(struct vfio_session *session, const struct via_report *report)
{
	int r = open_node(session, report);

	if (r < 0)
		return r;
	session->container = root_openat(session->root, "dev/iommu", O_RDWR);
	if (session->container < 0)
		return report_fail(report, session->container, "open /dev/iommu", "%s",
				   why_no_iommufd(-session->container));
	report_evidence(report, "iommufd", "/dev/iommu");
	return CLIMB_PASS;
}

static const char *why_not_bound(const struct vfio_session *session, int error)
{
	switch (error) {
	case EPERM:
		return session_interrupts_unremapped(session)
			       ? "interrupts are not remapped on this host: turn that on in "
				 "firmware; iommufd.allow_unsafe_interrupts=1 is the last resort"
			       : "a member of the group is used by another driver, or interrupts "
				 "are not remapped";
	case EBUSY:
		return "somebody has the group or the device open";
	case EACCES:
		return SESSION_TOKEN_HINT;
	case EINVAL:
		return session_has_direct_region(session)
			       ? SESSION_RESERVED_HINT
			       : "the IOMMU does not keep DMA coherent, or the device is bound already";
	default:
		return "look at the kernel log for vfio and iommu";
	}
}

static int ask_for_bind(const struct vfio_session *session, const struct via_report *report,
			struct iommufd_bind *request)
{
	uint8_t token[UUID_BYTES];

	if (!session->vf_token)
		return ioctl(session->device_fd, IOMMUFD_BIND, request);
	uuid_parse(session->vf_token, token);
	request->flags = IOMMUFD_BIND_TOKEN;
	request->token_uuid_ptr = (uintptr_t)token;
	if (ioctl(session->device_fd, IOMMUFD_BIND, request) == 0)
		return 0;
	if (errno != EINVAL)
		return -1;
	request->flags = 0;
	report_evidence(report, "vf_token", "this kernel takes none by iommufd (Linux 6.17)");
	return ioctl(session->device_fd, IOMMUFD_BIND, request);
}

static int bind(struct vfio_session *session, const struct via_report *report)
{
	struct iommufd_bind request = { .argsz = sizeof(request), .iommufd = session->container };

	if (ask_for_bind(session, report, &request) < 0)
		return report_fail(report, -errno, "VFIO_DEVICE_BIND_IOMMUFD", "%s",
				   why_not_bound(session, errno));
	session->devid = request.out_devid;
	return 0;
}

static int attach(struct vfio_session *session, const struct via_report *report)
{
	struct iommufd_ioas_alloc space = { .size = sizeof(space) };
	struct iommufd_attach request = { .argsz = sizeof(request) };

	if (ioctl(session->container, IOMMUFD_IOAS_ALLOC, &space) < 0)
		return report_fail(report, -errno, "IOMMU_IOAS_ALLOC", NULL);
	session->ioas = request.pt_id = space.out_ioas_id;
	if (ioctl(session->device_fd, IOMMUFD_ATTACH, &request) < 0)
		return report_fail(report, -errno, "VFIO_DEVICE_ATTACH_IOMMUFD_PT", "%s",
				   session_has_direct_region(session)
					   ? SESSION_RESERVED_HINT
					   : "look at the kernel log for vfio and iommu");
	report_evidence(report, "iommu", "device %u, address space %u, page table %u",
			session->devid, session->ioas, request.pt_id);
	return 0;
}

int iommufd_attach(struct vfio_session *session, const struct via_report *report)
{
	int r = bind(session, report);

	if (r == 0)
		r = attach(session, report);
	return r < 0 ? r : session_device_opened(session, report);
}
