/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/lint_part.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"

enum { IDS_LIMIT = 1023, ID_FIELDS = 6 }; /* char ids[1024] in vfio_pci.c */

static struct via_lint_option *add(struct via_arena *arena, struct via_lint_word *word,
				   const char *text)
{
	struct via_lint_option *option = via_list_add(arena, &word->options);

	option->word = text;
	return option;
}

static void take_worst(struct via_lint_word *word)
{
	via_for_each (option, &word->options) {
		if (option->verdict <= word->verdict)
			continue;
		word->verdict = option->verdict;
		word->since = option->since;
		word->gone = option->gone;
	}
}

static void spell_out(struct via_arena *arena, struct via_lint_word *word)
{
	const char *text = word->text;

	via_for_each (option, &word->options)
		if (option->verdict != VIA_LINT_OK)
			text = arena_printf(arena, "%s; %s %s", text, option->word, option->text);
	word->text = text;
}

/* vendor:device[:subvendor[:subdevice[:class[:mask]]]], all hexadecimal */
static bool is_id(const char *text)
{
	int fields = 1, digits = 0;

	for (; *text; text++) {
		if (*text == ':') {
			if (!digits || ++fields > ID_FIELDS)
				return false;
			digits = 0;
		} else if (!isxdigit((unsigned char)*text) || ++digits > 8) {
			return false;
		}
	}
	return fields >= 2 && digits;
}

/* A function whose ids could not be read may have them. */
static bool host_may_have_id(const struct via_host *host, const char *id)
{
	char *end;
	unsigned long vendor = strtoul(id, &end, 16), device = strtoul(end + 1, NULL, 16);

	via_for_each (function, &host->pci.devices)
		if (fact_is(&function->vendor, VIA_UNKNOWN) ||
		    fact_is(&function->device, VIA_UNKNOWN) ||
		    (fact_number(&function->vendor, 0) == vendor &&
		     fact_number(&function->device, 0) == device))
			return true;
	return false;
}

static void judge_id(struct via_arena *arena, const struct via_lint_kernel *kernel,
		     struct via_lint_word *word, const char *id)
{
	struct via_lint_option *option = add(arena, word, id);

	if (!is_id(id)) {
		option->verdict = VIA_LINT_WRONG;
		option->text = strchr(id, '.') ? "is an address; it takes ids (vendor:device)"
					       : "is no id (vendor:device, hexadecimal)";
	} else if (kernel->own && fact_number(&kernel->host->pci.bus, 0) &&
		   !host_may_have_id(kernel->host, id)) {
		option->verdict = VIA_LINT_NO_EFFECT;
		option->text = "is on no device of this host";
	} else {
		option->text = "is taken";
	}
}

static void judge_ids(struct via_arena *arena, const struct via_lint_kernel *kernel,
		      struct via_lint_word *word)
{
	const char *at = word->value, *part;

	while ((part = value_part(arena, &at)))
		if (*part)
			judge_id(arena, kernel, word, part);
	if (strlen(word->value) > IDS_LIMIT) {
		lint_judge(word, VIA_LINT_WRONG, "is cut: 1023 characters are read at most");
		return;
	}
	take_worst(word);
	spell_out(arena, word);
}

/* Only what was there to be said of a name in a list of modules. */
static void judge_module(struct via_arena *arena, const struct via_lint_kernel *kernel,
			 struct via_lint_word *word, const char *name)
{
	const struct via_module_life *life = module_life(name);
	struct via_lint_option *option = add(arena, word, name);
	bool keeps_out = strstr(word->name, "blacklist");

	option->text = keeps_out ? "is kept out" : "is loaded";
	if (!strcmp(word->known->name, "module_blacklist") && strchr(name, '-')) {
		option->verdict = VIA_LINT_WRONG;
		option->text = "never matches: the kernel compares names with underscores";
		return;
	}
	if (life) {
		option->since = life->since;
		option->gone = life->gone;
		option->verdict = kernel_has(arena, kernel, life->since, life->gone, &option->text);
		if (option->verdict == VIA_LINT_OBSOLETE)
			option->text = arena_printf(arena, "%s (%s)", option->text, life->text);
		if (option->verdict != VIA_LINT_OK)
			return;
	}
	switch (kernel_module_state(kernel, name)) {
	case VIA_MODULE_STATE_BUILTIN:
		option->verdict = VIA_LINT_NO_EFFECT;
		option->text = keeps_out ? "is built into this kernel and cannot be kept out so"
					 : "is built into this kernel: there is nothing to load";
		break;
	case VIA_MODULE_STATE_NONE:
	case VIA_MODULE_STATE_LEFT_OUT:
	case VIA_MODULE_STATE_NOT_INSTALLED:
		option->verdict = keeps_out ? VIA_LINT_NO_EFFECT : VIA_LINT_NOT_HERE;
		option->text = "is no module of this kernel";
		break;
	default:
		break;
	}
}

static void judge_modules(struct via_arena *arena, const struct via_lint_kernel *kernel,
			  struct via_lint_word *word)
{
	const char *at = word->value, *part;

	while ((part = value_part(arena, &at)))
		if (*part)
			judge_module(arena, kernel, word, part);
	take_worst(word);
	spell_out(arena, word);
}

static void judge_reading_module(struct via_arena *arena, const struct via_lint_kernel *kernel,
				 struct via_lint_word *word)
{
	const char *module = word->known->module;
	bool ids = word->known->value == VIA_VALUE_IDS;

