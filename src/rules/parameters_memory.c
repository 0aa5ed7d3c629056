/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/parameters.h"

#include "base/cleanup.h"

static const struct via_known_option huge[] = {
	{ "always", .text = "uses huge pages wherever it can" },
	{ "madvise", .text = "uses huge pages where a program asks" },
	{ "never", .text = "uses no transparent huge pages" },
};

static const struct via_known_option mitigations[] = {
	{ "off", VIA_LINT_RISKY, .text = "leaves known flaws of the processor open, also between "
					 "guests and the host" },
	{ "auto", .text = "closes known flaws of the processor (the default)" },
	{ "auto,nosmt", .text = "closes known flaws, and gives up threads where that needs it" },
};

static const struct via_known_option lockdown[] = {
	{ "integrity", .text = "forbids root to change the running kernel; VFIO and KVM go on" },
	{ "confidentiality", .text = "forbids root to read the kernel too; VFIO and KVM go on" },
	{ "none", .text = "locks nothing down" },
};

static const struct via_known_parameter parameters[] = {
	{ .name = "hugepages", .value = VIA_VALUE_PAGES, .repeat = VIA_REPEAT_ADD,
	  .source = "mm/hugetlb.c",
	  .text = "reserves this many huge pages of the size named before it" },
	{ .name = "hugepagesz", .value = VIA_VALUE_SIZE, .repeat = VIA_REPEAT_ADD,
	  .source = "mm/hugetlb.c", .text = "says which size the next hugepages= counts" },
	{ .name = "default_hugepagesz", .value = VIA_VALUE_SIZE, .source = "mm/hugetlb.c",
	  .text = "sets the size of huge pages where none is named" },
	{ .name = "transparent_hugepage", .value = VIA_VALUE_WORD, VIA_OPTIONS(huge),
	  .source = "mm/huge_memory.c", .text = "Sets when huge pages are used unasked." },
	{ .name = "isolcpus", .value = VIA_VALUE_CPUS, .source = "kernel/sched/isolation.c",
	  .text = "keeps these processors out of the scheduler's balancing; marked deprecated, and "
		  "works" },
	{ .name = "nohz_full", .value = VIA_VALUE_CPUS, .source = "kernel/sched/isolation.c",
	  .text = "stops the tick on these processors while one task runs (CONFIG_NO_HZ_FULL)" },
	{ .name = "rcu_nocbs", .value = VIA_VALUE_CPUS, .source = "kernel/rcu/tree_nocb.h",
	  .text = "moves RCU callbacks off these processors (CONFIG_RCU_NOCB_CPU)" },
	{ .name = "irqaffinity", .value = VIA_VALUE_CPUS, .source = "kernel/irq/irqdesc.c",
	  .text = "sends interrupts to these processors by default" },
	{ .name = "mitigations", .value = VIA_VALUE_WORD, VIA_OPTIONS(mitigations),
	  .source = "kernel/cpu.c", .text = "Sets protection against flaws of the processor." },
	{ .name = "lockdown", .value = VIA_VALUE_WORD, VIA_OPTIONS(lockdown),
	  .source = "security/lockdown/lockdown.c", .text = "Sets how far root is trusted." },
	{ .name = "iomem", .value = VIA_VALUE_FREE, .verdict = VIA_LINT_RISKY,
	  .source = "kernel/resource.c", .text = "lets root map memory of devices in use (relaxed)" },
	{ .name = "clearcpuid", .repeat = VIA_REPEAT_ADD, .source = "arch/x86/kernel/cpu/common.c",
	  .text = "hides features of the processor, also from KVM, and taints the kernel" },
	{ .name = "noapic", .value = VIA_VALUE_FLAG, .verdict = VIA_LINT_RISKY, .x86 = true,
	  .source = "arch/x86/kernel/apic/io_apic.c",
	  .text = "uses no I/O APIC: interrupts cannot be remapped, and VFIO refuses devices" },
	{ .name = "nolapic", .value = VIA_VALUE_FLAG, .verdict = VIA_LINT_RISKY, .x86 = true,
	  .source = "arch/x86/kernel/apic/apic.c",
	  .text = "uses no local APIC: no interrupt remapping, no KVM worth the name" },
	{ .name = "x2apic_phys", .value = VIA_VALUE_FLAG, .x86 = true,
	  .source = "arch/x86/kernel/apic/x2apic_phys.c", .text = "addresses processors one by one" },
	{ .name = "nosmt", .value = VIA_VALUE_FREE, .source = "kernel/cpu.c",
	  .text = "uses one thread of each core" },
	{ .name = "split_lock_detect", .source = "arch/x86/kernel/cpu/intel.c", .x86 = true,
	  .text = "sets what happens to programs, guests too, that lock across cache lines" },
	{ .name = "intel_pstate", .source = "drivers/cpufreq/intel_pstate.c", .foreign = true,
	  .text = "sets how the clock of Intel processors is chosen" },
	{ .name = "amd_pstate", .source = "drivers/cpufreq/amd-pstate.c", .foreign = true,
	  .text = "sets how the clock of AMD processors is chosen" },
	{ .name = "crashkernel", .source = "kernel/crash_reserve.c", .foreign = true,
	  .text = "reserves memory for a kernel that saves the first one's" },
	{ .name = "mem", .source = "arch/x86/kernel/e820.c", .foreign = true,
	  .text = "uses no more memory than that" },
	{ .name = "numa_balancing", .source = "kernel/sched/core.c",
	  .text = "moves pages towards who uses them" },
};

const struct via_parameter_table parameters_memory = { parameters, VIA_COUNT(parameters) };
