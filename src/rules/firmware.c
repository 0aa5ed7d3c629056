/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/rule.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

/* Raw CPUID has the feature, and the kernel does not show it: something switched it off. */
static bool cleared_by_kernel(const struct via_fact *cpuid, const struct via_fact *flag)
{
	return fact_is(cpuid, VIA_PRESENT) && fact_is(flag, VIA_ABSENT);
}

static enum via_verdict missing_extension(const struct via_host *host, struct via_finding *finding,
					  bool cleared)
{
	bool amd = host->firmware.cpu.vendor == VIA_CPU_AMD;

	if (cleared) {
		finding_detail(finding,
			       "The processor has %s, and firmware (or clearcpuid=) "
			       "switched it off.",
			       amd ? "AMD-V (SVM)" : "VT-x (VMX)");
		finding_manual(finding,
			       "Switch on \"%s\" in the setup menu (usually %s), then "
			       "power off fully.",
			       amd ? "SVM Mode" : "Intel Virtualization Technology",
			       host_setup_hint(host, "Advanced > CPU Configuration",
					       "Advanced > CPU Configuration"));
		return VIA_FAIL;
	}
	if (host_is_guest(host)) {
		const char *below = fact_text(&host->firmware.cpu.hypervisor_name);

		finding_detail(finding,
			       "This is a guest of %s, which gives it no nested "
			       "virtualization.",
			       below ? below : "a hypervisor");
		finding_manual(finding, "On the machine below, enable nested virtualization and "
					"give this guest the host's CPU model.");
		return VIA_FAIL;
	}
	finding_detail(finding, "This processor has neither VT-x nor AMD-V.");
	finding_manual(finding, "Hardware virtualization needs another processor.");
	return VIA_FAIL;
}

/*
 * Whether the kernel takes the flag away when firmware switched the feature off: VMX since
 * 5.6, SVM since 6.7. Before that the flag is no proof.
 */
static bool flag_is_proof(const struct via_host *host, bool amd)
{
	const char *release = fact_text(&host->kernel_release);
	unsigned int major, minor;

	if (!release || sscanf(release, "%u.%u", &major, &minor) != 2)
		return false;
	return amd ? major > 6 || (major == 6 && minor >= 7)
		   : major > 5 || (major == 5 && minor >= 6);
}

static enum via_verdict extension_shown(const struct via_host *host, struct via_finding *finding,
					bool works)
{
	bool amd = fact_is(&host->firmware.cpu.svm, VIA_PRESENT);
	const char *name = amd ? "AMD-V (SVM)" : "VT-x (VMX)";

	if (works) {
		finding_detail(finding, "%s is on, and KVM created a virtual machine with it.",
			       name);
		return VIA_PASS;
	}
	finding_cite(finding, &host->kernel_release);
	if (flag_is_proof(host, amd)) {
		finding_detail(finding, "%s is on.", name);
		return VIA_PASS;
	}
	finding_detail(finding,
		       "The processor has %s; this kernel shows the flag also where "
		       "firmware switched it off.",
		       name);
	finding_manual(finding, "Load %s and look again: KVM's answer is the proof.",
		       amd ? "kvm_amd" : "kvm_intel");
	return VIA_CANNOT_TELL;
}

static enum via_verdict cpu_virtualization(const struct via_host *host, struct via_finding *finding)
{
	const struct via_cpu *cpu = &host->firmware.cpu;
	bool works = fact_is(&host->kernel.kvm_create_vm, VIA_PRESENT);

	finding_cite(finding, &cpu->cpuid_vmx);
	finding_cite(finding, &cpu->cpuid_svm);
	finding_cite(finding, fact_is(&cpu->svm, VIA_PRESENT) ? &cpu->svm : &cpu->vmx);
	finding_cite(finding, &host->kernel.kvm_create_vm);
	if (fact_is(&cpu->vmx, VIA_PRESENT) || fact_is(&cpu->svm, VIA_PRESENT))
		return extension_shown(host, finding, works);
	if (works) {
		finding_detail(finding, "No VT-x or AMD-V is visible, yet KVM created a virtual "
					"machine: its back end does without.");
		return VIA_PASS;
	}
	if (!fact_is(&cpu->vmx, VIA_ABSENT) || !fact_is(&cpu->svm, VIA_ABSENT))
		return VIA_CANNOT_TELL;
	/* There are back ends that do without: only KVM itself can say no for sure. */
	if (fact_is(&host->kernel.kvm_open, VIA_UNKNOWN) &&
	    (host->kernel.kvm_open.error == EACCES || host->kernel.kvm_open.error == EPERM)) {
		finding_cite(finding, &host->kernel.kvm_open);
		finding_detail(finding, "No VT-x or AMD-V is visible, and KVM could not be asked.");
		finding_manual(finding, "Run as root, or join the group that owns /dev/kvm.");
		return VIA_CANNOT_TELL;
	}
	return missing_extension(host, finding,
				 cleared_by_kernel(&cpu->cpuid_vmx, &cpu->vmx) ||
					 cleared_by_kernel(&cpu->cpuid_svm, &cpu->svm));
}

