/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/virtio.h"

#include "base/cleanup.h"

/* Source: include/uapi/linux/virtio_ids.h */
static const char *const ids[] = {
	[1] = "network",      [2] = "block",
	[3] = "console",      [4] = "entropy",
	[5] = "balloon",      [6] = "I/O memory",
	[7] = "rpmsg",	      [8] = "SCSI",
	[9] = "9p transport", [10] = "wireless LAN",
	[11] = "serial",      [16] = "GPU",
	[17] = "clock",	      [18] = "input",
	[19] = "socket",      [20] = "crypto",
	[22] = "pstore",      [23] = "IOMMU",
	[24] = "memory",      [25] = "sound",
	[26] = "file system", [27] = "persistent memory",
	[28] = "RPMB",	      [34] = "I2C",
	[35] = "watchdog",    [40] = "Bluetooth",
	[41] = "GPIO",
};

const char *virtio_id_name(uint64_t id)
{
	return id < VIA_COUNT(ids) ? ids[id] : NULL;
}

/* Source: include/uapi/linux/virtio_config.h, virtio_ring.h */
const char *virtio_feature_name(unsigned int bit)
{
	switch (bit) {
	case 28:
		return "INDIRECT_DESC";
	case 29:
		return "EVENT_IDX";
	case VIRTIO_F_VERSION_1_BIT:
		return "VERSION_1";
	case VIRTIO_F_ACCESS_PLATFORM_BIT:
		return "ACCESS_PLATFORM";
	case 34:
		return "RING_PACKED";
	case 35:
		return "IN_ORDER";
	case 36:
		return "ORDER_PLATFORM";
	case 37:
		return "SR_IOV";
	case 38:
		return "NOTIFICATION_DATA";
	case 40:
		return "RING_RESET";
	default:
		return NULL;
	}
}
