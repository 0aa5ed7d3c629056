/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/prove.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "prove/kvm_backend.h"
#include "prove/kvm_event.h"
#include "prove/kvm_machine.h"
#include "prove/kvm_payload.h"
#include "prove/kvm_rungs.h"
#include "prove/road.h"

const char *kvm_why_not_open(int error)
{
	switch (error) {
	case ENOENT:
		return "no KVM module is loaded: look at 'viaduct check' for VT-x or AMD-V, then "
		       "load kvm_intel or kvm_amd";
	case EACCES:
	case EPERM:
		return "be root or a member of the group that owns /dev/kvm";
	case ENXIO:
	case ENODEV:
		return "the node is there but no KVM module answers: load kvm_intel or kvm_amd";
	default:
		return "look at the kernel log for kvm";
	}
}

static void tell_backend(const struct via_root *root, const struct via_report *report)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();

	report_evidence(report, "back_end", "%s", kvm_backend(root, arena) ?: "could not be told");
}

int climb_kvm_open(void *context, const struct via_report *report)
{
	struct kvm_machine *machine = context;
	int version;

	machine->kvm = root_openat(machine->root, "dev/kvm", O_RDWR);
	if (machine->kvm < 0)
		return report_fail(report, machine->kvm, "open /dev/kvm", "%s",
				   kvm_why_not_open(-machine->kvm));
	version = ioctl(machine->kvm, KVM_GET_API_VERSION, 0);
	report_evidence(report, "api_version", "%d", version);
	tell_backend(machine->root, report);
	if (version != KVM_API_VERSION)
		return report_fail(report, -EPROTO, "KVM_GET_API_VERSION",
				   "only version 12 was ever made stable");
	return CLIMB_PASS;
}

static const char *why_no_vm(int error)
{
	if (error == EBUSY)
		return "another hypervisor (VirtualBox, VMware …) holds VT-x or AMD-V: stop it and "
		       "unload its modules";
	if (error == ENOMEM)
		return "not enough memory for a virtual machine";
	return "look at the kernel log for kvm";
}

