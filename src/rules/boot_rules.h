/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "rules/rule.h"

/* boot_initramfs - what the image of the running system holds; kernel_boot_image.c */
enum via_verdict boot_initramfs(const struct via_host *host, struct via_finding *finding);

/* boot_applies - false when no loader is known; @ret says what then is the verdict */
bool boot_applies(const struct via_host *host, struct via_finding *finding, enum via_verdict *ret);
