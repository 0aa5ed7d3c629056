/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdint.h>

/* The kinds of function that bench/hosts makes machines of, and their configuration space. */
enum shape { SHAPE_DEVICE, SHAPE_BRIDGE, SHAPE_PF, SHAPE_VF };
enum { CONFIG_BYTES = 4096, VFS_TOTAL = 63, VF_OFFSET = 0x80, VF_STRIDE = 2 };

/**
 * struct kind - one model of function
 * @port_type: of the PCI Express capability
 * @express: it has one, and 4096 bytes
 */
struct kind {
	enum shape shape;
	uint16_t vendor, device, subsystem_vendor, subsystem_device;
	uint32_t class_code;
	uint8_t revision, port_type;
	int express, multifunction, acs;
	const char *driver, *reset_method;
	uint64_t bar_bytes[6], rom_bytes;
};

struct buses {
	uint8_t primary, secondary, subordinate;
};

extern const struct kind kind_host_bridge, kind_root_port, kind_upstream, kind_downstream, kind_nic,
	kind_nic_vf, kind_nvme, kind_gpu, kind_sound, kind_to_pci, kind_old_nic;
extern const struct kind *const kinds[];

void config_fill(uint8_t config[CONFIG_BYTES], const struct kind *kind, const struct buses *buses);
