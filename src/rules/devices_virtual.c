/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "model/gpu.h"
#include "model/sriov.h"
#include "rules/devices_part.h"

/* What was met among the functions with SR-IOV. */
struct physical {
	size_t count;
	const struct via_pci_device *driverless, *unable, *unsure, *untold;
};

static struct physical look_at_physical(const struct via_host *host, struct via_finding *finding)
{
	struct physical found = { 0 };

	via_for_each (device, &host->pci.devices) {
		if (!fact_number(&pci_sriov(device)->total, 0))
			continue;
		found.count++;
		if (fact_is(&device->driver, VIA_ABSENT))
			found.driverless = device;
		else if (fact_is(&device->driver, VIA_UNKNOWN))
			found.untold = device;
		else if (sriov_driver_can(host, device) == VIA_ABSENT)
			found.unable = device;
		else if (sriov_driver_can(host, device) == VIA_UNKNOWN)
			found.unsure = device;
		finding_cite_value(finding, device->name, "%s, %zu of %llu VFs: %s",
				   pci_driver_words(&device->driver),
				   pci_sriov(device)->virtfns.count,
				   (unsigned long long)pci_sriov(device)->total.number,
				   sriov_driver_words(host, device));
	}
	return found;
}

static enum via_verdict sriov_drivers(const struct via_host *host, struct via_finding *finding)
{
	struct physical found;
	enum via_verdict verdict;

	if (devices_none(host, finding, &verdict))
		return verdict;
	found = look_at_physical(host, finding);
	if (finding_untold_sriov(finding, host, found.count))
		return VIA_CANNOT_TELL;
	if (!found.count) {
		finding_detail(finding, "No function here has SR-IOV.");
		return VIA_SKIP;
	}
	if (found.driverless) {
		finding_detail(finding,
			       "%s has SR-IOV and no driver, and without one no virtual function "
			       "can be made.",
			       found.driverless->name);
		finding_manual(finding, "Load the card's own driver. Most are in the kernel; DKMS "
					"is for a few (i915-sriov-dkms, NVIDIA vGPU).");
		return VIA_WARN;
	}
	if (found.unable) {
		finding_detail(finding, "%s: %s.", found.unable->name,
			       sriov_driver_words(host, found.unable));
		finding_manual(finding, "viaduct show %s tells what the host knows of it.",
			       found.unable->name);
		return VIA_WARN;
	}
	if (found.untold || host_untold_sriov(host)) {
		finding_cite(finding,
			     found.untold ? &found.untold->driver : host_untold_sriov(host));
		return VIA_CANNOT_TELL;
	}
	finding_detail(finding,
		       found.unsure ? "Every function with SR-IOV has a driver; whether that of %s "
				      "makes virtual functions, only writing sriov_numvfs tells."
				    : "Every function with SR-IOV has a driver that makes virtual "
				      "functions.",
		       found.unsure ? found.unsure->name : "");
	return VIA_PASS;
}

static size_t cite_mediated(const struct via_mediated *mediated, struct via_finding *finding)
{
	size_t free = 0;

	via_for_each (parent, &mediated->parents)
		via_for_each (type, &parent->types) {
			free += fact_number(&type->available, 0) > 0;
			finding_cite_value(finding, parent->name, "%s%s%s: %s left", type->id,
					   fact_text(&type->name) ? " " : "",
					   fact_text(&type->name) ? type->name.text : "",
					   fact_is(&type->available, VIA_PRESENT)
						   ? type->available.text
						   : "not told how many");
		}
	return free;
}

static enum via_verdict mediated(const struct via_host *host, struct via_finding *finding)
{
	const struct via_mediated *mediated = &host->mediated;
	size_t free = cite_mediated(mediated, finding);

