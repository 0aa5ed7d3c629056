/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/vfio.h>

#include "model/host.h"
#include "prove/report.h"
#include "prove/vfio_info.h"
#include "sys/root.h"

struct vfio_interface;
struct dma_device;

/**
 * struct vfio_session - one function being used as a virtual machine monitor would use it
 * @limits: what its IOMMU allows; filled by the rung dma-map
 * @guest_kernel, @guest_initrd: for the rung guest; NULL: firmware of our own
 * @vf_token: what opens a VF whose PF VFIO has as well; NULL: none
 * @driven: the function as a driver of its class has set it up, NULL while none has
 *
 * Each rung adds to it; it lives in the child.
 */
struct vfio_session {
	struct via_arena *arena;
	const struct via_root *root;
	const struct via_host *host;
	const struct via_pci_device *device;
	const struct via_pci_group *group;
	const struct vfio_interface *interface;
	int container, group_fd, device_fd;
	uint32_t devid, ioas; /* of iommufd, whose descriptor is then the container */
	struct vfio_device_info info;
	uint64_t config_offset; /* of configuration space in device_fd */
	const char *guest_kernel, *guest_initrd, *vf_token;
	struct iommu_limits limits;
	struct dma_device *driven;
	uint64_t page;	  /* of a BAR that can be mapped, in device_fd; UINT64_MAX: none is known */
	uint16_t telling; /* where in the page a register is that tells something */
};

/**
 * struct vfio_interface - the way to the IOMMU: by the function's group, or by iommufd
 * @open, @attach: the rungs of these names
 * @limits: page sizes and ranges, into the session's arena
 * @map: make @size bytes of @memory the function's, to read and to write, at @iova
 * @unmap: @ret_size is what the kernel says it has unmapped
 * @leave: give back what @open and @attach took; the function is closed already
 * @limits_call, @map_call, @unmap_call: what these ask of the kernel, as evidence names it
 * @memlock_of: by what the kernel counts locked memory: "process", "user"
 */
struct vfio_interface {
	const char *name;
	int (*open)(struct vfio_session *session, const struct via_report *report);
	int (*attach)(struct vfio_session *session, const struct via_report *report);
	int (*limits)(struct vfio_session *session, struct iommu_limits *ret);
	int (*map)(const struct vfio_session *session, void *memory, uint64_t iova, uint64_t size);
	int (*unmap)(const struct vfio_session *session, uint64_t iova, uint64_t size,
		     uint64_t *ret_size);
	void (*leave)(struct vfio_session *session);
	const char *limits_call, *map_call, *unmap_call, *memlock_of;
};

/* By the group and a container of type 1, version 2. */
extern const struct vfio_interface vfio_by_group;

/* By the function's own node and an address space of /dev/iommu. */
extern const struct vfio_interface vfio_by_iommufd;

/* session_close - give everything back, innermost first; closing the function resets it */
void session_close(void *session);

/* session_close_fd - close a descriptor if it is open, and remember that it is not */
void session_close_fd(int *fd);

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

#define SESSION_TOKEN_HINT                                                                      \
	"its PF is bound to vfio-pci as well: the token that the PF's user has set is needed, " \
	"--vf-token UUID"

#define SESSION_RESERVED_HINT                                                                  \
	"firmware reserves memory for a device of this group (see its reserved_regions): the " \
	"kernel gives it to no guest; look for a firmware setting that ends it"

/* session_interrupts_unremapped - it is known that they are not: a guest could forge them */
bool session_interrupts_unremapped(const struct vfio_session *session);

/* session_config_ids - vendor and device id; 0 or negative errno */
int session_config_ids(const struct vfio_session *session, uint16_t *ret_vendor,
		       uint16_t *ret_device);

/* session_device_opened - what every road needs of a function just opened: its information and
 * where its configuration space is; 0 or negative errno, reported */
int session_device_opened(struct vfio_session *session, const struct via_report *report);

/* session_enable - memory decoding, and where @master the right to reach memory by itself */
int session_enable(const struct vfio_session *session, bool master);

int climb_driver(void *session, const struct via_report *report);
int climb_dma_map(void *session, const struct via_report *report);
int climb_dma_real(void *session, const struct via_report *report);
int climb_isolation(void *session, const struct via_report *report);
int climb_region(void *session, const struct via_report *report);
int climb_interrupt(void *session, const struct via_report *report);
int climb_reset(void *session, const struct via_report *report);
int climb_in_kvm(void *session, const struct via_report *report);
