/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <linux/vfio.h>

#include "model/host.h"
#include "prove/report.h"
#include "sys/root.h"

/**
 * struct vfio_session - one function being used through its group (type 1, version 2)
 *
 * Each rung adds to it; it lives in the child.
 */
struct vfio_session {
	struct via_arena *arena;
	const struct via_root *root;
	const struct via_host *host;
	const struct via_pci_device *device;
	const struct via_pci_group *group;
	int container, group_fd, device_fd;
	struct vfio_device_info info;
	uint64_t config_offset; /* of configuration space in device_fd */
};

/* session_close - give everything back, innermost first; closing the function resets it */
void session_close(void *session);

/* session_region - a region's answer with its chain; 0, -EINVAL no such region, other errno */
int session_region(struct vfio_session *session, uint32_t index,
		   const struct vfio_region_info **ret, struct via_span *ret_span);

/* session_config_read/write - configuration space as VFIO shows it; 0 or negative errno */
int session_config_read(const struct vfio_session *session, uint64_t offset, void *data,
			size_t size);
int session_config_write(const struct vfio_session *session, uint64_t offset, const void *data,
			 size_t size);

/* session_has_direct_region - firmware claims memory of this group (RMRR, IVMD) for good */
bool session_has_direct_region(const struct vfio_session *session);

/* session_config_ids - vendor and device id; 0 or negative errno */
int session_config_ids(const struct vfio_session *session, uint16_t *ret_vendor,
		       uint16_t *ret_device);

int climb_driver(void *session, const struct via_report *report);
int climb_open(void *session, const struct via_report *report);
int climb_attach(void *session, const struct via_report *report);
int climb_dma_map(void *session, const struct via_report *report);
int climb_region(void *session, const struct via_report *report);
int climb_interrupt(void *session, const struct via_report *report);
int climb_reset(void *session, const struct via_report *report);
