/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/names.h"

struct via_vm_disk {
	const char *path;
	const char *format; /* "raw", "qcow2"; never guessed: a guest could forge it */
	bool read_only;
};

enum via_vm_accel { VIA_ACCEL_KVM, VIA_ACCEL_TCG };

/* What the guest's first serial port is: its console on ours, or that and QEMU's monitor. */
enum via_vm_serial { VIA_SERIAL_STDIO, VIA_SERIAL_MONITOR, VIA_SERIAL_NONE };

/**
 * struct via_vm_spec - a guest, as asked for; says nothing about how it is run
 * @cpu: QEMU's name; NULL: "host" with KVM, "max" without
 * @firmware: an OVMF code image; NULL: SeaBIOS, which also starts @kernel
 * @bios: an image to start with, not in flash; a path; NULL: none
 * @firmware_vars: this guest's own copy of the OVMF variables; NULL: none are kept
 * @kernel: to start without a boot loader; NULL: the firmware finds a disk
 * @devices: functions of the host that the guest owns
 * @iommufd: the devices by their own nodes and /dev/iommu, rather than by their groups (QEMU 9.0)
 * @no_rom: hide the devices' option ROMs from the firmware
 * @vf_token: the secret that whoever has a VF's PF through VFIO has set (Linux 5.7, QEMU 8.1)
 * @extra: more QEMU arguments, as they are
 */
struct via_vm_spec {
	const char *name;
	uint64_t memory_mib;
	unsigned int cpus;
	enum via_vm_accel accel;
	const char *cpu;
	const char *bios;
	const char *firmware, *firmware_vars;
	const char *kernel, *initrd, *append;
	via_list(struct via_pci_address) devices;
	bool iommufd;
	bool no_rom;
	const char *vf_token;
	via_list(struct via_vm_disk) disks;
	enum via_vm_serial serial;
	struct via_names extra;
};

/* spec_new - "guest", 1024 MiB, 1 processor, KVM, a serial console on ours; in @arena */
struct via_vm_spec *spec_new(struct via_arena *arena);

/**
 * spec_memlock_bytes - memory the host must be allowed to lock for it
 *
 * Every page of a guest with a device is pinned, and so are the devices' own BARs' tables;
 * without a device nothing is.
 */
uint64_t spec_memlock_bytes(const struct via_vm_spec *spec);
