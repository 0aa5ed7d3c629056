/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>

#include "base/cleanup.h"
#include "rules/kernel_part.h"

/*
 * The line of descent of I/O virtualization, one rule a generation: is it available here,
 * what is missing, which step comes next. What devices there are for it is told elsewhere.
 */

/* Whether KVM runs guests: VIA_PASS, VIA_CANNOT_TELL, or VIA_WARN where it does not. */
static enum via_verdict kvm_runs(const struct via_host *host, struct via_finding *finding)
{
	const struct via_kernel *kernel = &host->kernel;

	finding_cite(finding, &kernel->kvm_open);
	finding_cite(finding, &kernel->kvm_create_vm);
	if (fact_is(&kernel->kvm_create_vm, VIA_PRESENT))
		return VIA_PASS;
	if (fact_is(&kernel->kvm_open, VIA_UNKNOWN) && kernel->kvm_open.error != ENODEV &&
	    kernel->kvm_open.error != ENXIO)
		return VIA_CANNOT_TELL;
	return fact_is(&kernel->kvm_open, VIA_NOT_ASKED) ? VIA_CANNOT_TELL : VIA_WARN;
}

static enum via_verdict trap_and_emulate(const struct via_host *host, struct via_finding *finding)
{
	enum via_verdict verdict = kvm_runs(host, finding);

	if (verdict == VIA_PASS)
		finding_detail(finding, "Available: KVM traps, QEMU plays the card, and any guest "
					"runs unmodified.");
	if (verdict != VIA_WARN)
		return verdict;
	finding_detail(finding, "Only in software: without KVM, QEMU translates every "
				"instruction of a guest.");
	finding_manual(finding, "See kernel.kvm for why KVM creates no virtual machine.");
	return VIA_WARN;
}

static enum via_verdict virtio(const struct via_host *host, struct via_finding *finding)
{
	uint64_t own = fact_number(&host->kernel.virtio_devices, 0);
	enum via_verdict verdict = kvm_runs(host, finding);
	const char *text = own ? arena_printf(finding->arena,
					      " This machine is a guest itself, with %llu virtio "
					      "device%s of its own.",
					      (unsigned long long)own, own == 1 ? "" : "s")
			       : "";

	finding_cite(finding, &host->kernel.virtio_devices);
	if (verdict == VIA_CANNOT_TELL)
		return verdict;
	if (verdict == VIA_PASS)
		finding_detail(finding,
			       "Available: the host needs KVM and QEMU, the guest its virtio "
			       "drivers.%s",
			       text);
	else
		finding_detail(finding,
			       "It works without KVM as well, slowly: generation 1 is what is "
			       "missing here.%s",
			       text);
	return verdict == VIA_PASS ? VIA_PASS : VIA_SKIP;
}

static const struct {
	enum via_module_id module;
	enum via_node_id node;
} vhosts[] = {
	{ VIA_MODULE_VHOST_NET, VIA_NODE_VHOST_NET },
	{ VIA_MODULE_VHOST_VSOCK, VIA_NODE_VHOST_VSOCK },
	{ VIA_MODULE_VHOST_SCSI, VIA_NODE_VHOST_SCSI },
};

/* "vhost_net (module loaded), …": those that this kernel has */
static const char *list_vhosts(const struct via_host *host, struct via_finding *finding)
{
	const char *text = "";

	for (size_t i = 0; i < VIA_COUNT(vhosts); i++) {
		const struct via_module *module = &host->kernel.modules[vhosts[i].module];
		enum via_module_state state = cite_module(finding, host, vhosts[i].module);

		if (module_can_be_here(module))
			text = arena_printf(finding->arena, "%s%s%s (%s)", text, *text ? ", " : "",
					    module->name, module_state_words(state));
		if (module_is_here(module))
			finding_cite(finding, &host->kernel.nodes[vhosts[i].node].seen);
	}
	return text;
}

