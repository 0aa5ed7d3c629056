/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "rules/kernel_part.h"

/* Memory that another process can map: memfd, or huge pages that are set aside. */
static bool shared_memory(const struct via_host *host, struct via_finding *finding)
{
	const struct via_kernel *kernel = &host->kernel;

	finding_cite(finding, &kernel->options[VIA_OPTION_MEMFD_CREATE]);
	if (kernel_option_is(kernel, VIA_OPTION_MEMFD_CREATE, "y"))
		return true;
	via_for_each (pool, &kernel->tuning.hugepages) {
		if (!fact_number(&pool->free, 0))
			continue;
		finding_cite(finding, &pool->free);
		return true;
	}
	return false;
}

static enum via_verdict vhost_user(const struct via_host *host, struct via_finding *finding)
{
	const struct via_fact *option = &host->kernel.options[VIA_OPTION_MEMFD_CREATE];
	uint64_t back_ends = fact_number(&host->kernel.vhost_user, 0);
	bool shared = shared_memory(host, finding);

	finding_cite(finding, &host->kernel.vhost_user);
	if (!shared && !fact_is(option, VIA_PRESENT))
		return VIA_CANNOT_TELL;
	if (!shared) {
		finding_detail(finding, "This kernel has no memfd, and no huge page is free: a "
					"guest's memory cannot be shared with the program that "
					"serves it.");
		finding_manual(finding, "Set huge pages aside (vm.nr_hugepages), or share a file "
					"in /dev/shm (memory-backend-file, share=on).");
		return VIA_WARN;
	}
	if (back_ends)
		finding_detail(finding,
			       "Available: memory can be shared, and %llu program%s for serving "
			       "rings (virtiofsd and its like) told QEMU so.",
			       (unsigned long long)back_ends, back_ends == 1 ? "" : "s");
	else
		finding_detail(finding,
			       "Available: memory can be shared "
			       "(memory-backend-memfd,share=on); the program that serves "
			       "the rings (virtiofsd, OVS-DPDK, SPDK) is to be installed.");
	return VIA_PASS;
}

static enum via_verdict mdev(const struct via_host *host, struct via_finding *finding)
{
	uint64_t parents = fact_number(&host->kernel.mdev_parents, 0);
	enum via_verdict verdict = has_machinery(finding, host, VIA_MODULE_MDEV, "mdev");

	finding_cite(finding, &host->kernel.mdev_parents);
	if (parents)
		finding_detail(finding, "Available: %llu device%s offer mediated ones.",
			       (unsigned long long)parents, parents == 1 ? "" : "s");
	else if (verdict == VIA_PASS)
		finding_detail(finding, "The kernel is able, and no driver here offers types "
					"(sys/class/mdev_bus). Intel's graphics of the 5th to 10th "
					"generation do with i915.enable_gvt=1; newer ones and "
					"NVIDIA's use virtual functions.");
	if (fact_is(&host->kernel.mdev_parents, VIA_UNKNOWN) &&
	    host->kernel.mdev_parents.error != ENODATA)
		return VIA_CANNOT_TELL;
	return parents ? VIA_PASS : verdict;
}

/* "vhost_vdpa, virtio_vdpa": those of a list that this kernel has or can load */
static const char *those_here(const struct via_host *host, struct via_finding *finding,
			      const enum via_module_id *ids, size_t count)
{
	const char *text = "";

	for (size_t i = 0; i < count; i++) {
		const struct via_module *module = &host->kernel.modules[ids[i]];

		if (!module_can_be_here(module))
			continue;
		cite_module(finding, host, ids[i]);
		text = arena_printf(finding->arena, "%s%s%s", text, *text ? ", " : "",
				    module->name);
	}
	return text;
}

static enum via_verdict vdpa(const struct via_host *host, struct via_finding *finding)
{
	static const enum via_module_id buses[] = { VIA_MODULE_VHOST_VDPA, VIA_MODULE_VIRTIO_VDPA };
	static const enum via_module_id makers[] = {
		VIA_MODULE_MLX5_VDPA,	 VIA_MODULE_IFCVF,	  VIA_MODULE_VP_VDPA,
		VIA_MODULE_PDS_VDPA,	 VIA_MODULE_OCTEP_VDPA,	  VIA_MODULE_SNET_VDPA,
		VIA_MODULE_VDPA_SIM_NET, VIA_MODULE_VDPA_SIM_BLK, VIA_MODULE_VDUSE,
	};
	enum via_verdict verdict = has_machinery(finding, host, VIA_MODULE_VDPA, "vDPA");
	const char *users, *drivers;

	if (verdict != VIA_PASS)
		return verdict;
	users = those_here(host, finding, buses, VIA_COUNT(buses));
	drivers = those_here(host, finding, makers, VIA_COUNT(makers));
	finding_cite(finding, &host->kernel.vdpa_devices);
	finding_detail(finding, "Available; handed on by %s; devices come from %s. %llu %s made.",
		       *users ? users : "no driver of this kernel",
		       *drivers ? drivers : "no driver of this kernel",
		       (unsigned long long)fact_number(&host->kernel.vdpa_devices, 0),
		       fact_number(&host->kernel.vdpa_devices, 0) == 1 ? "is" : "are");
	if (*users && *drivers)
		return VIA_PASS;
	finding_manual(finding, "%s",
		       *users ? "Take a kernel with a driver of a vDPA card, or with VDUSE "
				"(CONFIG_VDPA_USER)."
			      : "Take a kernel with CONFIG_VHOST_VDPA: a guest reaches a vDPA "
				"device by /dev/vhost-vdpa-N.");
	return VIA_WARN;
}

static enum via_verdict vduse(const struct via_host *host, struct via_finding *finding)
{
	const struct via_device_node *node = &host->kernel.nodes[VIA_NODE_VDUSE];
	enum via_verdict verdict = has_machinery(finding, host, VIA_MODULE_VDUSE, "VDUSE");

	if (!module_is_here(&host->kernel.modules[VIA_MODULE_VDUSE]))
		return verdict;
	finding_cite(finding, &node->seen);
	if (fact_is(&node->seen, VIA_UNKNOWN))
		return VIA_CANNOT_TELL;
	if (node->kind == 'c')
		return VIA_PASS;
	finding_detail(finding, "VDUSE is loaded, and /dev/vduse/control is %s.",
		       node->kind ? "no character device" : "missing");
	finding_manual(finding, "Have udev make the node: udevadm trigger.");
	return VIA_WARN;
}

static const struct via_rule rules[] = {
	{
		.id = "descent.vhost-user",
		.layer = VIA_LAYER_KERNEL,
		.title = "Generation 5: vhost-user, rings served by a program",
		.source = "QEMU docs/interop/vhost-user.rst",
		.eval = vhost_user,
	},
	{
		.id = "descent.mdev",
		.layer = VIA_LAYER_KERNEL,
		.title = "Generation 6: VFIO-mdev, a device cut up by its driver",
		.source = "Documentation/driver-api/vfio-mediated-device.rst",
		.eval = mdev,
	},
	{
		.id = "descent.vdpa",
		.layer = VIA_LAYER_KERNEL,
		.title = "Generation 7: vDPA, hardware that speaks virtio",
		.source = "drivers/vdpa/vdpa.c",
		.eval = vdpa,
	},
	{
		.id = "descent.vduse",
		.layer = VIA_LAYER_KERNEL,
		.title = "Generation 8: VDUSE, a vDPA device played by a program",
		.source = "Documentation/userspace-api/vduse.rst",
		.eval = vduse,
	},
};

const struct via_rule_table descent_late_rules = { rules, VIA_COUNT(rules) };
