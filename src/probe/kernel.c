/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"

enum { CONFIG_LIMIT = 2 * 1024 * 1024 };

/* Where distributions leave the configuration of a kernel, in the order of trust. */
static struct via_fact find_config(const struct via_root *root, struct via_host *host)
{
	static const char *const places[] = { "boot/config-%s", "lib/modules/%s/config",
					      "lib/modules/%s/build/.config" };
	const char *release = fact_text(&host->kernel_release);
	struct via_fact fact = fact_unknown("boot/config-*", ENODATA);

	for (size_t i = 0; release && i < VIA_COUNT(places); i++) {
		char *path = arena_printf(host->arena, "%s", places[i]);
		char *mark = strstr(path, "%s");

		path = arena_printf(host->arena, "%.*s%s%s", (int)(mark - path), path, release,
				    mark + 2);
		fact = root_exists(root, host->arena, "%s", path);
		if (fact_is(&fact, VIA_PRESENT))
			return fact_present(path, path, 1);
	}
	/* No file is no answer: the kernel has a configuration all the same. */
	return fact_unknown(fact.path, fact.error ? fact.error : ENOENT);
}

/* "y", "m", or "n" where the file leaves the option out. */
static struct via_fact option(const struct via_root *root, struct via_host *host, const char *name)
{
	const struct via_fact *config = &host->kernel.config;
	const char *path;
	struct via_fact fact;

	if (!fact_is(config, VIA_PRESENT))
		return *config;
	fact = probe_search(root, host->arena, config->text, CONFIG_LIMIT,
			    arena_printf(host->arena, "CONFIG_%s=", name));
	path = arena_printf(host->arena, "%s: CONFIG_%s", config->text, name);
	if (fact_is(&fact, VIA_ABSENT))
		return fact_present(path, "n", 0);
	fact.path = path;
	return fact;
}

void probe_kernel(const struct via_root *root, struct via_host *host)
{
	struct via_kernel *kernel = &host->kernel;

	kernel->command_line = root_text(root, host->arena, "proc/cmdline");
	kernel->config = find_config(root, host);
	kernel->config_intel_iommu = option(root, host, "INTEL_IOMMU");
	kernel->config_intel_iommu_default_on = option(root, host, "INTEL_IOMMU_DEFAULT_ON");
	if (fact_text(&kernel->config_intel_iommu_default_on) &&
	    strcmp(kernel->config_intel_iommu_default_on.text, "n") == 0)
		/* Debian's own choice: on for all but the integrated GPU. */
		kernel->config_intel_iommu_default_on =
			option(root, host, "INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF");
	kernel->config_amd_iommu = option(root, host, "AMD_IOMMU");
	kernel->config_vfio_pci = option(root, host, "VFIO_PCI");
	kernel->config_iommufd = option(root, host, "IOMMUFD");
	kernel->config_pci_iov = option(root, host, "PCI_IOV");
}

static struct via_fact nested(const struct via_root *root, struct via_arena *arena)
{
	struct via_fact fact = root_text(root, arena, "sys/module/kvm_intel/parameters/nested");

	if (fact_is(&fact, VIA_PRESENT))
		return fact;
	return root_text(root, arena, "sys/module/kvm_amd/parameters/nested");
}

void probe_kvm(const struct via_root *root, const struct via_queries *queries,
	       struct via_host *host)
{
	struct via_kernel *kernel = &host->kernel;
	struct via_kvm_answer answer;

	query_kvm(queries, &answer);
	kernel->kvm_open = answer.open;
	kernel->kvm_api = answer.api_version;
	kernel->kvm_create_vm = answer.create_vm;
	kernel->kvm_max_vcpus = answer.max_vcpus;
	kernel->kvm_nested = nested(root, host->arena);
}
