/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/kernel_part.h"

#include <string.h>

#include "base/cleanup.h"
#include "rules/lint.h"

void booted_line(const struct via_host *host, struct via_arena *arena, struct via_cmdline *ret)
{
	const char *text = fact_text(&host->kernel.command_line);

	cmdline_decode(arena, text ? text : "", ret);
}

bool kernel_since(const struct via_host *host, unsigned int version)
{
	return lint_kernel_of(host).version >= version;
}

const char *host_direct_refusal(const struct via_host *host)
{
	bool amd = host_iommu_table(host) == &host->firmware.ivrs;

	if (kernel_since(host, VIA_KERNEL(6, 6)))
		return "Firmware has requested this device have a 1:1 IOMMU mapping";
	if (amd && fact_is(&host->kernel_release, VIA_PRESENT))
		return NULL;
	return "Device is ineligible for IOMMU domain attach";
}

static bool is_cited(const struct via_finding *finding, const char *path)
{
	via_for_each (evidence, &finding->evidence)
		if (evidence->path && strcmp(evidence->path, path) == 0)
			return true;
	return false;
}

enum via_module_state cite_module(struct via_finding *finding, const struct via_host *host,
				  enum via_module_id id)
{
	const struct via_module *module = &host->kernel.modules[id];
	enum via_module_state state = module_state(module);

	const char *path = arena_printf(finding->arena, "module %s", module->name);

	if (state != VIA_MODULE_STATE_UNKNOWN) {
		if (!is_cited(finding, path))
			finding_cite_value(finding, path, "%s", module_state_words(state));
		return state;
	}
	finding_cite(finding, &module->loaded);
	finding_cite(finding, &module->builtin);
	finding_cite(finding, &module->available);
	finding_cite(finding, &module->config);
	return state;
}

bool says_yes(const struct via_fact *parameter)
{
	const char *text = fact_text(parameter);

	return text && (*text == 'Y' || *text == 'y' || (*text >= '1' && *text <= '9'));
}

const char *add_sentence(struct via_finding *finding, const char *text, const char *format, ...)
{
	va_list arguments;
	char *more;

	va_start(arguments, format);
	more = arena_vprintf(finding->arena, format, arguments);
	va_end(arguments);
	return text && *text ? arena_printf(finding->arena, "%s. %s", text, more) : more;
}

static const char *option_of(enum via_module_id id)
{
	enum via_kernel_option option = module_kind(id)->option;

	return option < VIA_KERNEL_OPTION_COUNT ? kernel_option_name(option) : "?";
}

enum via_verdict has_machinery(struct via_finding *finding, const struct via_host *host,
			       enum via_module_id id, const char *what)
{
	const char *name = module_kind(id)->name;

	switch (cite_module(finding, host, id)) {
	case VIA_MODULE_STATE_BUILTIN:
	case VIA_MODULE_STATE_LOADED:
	case VIA_MODULE_STATE_HERE:
		finding_detail(finding, "%s is at work in this kernel.", what);
		return VIA_PASS;
	case VIA_MODULE_STATE_LOADABLE:
		finding_detail(finding, "%s is available: modprobe %s loads it.", what, name);
		return VIA_PASS;
	case VIA_MODULE_STATE_NOT_INSTALLED:
		finding_detail(finding,
			       "This kernel was built with %s, and the file of module %s "
			       "is not installed.",
			       what, name);
		finding_manual(finding, "Install the package with the further modules of this "
					"kernel (linux-modules-extra, kernel-modules-extra).");
		return VIA_WARN;
	case VIA_MODULE_STATE_LEFT_OUT:
	case VIA_MODULE_STATE_NONE:
		finding_detail(finding, "This kernel has no %s; it takes one built with CONFIG_%s.",
			       what, option_of(id));
		return VIA_SKIP;
	default:
		return VIA_CANNOT_TELL;
	}
}
