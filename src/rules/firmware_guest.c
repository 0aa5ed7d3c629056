/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/firmware_part.h"

#include <string.h>

#include "base/cleanup.h"

/* How each hypervisor is told to let its guests have guests of their own. */
static const struct {
	const char *name, *nesting;
} hypervisors[] = {
	{ "KVM", "On the machine below, load kvm_intel or kvm_amd with nested=1 (the default since "
		 "4.20) and give this guest the host's CPU model (QEMU: -cpu host)." },
	{ "QEMU",
	  "On the machine below, give this guest the host's CPU model (QEMU: -cpu host, with "
	  "KVM)." },
	{ "QEMU TCG", "QEMU emulates this processor: it can show AMD-V (-cpu max,+svm or "
		      "qemu64,+svm), never VT-x. KVM on the machine below is faster by far." },
	{ "Hyper-V", "On the machine below, with this guest switched off: Set-VMProcessor -VMName "
		     "NAME -ExposeVirtualizationExtensions $true. On Azure, choose a size that "
		     "allows nesting (Dv3, Ev3 and later)." },
	{ "VMware",
	  "On the machine below, switch on \"Virtualize Intel VT-x/EPT or AMD-V/RVI\" for "
	  "this guest (vhv.enable = \"TRUE\")." },
	{ "VirtualBox", "On the machine below: VBoxManage modifyvm NAME --nested-hw-virt on." },
	{ "Xen", "On the machine below, set nestedhvm=1 for this guest (HVM only, and still called "
		 "experimental)." },
	{ "Parallels",
	  "On the machine below: prlctl set NAME --nested-virt on (Intel Macs only)." },
	{ "bhyve", "bhyve gives its guests no nested virtualization: use another machine." },
	{ "Amazon EC2", "Most EC2 instances allow no nesting: choose a .metal one." },
	{ "Google Compute Engine", "Create the instance with --enable-nested-virtualization." },
};

const char *firmware_guest_nesting(const struct via_host *host)
{
	const char *name = fact_text(&host->firmware.cpu.hypervisor_name);

	if (fact_is(&host->firmware.cpu.tdx_guest, VIA_PRESENT))
		return "A confidential guest has no nested virtualization; use an ordinary one.";
	for (size_t i = 0; name && i < VIA_COUNT(hypervisors); i++)
		if (strcmp(name, hypervisors[i].name) == 0)
			return hypervisors[i].nesting;
	return "On the machine below, enable nested virtualization and give this guest the host's "
	       "CPU model.";
}

static bool nests(const struct via_host *host)
{
	return fact_is(&host->firmware.cpu.vmx, VIA_PRESENT) ||
	       fact_is(&host->firmware.cpu.svm, VIA_PRESENT) ||
	       fact_is(&host->kernel.kvm_create_vm, VIA_PRESENT);
}

static enum via_verdict root_partition(const struct via_host *host, struct via_finding *finding)
{
	const struct via_cpu *cpu = &host->firmware.cpu;

	if (fact_is(&cpu->xen_control, VIA_PRESENT))
		finding_detail(finding, "This is Xen's control domain: the hardware is Xen's, and "
					"devices are given away by xl (pciback), not by VFIO.");
	else
		finding_detail(finding, "This is Hyper-V's root partition: the hypervisor below "
					"runs the virtual machines.");
	return VIA_WARN;
}

enum via_verdict firmware_hypervisor(const struct via_host *host, struct via_finding *finding)
{
	const struct via_cpu *cpu = &host->firmware.cpu;
	const char *name = fact_text(&cpu->hypervisor_name);

	finding_cite(finding, &cpu->hypervisor);
	if (fact_is(&cpu->hypervisor, VIA_ABSENT)) {
		finding_detail(finding, "No hypervisor is below: this is a real machine, as far as "
					"it shows.");
		return VIA_PASS;
	}
	if (!fact_is(&cpu->hypervisor, VIA_PRESENT)) {
		if (fact_is(&cpu->flags, VIA_ABSENT))
			finding_detail(finding, "This processor shows no flags as x86 does, and no "
						"name of the board tells.");
		return VIA_CANNOT_TELL;
	}
	finding_cite(finding, &cpu->hypervisor_name);
	finding_cite(finding, &host->firmware.system_vendor);
	if (fact_is(&cpu->xen_control, VIA_PRESENT) || cpu->cpuid.hyperv_root)
		return root_partition(host, finding);
	finding_detail(finding,
		       "This is a guest of %s, and it %s. Its devices are the virtual machine's: "
		       "only what the machine below passes in can be passed on.",
		       name ? name : "a hypervisor nobody here knows",
		       nests(host) ? "may have guests of its own (nested virtualization)"
				   : "may have no guests of its own");
	if (nests(host))
		return VIA_PASS;
	finding_manual(finding, "%s", firmware_guest_nesting(host));
	return VIA_WARN;
}
