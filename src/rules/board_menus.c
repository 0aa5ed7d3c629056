/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/board.h"

#include "base/cleanup.h"

/*
 * Where makers keep their switches, from the manuals of their boards. The first line that
 * fits counts, so that a maker's special lines stand before its general one.
 */
#define PCI_SUBSYSTEM(menu)                                  \
	[VIA_SWITCH_SRIOV] = menu " > SR-IOV Support",       \
	[VIA_SWITCH_ABOVE_4G] = menu " > Above 4G Decoding", \
	[VIA_SWITCH_REBAR] = menu " > Re-Size BAR Support"

/* AMD's own part of every menu, which makers hang up in different places. */
#define AMD_CBS(menu)                                                        \
	[VIA_SWITCH_IOMMU] = menu " > NBIO Common Options > IOMMU",          \
	[VIA_SWITCH_ACS] = menu " > NBIO Common Options > ACS Enable",       \
	[VIA_SWITCH_ARI] = menu " > NBIO Common Options > PCIe ARI Support", \
	[VIA_SWITCH_INTERRUPTS] = menu " > NBIO Common Options > IOMMU"

/* The server kits of Intel processors. */
#define INTEL_IIO(menu)                                                              \
	[VIA_SWITCH_IOMMU] = menu " > Intel VT for Directed I/O (VT-d)",             \
	[VIA_SWITCH_ACS] = menu " > Intel VT for Directed I/O (VT-d) > ACS Control", \
	[VIA_SWITCH_INTERRUPTS] = menu " > Intel VT for Directed I/O (VT-d) > Interrupt Remapping"

