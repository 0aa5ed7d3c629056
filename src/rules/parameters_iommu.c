/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/parameters.h"

#include "base/cleanup.h"

/* drivers/iommu/intel/iommu.c, intel_iommu_setup(): the same list in 6.1 and 6.12 */
static const struct via_known_option intel[] = {
	{ "on", .text = "switches VT-d on" },
	{ "off", VIA_LINT_RISKY,
	  .text = "switches VT-d off, also where firmware asks for it: no "
		  "device can be given to a guest" },
	{ "igfx_off", VIA_LINT_RISKY,
	  .text = "takes the integrated GPU's unit out of use: that GPU can be neither assigned "
		  "nor split into virtual functions" },
	{ "intgpu_off", .text = "leaves the integrated GPU untranslated; a patch of Debian's" },
	{ "strict", .text = "is the old spelling of iommu.strict=1" },
	{ "forcedac", .text = "is the old spelling of iommu.forcedac=1" },
	{ "sp_off", .text = "maps without superpages" },
	{ "sm_on", .text = "allows scalable mode; it does not switch VT-d on by itself" },
	{ "sm_off", .text = "forbids scalable mode" },
	{ "tboot_noforce", VIA_LINT_RISKY,
	  .text = "lets VT-d stay off under tboot, which otherwise insists on it" },
};

/* drivers/iommu/amd/init.c, parse_amd_iommu_options() */
static const struct via_known_option amd[] = {
	{ "on", VIA_LINT_NO_EFFECT,
	  .text = "has no effect here, harmless: it is no option, and AMD-Vi starts by itself where "
		  "firmware describes it" },
	{ "off", VIA_LINT_RISKY, .text = "switches AMD-Vi off: no device can be given to a guest" },
	{ "fullflush", .text = "is the old spelling of iommu.strict=1" },
	{ "force_isolation", .text = "gives every device a translated domain" },
	{ "force_enable", .since = VIA_KERNEL(5, 12),
	  .text = "keeps AMD-Vi on where the kernel would leave it off as troublesome" },
	{ "pgtbl_v1", .since = VIA_KERNEL(6, 1), .text = "takes host page tables (the default)" },
	{ "pgtbl_v2", .since = VIA_KERNEL(6, 1), .text = "takes guest-format page tables" },
	{ "irtcachedis", .since = VIA_KERNEL(6, 1),
	  .text = "switches the cache of the interrupt remapping table off (in 6.1 since a stable "
		  "update)" },
	{ "nohugepages", .since = VIA_KERNEL(6, 12), .text = "maps by 4 KiB pages only" },
	{ "v2_pgsizes_only", .since = VIA_KERNEL(6, 12), .text = "maps by 4 KiB, 2 MiB and 1 GiB" },
};

static const struct via_known_option amd_interrupts[] = {
	{ "legacy", .text = "keeps interrupt remapping to what every unit can" },
	{ "vapic", .text = "delivers interrupts to guests directly (the default where able)" },
};

/* arch/x86/kernel/pci-dma.c, iommu_setup(): an unknown word is passed over in silence */
static const struct via_known_option generic[] = {
	{ "pt",
	  .text = "leaves the host's own devices untranslated; VFIO does not need it, and the "
		  "assigned device does not gain by it" },
	{ "nopt", .text = "translates the host's own devices as well" },
	{ "off", VIA_LINT_RISKY,
	  .text = "switches every IOMMU off: no device can be given to a guest" },
	{ "force", .text = "uses the IOMMU even where it is not needed (GART only)" },
	{ "noforce", .text = "uses the IOMMU only where it is needed (the default)" },
	{ "biomerge", .text = "merges block requests before mapping (GART only)" },
	{ "panic", .text = "stops the kernel when mappings run out (GART only)" },
	{ "nopanic", .text = "goes on when mappings run out (GART only)" },
	{ "merge", .text = "merges scatter lists (GART only)" },
	{ "nomerge", .text = "merges no scatter lists (GART only)" },
	{ "soft", .text = "uses bounce buffers (SWIOTLB) in place of GART" },
	{ "usedac", .text = "uses addresses above 4 GiB on every device" },
	{ "forcesac", .text = "forces 32-bit addressing (GART only)" },
	{ "allowdac", .text = "allows 64-bit addressing" },
	{ "nodac", .text = "forbids 64-bit addressing" },
	{ "fullflush", .text = "flushes at every unmapping (GART only)" },
	{ "nofullflush", .text = "flushes in batches (GART only)" },
	{ "noagp", .text = "leaves the AGP driver out (GART only)" },
	{ "noaperture", .text = "leaves the AGP aperture alone (GART only)" },
	{ "memaper", .text = "makes an aperture in memory (GART only)" },
	{ "leak", .text = "looks for lost mappings (GART only)" },
	{ "allowed", .text = "overrides a chipset's ban (GART only)" },
	{ "on", VIA_LINT_NO_EFFECT, .text = "is no value of iommu=, and nothing says so" },
	{ "1", VIA_LINT_NO_EFFECT, .text = "is no value of iommu=, and nothing says so" },
};

static const struct via_known_option remapping[] = {
	{ "on", .text = "remaps interrupts (the default)" },
	{ "off", VIA_LINT_RISKY,
	  .text = "remaps no interrupts: VFIO refuses every device (EPERM)" },
	{ "nosid", VIA_LINT_RISKY,
	  .text = "does not check who sends an interrupt: a device can forge another's" },
	{ "no_x2apic_optout", .text = "uses x2APIC though firmware asks not to" },
	{ "nopost", .text = "posts no interrupts to guests: each one costs an exit" },
	{ "posted_msi", .since = VIA_KERNEL(6, 10),
	  .text = "gathers the host's interrupts in posted descriptors (CONFIG_X86_POSTED_MSI)" },
};

