/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/cleanup.h"
#include "rules/kernel_part.h"

struct driver {
	const char *word, *parameter, *config;
	enum via_kernel_option option;
};

/* Of the table's maker: the other one's driver, option and parameter have no say. */
static struct driver driver_of(const struct via_host *host)
{
	if (host_iommu_table(host) == &host->firmware.ivrs)
		return (struct driver){ host_iommu_word(host), "amd_iommu", "CONFIG_AMD_IOMMU",
					VIA_OPTION_AMD_IOMMU };
	return (struct driver){ host_iommu_word(host), "intel_iommu", "CONFIG_INTEL_IOMMU",
				VIA_OPTION_INTEL_IOMMU };
}

/* The parameter that switched the IOMMU off, or NULL. */
static const char *off_switch(struct via_finding *finding, const struct driver *driver,
			      const struct via_cmdline *line)
{
	const char *const names[] = { driver->parameter, "iommu" };

	for (size_t i = 0; i < VIA_COUNT(names); i++)
		if (cmdline_has_option(line, names[i], "off"))
			return arena_printf(finding->arena, "%s=off", names[i]);
	return NULL;
}

/* The option that says whether the driver starts without being told. */
static const struct via_fact *start_option(const struct via_kernel *kernel)
{
	enum via_kernel_option most = VIA_OPTION_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF;

	return &kernel->options[kernel_option_is(kernel, most, "y")
					? most
					: VIA_OPTION_INTEL_IOMMU_DEFAULT_ON];
}

/* Whether the kernel, started with that line, would not be kept from its IOMMU any more. */
static bool is_mended(struct via_finding *finding, const struct driver *driver, const char *text,
		      bool was_off)
{
	struct via_cmdline line;

	if (!text)
		return false;
	cmdline_decode(finding->arena, text, &line);
	if (off_switch(finding, driver, &line))
		return false;
	return was_off || cmdline_has_option(&line, driver->parameter, "on");
}

/* What was written since this boot only waits for the next one. */
static bool advise_next_boot(const struct via_host *host, struct via_finding *finding,
			     const struct driver *driver, bool was_off)
{
	const struct via_boot *boot = &host->boot;
	const char *what =
		was_off ? "does not switch it off any more" : "has intel_iommu=on already";

	if (!is_mended(finding, driver, fact_text(&boot->configured), was_off))
		return false;
	finding_cite(finding, &boot->configured);
	finding_cite(finding, &boot->generated);
	if (is_mended(finding, driver, fact_text(&boot->generated), was_off))
		finding_manual(finding, "The line of the next boot %s: reboot.", what);
	else
		finding_goal(
			finding, "iommu",
			"The configured line %s, what boots next does not follow it: %s%sreboot.",
			what, boot->regenerate ?: "", boot->regenerate ? ", then " : "");
	return true;
}

static void advise_start(const struct via_host *host, struct via_finding *finding,
			 const struct driver *driver, const struct via_cmdline *line)
{
	bool amd = driver->option == VIA_OPTION_AMD_IOMMU;
	const char *why = "AMD-Vi starts by itself (amd_iommu=on is no option)";

	if (!amd)
		why = kernel_starts_vtd(&host->kernel)
			      ? "This kernel was built to drive VT-d without being told"
		      : cmdline_has_option(line, "intel_iommu", "on")
			      ? "This kernel was told to drive VT-d (intel_iommu=on)"
			      : NULL;
	if (why)
		finding_manual(finding,
			       "%s: look for %s errors in the kernel log, and update the "
			       "firmware.",
			       why, amd ? "AMD-Vi" : "DMAR");
	else if (!advise_next_boot(host, finding, driver, false))
		finding_goal(finding, "iommu",
			     "Add intel_iommu=on to the kernel command line and reboot.");
}

static enum via_verdict not_driven(const struct via_host *host, struct via_finding *finding)
{
	struct driver driver = driver_of(host);
	struct via_cmdline line;
	const char *switched;

	booted_line(host, finding->arena, &line);
	finding_cite(finding, &host->kernel.options[driver.option]);
	if (kernel_option_is(&host->kernel, driver.option, "n")) {
		finding_detail(finding,
			       "Firmware describes %s, and this kernel was built without "
			       "%s.",
			       driver.word, driver.config);
		finding_manual(finding, "Boot a kernel that has %s.", driver.config);
		return VIA_FAIL;
	}
	finding_cite(finding, &host->kernel.command_line);
	switched = off_switch(finding, &driver, &line);
	if (switched) {
		finding_detail(finding,
			       "Firmware describes %s, and the kernel was told not to use "
			       "it: %s.",
			       driver.word, switched);
		if (!advise_next_boot(host, finding, &driver, true))
			finding_goal(finding, "iommu",
				     "Remove %s from the kernel command line and reboot.",
				     switched);
		return VIA_FAIL;
	}
	if (driver.option == VIA_OPTION_INTEL_IOMMU)
		finding_cite(finding, start_option(&host->kernel));
	finding_detail(finding, "Firmware describes %s, and the kernel does not drive it.",
		       driver.word);
	advise_start(host, finding, &driver, &line);
	return VIA_FAIL;
}

