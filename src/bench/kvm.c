/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "base/cleanup.h"
#include "base/fact.h"
#include "bench/kvm.h"

enum { PIC_PORT = 0x21, IOAPIC = 0xfec00000, APIC_ID = 0xfee00020, UNROLLED = 8, PAGE = 4096 };

/* One instruction of the guest, again and again. */
struct repeated {
	struct guest_program program;
	bool devices;
	bool doorbell;	    /* an ioeventfd answers it */
	bool exits;	    /* each must be seen by user space */
	bool fresh;	    /* memory is taken away before each batch */
	unsigned int times; /* operations in one instruction */
};

struct running {
	const struct repeated *repeated;
	struct guest guest;
};

#define CODE(text) .instruction = (text), .size = sizeof(text) - 1
#define OUT_DX	   CODE("\xee")
#define IN_DX	   CODE("\xec")
#define STORE_BYTE CODE("\x88\x07")
#define LOAD_BYTE  CODE("\x8a\x07")
#define LOAD_WORD  CODE("\x8b\x07")

int kvm_open(const struct bench_context *context, const struct via_report *report, int *ret)
{
	int kvm = root_openat(context->root, "dev/kvm", O_RDWR);

	if (kvm < 0)
		return bench_skip(report,
				  "/dev/kvm cannot be opened (%s): 'viaduct prove kvm' "
				  "says what is missing",
				  errno_name(-kvm));
	*ret = kvm;
	return CLIMB_PASS;
}

static int repeat(void *context, uint64_t count)
{
	struct running *running = context;
	const struct repeated *repeated = running->repeated;
	uint64_t runs = (count + repeated->times - 1) / repeated->times;
	long exits;

	if (repeated->fresh && madvise(running->guest.memory + GUEST_DATA,
				       GUEST_MEMORY - GUEST_DATA, MADV_DONTNEED) < 0)
		return -errno;
	exits = guest_run(&running->guest, runs);
	if (exits < 0)
		return (int)exits;
	/* what should not have left the kernel, or should have, would be something else measured */
	return exits == (long)(repeated->exits ? runs : 0) ? 0 : -EPROTO;
}

static int fail_run(const struct via_report *report, const struct running *running, int r)
{
	if (r == -EIO)
		return report_fail(report, r, "the guest's code", "it ended with %s",
				   guest_end_text(&running->guest));
	if (r == -EPROTO)
		return report_fail(report, r, "the guest's code",
				   running->repeated->exits ? "it should have left the kernel"
							    : "it should not have left the kernel");
	return report_fail(report, r, "KVM_RUN", NULL);
}

static int measure_repeated(const struct bench_context *context, const struct via_report *report)
{
	const struct repeated *repeated = context->item->argument;
	struct running running = { .repeated = repeated };
	_cleanup_close_ int kvm = -1;
	_cleanup_close_ int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	const char *call = "";
	int r = kvm_open(context, report, &kvm);

	if (r != CLIMB_PASS)
		return r;
	r = guest_start(&running.guest, kvm, repeated->devices, &repeated->program, &call);
	if (r < 0)
		return report_fail(report, r, call, NULL);
	if (repeated->doorbell)
		r = guest_add_doorbell(&running.guest, &repeated->program, event);
	if (r < 0)
		return report_fail(report, r, "KVM_IOEVENTFD", NULL);
	r = meter_run(context->meter, repeated->fresh ? (GUEST_MEMORY - GUEST_DATA) / PAGE : 0,
		      repeat, &running);
	if (r < 0)
		return fail_run(report, &running, r);
	guest_end(&running.guest);
	return CLIMB_PASS;
}

static int enter_and_leave(void *context, uint64_t count)
{
	struct guest *guest = context;

	for (uint64_t i = 0; i < count; i++)
		if (ioctl(guest->vcpu, KVM_RUN, 0) == 0 || errno != EINTR)
			return -EPROTO;
	return 0;
}

static int measure_entry(const struct bench_context *context, const struct via_report *report)
{
	static const struct guest_program program = { .code = GUEST_REPEAT, OUT_DX };
	_cleanup_close_ int kvm = -1;
	struct guest guest;
	const char *call = "";
	int r = kvm_open(context, report, &kvm);

	if (r != CLIMB_PASS)
		return r;
	r = guest_start(&guest, kvm, false, &program, &call);
	if (r < 0)
		return report_fail(report, r, call, NULL);
	guest.run->immediate_exit = 1;
	r = meter_run(context->meter, 0, enter_and_leave, &guest);
	if (r < 0)
		return report_fail(report, r, "KVM_RUN with immediate_exit", NULL);
	guest_end(&guest);
	return CLIMB_PASS;
}

