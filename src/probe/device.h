/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "model/device_detail.h"
#include "sys/root.h"

/**
 * probe_devices - look closely at functions of a host that was probed
 * @devices: the first of @count that stand side by side in host->pci.devices
 *
 * Depth:  attributes; at VIA_DEPTH_WAKE also what resumes a sleeping function
 * Return: one detail a function, in the host's arena
 */
struct via_device_detail *probe_devices(const struct via_root *root, struct via_host *host,
					const struct via_pci_device *devices, size_t count);
