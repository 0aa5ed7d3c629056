/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <ctype.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "sys/root_node.h"

static const char *const paths[] = {
	[VIA_NODE_KVM] = "dev/kvm",
	[VIA_NODE_VFIO] = "dev/vfio/vfio",
	[VIA_NODE_IOMMU] = "dev/iommu",
	[VIA_NODE_VHOST_NET] = "dev/vhost-net",
	[VIA_NODE_VHOST_VSOCK] = "dev/vhost-vsock",
	[VIA_NODE_VHOST_SCSI] = "dev/vhost-scsi",
	[VIA_NODE_TUN] = "dev/net/tun",
	[VIA_NODE_VDUSE] = "dev/vduse/control",
	[VIA_NODE_KVMFR] = "dev/kvmfr0",
};
_Static_assert(VIA_COUNT(paths) == VIA_NODES, "every node has its path");

static struct via_device_node look(const struct via_root *root, struct via_arena *arena,
				   const char *path)
{
	struct via_device_node node = { .name = path };
	struct via_node_status status;

	node.seen = root_node(root, arena, path, &status);
	if (!fact_is(&node.seen, VIA_PRESENT))
		return node;
	node.kind = status.kind;
	node.mode = status.mode;
	node.uid = status.uid;
	node.gid = status.gid;
	node.major = status.major;
	node.minor = status.minor;
	return node;
}

/* /dev/vfio/12, /dev/vfio/noiommu-3; /dev/vfio/devices/vfio0 */
static struct via_fact look_into(const struct via_root *root, struct via_host *host,
				 const char *directory)
{
	struct via_names names;
	struct via_fact fact = root_entries(root, host->arena, &names, "%s", directory);

	via_for_each (name, &names)
		if (isdigit((unsigned char)**name) || text_starts(*name, "noiommu-") ||
		    (text_starts(*name, "vfio") && isdigit((unsigned char)(*name)[4])))
			*via_list_add(host->arena, &host->kernel.vfio_nodes) =
				look(root, host->arena,
				     arena_printf(host->arena, "%s/%s", directory, *name));
	return fact;
}

void probe_nodes(const struct via_root *root, struct via_host *host)
{
	struct via_kernel *kernel = &host->kernel;

	for (int i = 0; i < VIA_NODES; i++)
		kernel->nodes[i] = look(root, host->arena, paths[i]);
	kernel->dev_vfio = kernel->nodes[VIA_NODE_VFIO].seen;
	kernel->dev_iommufd = kernel->nodes[VIA_NODE_IOMMU].seen;
	kernel->vfio_groups = look_into(root, host, "dev/vfio");
	kernel->vfio_devices = look_into(root, host, "dev/vfio/devices");
	kernel->mdev_parents = root_entries(root, host->arena, NULL, "sys/class/mdev_bus");
	kernel->virtio_devices = root_entries(root, host->arena, NULL, "sys/bus/virtio/devices");
	kernel->vdpa_devices = root_entries(root, host->arena, NULL, "sys/bus/vdpa/devices");
	kernel->vhost_user = root_entries(root, host->arena, NULL, "usr/share/qemu/vhost-user");
}