static const struct repeated port_out = {
	.program = { .code = GUEST_REPEAT, OUT_DX, .dx = GUEST_PORT }, .exits = true, .times = 1
};
static const struct repeated port_in = {
	.program = { .code = GUEST_REPEAT, IN_DX, .dx = GUEST_PORT }, .exits = true, .times = 1
};
static const struct repeated memory_write = {
	.program = { .code = GUEST_REPEAT, STORE_BYTE, .rdi = GUEST_DEVICE },
	.exits = true,
	.times = 1,
};
static const struct repeated memory_read = {
	.program = { .code = GUEST_REPEAT, LOAD_BYTE, .rdi = GUEST_DEVICE },
	.exits = true,
	.times = 1,
};
static const struct repeated cpuid = {
	.program = { .code = GUEST_REPEAT, CODE("\x31\xc0\x0f\xa2") }, .times = 1
};
static const struct repeated pic = { .program = { .code = GUEST_REPEAT, IN_DX, .dx = PIC_PORT },
				     .devices = true,
				     .times = 1 };
static const struct repeated ioapic = {
	.program = { .code = GUEST_REPEAT, LOAD_WORD, .rdi = IOAPIC }, .devices = true, .times = 1
};
static const struct repeated apic = {
	.program = { .code = GUEST_REPEAT, LOAD_WORD, .rdi = APIC_ID }, .devices = true, .times = 1
};
static const struct repeated kick_port = {
	.program = { .code = GUEST_REPEAT, OUT_DX, .dx = GUEST_PORT }, .doorbell = true, .times = 1
};
static const struct repeated kick_memory = {
	.program = { .code = GUEST_REPEAT, STORE_BYTE, .rdi = GUEST_DEVICE },
	.doorbell = true,
	.times = 1,
};
static const struct repeated mapped = {
	.program = { .code = GUEST_REPEAT,
		     CODE("\x8a\x07\x8a\x07\x8a\x07\x8a\x07\x8a\x07\x8a\x07\x8a\x07\x8a\x07"),
		     .rdi = GUEST_DATA },
	.times = UNROLLED,
};
/* mov [rdi], al; add edi, 4096; and edi, 0x1fffff; or edi, 0x100000 */
static const struct repeated touch = {
	.program = { .code = GUEST_REPEAT,
		     CODE("\x88\x07\x81\xc7\x00\x10\x00\x00"
			  "\x81\xe7\xff\xff\x1f\x00\x81\xcf\x00\x00\x10\x00"),
		     .rdi = GUEST_DATA },
	.fresh = true,
	.times = 1,
};

const struct bench_item bench_kvm_items[] = {
	{ "exit-port-out", "port write, to user space and back", VIA_GENERATION_TRAP,
	  measure_repeated, &port_out },
	{ "exit-port-in", "port read, answered by user space", VIA_GENERATION_TRAP,
	  measure_repeated, &port_in },
	{ "exit-memory-write", "device memory write, to user space and back", VIA_GENERATION_TRAP,
	  measure_repeated, &memory_write },
	{ "exit-memory-read", "device memory read, answered by user space", VIA_GENERATION_TRAP,
	  measure_repeated, &memory_read },
	{ "exit-none", "KVM_RUN that does not enter the guest", VIA_GENERATION_TRAP, measure_entry,
	  NULL },
	{ "kernel-pic", "interrupt controller's port, read in the kernel", VIA_GENERATION_KERNEL,
	  measure_repeated, &pic },
	{ "kernel-ioapic", "IOAPIC register, read in the kernel", VIA_GENERATION_KERNEL,
	  measure_repeated, &ioapic },
	{ "kernel-apic", "local APIC register, read in the kernel or by the processor",
	  VIA_GENERATION_KERNEL, measure_repeated, &apic },
	{ "kernel-cpuid", "CPUID, answered in the kernel", VIA_GENERATION_KERNEL, measure_repeated,
	  &cpuid },
	{ "kernel-page", "page touched for the first time", VIA_GENERATION_KERNEL, measure_repeated,
	  &touch },
	{ "kick-port", "kick by a port (ioeventfd), as the guest pays it", VIA_GENERATION_VIRTIO,
	  measure_repeated, &kick_port },
	{ "kick-memory", "kick by memory (ioeventfd), as the guest pays it", VIA_GENERATION_VIRTIO,
	  measure_repeated, &kick_memory },
	{ "interrupt", "interrupt (irqfd), until the guest's handler has run",
	  VIA_GENERATION_VIRTIO, measure_interrupt, NULL },
	{ "round-trip", "kick, a sleeping thread wakes, interrupt", VIA_GENERATION_VIRTIO,
	  measure_round_trip, NULL },
	{ "memory-mapped", "mapped memory, as a BAR is that the guest owns", VIA_GENERATION_VFIO,
	  measure_repeated, &mapped },
	{ 0 },
};
