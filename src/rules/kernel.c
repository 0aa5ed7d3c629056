/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/rule.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "decode/cmdline.h"
#include "rules/lint.h"

static void command_line(const struct via_host *host, struct via_arena *arena,
			 struct via_cmdline *ret)
{
	const char *text = fact_text(&host->kernel.command_line);

	cmdline_decode(arena, text ? text : "", ret);
}

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

static enum via_verdict vfio(const struct via_host *host, struct via_finding *finding)
{
	const struct via_module *module = &host->kernel.modules[VIA_MODULE_VFIO_PCI];
	const char *option = fact_text(&host->kernel.config_vfio_pci);

	finding_cite(finding, &module->loaded);
	finding_cite(finding, &module->builtin);
	finding_cite(finding, &module->available);
	finding_cite(finding, &host->kernel.config_vfio_pci);
	finding_cite(finding, &host->kernel.dev_iommufd);
	if (fact_is(&module->loaded, VIA_PRESENT)) {
		finding_detail(finding, "vfio-pci is here (%s).",
			       fact_is(&module->builtin, VIA_PRESENT) ? "built in"
								      : "loaded module");
		return VIA_PASS;
	}
	if (fact_is(&module->builtin, VIA_PRESENT) || fact_is(&module->available, VIA_PRESENT)) {
		finding_detail(finding, "vfio-pci is %s.",
			       fact_is(&module->builtin, VIA_PRESENT)
				       ? "built in"
				       : "a module, loaded when a device is bound to it");
		return VIA_PASS;
	}
	if ((option && strcmp(option, "n") == 0) ||
	    (fact_is(&module->builtin, VIA_ABSENT) && fact_is(&module->available, VIA_ABSENT))) {
		finding_detail(finding, "This kernel has no vfio-pci, neither built in nor as a "
					"module.");
		finding_manual(finding, "Install a kernel with CONFIG_VFIO_PCI (cloud kernels "
					"leave it out).");
		return VIA_FAIL;
	}
	return VIA_CANNOT_TELL;
}

/* The parameter that switched the IOMMU off, or NULL. */
static const char *off_switch(const struct via_host *host, struct via_finding *finding)
{
	static const char *const names[] = { "intel_iommu", "amd_iommu", "iommu" };
	struct via_cmdline line;

	command_line(host, finding->arena, &line);
	for (size_t i = 0; i < VIA_COUNT(names); i++)
		if (cmdline_has_option(&line, names[i], "off"))
			return arena_printf(finding->arena, "%s=off", names[i]);
	return NULL;
}

static enum via_verdict not_driven(const struct via_host *host, struct via_finding *finding)
{
	bool amd = host_iommu_table(host) == &host->firmware.ivrs;
	const char *switched = off_switch(host, finding);

	finding_cite(finding, &host->kernel.command_line);
	if (switched) {
		finding_detail(finding,
			       "Firmware describes %s, and the kernel was told not to use "
			       "it: %s.",
			       host_iommu_word(host), switched);
		finding_manual(finding, "Remove %s from the kernel command line and reboot.",
			       switched);
		return VIA_FAIL;
	}
	finding_cite(finding, amd ? &host->kernel.config_amd_iommu
				  : &host->kernel.config_intel_iommu_default_on);
	finding_detail(finding, "Firmware describes %s, and the kernel does not drive it.",
		       host_iommu_word(host));
	if (amd)
		finding_manual(finding, "AMD-Vi starts by itself (amd_iommu=on is no option): look "
					"for AMD-Vi errors in the kernel log.");
	else
		finding_manual(finding, "Add intel_iommu=on to the kernel command line and "
					"reboot.");
	return VIA_FAIL;
}

static size_t real_groups(const struct via_host *host)
{
	size_t count = 0;

	via_for_each (group, &host->pci.groups)
		count += pci_group_isolates(group);
	return count;
}

static enum via_verdict iommu_in_use(const struct via_host *host, struct via_finding *finding)
{
	const struct via_fact *table = &host_iommu_table(host)->present;
	const struct via_fact *class = &host->kernel.iommu_class;

	finding_cite(finding, class);
	finding_cite(finding, table);
	if (fact_number(class, 0) > 0) {
		finding_cite(finding, &host->pci.groups_directory);
		finding_detail(finding, "The kernel drives %s: %llu unit%s, %zu group%s.",
			       host_iommu_word(host), (unsigned long long)class->number,
			       class->number == 1 ? "" : "s", real_groups(host),
			       real_groups(host) == 1 ? "" : "s");
		return VIA_PASS;
	}
	if (fact_is(class, VIA_UNKNOWN) || fact_is(table, VIA_UNKNOWN))
		return VIA_CANNOT_TELL;
	if (fact_is(table, VIA_ABSENT)) {
		finding_detail(finding, "There is none to drive: see firmware.iommu-table.");
		return VIA_SKIP;
	}
	return not_driven(host, finding);
}

static enum via_verdict interrupt_remapping(const struct via_host *host,
					    struct via_finding *finding)
{
	const struct via_kernel *kernel = &host->kernel;
	const char *unsafe = fact_text(&kernel->unsafe_interrupts);
	struct via_cmdline line;

