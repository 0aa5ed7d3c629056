/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "base/cleanup.h"
#include "base/fact.h"
#include "prove/generations.h"
#include "prove/kvm_payload.h"
#include "prove/kvm_rungs.h"
#include "prove/road.h"

/*
 * A guest that starts a guest of its own: 32-bit code enters AMD's VMRUN, the inner one halts,
 * and the outer one tells why it left and what it had in its register.
 *
 * Source: AMD64 Architecture Programmer's Manual, volume 2, 15 and appendix B
 */
enum {
	CONTROL_BLOCK = 0x2000,
	SAVE_AREA = 0x3000,
	INNER = 0x4000,
	PAGES = 0x5000, /* KVM refuses VMRUN to who has no paging */
	MSR_VM_HSAVE_PA = 0xc0010117,
	EFER_SVME = 1 << 12,
	EXIT_HLT = 0x78,
	LEAF_SVM = 0x80000001,
	ECX_SVM = 1 << 2,
	ECX_VMX = 1 << 5,
};

/* Both may be built in: it is enough that one of them nests. */
static int climb_parameter(void *context, const struct via_report *report)
{
	static const char *const modules[] = { "kvm_amd", "kvm_intel" };
	struct kvm_machine *machine = context;
	_cleanup_arena_ struct via_arena *arena = arena_new();
	unsigned int told = 0, on = 0;

	for (size_t i = 0; i < VIA_COUNT(modules); i++) {
		struct via_fact fact = root_text(machine->root, arena,
						 "sys/module/%s/parameters/nested", modules[i]);

		if (fact.known != VIA_PRESENT)
			continue;
		report_evidence(report, modules[i], "nested=%s", fact.text);
		told++;
		on += *fact.text == 'Y' || *fact.text == '1';
	}
	if (on)
		return CLIMB_PASS;
	if (told)
		return report_fail(
			report, -EPERM, "the module's parameter",
			"options kvm_amd nested=1, or kvm_intel, in /etc/modprobe.d, and "
			"load it anew");
	report_hint(report, "neither kvm_intel nor kvm_amd says");
	return CLIMB_CANNOT_TELL;
}

static struct kvm_cpuid2 *supported_cpuid(int kvm)
{
	enum { ENTRIES = 256 };
	struct kvm_cpuid2 *cpuid = calloc(1, sizeof(*cpuid) + ENTRIES * sizeof(cpuid->entries[0]));

	if (!cpuid)
		return NULL;
	cpuid->nent = ENTRIES;
	if (ioctl(kvm, KVM_GET_SUPPORTED_CPUID, cpuid) == 0)
		return cpuid;
	free(cpuid);
	return NULL;
}

static bool cpuid_has(const struct kvm_cpuid2 *cpuid, uint32_t leaf, uint32_t ecx)
{
	for (uint32_t i = 0; i < cpuid->nent; i++)
		if (cpuid->entries[i].function == leaf)
			return cpuid->entries[i].ecx & ecx;
	return false;
}

static int climb_capability(void *context, const struct via_report *report)
{
	struct kvm_machine *machine = context;
	_cleanup_free_ struct kvm_cpuid2 *cpuid = supported_cpuid(machine->kvm);
	int state = ioctl(machine->kvm, KVM_CHECK_EXTENSION, KVM_CAP_NESTED_STATE);
	bool svm, vmx;

	if (!cpuid)
		return report_fail(report, -errno, "KVM_GET_SUPPORTED_CPUID", NULL);
	svm = cpuid_has(cpuid, LEAF_SVM, ECX_SVM);
	vmx = cpuid_has(cpuid, 1, ECX_VMX);
	report_evidence(report, "nested_state", "%d bytes", state);
	report_evidence(report, "guest_may_have", "%s", svm ? "SVM" : vmx ? "VMX" : "neither");
	if (!svm && !vmx)
		return report_fail(report, -EOPNOTSUPP, "neither SVM nor VMX for a guest",
				   "this back end does not nest, or its parameter is off");
	return CLIMB_PASS;
}

static void put16(uint8_t *memory, size_t at, uint16_t value)
{
	memcpy(memory + at, &value, sizeof(value));
}

static void put32(uint8_t *memory, size_t at, uint32_t value)
{
	memcpy(memory + at, &value, sizeof(value));
}

/* Of the control block's state: selector, attributes, limit; the base stays 0. */
static void put_segment(uint8_t *block, size_t at, uint16_t selector, uint16_t attributes)
{
	put16(block, at, selector);
	put16(block, at + 2, attributes);
	put32(block, at + 4, 0xffffffff);
}

static void write_control_block(uint8_t *block)
{
	put32(block, 0x00c, 1U << 24); /* HLT leaves */
	put32(block, 0x010, 1);	       /* as does VMRUN, which must */
	put32(block, 0x058, 1);	       /* address space */
	for (size_t at = 0x400; at <= 0x450; at += 0x10)
		put_segment(block, at, 16, 0xc93);
	put_segment(block, 0x410, 8, 0xc9b);
	put32(block, 0x4d0, EFER_SVME);
	put32(block, 0x558, 0x11); /* CR0: ET, PE */
	put32(block, 0x560, 0x400);
	put32(block, 0x568, 0xffff0ff0);
	put32(block, 0x570, 2);
	put32(block, 0x578, INNER);
	put32(block, 0x5d8, INNER);
}

