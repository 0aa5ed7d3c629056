/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <string.h>

static void probe_kernel_layer(const struct via_root *root, struct via_host *host)
{
	probe_modprobe(root, host);
	probe_modules(root, host);
	probe_module_parameters(root, host);
	if (host->listing)
		return;
	probe_asked_modules(root, host);
	probe_nodes(root, host);
	probe_tuning(root, host);
	probe_framebuffer(root, host);
	probe_surroundings(root, host);
}

/* What of the functions only findings rest on. */
static void probe_judged(const struct via_root *root, struct via_host *host)
{
	probe_resizable(root, host);
	probe_vf_buses(root, host);
	probe_direct_regions(root, host);
}

/* @judged: by rules */
struct purpose {
	bool lean, listing, judged;
};

static struct via_host *look(const struct via_root *root, const struct via_queries *queries,
			     const char *source, enum via_depth depth, struct purpose purpose)
{
	struct via_host *host = host_new();
	struct via_pci_walk *walk;

	host->lean = purpose.lean;
	host->listing = purpose.listing;
	host->source = arena_strdup(host->arena, source);
	host->live = root->live;
	host->depth = depth;
	walk = probe_pci_begin(root, host);
	probe_system(root, queries, host);
	probe_cpu(root, queries, host);
	probe_firmware(root, host);
	probe_kernel(root, host);
	if (purpose.judged)
		probe_kernel_log(root, queries, host);
	probe_kernel_layer(root, host);
	if (purpose.judged)
		probe_kvm(root, queries, host);
	probe_iommu(root, host);
	if (purpose.judged || purpose.listing)
		probe_dkms(root, host);
	probe_pci_end(walk, host);
	probe_groups(root, host);
	if (purpose.judged)
		probe_judged(root, host);
	probe_holders(root, queries, host);
	probe_claims(root, host);
	if (purpose.judged || purpose.listing)
		probe_graphics(root, host);
	probe_mediated(root, host);
	probe_vdpa(root, queries, host);
	probe_virtio(root, host);
	if (!purpose.listing)
		probe_keepers(root, host);
	if (purpose.judged)
		probe_virtfn_settings(root, queries, host);
	return host;
}

struct via_host *probe_host(const struct via_root *root, const struct via_queries *queries,
			    const char *source, enum via_depth depth)
{
	return look(root, queries, source, depth, (struct purpose){ .judged = true });
}

struct via_host *probe_host_lean(const struct via_root *root, const struct via_queries *queries,
				 const char *source, enum via_depth depth)
{
	return look(root, queries, source, depth, (struct purpose){ .lean = true, .judged = true });
}

struct via_host *probe_host_to_list(const struct via_root *root, const struct via_queries *queries,
				    const char *source, enum via_depth depth)
{
	return look(root, queries, source, depth,
		    (struct purpose){ .lean = true, .listing = true });
}

struct via_host *probe_host_to_give(const struct via_root *root, const struct via_queries *queries,
				    const char *source, enum via_depth depth)
{
	return look(root, queries, source, depth, (struct purpose){ .lean = true });
}