static enum via_verdict table_missing(const struct via_host *host, struct via_finding *finding)
{
	const char *board = host_board(host, finding->arena);

	if (host_is_guest(host)) {
		finding_detail(finding, "This is a guest, and its virtual machine has no IOMMU.");
		finding_manual(finding, "On the machine below, give this guest a virtual IOMMU "
					"(QEMU: -device intel-iommu,intremap=on,caching-mode=on).");
		return VIA_FAIL;
	}
	finding_detail(finding,
		       "Firmware describes no IOMMU to the kernel: %s is off or not "
		       "supported.%s%s",
		       host_iommu_word(host), *board ? " Board: " : "", board);
	finding_manual(finding,
		       "Switch on \"%s\" in the setup menu (usually %s). No kernel "
		       "parameter can replace it.",
		       host->firmware.cpu.vendor == VIA_CPU_AMD ? "IOMMU" : "VT-d",
		       host_setup_hint(host, "Advanced > System Agent (SA) Configuration",
				       "Advanced > AMD CBS > NBIO Common Options"));
	return VIA_FAIL;
}

static enum via_verdict iommu_table(const struct via_host *host, struct via_finding *finding)
{
	const struct via_firmware *firmware = &host->firmware;

	finding_cite(finding, &firmware->dmar.present);
	finding_cite(finding, &firmware->ivrs.present);
	if (fact_is(&firmware->dmar.present, VIA_PRESENT) ||
	    fact_is(&firmware->ivrs.present, VIA_PRESENT)) {
		finding_detail(finding, "%s is on in firmware: an ACPI %s table describes it.",
			       host_iommu_word(host),
			       host_iommu_table(host) == &firmware->ivrs ? "IVRS" : "DMAR");
		return VIA_PASS;
	}
	if (fact_is(&firmware->viot, VIA_PRESENT) || fact_is(&firmware->iort, VIA_PRESENT)) {
		finding_cite(finding, &firmware->viot);
		finding_cite(finding, &firmware->iort);
		finding_detail(finding, "Another kind of IOMMU is described (VIOT or IORT).");
		return VIA_PASS;
	}
	if (fact_is(&firmware->dmar.present, VIA_ABSENT) &&
	    fact_is(&firmware->ivrs.present, VIA_ABSENT))
		return table_missing(host, finding);
	finding_manual(finding, "Look at sys/firmware/acpi/tables: this source does not hold it.");
	return VIA_CANNOT_TELL;
}

/* The memo's row "IOMMU": three names, one thing, and what its table says. */
static enum via_verdict iommu_described(const struct via_host *host, struct via_finding *finding)
{
	const struct via_iommu_table *table = host_iommu_table(host);
	const char *word = host_iommu_word(host);
	bool asked = !fact_is(&table->content.fact, VIA_NOT_ASKED);

	finding_cite(finding, asked ? &table->content.fact : &table->present);
	if (fact_is(&table->present, VIA_ABSENT)) {
		finding_detail(finding, "IOMMU, VT-d (Intel) and AMD-Vi (AMD) are names of one "
					"thing; firmware.iommu-table says why there is none.");
		return VIA_SKIP;
	}
	if (!fact_is(&table->content.fact, VIA_PRESENT)) {
		if (table->content.fact.error == EACCES)
			finding_manual(finding, "Run as root: ACPI tables are readable by root "
						"only.");
		return VIA_CANNOT_TELL;
	}
	if (!table->decoded) {
		finding_detail(finding, "The %s table is damaged.", word);
		finding_manual(finding, "Update the board's firmware.");
		return VIA_WARN;
	}
	finding_cite_value(finding, "remapping units", "%zu", table->units);
	finding_cite_value(finding, "reserved regions", "%zu", table->reserved_regions);
	if (!table->units) {
		finding_detail(finding, "The table describes no remapping unit: the kernel will "
					"ignore it.");
		finding_manual(finding, "Update the board's firmware.");
		return VIA_FAIL;
	}
	finding_detail(finding,
		       "IOMMU, VT-d and AMD-Vi name one thing: here %s with %zu "
		       "unit%s and %zu reserved region%s.",
		       word, table->units, table->units == 1 ? "" : "s", table->reserved_regions,
		       table->reserved_regions == 1 ? "" : "s");
	return VIA_PASS;
}