	switch (kernel_module_state(kernel, module)) {
	case VIA_MODULE_STATE_NONE:
	case VIA_MODULE_STATE_LEFT_OUT:
	case VIA_MODULE_STATE_NOT_INSTALLED:
		lint_judge(word, VIA_LINT_NOT_HERE,
			   arena_printf(arena,
					"nobody reads it: this kernel has no %s, neither "
					"built in nor as a module",
					module));
		break;
	case VIA_MODULE_STATE_BUILTIN:
		if (ids)
			word->text = arena_printf(arena, "%s; %s is built in here, so it is early",
						  word->text, module);
		break;
	case VIA_MODULE_STATE_LOADABLE:
	case VIA_MODULE_STATE_LOADED:
		if (ids)
			word->text = arena_printf(arena,
						  "%s; %s is a module here and reads this "
						  "when modprobe loads it: have the initramfs "
						  "load it before the device's own driver",
						  word->text, module);
		break;
	default:
		if (ids)
			word->text = arena_printf(arena,
						  "%s; whether %s is built in could not be "
						  "told",
						  word->text, module);
	}
}

/* What intel_iommu=on adds to the way this kernel was built. */
static const char *intel_default(const struct via_host *host)
{
	const struct via_kernel *kernel = &host->kernel;

	if (!kernel_option(kernel, VIA_OPTION_INTEL_IOMMU_DEFAULT_ON))
		return "whether this kernel does so by default could not be told";
	if (kernel_option_is(kernel, VIA_OPTION_INTEL_IOMMU_DEFAULT_ON, "y"))
		return "this kernel does so by default, so the word adds nothing";
	if (kernel_option_is(kernel, VIA_OPTION_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF, "y"))
		return "this kernel does so by default for all but the integrated GPU, which the "
		       "word adds";
	return "this kernel leaves it off without the word";
}

static void judge_intel(struct via_arena *arena, const struct via_lint_kernel *kernel,
			struct via_lint_word *word)
{
	via_for_each (option, &word->options) {
		if (strcmp(option->word, "on") == 0 && kernel->own) {
			const char *text = arena_printf(arena, "%s; %s", option->text,
							intel_default(kernel->host));

			if (word->text == option->text)
				word->text = text;
			option->text = text;
		}
		if (strcmp(option->word, "intgpu_off") == 0 && kernel->own &&
		    fact_text(&kernel->host->os_id) &&
		    strcmp(kernel->host->os_id.text, "debian") != 0) {
			option->verdict = VIA_LINT_UNKNOWN;
			option->text = "is Debian's word: other kernels answer \"Unknown option\"";
			word->text = option->text;
		}
	}
	take_worst(word);
}

/* FLAGS@PORT behind semicolons, each flag 0, 1 or x. */
static bool has_acs_flags(const char *ports)
{
	for (const char *at = ports; at; at = strchr(at, ';') ? strchr(at, ';') + 1 : NULL) {
		size_t flags = strspn(at, "01xX");

		if (!flags || at[flags] != '@')
			return false;
	}
	return true;
}

static void judge_pci(struct via_arena *arena, struct via_lint_word *word)
{
	static const char name[] = "config_acs=";

	via_for_each (option, &word->options) {
		if (!text_starts(option->word, name) || option->verdict != VIA_LINT_OK ||
		    has_acs_flags(option->word + strlen(name)))
			continue;
		lint_judge(word, option->verdict = VIA_LINT_WRONG, "");
		option->text = "needs flags of 0, 1 or x and an @ before each port "
			       "(config_acs=1xx@00:1c.0)";
		word->text = word->options.count == 1
				     ? option->text
				     : arena_printf(arena, "%s %s", option->word, option->text);
	}
}

/* A driver's words are read by the driver alone, which this kernel may lack. */
static bool driver_left_out(struct via_arena *arena, const struct via_lint_kernel *kernel,
			    struct via_lint_word *word)
{
	static const struct {
		const char *source, *config;
		enum via_kernel_option option;
	} drivers[] = {
		{ "drivers/iommu/intel/", "CONFIG_INTEL_IOMMU", VIA_OPTION_INTEL_IOMMU },
		{ "drivers/iommu/amd/", "CONFIG_AMD_IOMMU", VIA_OPTION_AMD_IOMMU },
	};

	if (!kernel->own || word->verdict == VIA_LINT_NO_EFFECT)
		return false;
	for (size_t i = 0; i < VIA_COUNT(drivers); i++) {
		if (!text_starts(word->known->source, drivers[i].source) ||
		    !kernel_option_is(&kernel->host->kernel, drivers[i].option, "n"))
			continue;
		lint_judge(word, VIA_LINT_NOT_HERE,
			   arena_printf(arena, "nobody reads it: this kernel was built without %s",
					drivers[i].config));
		return true;
	}
	return false;
}

void lint_own(struct via_arena *arena, const struct via_lint_kernel *kernel,
	      struct via_lint_word *word)
{
	const struct via_known_parameter *known = word->known;

	if (driver_left_out(arena, kernel, word))
		return;
	if (known->value == VIA_VALUE_IDS)
		judge_ids(arena, kernel, word);
	else if (known->value == VIA_VALUE_MODULES)
		judge_modules(arena, kernel, word);
	else if (strcmp(known->name, "intel_iommu") == 0)
		judge_intel(arena, kernel, word);
	else if (strcmp(known->name, "pci") == 0)
		judge_pci(arena, word);
	if (known->reader == VIA_READER_MODULE && known->module && word->verdict != VIA_LINT_WRONG)
		judge_reading_module(arena, kernel, word);
}
