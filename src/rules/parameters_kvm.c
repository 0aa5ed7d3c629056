/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/parameters.h"

#include "base/cleanup.h"

#define KVM   .reader = VIA_READER_MODULE, .module = "kvm", .source = "arch/x86/kvm/x86.c"
#define INTEL .reader = VIA_READER_MODULE, .module = "kvm_intel", .vendor = VIA_CPU_INTEL,         \
	      .x86 = true, .source = "arch/x86/kvm/vmx/vmx.c"
#define AMD   .reader = VIA_READER_MODULE, .module = "kvm_amd", .vendor = VIA_CPU_AMD,             \
	    .x86 = true, .source = "arch/x86/kvm/svm/svm.c"

static const struct via_known_option nx[] = {
	{ "off", VIA_LINT_RISKY, .text = "leaves a flaw of some Intel processors open: a guest can "
					 "halt the machine" },
	{ "force", .text = "splits huge pages of guests when they are executed" },
	{ "auto", .text = "does so on processors that need it (the default)" },
	{ "never", VIA_LINT_RISKY, .since = VIA_KERNEL(6, 3),
	  .text = "does not even start the thread that would undo it" },
	{ "1", .text = "splits huge pages of guests when they are executed" },
	{ "Y", .text = "splits huge pages of guests when they are executed" },
	{ "y", .text = "splits huge pages of guests when they are executed" },
	{ "on", .text = "splits huge pages of guests when they are executed" },
	{ "0", VIA_LINT_RISKY, .text = "leaves a flaw of some Intel processors open" },
	{ "N", VIA_LINT_RISKY, .text = "leaves a flaw of some Intel processors open" },
	{ "n", VIA_LINT_RISKY, .text = "leaves a flaw of some Intel processors open" },
};

static const struct via_known_parameter parameters[] = {
	{ .name = "kvm.ignore_msrs", .value = VIA_VALUE_BOOL, KVM,
	  .text = "lets guests touch registers KVM does not know; some Windows programs want it, "
		  "and it hides real faults. Passthrough does not need it" },
	{ .name = "kvm.report_ignored_msrs", .value = VIA_VALUE_BOOL, KVM,
	  .text = "says in the log which registers were passed over" },
	{ .name = "kvm.halt_poll_ns", .value = VIA_VALUE_NUMBER, KVM,
	  .text = "waits this long before a halted guest gives its processor back" },
	{ .name = "kvm.tdp_mmu", .value = VIA_VALUE_BOOL, KVM,
	  .text = "keeps guest memory by the newer, parallel page table code" },
	{ .name = "kvm.nx_huge_pages", .value = VIA_VALUE_WORD, VIA_OPTIONS(nx), KVM,
	  .text = "Sets whether huge pages of guests may be executed (iTLB multihit)." },
	{ .name = "kvm.enable_virt_at_load", .value = VIA_VALUE_BOOL, .since = VIA_KERNEL(6, 12),
	  .reader = VIA_READER_MODULE, .module = "kvm", .source = "virt/kvm/kvm_main.c",
	  .text = "takes the processor's extension as soon as KVM loads, which keeps other "
		  "hypervisors (VirtualBox) out; 0 takes it with the first guest" },
	{ .name = "kvm_intel.nested", .value = VIA_VALUE_BOOL, INTEL,
	  .text = "lets guests run guests (the default since 4.20)" },
	{ .name = "kvm_intel.ept", .value = VIA_VALUE_BOOL, INTEL,
	  .text = "uses the processor's second page table (the default)" },
	{ .name = "kvm_intel.vpid", .value = VIA_VALUE_BOOL, INTEL,
	  .text = "tags TLB entries by guest (the default)" },
	{ .name = "kvm_intel.unrestricted_guest", .value = VIA_VALUE_BOOL, INTEL,
	  .text = "runs real mode on the processor (the default)" },
	{ .name = "kvm_intel.enable_apicv", .value = VIA_VALUE_BOOL, INTEL,
	  .text = "lets the processor deliver a guest's interrupts (the default where able)" },
	{ .name = "kvm_intel.enable_ipiv", .value = VIA_VALUE_BOOL, .since = VIA_KERNEL(6, 0), INTEL,
	  .text = "lets the processor deliver interrupts between a guest's processors" },
	{ .name = "kvm_intel.pml", .value = VIA_VALUE_BOOL, INTEL,
	  .text = "lets the processor log written pages, for migration" },
	{ .name = "kvm_intel.ple_gap", .value = VIA_VALUE_NUMBER, INTEL,
	  .text = "sets what counts as spinning; 0 switches the exit off" },
	{ .name = "kvm_intel.ple_window", .value = VIA_VALUE_NUMBER, INTEL,
	  .text = "sets how long a guest may spin before it exits" },
	{ .name = "kvm_intel.emulate_invalid_guest_state", .value = VIA_VALUE_BOOL, INTEL,
	  .text = "emulates states the processor cannot enter" },
	{ .name = "kvm_intel.enable_shadow_vmcs", .value = VIA_VALUE_BOOL, INTEL,
	  .text = "makes nested guests cheaper (the default where able)" },
	{ .name = "kvm_amd.nested", .value = VIA_VALUE_NUMBER, AMD,
	  .text = "lets guests run guests (the default)" },
	{ .name = "kvm_amd.npt", .value = VIA_VALUE_BOOL, AMD,
	  .text = "uses the processor's second page table (the default)" },
	{ .name = "kvm_amd.avic", .value = VIA_VALUE_BOOL, AMD,
	  .text = "lets the processor deliver a guest's interrupts" },
	{ .name = "kvm_amd.force_avic", .value = VIA_VALUE_BOOL, .when_on = VIA_LINT_RISKY,
	  .since = VIA_KERNEL(6, 0), AMD,
	  .text = "uses AVIC on processors that do not announce it, and taints the kernel" },
	{ .name = "kvm_amd.vgif", .value = VIA_VALUE_NUMBER, AMD,
	  .text = "virtualizes the global interrupt flag for nested guests" },
	{ .name = "kvm_amd.vls", .value = VIA_VALUE_NUMBER, AMD,
	  .text = "virtualizes VMLOAD and VMSAVE for nested guests" },
	{ .name = "kvm_amd.lbrv", .value = VIA_VALUE_NUMBER, AMD,
	  .text = "virtualizes the record of branches" },
	{ .name = "kvm_amd.nrips", .value = VIA_VALUE_NUMBER, AMD,
	  .text = "takes the next instruction's address from the processor" },
	{ .name = "kvm_amd.vnmi", .value = VIA_VALUE_BOOL, .since = VIA_KERNEL(6, 4), AMD,
	  .text = "lets the processor deliver a guest's NMIs" },
	{ .name = "kvm_amd.tsc_scaling", .value = VIA_VALUE_NUMBER, AMD,
	  .text = "scales a guest's time stamp counter" },
	{ .name = "kvm_amd.sev", .value = VIA_VALUE_BOOL, AMD,
	  .text = "runs guests with encrypted memory (SEV)" },
	{ .name = "kvm_amd.sev_es", .value = VIA_VALUE_BOOL, .since = VIA_KERNEL(5, 11), AMD,
	  .text = "encrypts a guest's registers as well (SEV-ES)" },
	{ .name = "kvm_amd.sev_snp", .value = VIA_VALUE_BOOL, .since = VIA_KERNEL(6, 11), AMD,
	  .text = "guards a guest's memory against the host (SEV-SNP)" },
};

const struct via_parameter_table parameters_kvm = { parameters, VIA_COUNT(parameters) };
