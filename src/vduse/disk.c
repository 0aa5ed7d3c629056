/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "vduse/disk.h"

#include <linux/virtio_config.h>
#include <linux/virtio_ids.h>
#include <linux/virtio_ring.h>

#include "vduse/device.h"
#include "vduse/serve.h"

/* Kicks and interrupts cross the kernel by a descriptor anyway: no index of events is offered. */
int vduse_create_disk(const char *name, const struct disk *disk)
{
	struct via_vduse_wish wish = {
		.name = name,
		.device_id = VIRTIO_ID_BLOCK,
		.features = (disk_features(disk) & ~(1ULL << VIRTIO_RING_F_EVENT_IDX)) |
			    1ULL << VIRTIO_F_ACCESS_PLATFORM,
		.queues = 1,
		.config_size = DISK_CONFIG_BYTES,
	};

	disk_config(disk, 1, SERVE_SEGMENTS, wish.config);
	return vduse_create(&wish);
}