static enum via_verdict interrupt_remapping_offered(const struct via_host *host,
						    struct via_finding *finding)
{
	const struct via_iommu_table *table = &host->firmware.dmar;

	if (!fact_is(&table->present, VIA_PRESENT)) {
		finding_cite(finding, &table->present);
		finding_detail(finding, "Only a DMAR table carries this flag.");
		return fact_is(&table->present, VIA_UNKNOWN) ? VIA_CANNOT_TELL : VIA_SKIP;
	}
	finding_cite(finding, &table->content.fact);
	if (!table->decoded)
		return VIA_CANNOT_TELL;
	finding_cite_value(finding, "DMAR flags", "%s%s%s",
			   table->interrupt_remapping ? "intr_remap " : "",
			   table->x2apic_opt_out ? "x2apic_opt_out " : "",
			   table->platform_opt_in ? "platform_opt_in" : "");
	if (table->interrupt_remapping) {
		finding_detail(finding, "Firmware offers interrupt remapping.");
		return VIA_PASS;
	}
	finding_detail(finding, "Firmware does not offer interrupt remapping; VFIO will refuse "
				"devices.");
	finding_manual(finding, "Look for \"Interrupt Remapping\" in the setup menu or update "
				"the firmware.");
	return VIA_FAIL;
}

static enum via_verdict sriov_room(const struct via_host *host, struct via_finding *finding)
{
	size_t capable = 0, cramped = 0;

	if (!fact_is(&host->pci.bus, VIA_PRESENT)) {
		finding_cite(finding, &host->pci.bus);
		return fact_is(&host->pci.bus, VIA_ABSENT) ? VIA_SKIP : VIA_CANNOT_TELL;
	}
	via_for_each (device, &host->pci.devices) {
		if (!fact_number(&device->sriov_total, 0))
			continue;
		capable++;
		for (size_t i = VIA_VF_BARS; i < device->resource_count; i++) {
			const struct via_resource *bar = &device->resources[i];

			if (!bar->flags || bar->start)
				continue;
			cramped++;
			finding_cite_value(finding, device->resource.path,
					   "VF BAR %zu has no address", i - VIA_VF_BARS);
			break;
		}
	}
	finding_cite_value(finding, "functions with SR-IOV", "%zu", capable);
	finding_cite(finding, &host->firmware.above_4g);
	if (cramped) {
		finding_detail(finding,
			       "Firmware left no room for the virtual functions of %zu "
			       "device%s.",
			       cramped, cramped == 1 ? "" : "s");
		finding_manual(finding, "Switch on \"SR-IOV Support\" and \"Above 4G Decoding\" in "
					"the setup menu, or boot with pci=realloc.");
		return VIA_FAIL;
	}
	if (!capable && host_untold_sriov(host)) {
		finding_cite(finding, host_untold_sriov(host));
		return VIA_CANNOT_TELL;
	}
	if (!capable) {
		finding_detail(finding, "No device here shows SR-IOV; where a card should have it, "
					"look for its switch in the card's or the board's setup.");
		return VIA_SKIP;
	}
	finding_detail(finding,
		       "%zu device%s can make virtual functions, and their BARs have "
		       "addresses.",
		       capable, capable == 1 ? "" : "s");
	return VIA_PASS;
}

/* Intel's name for what its network cards bring to virtualization: VMDq, SR-IOV, I/OAT. */
static enum via_verdict vt_c(const struct via_host *host, struct via_finding *finding)
{
	size_t nics = 0, capable = 0;

