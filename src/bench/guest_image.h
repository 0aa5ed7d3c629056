/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "bench/guest.h"

/* Where the guest's tables, code and words lie in its memory. */
enum {
	IMAGE_IDT = 0x0000,
	IMAGE_GDT = 0x1000,
	IMAGE_TSS = 0x2000, /* with the bitmap of ports: 0x2069 bytes */
	IMAGE_PML4 = 0x5000,
	IMAGE_PDPT = 0x6000,
	IMAGE_PD_LOW = 0x7000,	/* the first GiB */
	IMAGE_PD_HIGH = 0x8000, /* the fourth: the interrupt controllers */
	IMAGE_STACK = 0xb000,	/* the end of that for interrupts */
	IMAGE_USER_STACK = 0xc000,
	IMAGE_CODE = 0xc000,
	IMAGE_HANDLER = 0xd000,
	IMAGE_WORDS = 0xe000,
};

/* image_write - fill memory that is zero */
void image_write(uint8_t *memory, const struct guest_program *program);

/* image_registers - 64-bit mode, level 3, at the code; the rest stays */
void image_registers(struct kvm_regs *regs, struct kvm_sregs *sregs);
