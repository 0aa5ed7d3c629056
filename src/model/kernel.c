/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/kernel.h"

#include <string.h>

static bool same_name(const char *one, const char *other)
{
	for (; *one && *other; one++, other++)
		if ((*one == '-' ? '_' : *one) != (*other == '-' ? '_' : *other))
			return false;
	return *one == *other;
}

bool kernel_option_is(const struct via_kernel *kernel, enum via_kernel_option option,
		      const char *value)
{
	const char *text = kernel_option(kernel, option);

	return text && strcmp(text, value) == 0;
}

/* Debian's leaves the integrated GPU untranslated, which intel_iommu=on would take back. */
bool kernel_starts_vtd(const struct via_kernel *kernel)
{
	return kernel_option_is(kernel, VIA_OPTION_INTEL_IOMMU_DEFAULT_ON, "y") ||
	       kernel_option_is(kernel, VIA_OPTION_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF, "y");
}

const struct via_fact *kernel_parameter(const struct via_kernel *kernel, const char *module,
					const char *name)
{
	static const struct via_fact not_asked;

	via_for_each (parameter, &kernel->parameters)
		if (same_name(parameter->module, module) && same_name(parameter->name, name))
			return &parameter->value;
	return &not_asked;
}

const struct via_module *kernel_module(const struct via_kernel *kernel, const char *name)
{
	for (size_t i = 0; i < VIA_MODULES; i++)
		if (kernel->modules[i].name && same_name(kernel->modules[i].name, name))
			return &kernel->modules[i];
	via_for_each (module, &kernel->configured)
		if (same_name(module->name, name))
			return module;
	return NULL;
}