static const struct via_known_option encryption[] = {
	{ "on", .text = "switches memory encryption on" },
	{ "off", .text = "leaves memory encryption off" },
};

static const struct via_known_parameter parameters[] = {
	{ .name = "intel_iommu",
	  .value = VIA_VALUE_PREFIX,
	  .repeat = VIA_REPEAT_ADD,
	  .vendor = VIA_CPU_INTEL,
	  .x86 = true,
	  VIA_OPTIONS(intel),
	  .text = "Switches VT-d on or off and sets how it works, by words behind commas. Whether "
		  "it is needed depends on how the kernel was built; \"DMAR: IOMMU enabled\" in the "
		  "log proves only that the word was read.",
	  .source = "drivers/iommu/intel/iommu.c" },
	{ .name = "amd_iommu",
	  .value = VIA_VALUE_PREFIX,
	  .repeat = VIA_REPEAT_ADD,
	  .vendor = VIA_CPU_AMD,
	  .x86 = true,
	  VIA_OPTIONS(amd),
	  .text = "Sets how AMD-Vi works. There is no \"on\": the driver starts by itself wherever "
		  "firmware has an IVRS table.",
	  .source = "drivers/iommu/amd/init.c" },
	{ .name = "amd_iommu_dump",
	  .value = VIA_VALUE_FREE,
	  .vendor = VIA_CPU_AMD,
	  .x86 = true,
	  .text = "prints what the IVRS table says to the kernel log",
	  .source = "drivers/iommu/amd/init.c" },
	{ .name = "amd_iommu_intr",
	  .value = VIA_VALUE_PREFIX,
	  .vendor = VIA_CPU_AMD,
	  .x86 = true,
	  VIA_OPTIONS(amd_interrupts),
	  .text = "Sets how AMD-Vi delivers a guest's interrupts.",
	  .source = "drivers/iommu/amd/init.c" },
	{ .name = "ivrs_ioapic",
	  .repeat = VIA_REPEAT_ADD,
	  .vendor = VIA_CPU_AMD,
	  .x86 = true,
	  .text = "says where an I/O APIC sits, over a wrong IVRS table",
	  .source = "drivers/iommu/amd/init.c" },
	{ .name = "ivrs_hpet",
	  .repeat = VIA_REPEAT_ADD,
	  .vendor = VIA_CPU_AMD,
	  .x86 = true,
	  .text = "says where an HPET sits, over a wrong IVRS table",
	  .source = "drivers/iommu/amd/init.c" },
	{ .name = "ivrs_acpihid",
	  .repeat = VIA_REPEAT_ADD,
	  .vendor = VIA_CPU_AMD,
	  .x86 = true,
	  .text = "gives an ACPI device its place, over a wrong IVRS table",
	  .source = "drivers/iommu/amd/init.c" },
	{ .name = "iommu",
	  .value = VIA_VALUE_PREFIX,
	  .repeat = VIA_REPEAT_ADD,
	  .x86 = true,
	  VIA_OPTIONS(generic),
	  .text = "Words for any IOMMU of an x86 machine: pt and nopt choose how the host's own "
		  "devices are mapped, off switches all off. \"on\" and \"1\" are none of them.",
	  .source = "arch/x86/kernel/pci-dma.c" },
	{ .name = "iommu.passthrough",
	  .value = VIA_VALUE_BOOL,
	  .text = "leaves the host's own devices untranslated (1, as iommu=pt) or translates them "
		  "(0); what VFIO holds is always translated",
	  .source = "drivers/iommu/iommu.c" },
	{ .name = "iommu.strict",
	  .value = VIA_VALUE_BOOL,
	  .since = VIA_KERNEL(5, 14),
	  .text = "unmaps at once (1: safer) or in batches (0: faster); on x86 since 5.14",
	  .source = "drivers/iommu/iommu.c" },
	{ .name = "iommu.forcedac",
	  .value = VIA_VALUE_BOOL,
	  .since = VIA_KERNEL(5, 13),
	  .text = "uses I/O addresses above 4 GiB from the start",
	  .source = "drivers/iommu/dma-iommu.c" },
	{ .name = "intremap",
	  .value = VIA_VALUE_PREFIX,
	  .repeat = VIA_REPEAT_ADD,
	  .x86 = true,
	  VIA_OPTIONS(remapping),
	  .text = "Sets interrupt remapping, without which VFIO refuses devices.",
	  .source = "drivers/iommu/irq_remapping.c" },
	{ .name = "nointremap",
	  .value = VIA_VALUE_FLAG,
	  .verdict = VIA_LINT_RISKY,
	  .x86 = true,
	  .text = "remaps no interrupts (as intremap=off): VFIO refuses every device (EPERM)",
	  .source = "drivers/iommu/irq_remapping.c" },
	{ .name = "nox2apic",
	  .value = VIA_VALUE_FLAG,
	  .x86 = true,
	  .text = "keeps the processors in xAPIC mode, unless firmware has locked x2APIC",
	  .source = "arch/x86/kernel/apic/apic.c" },
	{ .name = "mem_encrypt",
	  .value = VIA_VALUE_WORD,
	  .vendor = VIA_CPU_AMD,
	  .x86 = true,
	  VIA_OPTIONS(encryption),
	  .text = "Encrypts memory (AMD SME). A passthrough default that was only configured is "
		  "then taken back; one on the command line stays.",
	  .source = "arch/x86/mm/mem_encrypt_identity.c" },
	{ .name = "swiotlb",
	  .verdict = VIA_LINT_OK,
	  .text = "sets the bounce buffers for devices that cannot reach all memory",
	  .source = "kernel/dma/swiotlb.c" },
};

const struct via_parameter_table parameters_iommu = { parameters, VIA_COUNT(parameters) };
