/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/cleanup.h"
#include "rules/kernel_part.h"
#include "rules/parameters.h"

/* The parts of VFIO, and drivers that stand in for vfio-pci on certain devices. */
static void cite_family(const struct via_host *host, struct via_finding *finding)
{
	static const enum via_module_id parts[] = { VIA_MODULE_VFIO, VIA_MODULE_VFIO_PCI_CORE,
						    VIA_MODULE_VFIO_TYPE1, VIA_MODULE_IOMMUFD };
	static const enum via_module_id variants[] = {
		VIA_MODULE_MLX5_VFIO_PCI,	 VIA_MODULE_HISI_ACC_VFIO_PCI,
		VIA_MODULE_PDS_VFIO_PCI,	 VIA_MODULE_VIRTIO_VFIO_PCI,
		VIA_MODULE_NVGRACE_GPU_VFIO_PCI, VIA_MODULE_QAT_VFIO_PCI,
		VIA_MODULE_XE_VFIO_PCI,		 VIA_MODULE_ISM_VFIO_PCI,
	};

	for (size_t i = 0; i < VIA_COUNT(parts); i++)
		if (module_state(&host->kernel.modules[parts[i]]) != VIA_MODULE_STATE_UNKNOWN)
			cite_module(finding, host, parts[i]);
	for (size_t i = 0; i < VIA_COUNT(variants); i++)
		if (module_can_be_here(&host->kernel.modules[variants[i]]))
			cite_module(finding, host, variants[i]);
	if (!kernel_since(host, VIA_KERNEL(6, 2)) &&
	    module_can_be_here(&host->kernel.modules[VIA_MODULE_VFIO_VIRQFD]))
		cite_module(finding, host, VIA_MODULE_VFIO_VIRQFD);
}

static enum via_verdict vfio(const struct via_host *host, struct via_finding *finding)
{
	enum via_module_state state = cite_module(finding, host, VIA_MODULE_VFIO_PCI);

	finding_cite(finding, &host->kernel.options[VIA_OPTION_VFIO_PCI]);
	cite_family(host, finding);
	switch (state) {
	case VIA_MODULE_STATE_BUILTIN:
		finding_detail(finding, "vfio-pci is built in: modprobe.d does not reach it, "
					"vfio-pci.ids= on the command line does.");
		return VIA_PASS;
	case VIA_MODULE_STATE_LOADED:
	case VIA_MODULE_STATE_HERE:
		finding_detail(finding, "vfio-pci is here (%s).", module_state_words(state));
		return VIA_PASS;
	case VIA_MODULE_STATE_LOADABLE:
		finding_detail(finding,
			       "vfio-pci is a module, loaded when a device is bound to it.");
		return VIA_PASS;
	case VIA_MODULE_STATE_NOT_INSTALLED:
		finding_detail(finding,
			       "This kernel was built with vfio-pci, and its module is not "
			       "installed.");
		finding_manual(finding, "Install the package with the further modules of this "
					"kernel (linux-modules-extra, kernel-modules-extra).");
		return VIA_FAIL;
	case VIA_MODULE_STATE_LEFT_OUT:
	case VIA_MODULE_STATE_NONE:
		finding_detail(finding, "This kernel has no vfio-pci, neither built in nor as a "
					"module.");
		finding_manual(finding, "Install a kernel with CONFIG_VFIO_PCI (cloud kernels "
					"leave it out).");
		return VIA_FAIL;
	default:
		return VIA_CANNOT_TELL;
	}
}

enum answer { NO, YES, UNTOLD };

/* Groups, and containers with them: always before 6.6, an option since. */
static enum answer groups_offered(const struct via_host *host)
{
	const struct via_kernel *kernel = &host->kernel;

	if (fact_is(&kernel->dev_vfio, VIA_PRESENT) ||
	    kernel_option_is(kernel, VIA_OPTION_VFIO_GROUP, "y"))
		return YES;
	if (!kernel_option(kernel, VIA_OPTION_VFIO_GROUP) || !kernel->config.text)
		return UNTOLD;
	return kernel_since(host, VIA_KERNEL(6, 6)) ? NO : YES;
}

