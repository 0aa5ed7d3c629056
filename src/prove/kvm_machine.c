/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/kvm_machine.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/time.h>

#include "base/cleanup.h"

/* The handler has no other way to the processor; there is one machine a process. */
static struct kvm_run *volatile alarmed_run;

static void call_back(int number)
{
	/* the signal may come just before KVM_RUN enters: then this makes it return */
	if (alarmed_run)
		alarmed_run->immediate_exit = 1;
}

static void arm(struct kvm_run *run, int ms)
{
	struct itimerval timer = { .it_value = { .tv_sec = ms / 1000,
						 .tv_usec = ms % 1000 * 1000 } };
	struct sigaction action = { .sa_handler = call_back };

	alarmed_run = run;
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
}

static int real_mode(int vcpu)
{
	struct kvm_sregs sregs;

	if (ioctl(vcpu, KVM_GET_SREGS, &sregs) < 0)
		return -errno;
	sregs.cs.selector = 0;
	sregs.cs.base = 0;
	/* base is selector * 16, so that it holds without "unrestricted guest" as well */
	sregs.ds.selector = MACHINE_DEVICE >> 4;
	sregs.ds.base = MACHINE_DEVICE;
	return ioctl(vcpu, KVM_SET_SREGS, &sregs) < 0 ? -errno : 0;
}

int machine_load(struct kvm_machine *machine, const void *code, size_t size)
{
	struct kvm_regs regs = { .rip = MACHINE_ENTRY, .rflags = 2 };
	int r;

	if (size > MACHINE_MEMORY - MACHINE_ENTRY)
		return -E2BIG;
	memcpy(machine->memory + MACHINE_ENTRY, code, size);
	r = real_mode(machine->vcpu);
	if (r < 0)
		return r;
	return ioctl(machine->vcpu, KVM_SET_REGS, &regs) < 0 ? -errno : 0;
}

int machine_run(struct kvm_machine *machine)
{
	int r;

	machine->run->immediate_exit = 0;
	arm(machine->run, MACHINE_RUN_LIMIT_MS);
	r = ioctl(machine->vcpu, KVM_RUN, 0) < 0 ? -errno : 0;
	arm(NULL, 0);
	return r == -EINTR ? -ETIMEDOUT : r;
}

const char *exit_name(uint32_t reason)
{
	static const char *const names[] = {
		[KVM_EXIT_UNKNOWN] = "unknown",
		[KVM_EXIT_EXCEPTION] = "exception",
		[KVM_EXIT_IO] = "io",
		[KVM_EXIT_HLT] = "hlt",
		[KVM_EXIT_MMIO] = "mmio",
		[KVM_EXIT_SHUTDOWN] = "shutdown",
		[KVM_EXIT_FAIL_ENTRY] = "fail-entry",
		[KVM_EXIT_INTR] = "intr",
		[KVM_EXIT_INTERNAL_ERROR] = "internal-error",
	};

	return reason < VIA_COUNT(names) && names[reason] ? names[reason] : "exit";
}
