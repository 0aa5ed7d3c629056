/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/lint_part.h"

#include <ctype.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"

static const char *maker(enum via_cpu_vendor vendor)
{
	return vendor == VIA_CPU_INTEL ? "Intel" : "AMD";
}

/* The name of a module, alone or before a parameter, where releases with it are known. */
static bool judge_module_life(struct via_arena *arena, const struct via_lint_kernel *kernel,
			      struct via_lint_word *word)
{
	const struct via_module_life *life =
		module_life(arena_strndup(arena, word->name, strcspn(word->name, ".")));

	if (!life)
		return false;
	word->since = life->since;
	word->gone = life->gone;
	word->verdict = kernel_has(arena, kernel, life->since, life->gone, &word->text);
	if (word->verdict == VIA_LINT_OBSOLETE)
		word->text = arena_printf(arena, "%s (%s)", word->text, life->text);
	return word->verdict == VIA_LINT_OBSOLETE || word->verdict == VIA_LINT_NOT_HERE;
}

/* A word nobody here has heard of: what can be said of it honestly. */
static void judge_stranger(struct via_arena *arena, const struct via_lint_kernel *kernel,
			   struct via_lint_word *word)
{
	const char *dot = strchr(word->name, '.');

	if (judge_module_life(arena, kernel, word))
		return;

	word->verdict = VIA_LINT_UNKNOWN;
	if (dot && dot != word->name)
		word->text = arena_printf(arena,
					  "looks like a parameter of module %.*s, and is "
					  "not in the table",
					  (int)(dot - word->name), word->name);
	else
		word->text = "is not in the table; what the kernel does not know goes to init";
}

/* A runlevel is init's. */
static bool is_runlevel(const struct via_lint_word *word)
{
	return !word->value && strlen(word->name) == 1 && strchr("012345Ss", *word->name);
}

/* A maker's IOMMU driver goes by the maker's table, not by the processor: an emulated host
 * may have VT-d beside an AMD processor. */
static bool table_is_there(const struct via_lint_kernel *kernel, const struct via_lint_word *word)
{
	const struct via_firmware *firmware = &kernel->host->firmware;

	if (!text_starts(word->known->source, "drivers/iommu/"))
		return false;
	return fact_is(word->known->vendor == VIA_CPU_INTEL ? &firmware->dmar.present
							    : &firmware->ivrs.present,
		       VIA_PRESENT);
}

/* A value that changes nothing on the processors it is meant for (amd_iommu=on). */
static bool always_harmless(const struct via_lint_word *word)
{
	for (size_t i = 0; word->value && i < word->known->option_count; i++)
		if (strcmp(word->known->options[i].word, word->value) == 0)
			return word->known->options[i].verdict == VIA_LINT_NO_EFFECT;
	return false;
}

static bool wrong_processor(struct via_arena *arena, const struct via_lint_kernel *kernel,
			    struct via_lint_word *word)
{
	enum via_cpu_vendor wanted = word->known->vendor, vendor;

	if (word->known->x86 && kernel_is_other_machine(kernel)) {
		lint_judge(word, VIA_LINT_NOT_HERE, "is for x86 processors only");
		return true;
	}
	if (wanted == VIA_CPU_OTHER || !kernel_vendor(kernel, &vendor) || vendor == VIA_CPU_OTHER ||
	    vendor == wanted || table_is_there(kernel, word))
		return false;
	if (always_harmless(word))
		lint_judge(word, VIA_LINT_NO_EFFECT,
			   arena_printf(arena,
					"has no effect here, harmless: it is no option even on "
					"%s processors, and this one is of %s",
					maker(wanted), maker(vendor)));
	else
		lint_judge(word, VIA_LINT_NOT_HERE,
			   arena_printf(arena, "is for %s processors; this one is of %s",
					maker(wanted), maker(vendor)));
	return true;
}

/* Modules that DKMS keeps bring parameters that no kernel has. */
static enum via_lint_verdict dkms_has(const struct via_lint_kernel *kernel, const char *module)
{
	const struct via_kernel *host = &kernel->host->kernel;

	via_for_each (package, &host->dkms)
		if (strstr(package->name, module))
			return VIA_LINT_OK;
	return kernel->own && fact_is(&host->dkms_tree, VIA_ABSENT) ? VIA_LINT_NOT_HERE
								    : VIA_LINT_UNKNOWN;
}