/* A container takes a group by type1, or by iommufd in its place. */
static enum answer back_end_offered(const struct via_host *host)
{
	const struct via_kernel *kernel = &host->kernel;
	const struct via_module *type1 = &kernel->modules[VIA_MODULE_VFIO_TYPE1];

	if (module_can_be_here(type1) ||
	    kernel_option_is(kernel, VIA_OPTION_IOMMUFD_VFIO_CONTAINER, "y"))
		return YES;
	if (module_state(type1) == VIA_MODULE_STATE_UNKNOWN ||
	    !kernel_option(kernel, VIA_OPTION_IOMMUFD_VFIO_CONTAINER))
		return UNTOLD;
	return NO;
}

static enum answer cdev_offered(const struct via_host *host)
{
	const struct via_kernel *kernel = &host->kernel;

	if (fact_is(&kernel->vfio_devices, VIA_PRESENT) ||
	    kernel_option_is(kernel, VIA_OPTION_VFIO_DEVICE_CDEV, "y"))
		return YES;
	return kernel_option(kernel, VIA_OPTION_VFIO_DEVICE_CDEV) ? NO : UNTOLD;
}

static const char interfaces_for[] = "QEMU takes groups, and since 8.2 cdev with -object iommufd; "
				     "cloud-hypervisor and older libvirt take groups only.";

static enum via_verdict with_groups(const struct via_host *host, struct via_finding *finding,
				    enum answer cdev)
{
	enum answer back_end = back_end_offered(host);

	cite_module(finding, host, VIA_MODULE_VFIO_TYPE1);
	finding_cite(finding, &host->kernel.options[VIA_OPTION_IOMMUFD_VFIO_CONTAINER]);
	if (back_end == UNTOLD)
		return VIA_CANNOT_TELL;
	if (back_end == NO) {
		finding_detail(finding,
			       "Groups (/dev/vfio/N) without a back end: this kernel has "
			       "neither type1 nor iommufd for containers, and no device "
			       "can be attached by its group.%s",
			       cdev == YES ? " Device nodes for iommufd are there." : "");
		finding_manual(finding,
			       cdev == YES ? "Use QEMU 8.2 or newer with -object iommufd, or a "
					     "kernel with CONFIG_VFIO_IOMMU_TYPE1."
					   : "Use a kernel with CONFIG_VFIO_IOMMU_TYPE1, and "
					     "its module installed.");
		return VIA_WARN;
	}
	finding_detail(finding, "%s %s",
		       cdev == YES ? "Both: groups (/dev/vfio/N) and device nodes for iommufd "
				     "(/dev/vfio/devices)."
				   : "Groups (/dev/vfio/N) only; device nodes for iommufd need "
				     "CONFIG_VFIO_DEVICE_CDEV, which this kernel leaves out.",
		       interfaces_for);
	return VIA_PASS;
}

static enum via_verdict interfaces(const struct via_host *host, struct via_finding *finding)
{
	const struct via_kernel *kernel = &host->kernel;
	enum via_module_state state = cite_module(finding, host, VIA_MODULE_VFIO);
	enum answer groups = groups_offered(host), cdev = cdev_offered(host);

	finding_cite(finding, &kernel->dev_vfio);
	finding_cite(finding, &kernel->dev_iommufd);
	finding_cite(finding, &kernel->options[VIA_OPTION_VFIO_GROUP]);
	finding_cite(finding, &kernel->options[VIA_OPTION_VFIO_DEVICE_CDEV]);
	finding_cite(finding, &kernel->options[VIA_OPTION_IOMMUFD]);
	if (state == VIA_MODULE_STATE_LEFT_OUT || state == VIA_MODULE_STATE_NONE) {
		finding_detail(finding, "This kernel has no VFIO: see kernel.vfio.");
		return VIA_SKIP;
	}
	if (groups == UNTOLD || cdev == UNTOLD)
		return VIA_CANNOT_TELL;
	if (groups == YES)
		return with_groups(host, finding, cdev);
	finding_detail(finding, "%s %s",
		       cdev == YES ? "Device nodes for iommufd only; this kernel was built without "
				     "groups."
				   : "Neither groups nor device nodes are built in.",
		       interfaces_for);
	finding_manual(finding, cdev == YES ? "Use QEMU 8.2 or newer with -object iommufd, or a "
					      "kernel with CONFIG_VFIO_GROUP."
					    : "Use a kernel with CONFIG_VFIO_GROUP.");
	return VIA_WARN;
}

