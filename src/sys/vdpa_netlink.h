/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

/*
 * Generic netlink's family vdpa. include/uapi/linux/vdpa.h is older than the kernel on many
 * systems; these numbers are stable ABI.
 */
#define VDPA_FAMILY "vdpa"

enum {
	VDPA_FAMILY_VERSION = 1,
	VDPA_COMMAND_MGMTDEV_GET = 2,
	VDPA_COMMAND_DEV_NEW = 3,
	VDPA_COMMAND_DEV_DEL = 4,
	VDPA_COMMAND_DEV_GET = 5,
	VDPA_COMMAND_DEV_CONFIG_GET = 6,
	VDPA_MGMTDEV_BUS_NAME = 1,
	VDPA_MGMTDEV_DEV_NAME = 2,
	VDPA_MGMTDEV_CLASSES = 3,
	VDPA_DEV_NAME = 4,
	VDPA_DEV_ID = 5,
	VDPA_DEV_MAX_VQS = 7,
	VDPA_NET_MAC = 10,
	VDPA_NET_MAX_VQP = 12,
	VDPA_NET_MTU = 13,
	VDPA_MGMTDEV_MAX_VQS = 15,
	VDPA_SUPPORTED_FEATURES = 16,
	VDPA_DEV_FEATURES = 20,
	VDPA_BLOCK_CAPACITY = 21,
	VDPA_ATTRIBUTES = 32, /* those above are not read */
};
