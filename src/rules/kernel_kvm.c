/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "rules/kernel_part.h"
#include "rules/parameters.h"

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

/* Another hypervisor's module, by the name of the product; NULL for none. */
static const char *rival(const struct via_host *host)
{
	if (module_is_here(&host->kernel.modules[VIA_MODULE_VBOXDRV]))
		return "VirtualBox (vboxdrv)";
	if (module_is_here(&host->kernel.modules[VIA_MODULE_VMMON]))
		return "VMware (vmmon)";
	return NULL;
}

static const char *back_end_module(const struct via_host *host)
{
	if (module_is_here(&host->kernel.modules[VIA_MODULE_KVM_INTEL]))
		return "kvm_intel";
	if (module_is_here(&host->kernel.modules[VIA_MODULE_KVM_AMD]))
		return "kvm_amd";
	return NULL;
}

static bool switched_off(const struct via_fact *parameter)
{
	return fact_text(parameter) && !says_yes(parameter);
}

/* What is set against guests, a sentence each; NULL where nothing is. */
static const char *against_guests(const struct via_host *host, struct via_finding *finding,
				  const char *module)
{
	const struct via_kernel *kernel = &host->kernel;
	const char *second = strcmp(module, "kvm_amd") == 0 ? "npt" : "ept", *text = NULL;
	const struct via_fact *level = kernel_parameter(kernel, module, second);
	const struct via_fact *ignore = kernel_parameter(kernel, "kvm", "ignore_msrs");

	finding_cite(finding, level);
	finding_cite(finding, ignore);
	if (switched_off(level))
		text = add_sentence(finding, text,
				    "%s=%s: guests run without second-level paging, several times "
				    "slower",
				    second, level->text);
	if (says_yes(ignore))
		text = add_sentence(finding, text,
				    "ignore_msrs=%s hides faults of guests; passthrough does not "
				    "need it",
				    ignore->text);
	if (rival(host) && !switched_off(kernel_parameter(kernel, "kvm", "enable_virt_at_load")))
		text = add_sentence(finding, text,
				    "%s is loaded as well: whoever comes first holds the "
				    "processor's extension%s",
				    rival(host),
				    kernel_since(host, VIA_KERNEL(6, 12))
					    ? ", and this KVM takes it when loaded "
					      "(kvm.enable_virt_at_load=0 has it wait)"
					    : "");
	return text;
}

static enum via_verdict parameters(const struct via_host *host, struct via_finding *finding)
{
	const struct via_kernel *kernel = &host->kernel;
	const char *module = back_end_module(host), *text;

	if (!module) {
		finding_cite(finding, &kernel->modules[VIA_MODULE_KVM_INTEL].loaded);
		finding_cite(finding, &kernel->modules[VIA_MODULE_KVM_AMD].loaded);
		if (!fact_is(&kernel->modules[VIA_MODULE_KVM_INTEL].loaded, VIA_ABSENT))
			return VIA_CANNOT_TELL;
		finding_detail(finding, "Neither kvm_intel nor kvm_amd is loaded.");
		return VIA_SKIP;
	}
	finding_cite(finding, &kernel->kvm_nested);
	finding_cite(finding, kernel_parameter(kernel, "kvm", "halt_poll_ns"));
	text = against_guests(host, finding, module);
	if (text) {
		finding_detail(finding, "%s.", text);
		finding_manual(finding,
			       "Take the parameter off the command line and out of "
			       "modprobe.d, then load %s again; stop another hypervisor "
			       "before KVM is used.",
			       module);
		return VIA_WARN;
	}
	if (!fact_is(&kernel->kvm_nested, VIA_PRESENT))
		return fact_is(&kernel->kvm_nested, VIA_ABSENT) ? VIA_PASS : VIA_CANNOT_TELL;
	finding_detail(finding,
		       "%s is set as it should be; guests %s run guests of their own "
		       "(nested).",
		       module, says_yes(&kernel->kvm_nested) ? "can" : "cannot");
	return VIA_PASS;
}

static const struct via_rule rules[] = {
	{
		.id = "kernel.kvm",
		.layer = VIA_LAYER_KERNEL,
		.title = "KVM creates virtual machines",
		.source = "Documentation/virt/kvm/api.rst, KVM_CREATE_VM",
		.eval = kvm,
	},
	{
		.id = "kernel.kvm-parameters",
		.layer = VIA_LAYER_KERNEL,
		.title = "KVM is set up for guests",
		.source = "arch/x86/kvm/x86.c; virt/kvm/kvm_main.c, enable_virt_at_load",
		.eval = parameters,
	},
};

const struct via_rule_table kernel_kvm_rules = { rules, VIA_COUNT(rules) };