static bool open_to_all(const struct via_device_node *node)
{
	return fact_is(&node->seen, VIA_PRESENT) && (node->mode & 02);
}

/* What is wrong with the nodes of groups and devices; NULL where nothing is. */
static const char *wrong_nodes(const struct via_host *host, struct via_finding *finding)
{
	const struct via_device_node *closed = NULL;

	via_for_each (node, &host->kernel.vfio_nodes) {
		struct via_fact lets = node_lets(node, &host->kernel.caller);

		finding_cite(finding, &node->seen);
		if (node->kind && node->kind != 'c')
			return arena_printf(finding->arena, "/%s is no character device",
					    node->name);
		if (open_to_all(node))
			return arena_printf(finding->arena,
					    "/%s may be opened by every user, who then has the "
					    "device and its DMA",
					    node->name);
		if (fact_is(&lets, VIA_PRESENT) && !lets.number)
			closed = node;
	}
	return closed ? arena_printf(finding->arena,
				     "This user may not open /%s, which a guest of theirs needs",
				     closed->name)
		      : NULL;
}

static enum via_verdict vfio_nodes(const struct via_host *host, struct via_finding *finding)
{
	const struct via_device_node *container = &host->kernel.nodes[VIA_NODE_VFIO];
	const char *wrong;

	finding_cite(finding, &container->seen);
	if (fact_is(&container->seen, VIA_ABSENT) && !host->kernel.vfio_nodes.count) {
		finding_detail(finding, "No device is on vfio-pci yet, so there are no nodes.");
		return VIA_SKIP;
	}
	if (container->kind && container->kind != 'c') {
		finding_detail(finding, "/dev/vfio/vfio is no character device.");
		finding_manual(finding, "Remove it and load vfio again.");
		return VIA_FAIL;
	}
	wrong = wrong_nodes(host, finding);
	if (wrong) {
		finding_detail(finding, "%s.", wrong);
		finding_manual(finding, "Give the node to whom it is for with a udev rule: "
					"SUBSYSTEM==\"vfio\", OWNER=\"root\", GROUP=\"kvm\", "
					"MODE=\"0660\". libvirt needs none.");
		return VIA_WARN;
	}
	if (fact_is(&container->seen, VIA_UNKNOWN) || fact_is(&container->seen, VIA_NOT_ASKED))
		return VIA_CANNOT_TELL;
	finding_detail(finding,
		       "/dev/vfio/vfio is %s; %zu node%s of groups and devices. systemd "
		       "opens the first to all, those of groups stay root's.",
		       container->seen.text ? container->seen.text : "there",
		       host->kernel.vfio_nodes.count,
		       host->kernel.vfio_nodes.count == 1 ? "" : "s");
	return VIA_PASS;
}

static const struct via_rule rules[] = {
	{
		.id = "kernel.vfio",
		.layer = VIA_LAYER_KERNEL,
		.title = "VFIO is in this kernel",
		.source = "Documentation/driver-api/vfio.rst",
		.eval = vfio,
	},
	{
		.id = "vfio.interfaces",
		.layer = VIA_LAYER_KERNEL,
		.title = "Which of VFIO's interfaces there are: groups, iommufd",
		.source = "drivers/vfio/Kconfig, VFIO_GROUP and VFIO_DEVICE_CDEV",
		.eval = interfaces,
	},
	{
		.id = "kernel.vfio-nodes",
		.layer = VIA_LAYER_KERNEL,
		.title = "VFIO's nodes are whose they should be",
		.source = "drivers/vfio/group.c, vfio_devnode; systemd 50-udev-default.rules",
		.eval = vfio_nodes,
	},
};

const struct via_rule_table kernel_vfio_rules = { rules, VIA_COUNT(rules) };
