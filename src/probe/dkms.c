/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "decode/dkms_conf.h"
#include "decode/module_signature.h"

static const char tree[] = "var/lib/dkms";

enum {
	CONFIG_BYTES = 1024 * 1024,
	CONF_BYTES = 64 * 1024,
	INDEX_BYTES = 8 * 1024 * 1024,
	TAIL_BYTES = 4096,
	KEY_BYTES = 65536
};

/* What is asked of every package for one kernel. */
struct kernel_look {
	const struct via_root *root;
	struct via_host *host;
	const char *release;
	const char *machine;	      /* as uname -m tells; NULL where that is not known */
	struct via_blob dependencies; /* modules.dep */
};

/* Folders that a removed kernel leaves behind hold no modules.builtin. */
static void probe_kernels(const struct via_root *root, struct via_host *host)
{
	struct via_dkms *dkms = &host->kernel.dkms_kernels;
	struct via_names names;

	dkms->kernels_known = root_entries(root, host->arena, &names, "lib/modules");
	via_for_each (name, &names) {
		struct via_fact there =
			root_exists(root, host->arena, "lib/modules/%s/modules.builtin", *name);

		if (!fact_is(&there, VIA_ABSENT))
			*via_list_add(host->arena, &dkms->kernels) = *name;
	}
	dkms->kernels_known.number = dkms->kernels.count;
}

/* The line of modules.dep for module @name: its path, relative to lib/modules/RELEASE. */
static const char *path_of_module(const struct kernel_look *look, const char *name)
{
	const char *at = (const char *)look->dependencies.span.data;
	const char *end = at + look->dependencies.span.size;
	size_t length = strlen(name);

	while (at && at < end) {
		const char *line_end = memchr(at, '\n', (size_t)(end - at));
		const char *colon = memchr(at, ':', (size_t)((line_end ? line_end : end) - at));
		const char *file = colon;
		size_t i = 0;

		while (file && file > at && file[-1] != '/')
			file--;
		while (colon && i < length && file + i < colon &&
		       (file[i] == '-' ? '_' : file[i]) == name[i])
			i++;
		if (colon && i == length && colon - file > (ptrdiff_t)(i + 2) &&
		    memcmp(file + i, ".ko", 3) == 0)
			return arena_strndup(look->host->arena, at, (size_t)(colon - at));
		at = line_end ? line_end + 1 : NULL;
	}
	return NULL;
}

static struct via_fact signer_of(const struct kernel_look *look, const char *path)
{
	struct via_module_signature signature;
	struct via_blob tail;

	path = arena_printf(look->host->arena, "lib/modules/%s/%s", look->release, path);
	if (!text_ends(path, ".ko"))
		return fact_unknown(path, EOPNOTSUPP); /* compressed: its end is not the module's */
	tail = root_tail(look->root, look->host->arena, TAIL_BYTES, path);
	if (!fact_is(&tail.fact, VIA_PRESENT))
		return tail.fact;
	module_signature_decode(look->host->arena, tail.span, &signature);
	if (!signature.there)
		return fact_absent(path);
	return fact_present(path, signature.signer ? signature.signer : "somebody", 1);
}

/* Of several modules of one package, the worst: nobody signed it, then what could not be told. */
static void keep_worst(struct via_fact *signer, struct via_fact another)
{
	if (fact_is(signer, VIA_ABSENT) ||
	    (fact_is(signer, VIA_UNKNOWN) && !fact_is(&another, VIA_ABSENT)))
		return;
	*signer = another;
}

/* Kept for the kernel that depmod lists: of two with one name, only one is. */
static void probe_installed(const struct kernel_look *look, const struct via_dkms_package *package,
			    struct via_dkms_build *build)
{
	via_for_each (module, &package->modules) {
		const char *path = path_of_module(look, *module);

		if (!path)
			continue;
		if (text_starts(path, "kernel/")) {
			if (build->state != VIA_DKMS_ADDED)
				build->state = VIA_DKMS_SHADOWED;
			continue;
		}
		if (build->state != VIA_DKMS_SHADOWED)
			build->state = VIA_DKMS_INSTALLED;
		keep_worst(&build->signer, signer_of(look, path));
	}
}

static void note_untold(struct via_dkms_build *build, struct via_fact fact)
{
	if (fact_is(&fact, VIA_UNKNOWN) && fact.error != ENODATA)
		build->untold = fact;
}