	if (!fact_number(&kernel->iommu_class, 0)) {
		finding_cite(finding, &kernel->iommu_class);
		finding_detail(finding, "It needs an IOMMU that is driven.");
		return fact_is(&kernel->iommu_class, VIA_UNKNOWN) ? VIA_CANNOT_TELL : VIA_SKIP;
	}
	finding_cite(finding, &kernel->interrupts_remapped);
	finding_cite(finding, &kernel->unsafe_interrupts);
	if (!fact_is(&kernel->interrupts_remapped, VIA_PRESENT))
		return VIA_CANNOT_TELL;
	if (kernel->interrupts_remapped.number) {
		finding_detail(finding, "Interrupts go through the remapping table.");
		return VIA_PASS;
	}
	if (unsafe && (*unsafe == 'Y' || *unsafe == '1')) {
		finding_detail(finding, "Interrupts are not remapped, and VFIO was told to accept "
					"that: a guest can forge interrupts.");
		return VIA_WARN;
	}
	finding_detail(finding, "Interrupts are not remapped: VFIO refuses to attach any device "
				"(EPERM).");
	command_line(host, finding->arena, &line);
	if (cmdline_has_option(&line, "intremap", "off"))
		finding_manual(finding, "Remove intremap=off from the kernel command line and "
					"reboot.");
	else
		finding_manual(finding, "Look for interrupt remapping or x2APIC in the setup menu, "
					"or update the firmware.");
	return VIA_FAIL;
}

/* What a word that deserves a look says, added to what others said. */
static char *say_word(struct via_arena *arena, const char *text, const struct via_lint_word *word)
{
	return arena_printf(arena, "%s%s%s%s%s %s", text, *text ? "; " : "", word->name,
			    word->value ? "=" : "", word->value ? word->value : "", word->text);
}

/* An ACS override is said even where it cannot be told whether it works. */
static bool deserves_a_look(const struct via_lint_word *word)
{
	if (!word->known || word->known->foreign || word->verdict == VIA_LINT_OK)
		return false;
	return word->verdict != VIA_LINT_UNKNOWN || word->known->patched;
}

static enum via_verdict command_line_words(const struct via_host *host, struct via_finding *finding)
{
	struct via_lint_kernel kernel = lint_kernel_of(host);
	char *text = arena_strdup(finding->arena, "");
	struct via_lint lint;

	finding_cite(finding, &host->kernel.command_line);
	if (!fact_text(&host->kernel.command_line))
		return VIA_CANNOT_TELL;
	lint_line(finding->arena, host->kernel.command_line.text, &kernel, &lint);
	via_for_each (word, &lint.words)
		if (deserves_a_look(word))
			text = say_word(finding->arena, text, word);
	via_for_each (clash, &lint.clashes)
		if (clash->contradiction)
			text = arena_printf(finding->arena, "%s%s%s: %s", text, *text ? "; " : "",
					    clash->parameters, clash->text);
	if (!*text) {
		finding_detail(finding, "Nothing on it works against passthrough.");
		return VIA_PASS;
	}
	finding_detail(finding, "%s.", text);
	finding_manual(finding, "Remove what has no effect or works against you; viaduct lint "
				"tells word by word.");
	return VIA_WARN;
}

static enum via_verdict gpu_passthrough(const struct via_host *host, struct via_finding *finding)
{
	size_t cards = 0;
	const struct via_pci_device *boot = NULL;

	finding_cite(finding, &host->pci.bus);
	if (!fact_is(&host->pci.bus, VIA_PRESENT))
		return fact_is(&host->pci.bus, VIA_ABSENT) ? VIA_SKIP : VIA_CANNOT_TELL;
	via_for_each (device, &host->pci.devices) {
		if (!pci_class_is(device, 0x030000, 0xff0000))
			continue;
		cards++;
		if (fact_number(&device->boot_vga, 0) == 1)
			boot = device;
		finding_cite_value(finding, device->driver.path, "%s",
				   fact_text(&device->driver) ? device->driver.text
							      : "(no driver)");
	}
	if (!cards) {
		finding_detail(finding, "No graphics card on PCI.");
		return VIA_SKIP;
	}
	if (cards == 1 && boot) {
		finding_detail(finding,
			       "The only graphics card, %s, is the one the machine "
			       "booted with: a guest that takes it leaves the host "
			       "without a display.",
			       boot->name);
		finding_manual(finding, "Have another way in (network, serial console) before you "
					"give it away.");
		return VIA_WARN;
	}
	finding_detail(finding, "%zu graphics card%s; %s is the host's own.", cards,
		       cards == 1 ? "" : "s", boot ? boot->name : "none");
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
		.id = "iommu.in-use",
		.layer = VIA_LAYER_KERNEL,
		.title = "The kernel drives the IOMMU that firmware describes",
		.source = "Documentation/ABI/testing/sysfs-class-iommu",
		.eval = iommu_in_use,
	},
	{
		.id = "iommu.interrupt-remapping",
		.layer = VIA_LAYER_KERNEL,
		.title = "Interrupts of devices are remapped",
		.source = "drivers/vfio/vfio_iommu_type1.c, allow_unsafe_interrupts",
		.eval = interrupt_remapping,
	},
	{
		.id = "kernel.vfio",
		.layer = VIA_LAYER_KERNEL,
		.title = "VFIO is in this kernel",
		.source = "Documentation/driver-api/vfio.rst",
		.eval = vfio,
	},
	{
		.id = "kernel.command-line",
		.layer = VIA_LAYER_KERNEL,
		.title = "The kernel command line helps",
		.source = "Documentation/admin-guide/kernel-parameters.txt",
		.eval = command_line_words,
	},
	{
		.id = "kernel.gpu-passthrough",
		.layer = VIA_LAYER_KERNEL,
		.title = "A graphics card can be spared",
		.source = "drivers/pci/vgaarb.c, boot_vga",
		.eval = gpu_passthrough,
	},
};

const struct via_rule_table kernel_rules = { rules, VIA_COUNT(rules) };
