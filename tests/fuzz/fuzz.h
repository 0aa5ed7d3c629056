/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* What libFuzzer calls, and what main.c calls for every file of a corpus. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