/* By whichever table: DMAR, IVRS, VIOT or IORT. */
static const struct via_fact *described_by(const struct via_host *host)
{
	const struct via_firmware *firmware = &host->firmware;
	const struct via_fact *table = &host_iommu_table(host)->present;

	if (fact_is(table, VIA_PRESENT))
		return table;
	if (fact_is(&firmware->viot, VIA_PRESENT))
		return &firmware->viot;
	return fact_is(&firmware->iort.present, VIA_PRESENT) ? &firmware->iort.present : table;
}

static enum via_verdict virtio_not_driven(const struct via_host *host, struct via_finding *finding)
{
	bool built = !kernel_option_is(&host->kernel, VIA_OPTION_VIRTIO_IOMMU, "n");

	finding_cite(finding, &host->kernel.options[VIA_OPTION_VIRTIO_IOMMU]);
	finding_detail(finding,
		       "Firmware describes virtio-iommu, and the kernel does not drive it.");
	finding_manual(finding,
		       built ? "Load the module virtio_iommu before other drivers (from the "
			       "initramfs), and look for its errors in the kernel log."
			     : "Boot a kernel that has CONFIG_VIRTIO_IOMMU.");
	return VIA_FAIL;
}

/* An IORT is there for the interrupts too, on machines without an SMMU. */
static enum via_verdict smmu_not_driven(const struct via_host *host, struct via_finding *finding)
{
	const struct via_iort_table *table = &host->firmware.iort;
	bool v3 = !kernel_option_is(&host->kernel, VIA_OPTION_ARM_SMMU_V3, "n");

	finding_cite(finding, &table->content.fact);
	if (!table->decoded) {
		finding_detail(finding,
			       "No SMMU is driven; whether the IORT table describes one could not "
			       "be told.");
		return VIA_CANNOT_TELL;
	}
	finding_cite_value(finding, "SMMUs", "%zu", table->nodes.smmus);
	if (!table->nodes.smmus) {
		finding_detail(finding,
			       "The IORT table describes no SMMU: there is none to drive.");
		return VIA_SKIP;
	}
	finding_cite(finding, &host->kernel.options[VIA_OPTION_ARM_SMMU_V3]);
	finding_detail(finding, "Firmware describes %zu SMMU%s, and the kernel drives none.",
		       table->nodes.smmus, table->nodes.smmus == 1 ? "" : "s");
	finding_manual(finding, v3 ? "Look for arm-smmu errors in the kernel log; acpi=off and a "
				     "module that is not in the initramfs keep it away as well."
				   : "Boot a kernel that has CONFIG_ARM_SMMU_V3 (or, for older "
				     "versions, CONFIG_ARM_SMMU).");
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
	const struct via_fact *table = described_by(host);
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
	if (table == &host->firmware.viot)
		return virtio_not_driven(host, finding);
	if (table == &host->firmware.iort.present)
		return smmu_not_driven(host, finding);
	return not_driven(host, finding);
}

/* The vendor comes from CPUID too; DMAR and IVRS are tables of x86 alone. */
static bool may_be_no_x86(const struct via_host *host)
{
	const struct via_firmware *firmware = &host->firmware;

	return fact_is(&firmware->cpu.flags, VIA_UNKNOWN) &&
	       firmware->cpu.vendor == VIA_CPU_OTHER &&
	       !fact_is(&firmware->dmar.present, VIA_PRESENT) &&
	       !fact_is(&firmware->ivrs.present, VIA_PRESENT);
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
	if (host_is_no_x86(host)) {
		finding_cite(finding, &host->firmware.cpu.flags);
		finding_detail(finding, "Only x86 marks remapped interrupts (IR-); on this machine "
					"VFIO itself refuses devices where they are not isolated.");
		return VIA_SKIP;
	}
	finding_cite(finding, &kernel->interrupts_remapped);
	finding_cite(finding, &kernel->unsafe_interrupts);
	if (!fact_is(&kernel->interrupts_remapped, VIA_PRESENT))
		return VIA_CANNOT_TELL;
	if (kernel->interrupts_remapped.number) {
		finding_detail(finding, "Interrupts go through the remapping table.");
		return VIA_PASS;
	}
	if (may_be_no_x86(host)) {
		finding_cite(finding, &host->firmware.cpu.flags);
		return VIA_CANNOT_TELL;
	}
	if (unsafe && (*unsafe == 'Y' || *unsafe == '1')) {
		finding_detail(finding, "Interrupts are not remapped, and VFIO was told to accept "
					"that: a guest can forge interrupts.");
		return VIA_WARN;
	}
	finding_detail(finding, "Interrupts are not remapped: VFIO refuses to attach any device "
				"(EPERM).");
	booted_line(host, finding->arena, &line);
	if (cmdline_has_option(&line, "intremap", "off"))
		finding_manual(finding, "Remove intremap=off from the kernel command line and "
					"reboot.");
	else
		finding_manual(finding, "Look for interrupt remapping or x2APIC in the setup menu, "
					"or update the firmware.");
	return VIA_FAIL;
}

static const struct via_rule rules[] = {
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
};

const struct via_rule_table kernel_iommu_rules = { rules, VIA_COUNT(rules) };