/* What of BUILD_EXCLUSIVE_CONFIG this kernel lacks; unread where nothing is asked for. */
static const char *lacking(const struct kernel_look *look, const struct via_dkms_conf *conf)
{
	struct via_blob config;

	if (!conf->config)
		return NULL;
	config = root_blob(look->root, look->host->arena, CONFIG_BYTES, "boot/config-%s",
			   look->release);
	if (!fact_is(&config.fact, VIA_PRESENT))
		config = root_blob(look->root, look->host->arena, CONFIG_BYTES,
				   "lib/modules/%s/build/.config", look->release);
	return fact_is(&config.fact, VIA_PRESENT)
		       ? dkms_conf_lacks(look->host->arena, conf, config.span)
		       : NULL;
}

static bool has_other_versions(const struct kernel_look *look,
			       const struct via_dkms_package *package)
{
	via_for_each (other, &look->host->kernel.dkms)
		if (other != package && strcmp(other->name, package->name) == 0)
			return true;
	return false;
}

/* var/lib/dkms/NAME/kernel-RELEASE-MACHINE -> VERSION/RELEASE/MACHINE; no machine has a hyphen. */
static struct via_fact link_of(const struct kernel_look *look,
			       const struct via_dkms_package *package)
{
	const char *start = arena_printf(look->host->arena, "kernel-%s-", look->release);

	via_for_each (link, &package->links)
		if (text_starts(*link, start) && !strchr(*link + strlen(start), '-'))
			return root_link_target(look->root, look->host->arena, "%s/%s/%s", tree,
						package->name, *link);
	return fact_absent(start);
}

static bool leads_to(const char *target, const char *version, const char *release)
{
	size_t length = strlen(version);
	const char *at = target;

	while ((at = strstr(at, version))) {
		if ((at == target || at[-1] == '/') && at[length] == '/' &&
		    text_starts(at + length + 1, release))
			return true;
		at++;
	}
	return false;
}

/*
 * Whether a module of that name, where there is one, is of this version: DKMS's link names the
 * version; without one, what was never built is not it where another version may be.
 */
static bool may_be_installed(const struct kernel_look *look, const struct via_dkms_package *package,
			     struct via_dkms_build *build)
{
	struct via_fact link = link_of(look, package);

	note_untold(build, link);
	if (fact_text(&link))
		return leads_to(link.text, package->version, look->release);
	return build->state == VIA_DKMS_BUILT || !has_other_versions(look, package);
}

static void probe_build(const struct kernel_look *look, struct via_dkms_package *package,
			const struct via_dkms_conf *conf)
{
	const char *running = fact_text(&look->host->kernel_release);
	struct via_dkms_build *build = via_list_add(look->host->arena, &package->builds);
	struct via_fact built = root_exists(look->root, look->host->arena, "%s/%s/%s/%s", tree,
					    package->name, package->version, look->release);

	build->kernel = look->release;
	build->state = fact_is(&built, VIA_PRESENT) ? VIA_DKMS_BUILT : VIA_DKMS_ADDED;
	build->is_running = running && strcmp(running, look->release) == 0;
	build->is_newer = running && strverscmp(look->release, running) > 0;
	build->excluded = dkms_conf_excludes(conf, look->release, look->machine) == 1;
	build->lacks = lacking(look, conf);
	build->headers =
		root_exists(look->root, look->host->arena, "lib/modules/%s/build", look->release);
	note_untold(build, built);
	note_untold(build, look->dependencies.fact);
	note_untold(build, package->conf);
	if (!may_be_installed(look, package, build))
		return;
	/* Without the index it cannot be told what is loaded: DKMS's own word stands. */
	if (fact_is(&look->dependencies.fact, VIA_PRESENT) && package->modules.count)
		probe_installed(look, package, build);
	else if (build->state == VIA_DKMS_BUILT)
		build->state = VIA_DKMS_INSTALLED;
}

static void probe_conf(const struct via_root *root, struct via_host *host,
		       struct via_dkms_package *package, struct via_dkms_conf *ret)
{
	struct via_blob file = root_blob(root, host->arena, CONF_BYTES, "%s/%s/%s/source/dkms.conf",
					 tree, package->name, package->version);

	package->conf = file.fact;
	*ret = (struct via_dkms_conf){ .untold = true };
	if (!fact_is(&file.fact, VIA_PRESENT))
		return;
	dkms_conf_decode(host->arena, file.span, ret);
	package->modules = ret->modules;
	package->only = ret->only;
	package->autoinstall = ret->autoinstall;
}

