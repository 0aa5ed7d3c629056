/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/vfio_group.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include "prove/child.h"

static const char *why_not_joined(const struct vfio_session *session, int error)
{
	if (session_has_direct_region(session))
		return SESSION_RESERVED_HINT;
	if (error == EPERM || error == EBUSY)
		return "a member of the group is used by another driver";
	return "look at the kernel log for vfio and iommu";
}

static const char *why_no_iommu(const struct vfio_session *session, int error)
{
	if (session_has_direct_region(session))
		return SESSION_RESERVED_HINT;
	if (error != EPERM)
		return "look at the kernel log for vfio and iommu";
	if (session_interrupts_unremapped(session))
		return "interrupts are not remapped on this host: turn that on in firmware; "
		       "vfio_iommu_type1.allow_unsafe_interrupts=1 is the last resort";
	return "no interrupt remapping, or memory that firmware reserves: the kernel log has "
	       "the line";
}

static const char *why_no_device(const struct vfio_session *session, int error)
{
	if (error == EINVAL && session->vf_token)
		return "the device takes no token: it is no virtual function whose PF is bound to "
		       "vfio-pci, nor such a PF";
	switch (error) {
	case EACCES:
		return SESSION_TOKEN_HINT;
	case EBUSY:
		return "somebody else has the device open";
	case ENODEV:
		return "the device is no longer bound to a VFIO driver";
	case EAGAIN:
		return "the device was locked; try again";
	case EIO:
		return "the device did not wake up; look at the kernel log";
	default:
		return "look at the kernel log for vfio";
	}
}

static int open_device(struct vfio_session *session, const struct via_report *report)
{
	const char *name = session->device->name;

	if (session->vf_token)
		name = arena_printf(session->arena, "%s vf_token=%s", name, session->vf_token);
	session->device_fd = ioctl(session->group_fd, VFIO_GROUP_GET_DEVICE_FD, name);
	if (session->device_fd < 0)
		return report_fail(report, -errno, "VFIO_GROUP_GET_DEVICE_FD", "%s",
				   why_no_device(session, errno));
	return session_device_opened(session, report);
}

int group_attach(struct vfio_session *session, const struct via_report *report)
{
	if (ioctl(session->group_fd, VFIO_GROUP_SET_CONTAINER, &session->container) < 0)
		return report_fail(report, -errno, "VFIO_GROUP_SET_CONTAINER", "%s",
				   why_not_joined(session, errno));
	if (ioctl(session->container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU) < 0)
		return report_fail(report, -errno, "VFIO_SET_IOMMU", "%s",
				   why_no_iommu(session, errno));
	report_evidence(report, "iommu", "type1v2");
	return open_device(session, report);
}