/* NOLINTBEGIN(bugprone-suspicious-missing-comma): long paths are written in two parts */
const struct via_menu board_menus[] = {
	{ .maker = "ASUS",
	  .vendor = "ASUS",
	  .certainty = VIA_CERTAINTY_USUAL,
	  .intel = { [VIA_SWITCH_CPU] = "Advanced > CPU Configuration",
		     [VIA_SWITCH_IOMMU] = "Advanced > System Agent (SA) Configuration > VT-d",
		     PCI_SUBSYSTEM("Advanced > PCI Subsystem Settings") },
	  .amd = { [VIA_SWITCH_CPU] = "Advanced > CPU Configuration",
		   AMD_CBS("Advanced > AMD CBS"),
		   PCI_SUBSYSTEM("Advanced > PCI Subsystem Settings") } },
	{ .maker = "ASRock Rack",
	  .vendor = "ASRockRack",
	  .certainty = VIA_CERTAINTY_USUAL,
	  .intel = { [VIA_SWITCH_CPU] = "Advanced > CPU Configuration",
		     [VIA_SWITCH_IOMMU] = "Advanced > Chipset Configuration > VT-d",
		     PCI_SUBSYSTEM("Advanced > Chipset Configuration") },
	  .amd = { [VIA_SWITCH_CPU] = "Advanced > CPU Configuration",
		   AMD_CBS("Advanced > AMD CBS"),
		   PCI_SUBSYSTEM("Advanced > PCI Subsystem Settings") } },
	{ .maker = "ASRock",
	  .vendor = "ASRock",
	  .certainty = VIA_CERTAINTY_USUAL,
	  .intel = { [VIA_SWITCH_CPU] = "Advanced > CPU Configuration",
		     [VIA_SWITCH_IOMMU] = "Advanced > Chipset Configuration > VT-d",
		     [VIA_SWITCH_SRIOV] = "Advanced > Chipset Configuration > SR-IOV Support",
		     [VIA_SWITCH_ABOVE_4G] = "Advanced > Chipset Configuration > Above 4G "
					     "Decoding",
		     [VIA_SWITCH_REBAR] = "Advanced > Chipset Configuration > C.A.M. (Clever "
					  "Access Memory)" },
	  .amd = { [VIA_SWITCH_CPU] = "Advanced > CPU Configuration",
		   AMD_CBS("Advanced > AMD CBS"),
		   [VIA_SWITCH_SRIOV] = "Advanced > PCI Configuration > SR-IOV Support",
		   [VIA_SWITCH_ABOVE_4G] = "Advanced > PCI Configuration > Above 4G Decoding",
		   [VIA_SWITCH_REBAR] = "Advanced > PCI Configuration > Re-Size BAR Support" } },
	{ .maker = "Gigabyte",
	  .vendor = "Gigabyte",
	  .certainty = VIA_CERTAINTY_USUAL,
	  .intel = { [VIA_SWITCH_CPU] = "Tweaker > Advanced CPU Settings",
		     [VIA_SWITCH_IOMMU] = "Settings > Miscellaneous > VT-d",
		     PCI_SUBSYSTEM("Settings > IO Ports") },
	  .amd = { [VIA_SWITCH_CPU] = "Tweaker > Advanced CPU Settings",
		   [VIA_SWITCH_ACS] = "Settings > AMD CBS > NBIO Common Options > ACS Enable",
		   [VIA_SWITCH_ARI] = "Settings > AMD CBS > NBIO Common Options > PCIe ARI Support",
		   [VIA_SWITCH_IOMMU] = "Settings > Miscellaneous > IOMMU (or Settings > AMD "
					"CBS > NBIO Common Options)",
		   PCI_SUBSYSTEM("Settings > IO Ports") } },
	{ .maker = "MSI",
	  .vendor = "Micro-Star",
	  .certainty = VIA_CERTAINTY_USUAL,
	  .intel = { [VIA_SWITCH_CPU] = "OC > CPU Features > Intel Virtualization Tech",
		     [VIA_SWITCH_IOMMU] = "OC > CPU Features > Intel VT-D Tech",
		     PCI_SUBSYSTEM("Settings > Advanced > PCI Subsystem Settings") },
	  .amd = { [VIA_SWITCH_CPU] = "OC > Advanced CPU Configuration > SVM Mode",
		   AMD_CBS("OC > Advanced CPU Configuration > AMD CBS"),
		   PCI_SUBSYSTEM("Settings > Advanced > PCI Subsystem Settings") } },
	{ .maker = "MSI",
	  .vendor = "MSI",
	  .certainty = VIA_CERTAINTY_PERHAPS,
	  .intel = { [VIA_SWITCH_CPU] = "OC > CPU Features > Intel Virtualization Tech",
		     [VIA_SWITCH_IOMMU] = "OC > CPU Features > Intel VT-D Tech" },
	  .amd = { [VIA_SWITCH_CPU] = "OC > Advanced CPU Configuration > SVM Mode" } },
	{ .maker = "Biostar",
	  .vendor = "BIOSTAR",
	  .certainty = VIA_CERTAINTY_USUAL,
	  .intel = { [VIA_SWITCH_CPU] = "Advanced > CPU Configuration",
		     [VIA_SWITCH_IOMMU] = "Chipset > System Agent (SA) Configuration > VT-d",
		     PCI_SUBSYSTEM("Advanced > PCI Subsystem Settings") },
	  .amd = { [VIA_SWITCH_CPU] = "Advanced > CPU Configuration",
		   AMD_CBS("Advanced > AMD CBS") } },
	{ .maker = "Supermicro",
	  .vendor = "Supermicro",
	  .certainty = VIA_CERTAINTY_USUAL,
	  .intel = { [VIA_SWITCH_CPU] = "Advanced > CPU Configuration",
		     INTEL_IIO("Advanced > Chipset Configuration > North Bridge > IIO "
			       "Configuration"),
		     PCI_SUBSYSTEM("Advanced > PCIe/PCI/PnP Configuration"),
		     [VIA_SWITCH_ARI] = "Advanced > PCIe/PCI/PnP Configuration > ARI Support" },
	  .amd = { [VIA_SWITCH_CPU] = "Advanced > CPU Configuration > SVM Mode",
		   [VIA_SWITCH_IOMMU] = "Advanced > NB Configuration > IOMMU",
		   [VIA_SWITCH_ACS] = "Advanced > NB Configuration > ACS Enable",
		   PCI_SUBSYSTEM("Advanced > PCIe/PCI/PnP Configuration"),
		   [VIA_SWITCH_ARI] = "Advanced > PCIe/PCI/PnP Configuration > ARI Support" } },
	{ .maker = "Dell PowerEdge",
	  .vendor = "Dell",
	  .product = "PowerEdge",
	  .certainty = VIA_CERTAINTY_USUAL,
	  .intel = { [VIA_SWITCH_CPU] = "System BIOS > Processor Settings > Virtualization "
					"Technology",
		     [VIA_SWITCH_IOMMU] = "System BIOS > Processor Settings > Virtualization "
					  "Technology (one switch for VT-x and VT-d)",
		     [VIA_SWITCH_SRIOV] = "System BIOS > Integrated Devices > SR-IOV Global "
					  "Enable",
		     [VIA_SWITCH_ABOVE_4G] = "System BIOS > Integrated Devices > Memory Mapped "
					     "I/O above 4GB" },
	  .amd = { [VIA_SWITCH_CPU] = "System BIOS > Processor Settings > Virtualization "
				      "Technology",
		   [VIA_SWITCH_IOMMU] = "System BIOS > Processor Settings > IOMMU Support",
		   [VIA_SWITCH_SRIOV] = "System BIOS > Integrated Devices > SR-IOV Global Enable",
		   [VIA_SWITCH_ABOVE_4G] = "System BIOS > Integrated Devices > Memory Mapped I/O "
					   "above 4GB" } },
	{ .maker = "Dell",
	  .vendor = "Dell",
	  .certainty = VIA_CERTAINTY_USUAL,
	  .intel = { [VIA_SWITCH_CPU] = "Virtualization Support > Virtualization",
		     [VIA_SWITCH_IOMMU] = "Virtualization Support > VT for Direct I/O" },
	  .amd = { [VIA_SWITCH_CPU] = "Virtualization Support > AMD-V Technology",
		   [VIA_SWITCH_IOMMU] = "Virtualization Support > AMD-Vi Technology" } },
	{ .maker = "HPE ProLiant",
	  .vendor = "HP",
	  .product = "ProLiant",
	  .certainty = VIA_CERTAINTY_USUAL,
	  .intel = { [VIA_SWITCH_CPU] = "BIOS/Platform Configuration (RBSU) > Virtualization "
					"Options > Intel Virtualization Technology",
		     [VIA_SWITCH_IOMMU] = "BIOS/Platform Configuration (RBSU) > Virtualization "
					  "Options > Intel VT-d",
		     [VIA_SWITCH_SRIOV] = "BIOS/Platform Configuration (RBSU) > Virtualization "
					  "Options > SR-IOV",
		     [VIA_SWITCH_ABOVE_4G] = "BIOS/Platform Configuration (RBSU) > PCIe Device "
					     "Configuration" },
	  .amd = { [VIA_SWITCH_CPU] = "BIOS/Platform Configuration (RBSU) > Virtualization "
				      "Options > AMD Virtualization Technology",
		   [VIA_SWITCH_IOMMU] = "BIOS/Platform Configuration (RBSU) > Virtualization "
					"Options > AMD I/O Virtualization Technology",
		   [VIA_SWITCH_SRIOV] = "BIOS/Platform Configuration (RBSU) > Virtualization "
					"Options > SR-IOV" } },
	{ .maker = "HP",
	  .vendor = "HP",
	  .certainty = VIA_CERTAINTY_USUAL,
	  .intel = { [VIA_SWITCH_CPU] = "Advanced > System Options > Virtualization Technology "
					"(VTx) (older: Security > System Security)",
		     [VIA_SWITCH_IOMMU] = "Advanced > System Options > Virtualization Technology "
					  "for Directed I/O (VTd) (older: Security > System "
					  "Security)" },
	  .amd = { [VIA_SWITCH_CPU] = "Advanced > System Options > SVM CPU Virtualization "
				      "(older: Security > System Security)",
		   [VIA_SWITCH_IOMMU] = "Advanced > System Options" } },
	{ .maker = "HP",
	  .vendor = "Hewlett-Packard",
	  .certainty = VIA_CERTAINTY_USUAL,
	  .intel = { [VIA_SWITCH_CPU] = "Security > System Security > Virtualization Technology "
					"(VTx)",
		     [VIA_SWITCH_IOMMU] = "Security > System Security > Virtualization "
					  "Technology Directed I/O (VTd)" },
	  .amd = { [VIA_SWITCH_CPU] = "Security > System Security > Virtualization Technology",
		   [VIA_SWITCH_IOMMU] = "Security > System Security" } },
	{ .maker = "Lenovo ThinkSystem",
	  .vendor = "Lenovo",
	  .product = "ThinkSystem",
	  .certainty = VIA_CERTAINTY_USUAL,
	  .intel = { [VIA_SWITCH_CPU] = "System Settings > Processors > Intel Virtualization "
					"Technology",
		     [VIA_SWITCH_IOMMU] = "System Settings > Devices and I/O Ports > Intel VT for "
					  "Directed I/O (VT-d)",
		     [VIA_SWITCH_SRIOV] = "System Settings > Devices and I/O Ports > SRIOV" },
	  .amd = { [VIA_SWITCH_CPU] = "System Settings > Processors > SVM Mode",
		   [VIA_SWITCH_IOMMU] = "System Settings > Devices and I/O Ports > IOMMU",
		   [VIA_SWITCH_SRIOV] = "System Settings > Devices and I/O Ports > SRIOV" } },
	{ .maker = "Lenovo ThinkPad",
	  .vendor = "Lenovo",
	  .product = "ThinkPad",
	  .certainty = VIA_CERTAINTY_USUAL,
	  .intel = { [VIA_SWITCH_CPU] = "Security > Virtualization > Intel Virtualization "
					"Technology",
		     [VIA_SWITCH_IOMMU] = "Security > Virtualization > Intel VT-d Feature" },
	  .amd = { [VIA_SWITCH_CPU] = "Security > Virtualization > AMD SVM Technology",
		   [VIA_SWITCH_IOMMU] = "Security > Virtualization > Kernel DMA Protection" } },
	{ .maker = "Lenovo ThinkCentre or ThinkStation",
	  .vendor = "Lenovo",
	  .product = "Think",
	  .certainty = VIA_CERTAINTY_USUAL,
	  .intel = { [VIA_SWITCH_CPU] = "Advanced > CPU Setup > Intel Virtualization Technology",
		     [VIA_SWITCH_IOMMU] = "Advanced > CPU Setup > VT-d" },
	  .amd = { [VIA_SWITCH_CPU] = "Advanced > CPU Setup > SVM Mode",
		   [VIA_SWITCH_IOMMU] = "Advanced > CPU Setup > IOMMU" } },
	{ .maker = "Lenovo",
	  .vendor = "Lenovo",
	  .certainty = VIA_CERTAINTY_PERHAPS,
	  .intel = { [VIA_SWITCH_CPU] = "Configuration > Intel Virtual Technology",
		     [VIA_SWITCH_IOMMU] = "Configuration > Intel VT-d" },
	  .amd = { [VIA_SWITCH_CPU] = "Configuration > AMD SVM Support",
		   [VIA_SWITCH_IOMMU] = "Configuration" } },
	{ .maker = "Intel NUC",
	  .vendor = "Intel",
	  .product = "NUC",
	  .certainty = VIA_CERTAINTY_USUAL,
	  .intel = { [VIA_SWITCH_CPU] = "Advanced > Security > Security Features > Intel "
					"Virtualization Technology",
		     [VIA_SWITCH_IOMMU] = "Advanced > Security > Security Features > Intel VT for "
					  "Directed I/O (VT-d)" } },
	{ .maker = "Intel",
	  .vendor = "Intel",
	  .certainty = VIA_CERTAINTY_USUAL,
	  .intel = { [VIA_SWITCH_CPU] = "Advanced > Processor Configuration > Intel "
					"Virtualization Technology",
		     [VIA_SWITCH_IOMMU] = "Advanced > Integrated IO Configuration > Intel VT for "
					  "Directed I/O",
		     [VIA_SWITCH_SRIOV] = "Advanced > PCI Configuration > SR-IOV Support",
		     [VIA_SWITCH_ABOVE_4G] = "Advanced > PCI Configuration > Memory Mapped I/O "
					     "above 4 GB" } },
	{ .maker = "Framework",
	  .vendor = "Framework",
	  .certainty = VIA_CERTAINTY_PERHAPS,
	  .intel = { [VIA_SWITCH_CPU] = "Setup Utility > Advanced",
		     [VIA_SWITCH_IOMMU] = "Setup Utility > Advanced" },
	  .amd = { [VIA_SWITCH_CPU] = "Setup Utility > Advanced",
		   [VIA_SWITCH_IOMMU] = "Setup Utility > Advanced" } },
	{ .maker = "Fujitsu",
	  .vendor = "Fujitsu",
	  .certainty = VIA_CERTAINTY_USUAL,
	  .intel = { [VIA_SWITCH_CPU] = "Advanced > CPU Configuration",
		     [VIA_SWITCH_IOMMU] = "Advanced > CPU Configuration > VT-d",
		     PCI_SUBSYSTEM("Advanced > PCI Subsystem Settings") },
	  .amd = { [VIA_SWITCH_CPU] = "Advanced > CPU Configuration" } },
	{ .maker = "Acer",
	  .vendor = "Acer",
	  .certainty = VIA_CERTAINTY_PERHAPS,
	  .intel = { [VIA_SWITCH_CPU] = "Main or Advanced > Intel VTX",
		     [VIA_SWITCH_IOMMU] = "Main or Advanced > Intel VTD" },
	  .amd = { [VIA_SWITCH_CPU] = "Main or Advanced > SVM Mode",
		   [VIA_SWITCH_IOMMU] = "Main or Advanced > IOMMU" } },
	{ .maker = "Minisforum",
	  .vendor = "Micro Computer (HK)",
	  .certainty = VIA_CERTAINTY_PERHAPS,
	  .intel = { [VIA_SWITCH_CPU] = "Advanced > CPU Configuration",
		     [VIA_SWITCH_IOMMU] = "Chipset > System Agent (SA) Configuration > VT-d" },
	  .amd = { [VIA_SWITCH_CPU] = "Advanced > CPU Configuration > SVM Mode",
		   AMD_CBS("Advanced > AMD CBS") } },
	{ .maker = "Beelink",
	  .vendor = "AZW",
	  .certainty = VIA_CERTAINTY_PERHAPS,
	  .intel = { [VIA_SWITCH_CPU] = "Advanced > CPU Configuration",
		     [VIA_SWITCH_IOMMU] = "Chipset > System Agent (SA) Configuration > VT-d" },
	  .amd = { [VIA_SWITCH_CPU] = "Advanced > CPU Configuration > SVM Mode",
		   AMD_CBS("Advanced > AMD CBS") } },
	{ .maker = "Huawei",
	  .vendor = "Huawei",
	  .certainty = VIA_CERTAINTY_PERHAPS,
	  .intel = { [VIA_SWITCH_CPU] = "Advanced > Socket Configuration > Processor "
					"Configuration > VMX",
		     INTEL_IIO("Advanced > Socket Configuration > IIO Configuration"),
		     PCI_SUBSYSTEM("Advanced > PCI Subsystem Settings") } },
	{ .maker = "xFusion",
	  .vendor = "XFUSION",
	  .certainty = VIA_CERTAINTY_PERHAPS,
	  .intel = { [VIA_SWITCH_CPU] = "Advanced > Socket Configuration > Processor "
					"Configuration > VMX",
		     INTEL_IIO("Advanced > Socket Configuration > IIO Configuration") } },
	{ .maker = "Inspur",
	  .vendor = "Inspur",
	  .certainty = VIA_CERTAINTY_PERHAPS,
	  .intel = { [VIA_SWITCH_CPU] = "Processor > Processor Configuration > VMX",
		     INTEL_IIO("Processor > IIO Configuration"),
		     PCI_SUBSYSTEM("Advanced > PCI Subsystem Settings") },
	  .amd = { [VIA_SWITCH_CPU] = "Advanced > CPU Configuration > SVM Mode",
		   AMD_CBS("Advanced > AMD CBS") } },
	{ .maker = "Quanta",
	  .vendor = "Quanta",
	  .certainty = VIA_CERTAINTY_PERHAPS,
	  .intel = { [VIA_SWITCH_CPU] = "Socket Configuration > Processor Configuration > VMX",
		     INTEL_IIO("Socket Configuration > IIO Configuration"),
		     PCI_SUBSYSTEM("Advanced > PCI Subsystem Settings") } },
};
const size_t board_menu_count = VIA_COUNT(board_menus);

