/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdint.h>

#include <linux/kvm.h>

#include "sys/root.h"

/*
 * The smallest virtual machine: 64 KiB of memory, one processor in real mode. It lives in
 * a child process, so what fails half way is given back by the process's end.
 */
enum {
	MACHINE_MEMORY = 0x10000,
	MACHINE_ENTRY = 0x1000,	     /* where code is put and starts */
	MACHINE_DEVICE = 0xd0000,    /* the data segment: no memory there, so an access exits */
	MACHINE_RUN_LIMIT_MS = 4000, /* after which KVM_RUN is called back */
};

struct kvm_machine {
	const struct via_root *root;
	int kvm, vm, vcpu;
	uint8_t *memory;
	struct kvm_run *run;
	size_t run_size;
};

/* machine_load - put code at the entry and the processor at its first instruction */
int machine_load(struct kvm_machine *machine, const void *code, size_t size);

/**
 * machine_run - KVM_RUN until the next exit
 *
 * Some back ends let a guest stall for ever; an alarm calls the processor back.
 *
 * Return: 0, the exit is in @machine->run; -ETIMEDOUT called back; the kernel's errno
 */
int machine_run(struct kvm_machine *machine);

/* exit_name - "io", "mmio", "hlt", "fail-entry" …; "exit" for one nobody expects here */
const char *exit_name(uint32_t reason);

/* kvm_why_not_open - what to check when /dev/kvm could not be opened for that reason */
const char *kvm_why_not_open(int error);