/* The node of one that is at work, with which something is wrong; NULL for none. */
static const struct via_device_node *wrong_vhost_node(const struct via_host *host)
{
	for (size_t i = 0; i < VIA_COUNT(vhosts); i++) {
		const struct via_device_node *node = &host->kernel.nodes[vhosts[i].node];

		if (module_is_here(&host->kernel.modules[vhosts[i].module]) &&
		    (fact_is(&node->seen, VIA_ABSENT) || (node->kind && node->kind != 'c')))
			return node;
	}
	return NULL;
}

static enum via_verdict vhost_at_work(const struct via_host *host, struct via_finding *finding,
				      const char *list)
{
	const struct via_device_node *node = wrong_vhost_node(host);
	struct via_fact lets =
		node_lets(&host->kernel.nodes[VIA_NODE_VHOST_NET], &host->kernel.caller);

	if (node) {
		finding_detail(finding, "/%s %s.", node->name,
			       node->kind ? "is no character device: something else stands there"
					  : "is missing though its driver is at work");
		finding_manual(finding, "Remove what stands there, if anything, and have udev make "
					"the node again: udevadm trigger --subsystem-match=misc.");
		return VIA_WARN;
	}
	finding_detail(finding, "Available: %s.%s", list,
		       fact_is(&lets, VIA_PRESENT) && !lets.number
			       ? " This user may not open /dev/vhost-net; libvirt, as root, may."
			       : "");
	return VIA_PASS;
}

static enum via_verdict vhost(const struct via_host *host, struct via_finding *finding)
{
	const char *list = list_vhosts(host, finding);
	enum via_verdict verdict;

	if (*list)
		return vhost_at_work(host, finding, list);
	verdict = has_machinery(finding, host, VIA_MODULE_VHOST_NET, "vhost-net");
	if (verdict != VIA_SKIP)
		return verdict;
	finding_manual(finding,
		       "Take a kernel built with CONFIG_VHOST_NET: without it every packet "
		       "of a guest goes through QEMU.");
	return VIA_WARN;
}

static enum via_verdict vfio(const struct via_host *host, struct via_finding *finding)
{
	const struct via_fact *class = &host->kernel.iommu_class;
	enum via_verdict verdict;

	finding_cite(finding, class);
	if (fact_is(class, VIA_UNKNOWN) || fact_is(class, VIA_NOT_ASKED))
		return VIA_CANNOT_TELL;
	if (!fact_number(class, 0)) {
		finding_detail(finding, "Passthrough needs an IOMMU that is driven: see "
					"iommu.in-use.");
		return VIA_SKIP;
	}
	verdict = has_machinery(finding, host, VIA_MODULE_VFIO_PCI, "vfio-pci");
	if (verdict != VIA_SKIP)
		return verdict;
	finding_manual(finding, "See kernel.vfio: the IOMMU is there, and this kernel has no "
				"vfio-pci to use it.");
	return VIA_WARN;
}

static const struct via_rule rules[] = {
	{
		.id = "descent.trap-and-emulate",
		.layer = VIA_LAYER_KERNEL,
		.title = "Generation 1: trap and emulate",
		.source = "Documentation/virt/kvm/api.rst, KVM_EXIT_MMIO",
		.eval = trap_and_emulate,
	},
	{
		.id = "descent.virtio",
		.layer = VIA_LAYER_KERNEL,
		.title = "Generation 2: virtio",
		.source = "OASIS virtio 1.2; Documentation/driver-api/virtio",
		.eval = virtio,
	},
	{
		.id = "descent.vhost",
		.layer = VIA_LAYER_KERNEL,
		.title = "Generation 3: vhost, rings served in the kernel",
		.source = "drivers/vhost; include/uapi/linux/vhost.h",
		.eval = vhost,
	},
	{
		.id = "descent.vfio",
		.layer = VIA_LAYER_KERNEL,
		.title = "Generation 4: the device itself, through VFIO",
		.source = "Documentation/driver-api/vfio.rst",
		.eval = vfio,
	},
};

const struct via_rule_table descent_early_rules = { rules, VIA_COUNT(rules) };
