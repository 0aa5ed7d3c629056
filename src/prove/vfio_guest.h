/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "prove/report.h"

/**
 * climb_guest - a guest of QEMU's owns the function and says what it sees of it
 *
 * Without a kernel of the caller's the guest is nothing but firmware (guest_firmware.h): it reads
 * the ids, places a BAR and reads a register, which must be as the host read it. With one, a
 * Linux boots whose first process says "viaduct-guest: device ADDRESS VENDOR:DEVICE DRIVER" and
 * "viaduct-guest: done" on its first serial port.
 *
 * The function is given back first: no two may have it. So this is the last rung.
 */
int climb_guest(void *session, const struct via_report *report);

/* guest_extra_ms - how long it may take, by whether a Linux kernel is started */
unsigned int guest_extra_ms(bool linux_kernel);