/* var/lib/dkms/NAME/VERSION/KERNEL is there once the module is built for that kernel. */
static void probe_version(const struct via_root *root, struct via_host *host, const char *name,
			  const char *version, struct via_names links)
{
	struct via_dkms_package *package = via_list_add(host->arena, &host->kernel.dkms);
	const char *running = fact_text(&host->kernel_release);
	struct via_names entries;
	char *kernels = arena_strdup(host->arena, "");

	package->name = name;
	package->version = version;
	package->links = links;
	root_entries(root, host->arena, &entries, "%s/%s/%s", tree, name, version);
	via_for_each (entry, &entries) {
		if (strcmp(*entry, "source") == 0 || strcmp(*entry, "build") == 0)
			continue;
		kernels = arena_printf(host->arena, "%s%s%s", kernels, *kernels ? " " : "", *entry);
		package->built_for_running |= running && strcmp(*entry, running) == 0;
	}
	package->kernels = kernels;
}

static bool is_link(const char *name)
{
	return text_starts(name, "kernel-");
}

static void probe_versions(const struct via_root *root, struct via_host *host, const char *name,
			   const struct via_names *entries)
{
	struct via_names links = { 0 };

	via_for_each (entry, entries)
		if (is_link(*entry))
			*via_list_add(host->arena, &links) = *entry;
	via_for_each (entry, entries)
		if (!is_link(*entry) && strcmp(*entry, "original_module") != 0)
			probe_version(root, host, name, *entry, links);
}

static void probe_packages(const struct via_root *root, struct via_host *host)
{
	struct via_names packages, versions;

	host->kernel.dkms_tree = root_entries(root, host->arena, &packages, "%s", tree);
	via_for_each (name, &packages) {
		struct via_fact folder =
			root_entries(root, host->arena, &versions, "%s/%s", tree, *name);

		if (fact_is(&folder, VIA_UNKNOWN) && folder.error != ENOTDIR)
			host->kernel.dkms_tree = folder;
		if (!fact_is(&folder, VIA_PRESENT))
			continue; /* mok.key, mok.pub, dkms_dbversion */
		probe_versions(root, host, *name, &versions);
	}
}

/* Firmware's list holds each certificate whole. */
static void probe_key(const struct via_root *root, struct via_host *host)
{
	static const char list[] = "sys/firmware/efi/efivars/"
				   "MokListRT-605dab50-e046-4300-abb6-3dd810dd8b23";
	static const char *const keys[] = { "var/lib/dkms/mok.pub",
					    "var/lib/shim-signed/mok/MOK.der" };
	struct via_dkms *dkms = &host->kernel.dkms_kernels;
	struct via_blob key = { 0 }, enrolled;

	for (size_t i = 0; i < VIA_COUNT(keys) && !fact_is(&key.fact, VIA_PRESENT); i++)
		key = root_blob(root, host->arena, KEY_BYTES, "%s", keys[i]);
	dkms->key = key.fact;
	if (!key.span.size)
		return;
	enrolled = root_blob(root, host->arena, KEY_BYTES, "%s", list);
	dkms->enrolled = enrolled.fact;
	if (fact_is(&enrolled.fact, VIA_PRESENT) &&
	    !memmem(enrolled.span.data, enrolled.span.size, key.span.data, key.span.size))
		dkms->enrolled = fact_absent(enrolled.fact.path);
}

/* Linux 6.1 says it; before, a distribution's release may, in its own word. */
static const char *machine_of(const struct via_root *root, struct via_host *host)
{
	static const struct {
		const char *end, *machine;
	} ends[] = {
		{ "x86_64", "x86_64" },	  { "amd64", "x86_64" },    { "aarch64", "aarch64" },
		{ "arm64", "aarch64" },	  { "ppc64le", "ppc64le" }, { "s390x", "s390x" },
		{ "riscv64", "riscv64" },
	};
	struct via_fact machine = root_text(root, host->arena, "proc/sys/kernel/arch");
	const char *release = fact_text(&host->kernel_release) ?: "";

	if (fact_text(&machine))
		return machine.text;
	for (size_t i = 0; i < VIA_COUNT(ends); i++)
		if (text_ends(release, ends[i].end))
			return ends[i].machine;
	return NULL;
}

void probe_dkms(const struct via_root *root, struct via_host *host)
{
	struct via_kernel *kernel = &host->kernel;
	const char *machine;

	probe_packages(root, host);
	if (!kernel->dkms.count)
		return;
	probe_kernels(root, host);
	probe_key(root, host);
	machine = machine_of(root, host);
	via_for_each (release, &kernel->dkms_kernels.kernels) {
		struct kernel_look look = {
			.root = root, .host = host, .release = *release, .machine = machine
		};

		look.dependencies = root_blob(root, host->arena, INDEX_BYTES,
					      "lib/modules/%s/modules.dep", *release);
		via_for_each (package, &kernel->dkms) {
			struct via_dkms_conf conf;

			probe_conf(root, host, package, &conf);
			probe_build(&look, package, &conf);
		}
	}
}