	finding_cite(finding, &mediated->parents_known);
	if (fact_is(&mediated->devices_known, VIA_UNKNOWN)) {
		finding_cite(finding, &mediated->devices_known);
		return VIA_CANNOT_TELL;
	}
	via_for_each (definition, &mediated->definitions) {
		if (definition->exists || !definition->automatic)
			continue;
		finding_detail(finding,
			       "mdevctl is to make %s on %s at each boot, and it is not there.",
			       definition->uuid, definition->parent);
		finding_manual(finding,
			       "mdevctl start -u %s; if its parent comes late, have the unit that "
			       "needs it wait for the parent.",
			       definition->uuid);
		return VIA_WARN;
	}
	if (fact_is(&mediated->parents_known, VIA_UNKNOWN))
		return VIA_CANNOT_TELL;
	if (fact_is(&mediated->definitions_known, VIA_UNKNOWN)) {
		finding_cite(finding, &mediated->definitions_known);
		return VIA_CANNOT_TELL;
	}
	if (!mediated->parents.count && !mediated->devices.count) {
		finding_detail(finding, "No driver here offers mediated devices (mdev).");
		return VIA_SKIP;
	}
	finding_detail(finding,
		       "%zu parent%s for mediated devices, %zu type%s with room, %zu device%s.",
		       mediated->parents.count, mediated->parents.count == 1 ? "" : "s", free,
		       free == 1 ? "" : "s", mediated->devices.count,
		       mediated->devices.count == 1 ? "" : "s");
	return VIA_PASS;
}

/* How many cards guests can share now; those that lack something, and what is not known. */
struct sharing {
	size_t now, later;
	const char *first, *lacks; /* of those that lack something */
	const struct via_fact *untold;
};

static bool is_left_out(enum via_module_state state)
{
	return state == VIA_MODULE_STATE_LEFT_OUT || state == VIA_MODULE_STATE_NONE ||
	       state == VIA_MODULE_STATE_NOT_INSTALLED;
}

static const char *lack_of_gvt_g(const struct via_host *host, struct sharing *sharing)
{
	static const enum via_module_id needed[] = { VIA_MODULE_MDEV, VIA_MODULE_KVMGT };
	const char *lacks = "could be shared by GVT-g: i915.enable_gvt=1 and the module kvmgt";

	for (size_t i = 0; i < VIA_COUNT(needed); i++) {
		const struct via_module *module = &host->kernel.modules[needed[i]];
		enum via_module_state state = module_state(module);

		if (is_left_out(state))
			return "could be shared by GVT-g, with a kernel that has mdev and kvmgt";
		if (state == VIA_MODULE_STATE_UNKNOWN) {
			sharing->untold = sharing->untold ?: &module->available;
			lacks = "could be shared by GVT-g, if this kernel has mdev and kvmgt";
		}
	}
	return lacks;
}

/* NULL where its driver makes virtual functions as it is. */
static const char *lack_of_sriov(const struct via_host *host, const struct via_pci_device *device,
				 struct sharing *sharing)
{
	switch (sriov_driver_can(host, device)) {
	case VIA_PRESENT:
		return NULL;
	case VIA_ABSENT:
		return "could be shared by SR-IOV: xe, or i915-sriov-dkms with i915.max_vfs=7 and "
		       "i915.enable_guc=3";
	default:
		sharing->untold = sharing->untold ?: &device->driver;
		return "could be shared by SR-IOV, if its driver makes virtual functions";
	}
}

/* One card in a clause, or NULL where nothing can be shared. */
static const char *sharing_state(const struct via_host *host, const struct via_pci_device *device,
				 struct sharing *sharing)
{
	struct via_gpu gpu = { 0 };
	const char *lacks = NULL;

	if (pci_sriov(device)->virtfns.count)
		return sharing->now++, "virtual functions are made";
	via_for_each (parent, &host->mediated.parents)
		if (parent->device == device)
			return sharing->now++, "mediated devices can be made";
	if (gpu_of(device, &gpu) && gpu.sharing == VIA_GPU_GVT_G)
		lacks = lack_of_gvt_g(host, sharing);
	else if (gpu.sharing != VIA_GPU_SRIOV || !fact_number(&pci_sriov(device)->total, 0))
		return NULL;
	else
		lacks = lack_of_sriov(host, device, sharing);
	if (!lacks)
		return sharing->now++, "can be shared: write sriov_numvfs (xe.max_vfs= above 0)";
	sharing->later++;
	sharing->first = sharing->first ?: device->name;
	sharing->lacks = sharing->lacks ?: lacks;
	return lacks;
}