const struct via_menu board_menu_generic = {
	.certainty = VIA_CERTAINTY_GENERIC,
	.intel = { [VIA_SWITCH_CPU] = "Advanced > CPU Configuration",
		   [VIA_SWITCH_IOMMU] = "Advanced or Chipset > System Agent (SA) Configuration; on "
					"servers IIO Configuration",
		   [VIA_SWITCH_SRIOV] = "Advanced > PCI Subsystem Settings",
		   [VIA_SWITCH_ABOVE_4G] = "Advanced > PCI Subsystem Settings",
		   [VIA_SWITCH_REBAR] = "Advanced > PCI Subsystem Settings",
		   [VIA_SWITCH_ACS] = "Chipset > PCH-IO or IIO Configuration",
		   [VIA_SWITCH_ARI] = "Advanced > PCI Subsystem Settings",
		   [VIA_SWITCH_INTERRUPTS] = "beside VT-d" },
	.amd = { [VIA_SWITCH_CPU] = "Advanced > CPU Configuration",
		 [VIA_SWITCH_IOMMU] = "Advanced > AMD CBS > NBIO Common Options",
		 [VIA_SWITCH_SRIOV] = "Advanced > PCI Subsystem Settings",
		 [VIA_SWITCH_ABOVE_4G] = "Advanced > PCI Subsystem Settings",
		 [VIA_SWITCH_REBAR] = "Advanced > PCI Subsystem Settings",
		 [VIA_SWITCH_ACS] = "Advanced > AMD CBS > NBIO Common Options",
		 [VIA_SWITCH_ARI] = "Advanced > AMD CBS > NBIO Common Options",
		 [VIA_SWITCH_INTERRUPTS] = "beside IOMMU" },
};
/* NOLINTEND(bugprone-suspicious-missing-comma) */
