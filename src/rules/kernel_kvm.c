/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/rule.h"

#include <errno.h>

#include "base/cleanup.h"

static const char *kvm_back_end(const struct via_host *host)
{
	if (fact_is(&host->kernel.modules[VIA_MODULE_KVM_INTEL].loaded, VIA_PRESENT))
		return "kvm_intel";
	if (fact_is(&host->kernel.modules[VIA_MODULE_KVM_AMD].loaded, VIA_PRESENT))
		return "kvm_amd";
	return "a back end of its own";
}

static bool cpu_shows_extension(const struct via_host *host)
{
	return fact_is(&host->firmware.cpu.vmx, VIA_PRESENT) ||
	       fact_is(&host->firmware.cpu.svm, VIA_PRESENT);
}

static enum via_verdict kvm_without_node(const struct via_host *host, struct via_finding *finding)
{
	const char *module = host->firmware.cpu.vendor == VIA_CPU_AMD ? "kvm_amd" : "kvm_intel";

	if (!cpu_shows_extension(host)) {
		finding_detail(finding, "There is no /dev/kvm, and the processor shows no "
					"extension: firmware.cpu-virtualization says why.");
		return VIA_SKIP;
	}
	finding_cite(finding, &host->kernel.modules[VIA_MODULE_KVM].available);
	finding_detail(finding, "The processor can, but KVM is not loaded.");
	finding_manual(finding, "modprobe %s, and look at the kernel log if that fails.", module);
	return VIA_FAIL;
}

static enum via_verdict kvm(const struct via_host *host, struct via_finding *finding)
{
	const struct via_kernel *kernel = &host->kernel;

	finding_cite(finding, &kernel->kvm_open);
	finding_cite(finding, &kernel->kvm_api);
	finding_cite(finding, &kernel->kvm_create_vm);
	finding_cite(finding, &kernel->kvm_nested);
	if (fact_is(&kernel->kvm_create_vm, VIA_PRESENT)) {
		finding_detail(finding, "KVM created a virtual machine (%s).", kvm_back_end(host));
		return VIA_PASS;
	}
	if (fact_is(&kernel->kvm_open, VIA_ABSENT) || kernel->kvm_open.error == ENODEV ||
	    kernel->kvm_open.error == ENXIO)
		return kvm_without_node(host, finding);
	if (fact_is(&kernel->kvm_open, VIA_UNKNOWN)) {
		if (kernel->kvm_open.error == EACCES || kernel->kvm_open.error == EPERM)
			finding_manual(finding, "Run as root, or join the group that owns "
						"/dev/kvm.");
		return VIA_CANNOT_TELL;
	}
	finding_detail(finding, "KVM is there but refuses to create a virtual machine%s.",
		       kernel->kvm_create_vm.error == EBUSY
			       ? ": another hypervisor holds the processor's extension"
			       : "");
	finding_manual(finding, "%s",
		       kernel->kvm_create_vm.error == EBUSY
			       ? "Stop the other hypervisor (VirtualBox, VMware) and "
				 "try again."
			       : "Look at the kernel log for what KVM says.");
	return VIA_FAIL;
}

static const struct via_rule rules[] = {
	{
		.id = "kernel.kvm",
		.layer = VIA_LAYER_KERNEL,
		.title = "KVM creates virtual machines",
		.source = "Documentation/virt/kvm/api.rst, KVM_CREATE_VM",
		.eval = kvm,
	},
};

const struct via_rule_table kernel_kvm_rules = { rules, VIA_COUNT(rules) };
