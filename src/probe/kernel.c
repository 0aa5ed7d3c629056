/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "sys/unpack.h"

enum { CONFIG_LIMIT = 4 * 1024 * 1024 };

/* The running kernel's own copy, where it was built to keep one. */
static struct via_blob own_config(const struct via_root *root, struct via_arena *arena)
{
	struct via_blob blob = root_blob(root, arena, CONFIG_LIMIT, "proc/config.gz");
	int r;

	if (!fact_is(&blob.fact, VIA_PRESENT))
		return blob;
	r = unpack_gzip(arena, blob.span, CONFIG_LIMIT, &blob.span);
	if (r < 0)
		blob.fact = fact_unknown(blob.fact.path, -r);
	return blob;
}

/* Where distributions leave the configuration of a kernel, in the order of trust. */
static struct via_blob packaged_config(const struct via_root *root, struct via_arena *arena,
				       const char *release)
{
	static const struct {
		const char *before, *after;
	} places[] = {
		{ "boot/config-", "" },
		{ "lib/modules/", "/config" },
		{ "usr/lib/modules/", "/config" },
		{ "lib/modules/", "/build/.config" },
		{ "usr/lib/ostree-boot/config-", "" },
	};
	struct via_blob blob = { 0 }, other;

	for (size_t i = 0; i < VIA_COUNT(places); i++) {
		other = root_blob(root, arena, CONFIG_LIMIT, "%s%s%s", places[i].before, release,
				  places[i].after);
		if (!i || fact_is(&other.fact, VIA_PRESENT) ||
		    (fact_is(&other.fact, VIA_UNKNOWN) && fact_is(&blob.fact, VIA_ABSENT)))
			blob = other;
		if (fact_is(&other.fact, VIA_PRESENT))
			break;
	}
	return blob;
}

static struct via_blob find_config(const struct via_root *root, struct via_host *host)
{
	const char *release = fact_text(&host->kernel_release);
	struct via_blob own = own_config(root, host->arena), blob;

	if (fact_is(&own.fact, VIA_PRESENT) || !release)
		return own;
	blob = packaged_config(root, host->arena, release);
	/* No file is no answer: the kernel has a configuration all the same. */
	if (fact_is(&blob.fact, VIA_ABSENT))
		blob.fact = fact_unknown(blob.fact.path, own.fact.error ? own.fact.error : ENOENT);
	return blob;
}

static void probe_options(const struct via_root *root, struct via_host *host)
{
	struct via_blob blob = find_config(root, host);
	struct via_kernel *kernel = &host->kernel;
	struct via_kernel_config config;

	kernel->config = blob.fact;
	if (fact_is(&blob.fact, VIA_PRESENT) &&
	    kernel_config_decode(host->arena, blob.span, &config) < 0)
		kernel->config = fact_unknown(blob.fact.path, EBADMSG);
	if (fact_is(&kernel->config, VIA_ABSENT))
		kernel->config = fact_unknown(blob.fact.path, ENOENT);
	kernel->config.text = fact_is(&kernel->config, VIA_PRESENT) ? blob.fact.path : NULL;
	for (int i = 0; i < VIA_KERNEL_OPTION_COUNT; i++) {
		struct via_fact *option = &kernel->options[i];

		*option = kernel->config;
		option->text = NULL;
		if (!fact_is(option, VIA_PRESENT))
			continue;
		option->path = arena_printf(host->arena, "%s: CONFIG_%s", blob.fact.path,
					    kernel_option_name(i));
		option->text = config.values[i];
	}
}

void probe_kernel(const struct via_root *root, struct via_host *host)
{
	host->kernel.command_line = root_text(root, host->arena, "proc/cmdline");
	if (!host->listing)
		probe_options(root, host);
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
	kernel->kvm_nested = *kernel_parameter(kernel, "kvm_intel", "nested");
	if (!fact_is(&kernel->kvm_nested, VIA_PRESENT))
		kernel->kvm_nested = *kernel_parameter(kernel, "kvm_amd", "nested");
}