/* What of a card's identity keeps it from being told. */
static const struct via_fact *card_untold(const struct via_pci_device *device)
{
	if (fact_is(&device->vendor, VIA_UNKNOWN) || fact_is(&device->device, VIA_UNKNOWN))
		return &device->vendor;
	return fact_is(&pci_sriov(device)->total, VIA_UNKNOWN) ? &pci_sriov(device)->total : NULL;
}

static enum via_verdict without_mdev(const struct via_mediated *mediated, size_t used,
				     struct via_finding *finding)
{
	finding_detail(finding,
		       "%zu function%s of NVIDIA's driver can carry a vGPU without mdev, %zu %s.",
		       mediated->vgpus.count, mediated->vgpus.count == 1 ? "" : "s", used,
		       used == 1 ? "does" : "do");
	return VIA_PASS;
}

static enum via_verdict tell_sharing(const struct sharing *sharing, struct via_finding *finding)
{
	if (!sharing->now && sharing->untold) {
		finding_cite(finding, sharing->untold);
		return VIA_CANNOT_TELL;
	}
	if (sharing->now)
		finding_detail(finding, "%zu graphics card%s can be shared between guests.",
			       sharing->now, sharing->now == 1 ? "" : "s");
	else if (sharing->later)
		finding_detail(finding, "No graphics card can be shared as this host is; %s %s.",
			       sharing->first, sharing->lacks);
	else
		finding_detail(finding, "No graphics card here can be shared between guests.");
	return sharing->now ? VIA_PASS : VIA_SKIP;
}

static enum via_verdict vgpu(const struct via_host *host, struct via_finding *finding)
{
	const struct via_mediated *mediated = &host->mediated;
	struct sharing sharing = { .untold = host_untold_class(host) };
	size_t used = 0, untold = 0;
	enum via_verdict verdict;

	if (devices_none(host, finding, &verdict))
		return verdict;
	via_for_each (card, &host->graphics.cards) {
		const char *state = sharing_state(host, card->device, &sharing);

		sharing.untold = sharing.untold ?: card_untold(card->device);
		if (state)
			finding_cite_value(finding, card->device->name, "%s", state);
	}
	via_for_each (vgpu, &mediated->vgpus) {
		used += fact_number(&vgpu->current, 0) > 0;
		untold += fact_is(&vgpu->current, VIA_UNKNOWN);
		finding_cite_value(finding, vgpu->name, "vGPU type %s",
				   fact_text(&vgpu->current) ? vgpu->current.text : "not told");
	}
	if (untold)
		return VIA_CANNOT_TELL;
	if (mediated->vgpus.count)
		return without_mdev(mediated, used, finding);
	if (fact_is(&mediated->parents_known, VIA_UNKNOWN))
		sharing.untold = sharing.untold ?: &mediated->parents_known;
	return tell_sharing(&sharing, finding);
}

static void cite_management(const struct via_vdpa *vdpa, struct via_finding *finding)
{
	via_for_each (management, &vdpa->management)
		finding_cite_value(finding,
				   arena_printf(finding->arena, "%s%s%s", management->bus,
						*management->bus ? "/" : "", management->name),
				   "%u queues at most", management->max_queues);
	via_for_each (device, &vdpa->devices)
		finding_cite_value(finding, device->name, "%s%s%s",
				   pci_driver_words(&device->driver), device->node ? ", /dev/" : "",
				   device->node ? device->node : "");
}

static enum via_verdict vdpa(const struct via_host *host, struct via_finding *finding)
{
	const struct via_vdpa *vdpa = &host->vdpa;

