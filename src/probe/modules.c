/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"

static const char *const names[] = {
	[VIA_MODULE_KVM] = "kvm",
	[VIA_MODULE_KVM_INTEL] = "kvm_intel",
	[VIA_MODULE_KVM_AMD] = "kvm_amd",
	[VIA_MODULE_VFIO] = "vfio",
	[VIA_MODULE_VFIO_TYPE1] = "vfio_iommu_type1",
	[VIA_MODULE_VFIO_PCI] = "vfio_pci",
	[VIA_MODULE_IOMMUFD] = "iommufd",
	[VIA_MODULE_VHOST_NET] = "vhost_net",
	[VIA_MODULE_VHOST_VSOCK] = "vhost_vsock",
	[VIA_MODULE_VDPA] = "vdpa",
	[VIA_MODULE_VDUSE] = "vduse",
	[VIA_MODULE_MDEV] = "mdev",
};
_Static_assert(VIA_COUNT(names) == VIA_MODULES, "every module has a name");

enum { INDEX_LIMIT = 8 * 1024 * 1024 };

/* Whether @index has a path "…/NAME.ko", with dashes and underscores alike. */
static bool index_lists(struct via_span index, const char *name)
{
	const char *at = (const char *)index.data, *end = at + index.size;
	size_t length = strlen(name);

	for (; at && at < end; at = memchr(at, '/', (size_t)(end - at))) {
		size_t i = 0;

		at++;
		while (i < length && at + i < end && (at[i] == '-' ? '_' : at[i]) == name[i])
			i++;
		if (i == length && end - at > (ptrdiff_t)(i + 3) && memcmp(at + i, ".ko", 3) == 0)
			return true;
	}
	return false;
}

static struct via_fact listed(const struct via_blob *index, struct via_arena *arena,
			      const char *name)
{
	const char *path;

	if (!fact_is(&index->fact, VIA_PRESENT))
		return fact_unknown(index->fact.path,
				    index->fact.error ? index->fact.error : ENOENT);
	path = arena_printf(arena, "%s: %s", index->fact.path, name);
	return index_lists(index->span, name) ? fact_present(path, "listed", 1) : fact_absent(path);
}

void probe_modules(const struct via_root *root, struct via_host *host)
{
	const char *release = fact_text(&host->kernel_release);
	struct via_kernel *kernel = &host->kernel;
	struct via_arena *arena = host->arena;
	struct via_blob builtin, loadable;

	if (!release)
		release = "unknown";
	kernel->modules_directory = root_exists(root, arena, "lib/modules/%s", release);
	builtin = root_blob(root, arena, INDEX_LIMIT, "lib/modules/%s/modules.builtin", release);
	loadable = root_blob(root, arena, INDEX_LIMIT, "lib/modules/%s/modules.dep", release);
	for (int i = 0; i < VIA_MODULES; i++) {
		kernel->modules[i] = (struct via_module){
			.name = names[i],
			.loaded = root_exists(root, arena, "sys/module/%s", names[i]),
			.builtin = listed(&builtin, arena, names[i]),
			.available = listed(&loadable, arena, names[i]),
		};
	}
}