int climb_vm(void *context, const struct via_report *report)
{
	struct kvm_machine *machine = context;
	struct kvm_userspace_memory_region region = { .memory_size = MACHINE_MEMORY };

	machine->vm = ioctl(machine->kvm, KVM_CREATE_VM, 0);
	if (machine->vm < 0)
		return report_fail(report, -errno, "KVM_CREATE_VM", "%s", why_no_vm(errno));
	report_evidence(report, "max_vcpus", "%d",
			ioctl(machine->vm, KVM_CHECK_EXTENSION, KVM_CAP_MAX_VCPUS));
	report_evidence(report, "memory_slots", "%d",
			ioctl(machine->vm, KVM_CHECK_EXTENSION, KVM_CAP_NR_MEMSLOTS));
	machine->memory = mmap(NULL, MACHINE_MEMORY, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (machine->memory == MAP_FAILED)
		return report_fail(report, -errno, "mmap of guest memory", NULL);
	region.userspace_addr = (uintptr_t)machine->memory;
	if (ioctl(machine->vm, KVM_SET_USER_MEMORY_REGION, &region) < 0)
		return report_fail(report, -errno, "KVM_SET_USER_MEMORY_REGION", NULL);
	report_evidence(report, "memory", "%d KiB at 0", MACHINE_MEMORY / 1024);
	return CLIMB_PASS;
}

/*
 * Intel processors without "unrestricted guest" run real mode in virtual-8086 mode and need
 * three pages for it; elsewhere the two calls are harmless.
 */
static void give_intel_pages(int vm)
{
	__u64 identity_map = 0xfffbc000;

	ioctl(vm, KVM_SET_IDENTITY_MAP_ADDR, &identity_map);
	ioctl(vm, KVM_SET_TSS_ADDR, 0xfffbd000UL);
}

int climb_vcpu(void *context, const struct via_report *report)
{
	struct kvm_machine *machine = context;
	int size = ioctl(machine->kvm, KVM_GET_VCPU_MMAP_SIZE, 0);

	if (size < (int)sizeof(*machine->run))
		return report_fail(report, size < 0 ? -errno : -EPROTO, "KVM_GET_VCPU_MMAP_SIZE",
				   NULL);
	give_intel_pages(machine->vm);
	machine->vcpu = ioctl(machine->vm, KVM_CREATE_VCPU, 0);
	if (machine->vcpu < 0)
		return report_fail(report, -errno, "KVM_CREATE_VCPU",
				   "look at the kernel log for kvm");
	machine->run_size = (size_t)size;
	machine->run =
		mmap(NULL, machine->run_size, PROT_READ | PROT_WRITE, MAP_SHARED, machine->vcpu, 0);
	if (machine->run == MAP_FAILED)
		return report_fail(report, -errno, "mmap of the virtual processor", NULL);
	report_evidence(report, "shared_with_kernel", "%d bytes", size);
	return CLIMB_PASS;
}

static const char *why_not_run(int error)
{
	if (error == ETIMEDOUT)
		return "the back end let the guest stall; is this host itself a virtual machine "
		       "without nested virtualization?";
	return "look at the kernel log for kvm";
}

int run_to(struct kvm_machine *machine, const struct via_report *report,
	   const struct expected_exit *expected, const char *name)
{
	char text[128];
	int r = machine_run(machine);

	if (r < 0)
		return report_fail(report, r, "KVM_RUN", "%s", why_not_run(-r));
	if (exit_matches(machine->run, expected, text, sizeof(text))) {
		report_evidence(report, name, "%s", text);
		return 0;
	}
	report_evidence(report, name, "%s, where %s was expected", text,
			exit_name(expected->reason));
	if (machine->run->exit_reason == KVM_EXIT_FAIL_ENTRY)
		return report_fail(report, -EIO, "entry into the guest",
				   "the processor refused the guest's state: is nested "
				   "virtualization complete here?");
	return report_fail(report, -EIO, "the guest's code", "the back end did not run it right");
}

static int climb_run(void *context, const struct via_report *report)
{
	static const uint8_t code[] = {
		0xba, 0xf8, 0x03, /* mov dx, 0x3f8 */
		0xb0, 'A',	  /* mov al, 'A' */
		0xee,		  /* out dx, al */
		0xa2, 0x00, 0x00, /* mov [0], al */
		0xa0, 0x04, 0x00, /* mov al, [4] */
		0xee,		  /* out dx, al */
		0xf4,		  /* hlt */
	};
	static const struct expected_exit exits[] = {
		{ KVM_EXIT_IO, 0x3f8, true, 'A' },
		{ KVM_EXIT_MMIO, MACHINE_DEVICE, true, 'A' },
		{ KVM_EXIT_MMIO, MACHINE_DEVICE + 4, false, 'Z' },
		{ KVM_EXIT_IO, 0x3f8, true, 'Z' },
		{ KVM_EXIT_HLT, 0, false, 0 },
	};
	struct kvm_machine *machine = context;
	int r = machine_load(machine, code, sizeof(code));

	if (r < 0)
		return report_fail(report, r, "setting the processor's registers", NULL);
	for (size_t i = 0; i < VIA_COUNT(exits); i++) {
		char name[16] = { 'e', 'x', 'i', 't', '_', (char)('1' + i) };

		r = run_to(machine, report, &exits[i], name);
		if (r < 0)
			return r;
		if (exits[i].reason == KVM_EXIT_MMIO && !exits[i].write)
			machine->run->mmio.data[0] = exits[i].byte;
	}
	return CLIMB_PASS;
}

static const struct via_step kvm_steps[] = {
	{ "open", climb_kvm_open }, { "vm", climb_vm },		  { "vcpu", climb_vcpu },
	{ "run", climb_run },	    { "memslot", climb_memslot }, { "ioeventfd", climb_ioeventfd },
	{ "irqfd", climb_irqfd },
};

int prove_kvm(const struct via_root *root, const struct via_prove_options *options,
	      struct via_proof *ret, struct via_error *error)
{
	static const struct via_road road = { .steps = kvm_steps, .count = VIA_COUNT(kvm_steps) };
	struct kvm_machine machine = { .root = root, .kvm = -1, .vm = -1, .vcpu = -1 };

	return prove_road("kvm", &road, &machine, root, options, ret, error);
}
