/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/parameters.h"

#include "base/cleanup.h"

/* drivers/pci/pci.c, pci_setup(), and arch/x86/pci/common.c, pcibios_setup() */
static const struct via_known_option pci[] = {
	{ "realloc", .text = "hands out addresses anew where firmware left too little" },
	{ "realloc=", .text = "hands out addresses anew where firmware left too little, or not" },
	{ "noats", .text = "keeps address translation services off" },
	{ "nommconf", VIA_LINT_RISKY,
	  .text = "gives up extended configuration space: no ACS, no SR-IOV to be seen" },
	{ "assign-busses", .text = "numbers the buses anew, which moves every address" },
	{ "noari", VIA_LINT_RISKY,
	  .text = "switches ARI off: a device keeps to 8 functions, and virtual functions need "
		  "more buses" },
	{ "nocrs", .text = "does not believe firmware's address windows" },
	{ "use_crs", .text = "believes firmware's address windows (the default)" },
	{ "use_e820", .since = VIA_KERNEL(5, 19),
	  .text = "leaves what the memory map reserves out of the address windows" },
	{ "no_e820", .since = VIA_KERNEL(5, 19),
	  .text = "does not mind what the memory map reserves" },
	{ "big_root_window", .text = "adds a window above 4 GiB on some AMD machines" },
	{ "resource_alignment=", .text = "aligns the addresses of these devices" },
	{ "hpbussize=", .text = "reserves bus numbers for what is plugged in later" },
	{ "hpiosize=", .text = "reserves I/O ports for what is plugged in later" },
	{ "hpmemsize=", .text = "reserves addresses for what is plugged in later" },
	{ "hpmmiosize=", .text = "reserves addresses for what is plugged in later" },
	{ "hpmmioprefsize=", .text = "reserves addresses for what is plugged in later" },
	{ "pcie_bus_tune_off", .text = "leaves payload sizes as firmware set them" },
	{ "pcie_bus_safe", .text = "takes the largest payload every device bears" },
	{ "pcie_bus_perf", .text = "takes the largest payload of each path" },
	{ "pcie_bus_peer2peer", .text = "takes the smallest payload, so that devices can talk to "
					"each other" },
	{ "pcie_scan_all", .text = "looks for devices at every number below a port" },
	{ "nomsi", VIA_LINT_RISKY,
	  .text = "uses no message-signalled interrupts: virtual functions have no others" },
	{ "noaer", .text = "reports no PCI Express errors" },
	{ "earlydump", .text = "prints every configuration space to the log" },
	{ "nodomains", .text = "pretends there is one domain" },
	{ "notph", .since = VIA_KERNEL(6, 13), .text = "uses no TLP processing hints" },
	{ "ecrc=", .text = "sets end-to-end checksums" },
	{ "cbiosize=", .text = "sets the I/O window of CardBus bridges" },
	{ "cbmemsize=", .text = "sets the memory window of CardBus bridges" },
	{ "disable_acs_redir=", VIA_LINT_RISKY,
	  .text = "lets devices below these ports reach each other: larger groups, less isolation" },
	{ "config_acs=", .since = VIA_KERNEL(6, 11),
	  .text = "sets the ACS bits of these ports, up or down: the real ones, unlike "
		  "pcie_acs_override=" },
	{ "off", VIA_LINT_RISKY, .text = "looks for no PCI bus at all" },
	{ "conf1", .text = "uses configuration mechanism 1" },
	{ "conf2", .text = "uses configuration mechanism 2" },
	{ "bios", .text = "asks the BIOS (32 bits only)" },
	{ "nobios", .text = "does not ask the BIOS (32 bits only)" },
	{ "bfsort", .text = "orders devices breadth first" },
	{ "nobfsort", .text = "does not order devices breadth first" },
	{ "noacpi", VIA_LINT_RISKY, .text = "does not route interrupts by ACPI" },
	{ "rom", .text = "gives addresses to expansion ROMs" },
	{ "norom", .text = "gives no addresses to expansion ROMs" },
	{ "nobar", .text = "gives no addresses to BARs that have none" },
	{ "usepirqmask", .text = "honours the BIOS's mask of interrupts" },
	{ "irqmask=", .text = "says which interrupts may be used" },
	{ "pirqaddr=", .text = "says where the BIOS's interrupt table is" },
	{ "lastbus=", .text = "scans buses up to this one" },
	{ "routeirq", .text = "routes interrupts of all devices at once" },
	{ "skip_isa_align", .text = "does not align I/O ports for ISA" },
	{ "noioapicquirk", .text = "leaves boot interrupts as they are" },
	{ "ioapicreroute", .text = "reroutes boot interrupts" },
	{ "noioapicreroute", .text = "does not reroute boot interrupts" },
	{ "check_enable_amd_mmconf", .text = "looks for extended configuration space on AMD 10h" },
};