	if (!fact_is(&host->pci.bus, VIA_PRESENT)) {
		finding_cite(finding, &host->pci.bus);
		return fact_is(&host->pci.bus, VIA_ABSENT) ? VIA_SKIP : VIA_CANNOT_TELL;
	}
	via_for_each (device, &host->pci.devices) {
		if (!pci_class_is(device, 0x020000, 0xff0000) ||
		    fact_is(&device->physfn, VIA_PRESENT))
			continue;
		nics++;
		if (!fact_number(&device->sriov_total, 0))
			continue;
		capable++;
		finding_cite(finding, &device->sriov_total);
	}
	if (!nics) {
		finding_detail(finding, "No network card on PCI.");
		return VIA_SKIP;
	}
	if (!capable && host_untold_sriov(host)) {
		finding_cite(finding, host_untold_sriov(host));
		return VIA_CANNOT_TELL;
	}
	finding_detail(finding,
		       "VT-c is Intel's name for VMDq, SR-IOV and I/OAT in network "
		       "cards: %zu of %zu here %s SR-IOV.",
		       capable, nics, capable == 1 ? "has" : "have");
	return capable ? VIA_PASS : VIA_SKIP;
}

static enum via_verdict secure_boot(const struct via_host *host, struct via_finding *finding)
{
	const struct via_firmware *firmware = &host->firmware;
	const char *lockdown = fact_text(&firmware->lockdown);

	finding_cite(finding, &firmware->secure_boot);
	finding_cite(finding, &firmware->lockdown);
	if (fact_number(&firmware->secure_boot, 0) || (lockdown && strcmp(lockdown, "none") != 0)) {
		finding_detail(finding, "Secure Boot or lockdown is in force: VFIO and KVM are not "
					"restricted, but DKMS modules need an enrolled key.");
		return VIA_PASS;
	}
	if (fact_is(&firmware->secure_boot, VIA_UNKNOWN)) {
		finding_manual(finding, "Mount efivarfs (mount -t efivarfs efivarfs "
					"/sys/firmware/efi/efivars) and look again.");
		return VIA_CANNOT_TELL;
	}
	finding_detail(finding, fact_is(&firmware->efi, VIA_ABSENT)
					? "This machine did not boot through UEFI: no Secure Boot."
					: "Secure Boot is off.");
	return VIA_PASS;
}

static const struct via_rule rules[] = {
	{
		.id = "firmware.cpu-virtualization",
		.layer = VIA_LAYER_FIRMWARE,
		.title = "The processor can run virtual machines (VT-x, AMD-V)",
		.source = "arch/x86/kernel/cpu/feat_ctl.c, arch/x86/kernel/cpu/amd.c",
		.eval = cpu_virtualization,
	},
	{
		.id = "firmware.iommu-table",
		.layer = VIA_LAYER_FIRMWARE,
		.title = "Firmware describes an IOMMU (VT-d, AMD-Vi)",
		.source = "Intel VT-d specification 8.1; AMD IOMMU specification 5.2",
		.eval = iommu_table,
	},
	{
		.id = "firmware.iommu",
		.layer = VIA_LAYER_FIRMWARE,
		.title = "What it describes makes sense",
		.source = "drivers/iommu/intel/dmar.c, drivers/iommu/amd/init.c",
		.eval = iommu_described,
	},
	{
		.id = "firmware.interrupt-remapping",
		.layer = VIA_LAYER_FIRMWARE,
		.title = "Firmware offers interrupt remapping",
		.source = "Intel VT-d specification 8.1, flag INTR_REMAP",
		.eval = interrupt_remapping_offered,
	},
	{
		.id = "firmware.sriov-room",
		.layer = VIA_LAYER_FIRMWARE,
		.title = "There is room for virtual functions (SR-IOV)",
		.source = "drivers/pci/iov.c",
		.eval = sriov_room,
	},
	{
		.id = "firmware.vt-c",
		.layer = VIA_LAYER_FIRMWARE,
		.title = "Network cards help virtual machines (VT-c)",
		.source = "Documentation/ABI/testing/sysfs-bus-pci, sriov_totalvfs",
		.eval = vt_c,
	},
	{
		.id = "firmware.secure-boot",
		.layer = VIA_LAYER_FIRMWARE,
		.title = "Secure Boot and lockdown leave passthrough alone",
		.source = "kernel_lockdown(7)",
		.eval = secure_boot,
	},
};

const struct via_rule_table firmware_rules = { rules, VIA_COUNT(rules) };
