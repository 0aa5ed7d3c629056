/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "decode/cmdline.h"
#include "decode/line.h"

enum { FILE_LIMIT = 1024 * 1024 };

/* What a file of an earlier directory says, one of the same name further on cannot. */
static const char *const directories[] = { "etc/modprobe.d", "run/modprobe.d",
					   "usr/local/lib/modprobe.d", "usr/lib/modprobe.d",
					   "lib/modprobe.d" };

static void read_file(const struct via_root *root, struct via_host *host, const char *path)
{
	struct via_blob blob = root_blob(root, host->arena, FILE_LIMIT, "%s", path);
	struct via_kernel *kernel = &host->kernel;
	struct via_modprobe_conf conf;

	if (!fact_is(&blob.fact, VIA_PRESENT)) {
		kernel->modprobe_known = blob.fact;
		return;
	}
	modprobe_conf_decode(host->arena, blob.span, &conf);
	via_for_each (line, &conf.lines)
		*via_list_add(host->arena, &kernel->modprobe) = (struct via_modprobe_rule){
			.kind = line->kind,
			.module = line->module,
			.text = line->text,
			.place = arena_printf(host->arena, "%s:%u", path, line->number),
		};
	if (fact_is(&kernel->modprobe_known, VIA_PRESENT))
		kernel->modprobe_known.number++;
}

/* Meant for modprobe: it says something, and its name has no ending that puts it aside. */
static void note_unread(const struct via_root *root, struct via_host *host, const char *path)
{
	struct via_modprobe_conf conf;
	struct via_blob blob;

	if (strchr(strrchr(path, '/'), '.') || text_ends(path, "~"))
		return;
	blob = root_blob(root, host->arena, FILE_LIMIT, "%s", path);
	modprobe_conf_decode(host->arena, blob.span, &conf);
	if (conf.lines.count)
		*via_list_add(host->arena, &host->kernel.modprobe_unread) = path;
}

/*
 * Source: modprobe.d(5). A directory that is not there says nothing; etc/modprobe.d is the
 * one that a captured tree must hold to be believed.
 */
void probe_modprobe(const struct via_root *root, struct via_host *host)
{
	struct via_names seen = { 0 }, names;

	for (size_t i = 0; i < VIA_COUNT(directories); i++) {
		struct via_fact directory =
			root_entries(root, host->arena, &names, "%s", directories[i]);

		if (i == 0) {
			host->kernel.modprobe_known = directory;
			host->kernel.modprobe_known.number = 0;
		}
		via_for_each (name, &names) {
			const char *path =
				arena_printf(host->arena, "%s/%s", directories[i], *name);

			if (!text_ends(*name, ".conf")) {
				note_unread(root, host, path);
			} else if (!names_have(&seen, *name)) {
				*via_list_add(host->arena, &seen) = *name;
				read_file(root, host, path);
			}
		}
	}
}

/* A name begins each line; options follow it. */
static void read_asked(const struct via_root *root, struct via_host *host, const char *path)
{
	struct via_blob blob = root_blob(root, host->arena, FILE_LIMIT, "%s", path);
	char *line;

	while (fact_is(&blob.fact, VIA_PRESENT) && (line = line_next(host->arena, &blob.span))) {
		char *name = line_trim(line);

		if (!*name || *name == '#' || *name == ';')
			continue;
		name[strcspn(name, " \t")] = '\0';
		for (char *at = name; *at; at++)
			*at = *at == '-' ? '_' : *at;
		*via_list_add(host->arena, &host->kernel.asked) =
			(struct via_named_module){ name, blob.fact.path };
	}
}

/* Source: modules-load.d(5), modules(5) of kmod in Debian */
void probe_asked_modules(const struct via_root *root, struct via_host *host)
{
	struct via_names names;

	read_asked(root, host, "etc/modules");
	root_entries(root, host->arena, &names, "etc/modules-load.d");
	via_for_each (name, &names)
		if (text_ends(*name, ".conf"))
			read_asked(root, host,
				   arena_printf(host->arena, "etc/modules-load.d/%s", *name));
}

static void look_at(const struct via_root *root, struct via_host *host, const char *module,
		    const char *name)
{
	struct via_kernel *kernel = &host->kernel;
	const struct via_module *known = kernel_module(kernel, module);
	struct via_live_parameter *parameter;

	if (kernel_parameter(kernel, module, name)->known != VIA_NOT_ASKED)
		return;
	parameter = via_list_add(host->arena, &kernel->parameters);
	*parameter = (struct via_live_parameter){ .module = module, .name = name };
	if (known && !fact_is(&known->loaded, VIA_PRESENT))
		parameter->value = known->loaded;
	else
		parameter->value =
			root_text(root, host->arena, "sys/module/%s/parameters/%s", module, name);
}

/* Those that decide something, whoever set them. */
static void look_at_known(const struct via_root *root, struct via_host *host)
{
	static const struct {
		const char *module, *name;
	} known[] = {
		{ "kvm", "ignore_msrs" },
		{ "kvm", "report_ignored_msrs" },
		{ "kvm", "halt_poll_ns" },
		{ "kvm", "enable_virt_at_load" },
		{ "kvm_intel", "nested" },
		{ "kvm_intel", "ept" },
		{ "kvm_intel", "unrestricted_guest" },
		{ "kvm_amd", "nested" },
		{ "kvm_amd", "npt" },
		{ "kvm_amd", "avic" },
		{ "vfio", "enable_unsafe_noiommu_mode" },
		{ "vfio_iommu_type1", "allow_unsafe_interrupts" },
		{ "vfio_iommu_type1", "dma_entry_limit" },
		{ "iommufd", "allow_unsafe_interrupts" },
		{ "vfio_pci", "disable_idle_d3" },
		{ "vfio_pci", "disable_vga" },
		{ "vfio_pci", "nointxmask" },
		{ "vfio_pci", "enable_sriov" },
		{ "i915", "max_vfs" },
		{ "i915", "enable_gvt" },
		{ "xe", "max_vfs" },
	};

	for (size_t i = 0; i < VIA_COUNT(known); i++)
		look_at(root, host, known[i].module, known[i].name);
}

/* A name in a file may hold anything but what would lead elsewhere. */
static bool is_plain(const char *name)
{
	return *name && *name != '.' && !strchr(name, '/');
}

static void look_at_words(const struct via_root *root, struct via_host *host, const char *module,
			  const char *text)
{
	struct via_cmdline words;

	cmdline_decode(host->arena, text, &words);
	via_for_each (word, &words)
		if (is_plain(module) && is_plain(word->name))
			look_at(root, host, module, word->name);
}

void probe_module_parameters(const struct via_root *root, struct via_host *host)
{
	look_at_known(root, host);
	via_for_each (rule, &host->kernel.modprobe)
		if (rule->kind == VIA_MODPROBE_OPTIONS)
			look_at_words(root, host, rule->module, rule->text);
}
