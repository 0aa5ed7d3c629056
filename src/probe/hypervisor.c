/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"

/* What virtual machines call themselves where no CPUID leaf tells: Arm, s390, hidden ones. */
static const struct {
	const char *vendor;  /* begins the system vendor */
	const char *product; /* begins the product; NULL for any */
	const char *name;
} machines[] = {
	{ "QEMU", NULL, "QEMU" },
	{ "Red Hat", "KVM", "KVM" },
	{ "oVirt", NULL, "KVM" },
	{ "Microsoft Corporation", "Virtual Machine", "Hyper-V" },
	{ "VMware", NULL, "VMware" },
	{ "innotek GmbH", NULL, "VirtualBox" },
	{ "Xen", NULL, "Xen" },
	{ "Parallels", NULL, "Parallels" },
	{ "BHYVE", NULL, "bhyve" },
	{ "Amazon EC2", NULL, "Amazon EC2" },
	{ "Google", "Google Compute Engine", "Google Compute Engine" },
	{ "Apple Inc.", "Apple Virtualization", "Apple Virtualization" },
	{ "DigitalOcean", NULL, "KVM" },
	{ "Hetzner", "vServer", "KVM" },
	{ "Alibaba Cloud", NULL, "KVM" },
	{ "OpenStack", NULL, "OpenStack" },
};

static struct via_fact name_by_board(const struct via_firmware *firmware)
{
	const char *vendor = fact_text(&firmware->system_vendor);
	const char *product = fact_text(&firmware->product_name);

	for (size_t i = 0; vendor && i < VIA_COUNT(machines); i++)
		if (text_starts(vendor, machines[i].vendor) &&
		    (!machines[i].product ||
		     (product && text_starts(product, machines[i].product))))
			return fact_present(firmware->system_vendor.path, machines[i].name, 1);
	return fact_is(&firmware->system_vendor, VIA_PRESENT)
		       ? fact_absent(firmware->system_vendor.path)
		       : firmware->system_vendor;
}

static struct via_fact name_by_cpuid(const struct via_cpu *cpu, struct via_arena *arena)
{
	bool inner = *cpu->cpuid.inner_hypervisor;
	const char *signature = inner ? cpu->cpuid.inner_hypervisor : cpu->cpuid.hypervisor;
	const char *path = inner ? "cpuid 40000100h" : "cpuid 40000000h";

	if (!*signature)
		return fact_unknown(path, ENODATA);
	return fact_present(path, cpuid_hypervisor_name(arena, signature), 1);
}

/* Other processors have no such bit: the board's name is all there is to go by. */
static struct via_fact told_by_board(const struct via_host *host, struct via_fact board)
{
	const struct via_cpu *cpu = &host->firmware.cpu;
	const char *vendor = fact_text(&host->firmware.system_vendor);

	if (fact_is(&board, VIA_PRESENT))
		return board;
	if (!vendor || !fact_is(&cpu->flags, VIA_ABSENT))
		return cpu->hypervisor;
	return fact_absent(arena_printf(host->arena, "%s (%s): a virtual machine's name",
					host->firmware.system_vendor.path, vendor));
}

void probe_hypervisor(const struct via_root *root, struct via_host *host)
{
	struct via_cpu *cpu = &host->firmware.cpu;
	struct via_fact board = name_by_board(&host->firmware);

	if (fact_text(&cpu->xen_type)) {
		cpu->hypervisor_name = cpu->xen_type;
		cpu->hypervisor_name.text =
			strcmp(cpu->xen_type.text, "xen") == 0 ? "Xen" : cpu->xen_type.text;
		/* Xen hides the bit from its own control domain. */
		if (!fact_is(&cpu->hypervisor, VIA_PRESENT))
			cpu->hypervisor = fact_present(cpu->xen_type.path, cpu->xen_type.text, 1);
		return;
	}
	if (!fact_is(&cpu->flags, VIA_PRESENT) && fact_is(&cpu->cpuid_vmx, VIA_UNKNOWN) &&
	    !fact_is(&cpu->hypervisor, VIA_PRESENT))
		cpu->hypervisor = told_by_board(host, board);
	if (!fact_is(&cpu->hypervisor, VIA_PRESENT))
		return;
	cpu->hypervisor_name = name_by_cpuid(cpu, host->arena);
	/* The leaf may be hidden, or say only which accelerator there is. */
	if (!fact_is(&cpu->hypervisor_name, VIA_PRESENT) && fact_is(&board, VIA_PRESENT))
		cpu->hypervisor_name = board;
}
