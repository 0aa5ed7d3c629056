/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/kvm.h>

/*
 * A virtual machine to measure with. Its code is 64-bit and runs at privilege level 3, with a
 * bitmap that allows it all ports: some back ends emulate code at level 0, instruction by
 * instruction, and would be measured instead of the exits.
 *
 * Source: AMD64 Architecture Programmer's Manual, volume 2, 5.3 (paging), 8.9 (long mode
 *         interrupts), 12.2.5 (the TSS); Documentation/virt/kvm/api.rst
 */
enum {
	GUEST_MEMORY = 0x200000,
	GUEST_DATA = 0x100000,	   /* memory for the guest's own use, 1 MiB */
	GUEST_DEVICE = 0x10000000, /* no memory there: an access exits */
	GUEST_PORT = 0x5f0,	   /* a port that nobody serves in the kernel */
	GUEST_DONE = 0xf4,	   /* written when a run is over */
	GUEST_VECTOR = 0x40,
	GUEST_GSI = 24,
};

struct guest {
	int kvm, vm, vcpu;
	uint8_t *memory;
	struct kvm_run *run;
	size_t run_size;
};

/* Words that guest and host share. */
struct guest_words {
	uint64_t count;	     /* operations in one run */
	uint64_t interrupts; /* taken so far */
	uint32_t stop;
};

/* What the guest does in one run. */
enum guest_code {
	GUEST_REPEAT, /* the instruction given, count times */
	GUEST_IDLE,   /* nothing, until it is told to stop */
	GUEST_ASK,    /* the instruction given, then wait for an interrupt, count times */
};

struct guest_program {
	enum guest_code code;
	const char *instruction; /* machine code; in it rdi and dx, al are as below */
	size_t size;
	uint64_t rdi;
	uint16_t dx;
};

/**
 * guest_start - a machine with one processor
 * @kvm: an open /dev/kvm; stays the caller's
 * @devices: give it the kernel's interrupt controllers, and an MSI route to GUEST_VECTOR
 * @program: where it begins
 * @ret_call: the call that failed
 *
 * Return: 0 or the kernel's negative errno
 */
int guest_start(struct guest *ret, int kvm, bool devices, const struct guest_program *program,
		const char **ret_call);
void guest_end(struct guest *guest);

/* guest_add_doorbell - answer the program's port or memory by waking @event, in the kernel */
int guest_add_doorbell(const struct guest *guest, const struct guest_program *program, int event);

volatile struct guest_words *guest_words(const struct guest *guest);

/**
 * guest_run - one run of the program: @count operations, each exit answered at once
 *
 * Return: how many exits there were before the last; -EIO the guest failed: see guest->run;
 *         the kernel's negative errno
 */
long guest_run(struct guest *guest, uint64_t count);

/* guest_end_text - how a run that failed ended, in words */
const char *guest_end_text(const struct guest *guest);