/* What the log of this very boot tells of a parameter that only a patch brings. */
static enum via_lint_verdict log_has(struct via_arena *arena, const struct via_lint_kernel *kernel,
				     const char *name)
{
	const struct via_host_log *log = &kernel->host->log;
	const struct via_log_event *strange = log_last(log, VIA_LOG_UNKNOWN_PARAMETERS);
	const char *booted = fact_text(&kernel->host->kernel.command_line);
	struct via_cmdline line;

	if (!kernel->own)
		return VIA_LINT_UNKNOWN;
	if (log_last(log, VIA_LOG_ACS_OVERRIDDEN))
		return VIA_LINT_OK;
	if (strange && text_has_word(strange->text, name))
		return VIA_LINT_NOT_HERE;
	cmdline_decode(arena, booted ? booted : "", &line);
	return fact_is(&log->beginning, VIA_PRESENT) && cmdline_last(&line, name)
		       ? VIA_LINT_NOT_HERE
		       : VIA_LINT_UNKNOWN;
}

static enum via_lint_verdict patch_has(struct via_arena *arena,
				       const struct via_lint_kernel *kernel, const char *name)
{
	enum via_lint_verdict verdict = log_has(arena, kernel, name);

	if (verdict == VIA_LINT_UNKNOWN && kernel->version && kernel_is_stock(kernel))
		return VIA_LINT_NOT_HERE;
	return verdict;
}

static bool only_patched(struct via_arena *arena, struct via_lint_word *word,
			 const struct via_lint_kernel *kernel)
{
	const char *module = word->known->module;
	enum via_lint_verdict verdict;

	if (!word->known->patched)
		return false;
	verdict = module ? dkms_has(kernel, module) : patch_has(arena, kernel, word->known->name);
	if (verdict == VIA_LINT_OK)
		return false;
	if (verdict == VIA_LINT_NOT_HERE)
		lint_judge(word, verdict,
			   module ? "is no parameter of this kernel's module: only one built "
				    "outside the kernel has it"
				  : "does nothing: this kernel has no such parameter; only "
				    "patched ones have it, and there it isolates nothing");
	else
		lint_judge(word, verdict,
			   module ? "works only with a module built outside the kernel, which "
				    "could not be told here"
				  : "works on patched kernels only; whether this is one, its "
				    "release does not tell: the boot log says \"PCIe ACS overrides "
				    "enabled\" if so. It isolates nothing");
	return true;
}

/* A name is gone, or not there yet, whatever its value. */
static bool wrong_release(struct via_arena *arena, const struct via_lint_kernel *kernel,
			  struct via_lint_word *word)
{
	word->verdict = kernel_has(arena, kernel, word->since, word->gone, &word->text);
	return word->verdict != VIA_LINT_OK;
}

/* ivrs_ioapic[32]=00:14.0, which newer kernels still read beside ivrs_ioapic=32@00:14.0. */
static const struct via_known_parameter *known_with_brackets(struct via_arena *arena,
							     const char *name)
{
	size_t length = strcspn(name, "[");

	if (!text_starts(name, "ivrs_") || !name[length] || name[strlen(name) - 1] != ']')
		return NULL;
	return parameter_known(arena_strndup(arena, name, length));
}

static void judge_spelling(struct via_arena *arena, struct via_lint_word *word)
{
	if (strchr(word->name, '[') && text_starts(word->known->name, "ivrs_"))
		word->text = arena_printf(arena,
					  "%s; a deprecated spelling, still read: newer "
					  "kernels want %s=ID@ADDRESS",
					  word->text, word->known->name);
}

static void judge(struct via_arena *arena, const struct via_lint_kernel *kernel,
		  struct via_lint_word *word)
{
	word->known = parameter_known(word->name);
	if (!word->known && is_runlevel(word))
		word->known = parameter_known("single");
	if (!word->known)
		word->known = known_with_brackets(arena, word->name);
	if (!word->known) {
		judge_stranger(arena, kernel, word);
		return;
	}
	word->since = word->known->since;
	word->gone = word->known->gone;
	if (wrong_processor(arena, kernel, word) || only_patched(arena, word, kernel) ||
	    wrong_release(arena, kernel, word))
		return;
	lint_value(arena, kernel, word);
	if (word->verdict != VIA_LINT_WRONG && word->verdict != VIA_LINT_OBSOLETE)
		lint_own(arena, kernel, word);
	judge_spelling(arena, word);
	if (!word->since && !word->gone)
		return;
	/* The releases of the name go before those of its words. */
	if (word->known->since || word->known->gone) {
		word->since = word->known->since;
		word->gone = word->known->gone;
	}
}

void lint_line(struct via_arena *arena, const char *line, const struct via_lint_kernel *kernel,
	       struct via_lint *ret)
{
	struct via_lint lint = { 0 };
	struct via_cmdline cmdline;

	cmdline_decode(arena, line, &cmdline);
	via_for_each (parameter, &cmdline) {
		struct via_lint_word *word = via_list_add(arena, &lint.words);

		word->name = parameter->name;
		word->value = parameter->value;
		judge(arena, kernel, word);
		lint.counts[word->verdict]++;
	}
	lint_clashes(arena, &lint);
	*ret = lint;
}

bool lint_wrong(const struct via_lint *lint)
{
	return lint->counts[VIA_LINT_WRONG] || lint->contradictions;
}