static const struct via_known_option aspm[] = {
	{ "off", .text = "leaves link power saving as firmware set it: steadier, warmer" },
	{ "force", VIA_LINT_RISKY,
	  .text = "saves link power even where the device says it cannot: it may fall off" },
};

static const struct via_known_option ports[] = {
	{ "native", .text = "takes port services (hot plug, AER) even where firmware keeps them" },
	{ "dpc-native", .text = "takes downstream port containment even where firmware keeps it" },
	{ "compat", .text = "uses no PCI Express port services: ports are plain bridges" },
};

static const struct via_known_option port_power[] = {
	{ "off", .text = "never puts ports to sleep" },
	{ "force", .text = "puts every port to sleep" },
};

static const struct via_known_option overrides[] = {
	{ "downstream", VIA_LINT_RISKY, .text = "splits groups below ports without ACS" },
	{ "multifunction", VIA_LINT_RISKY, .text = "splits functions of a device without ACS" },
	{ "id:", VIA_LINT_RISKY, .text = "does so for one kind of device" },
};

static const struct via_known_parameter parameters[] = {
	{ .name = "pci",
	  .value = VIA_VALUE_LIST,
	  .repeat = VIA_REPEAT_ADD,
	  VIA_OPTIONS(pci),
	  .text = "Sets how the PCI bus is read and laid out, by words behind commas "
		  "(pci=realloc,noats).",
	  .source = "drivers/pci/pci.c, arch/x86/pci/common.c" },
	{ .name = "pcie_acs_override",
	  .value = VIA_VALUE_LIST,
	  .verdict = VIA_LINT_RISKY,
	  .patched = true,
	  VIA_OPTIONS(overrides),
	  .text = "Tells a patched kernel to take devices for isolated that are not: groups get "
		  "smaller, and a guest's device can still reach its neighbour. It worked where the "
		  "boot log says \"PCIe ACS overrides enabled\".",
	  .source = "a patch outside the kernel (Proxmox VE, Zen, CachyOS, Liquorix, Unraid)" },
	{ .name = "pcie_aspm",
	  .value = VIA_VALUE_WORD,
	  VIA_OPTIONS(aspm),
	  .text = "Sets power saving of PCI Express links.",
	  .source = "drivers/pci/pcie/aspm.c" },
	{ .name = "pcie_aspm.policy",
	  .source = "drivers/pci/pcie/aspm.c",
	  .text = "chooses how links save power (default, performance, powersave, powersupersave)" },
	{ .name = "pcie_ports",
	  .value = VIA_VALUE_WORD,
	  VIA_OPTIONS(ports),
	  .text = "Sets who runs the services of PCI Express ports.",
	  .source = "drivers/pci/pcie/portdrv.c" },
	{ .name = "pcie_port_pm",
	  .value = VIA_VALUE_WORD,
	  VIA_OPTIONS(port_power),
	  .text = "Sets whether ports may sleep.",
	  .source = "drivers/pci/pci.c" },
	{ .name = "pciehp.pciehp_poll_mode",
	  .value = VIA_VALUE_BOOL,
	  .source = "drivers/pci/hotplug",
	  .text = "looks for hot plug by polling" },
};

const struct via_parameter_table parameters_pci = { parameters, VIA_COUNT(parameters) };
