/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/kvm.h>

/* One exit as it must come: which kind, where, which way and with which byte. */
struct expected_exit {
	uint32_t reason;
	uint64_t where; /* port or physical address */
	bool write;	/* else the guest reads, and @byte is what it is given */
	uint8_t byte;
};

/**
 * exit_matches - whether an exit is the expected one
 * @text: gets the exit in words: "io out port 0x3f8 byte 0x41"
 */
bool exit_matches(const struct kvm_run *run, const struct expected_exit *expected, char *text,
		  size_t size);