/* Before the guest's EFER may have SVME, its processor must have SVM. */
static int give_svm(struct kvm_machine *machine)
{
	_cleanup_free_ struct kvm_cpuid2 *cpuid = supported_cpuid(machine->kvm);

	if (!cpuid)
		return -ENOMEM;
	return ioctl(machine->vcpu, KVM_SET_CPUID2, cpuid) < 0 ? -errno : 0;
}

static int set_registers(struct kvm_machine *machine)
{
	struct kvm_segment code = { .limit = 0xffffffff,
				    .selector = 8,
				    .type = 0xb,
				    .present = 1,
				    .db = 1,
				    .s = 1,
				    .g = 1 };
	struct kvm_regs regs = { .rip = MACHINE_ENTRY, .rflags = 2 };
	struct kvm_segment data = code;
	struct kvm_sregs sregs;

	if (ioctl(machine->vcpu, KVM_GET_SREGS, &sregs) < 0)
		return -errno;
	data.selector = 16;
	data.type = 3;
	sregs.cs = code;
	sregs.ds = sregs.es = sregs.fs = sregs.gs = sregs.ss = data;
	sregs.cr0 |= 0x80000001;
	sregs.cr3 = PAGES;
	sregs.cr4 |= 0x10; /* pages of 4 MiB */
	sregs.efer |= EFER_SVME;
	if (ioctl(machine->vcpu, KVM_SET_SREGS, &sregs) < 0)
		return -errno;
	return ioctl(machine->vcpu, KVM_SET_REGS, &regs) < 0 ? -errno : 0;
}

static int load(struct kvm_machine *machine)
{
	static const uint8_t outer[] = {
		0xb9, 0x17, 0x01, 0x01, 0xc0, /* mov ecx, 0xc0010117 */
		0xb8, 0x00, 0x30, 0x00, 0x00, /* mov eax, SAVE_AREA */
		0x31, 0xd2,		      /* xor edx, edx */
		0x0f, 0x30,		      /* wrmsr */
		0xb8, 0x00, 0x20, 0x00, 0x00, /* mov eax, CONTROL_BLOCK */
		0x0f, 0x01, 0xd8,	      /* vmrun */
		0x66, 0xba, 0xf8, 0x03,	      /* mov dx, 0x3f8 */
		0xa1, 0x70, 0x20, 0x00, 0x00, /* mov eax, [why it left] */
		0xee,			      /* out dx, al */
		0xa1, 0xf8, 0x25, 0x00, 0x00, /* mov eax, [its eax] */
		0xee,			      /* out dx, al */
		0xf4,			      /* hlt */
	};
	static const uint8_t inner[] = { 0xb0, 'N', 0xf4 }; /* mov al, 'N'; hlt */
	int r = give_svm(machine);

	_Static_assert(CONTROL_BLOCK == 0x2000 && SAVE_AREA == 0x3000, "as the code has them");
	memcpy(machine->memory + MACHINE_ENTRY, outer, sizeof(outer));
	memcpy(machine->memory + INNER, inner, sizeof(inner));
	put32(machine->memory, PAGES, 0x83); /* all of it where it is */
	write_control_block(machine->memory + CONTROL_BLOCK);
	return r < 0 ? r : set_registers(machine);
}

static int climb_run(void *context, const struct via_report *report)
{
	static const struct expected_exit left = { KVM_EXIT_IO, 0x3f8, true, EXIT_HLT };
	static const struct expected_exit had = { KVM_EXIT_IO, 0x3f8, true, 'N' };
	struct kvm_machine *machine = context;
	_cleanup_free_ struct kvm_cpuid2 *cpuid = supported_cpuid(machine->kvm);
	int r;

	if (!cpuid || !cpuid_has(cpuid, LEAF_SVM, ECX_SVM)) {
		report_hint(report, "the inner guest of this proof is written for AMD-V; for VT-x "
				    "the capability is all that was seen");
		return CLIMB_SKIP;
	}
	r = load(machine);
	if (r < 0)
		return report_fail(report, r, "setting the processor's registers", NULL);
	r = run_to(machine, report, &left, "inner_guest_left");
	if (r == 0)
		r = run_to(machine, report, &had, "inner_guest_had");
	if (r < 0)
		return r;
	report_evidence(report, "vmrun",
			"a guest's guest ran: HLT left to it, with what it had set");
	return CLIMB_PASS;
}

static const struct via_step steps[] = {
	{ "open", climb_kvm_open },
	{ "parameter", climb_parameter },
	{ "capability", climb_capability },
	{ "vm", climb_vm },
	{ "vcpu", climb_vcpu },
	{ "run", climb_run },
};

int prove_nested(const struct via_root *root, const struct via_prove_options *options,
		 struct via_proof *ret, struct via_error *error)
{
	static const struct via_road road = { .steps = steps, .count = VIA_COUNT(steps) };
	struct kvm_machine machine = { .root = root, .kvm = -1, .vm = -1, .vcpu = -1 };

	return prove_road("nested", &road, &machine, root, options, ret, error);
}