	finding_cite(finding, &vdpa->bus);
	if (fact_is(&vdpa->bus, VIA_UNKNOWN))
		return VIA_CANNOT_TELL;
	if (fact_is(&vdpa->bus, VIA_ABSENT)) {
		finding_detail(finding, "The module vdpa is not loaded: no vDPA device here.");
		return VIA_SKIP;
	}
	cite_management(vdpa, finding);
	finding_cite(finding, &vdpa->vduse_control);
	via_for_each (device, &vdpa->devices) {
		if (!fact_is(&device->driver, VIA_ABSENT))
			continue;
		finding_detail(finding, "%s has no driver: no guest and no host can use it.",
			       device->name);
		finding_manual(finding, "modprobe vhost_vdpa for guests, or virtio_vdpa for this "
					"host; driver_override chooses between the two.");
		return VIA_WARN;
	}
	if (fact_is(&vdpa->management_known, VIA_UNKNOWN)) {
		finding_cite(finding, &vdpa->management_known);
		return VIA_CANNOT_TELL;
	}
	finding_detail(finding, "%zu management device%s, %zu vDPA device%s.",
		       vdpa->management.count, vdpa->management.count == 1 ? "" : "s",
		       vdpa->devices.count, vdpa->devices.count == 1 ? "" : "s");
	return VIA_PASS;
}

static enum via_verdict virtio(const struct via_host *host, struct via_finding *finding)
{
	const struct via_virtio *virtio = &host->virtio;
	size_t translated = 0;

	finding_cite(finding, &virtio->known);
	if (fact_is(&virtio->known, VIA_UNKNOWN))
		return VIA_CANNOT_TELL;
	if (!virtio->devices.count) {
		finding_detail(finding, "This host has no virtio device of its own.");
		return VIA_SKIP;
	}
	via_for_each (device, &virtio->devices) {
		const char *kind = virtio_id_name(fact_number(&device->id, 0));
		bool platform =
			fact_number(&device->features, 0) >> VIRTIO_F_ACCESS_PLATFORM_BIT & 1;

		translated += platform;
		finding_cite_value(finding, device->name, "%s, %s%s", kind ? kind : "unknown kind",
				   pci_driver_words(&device->driver),
				   platform ? ", DMA through the IOMMU" : "");
	}
	finding_detail(finding,
		       "%zu virtio device%s of the machine below; the DMA of %zu goes through this "
		       "machine's IOMMU (ACCESS_PLATFORM), and only such can be given on to a "
		       "guest inside.",
		       virtio->devices.count, virtio->devices.count == 1 ? "" : "s", translated);
	return VIA_PASS;
}

static const struct via_rule rules[] = {
	{
		.id = "devices.sriov-drivers",
		.layer = VIA_LAYER_DEVICES,
		.title = "Physical functions have drivers that make virtual ones",
		.source = "drivers/pci/iov.c, sriov_numvfs_store",
		.eval = sriov_drivers,
	},
	{
		.id = "devices.mediated",
		.layer = VIA_LAYER_DEVICES,
		.title = "Mediated devices (mdev)",
		.source = "Documentation/driver-api/vfio-mediated-device.rst; mdevctl(8)",
		.eval = mediated,
	},
	{
		.id = "devices.vgpu",
		.layer = VIA_LAYER_DEVICES,
		.title = "Graphics that guests can share",
		.source = "drivers/gpu/drm/i915/intel_gvt.c; drivers/gpu/drm/xe; NVIDIA vGPU "
			  "documentation, vendor-specific VFIO framework",
		.eval = vgpu,
	},
	{
		.id = "devices.vdpa",
		.layer = VIA_LAYER_DEVICES,
		.title = "vDPA and VDUSE devices",
		.source = "drivers/vdpa/vdpa.c; Documentation/userspace-api/vduse.rst",
		.eval = vdpa,
	},
	{
		.id = "devices.virtio",
		.layer = VIA_LAYER_DEVICES,
		.title = "virtio devices of this host as a guest",
		.source = "include/uapi/linux/virtio_config.h; drivers/virtio/virtio.c",
		.eval = virtio,
	},
};

const struct via_rule_table device_virtual_rules = { rules, VIA_COUNT(rules) };
