/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "rules/kernel_part.h"
#include "rules/lint.h"

/*
 * Options of modules in three tenses: configured in modprobe.d, booted on the command line,
 * live in /sys/module.
 */

/* Y, y and 1 say the same, so do numbers in two bases, and lists spelled alike. */
static bool same_value(const char *one, const char *other)
{
	static const char *const words[][2] = { { "Y", "1" }, { "y", "1" },  { "N", "0" },
						{ "n", "0" }, { "on", "1" }, { "off", "0" } };
	char *end_one, *end_other;
	unsigned long long a, b;

	for (size_t i = 0; i < VIA_COUNT(words); i++) {
		one = strcmp(one, words[i][0]) == 0 ? words[i][1] : one;
		other = strcmp(other, words[i][0]) == 0 ? words[i][1] : other;
	}
	if (strcmp(one, other) == 0)
		return true;
	a = strtoull(one, &end_one, 0);
	b = strtoull(other, &end_other, 0);
	return *one && *other && !*end_one && !*end_other && a == b;
}

/* The last word "module.name=" of the command line, which goes over modprobe.d. */
static const char *booted_value(const struct via_host *host, struct via_arena *arena,
				const char *module, const char *name)
{
	const struct via_parameter *word;
	struct via_cmdline line;

	booted_line(host, arena, &line);
	word = cmdline_last(&line, arena_printf(arena, "%s.%s", module, name));
	return word ? word->value ? word->value : "1" : NULL;
}

/* A later line about the same option is the one that counts. */
static bool said_again(const struct via_host *host, const struct via_modprobe_rule *rule,
		       const struct via_parameter *word, struct via_arena *arena)
{
	bool behind = false;

	via_for_each (other, &host->kernel.modprobe) {
		struct via_cmdline words;

		if (behind && other->kind == VIA_MODPROBE_OPTIONS &&
		    strcmp(other->module, rule->module) == 0) {
			cmdline_decode(arena, other->text, &words);
			if (cmdline_last(&words, word->name))
				return true;
		}
		behind |= other == rule;
	}
	return false;
}

/* What is between a configured option and the module at work; NULL where it is the same. */
static const char *judge_option(const struct via_host *host, struct via_finding *finding,
				const struct via_modprobe_rule *rule,
				const struct via_parameter *word)
{
	const struct via_fact *live = kernel_parameter(&host->kernel, rule->module, word->name);
	const char *value = word->value ? word->value : "1";
	const char *booted = booted_value(host, finding->arena, rule->module, word->name);

	if (!fact_text(live) || same_value(live->text, value) ||
	    said_again(host, rule, word, finding->arena))
		return NULL;
	finding_cite_value(finding, rule->place, "%s=%s", word->name, value);
	finding_cite(finding, live);
	if (booted && same_value(booted, live->text))
		return arena_printf(finding->arena,
				    "%s sets %s of %s to %s, the command line to %s, which wins",
				    rule->place, word->name, rule->module, value, booted);
	return arena_printf(finding->arena,
			    "%s sets %s of %s to %s, and it is at work with %s: it was loaded "
			    "before that file was read, or changed since",
			    rule->place, word->name, rule->module, value, live->text);
}

static const char *judge_options(const struct via_host *host, struct via_finding *finding,
				 const struct via_modprobe_rule *rule, const char *text)
{
	const struct via_module *module = kernel_module(&host->kernel, rule->module);
	struct via_cmdline words;

	if (module && module_state(module) == VIA_MODULE_STATE_BUILTIN) {
		finding_cite_value(finding, rule->place, "%s", rule->text);
		return add_sentence(finding, text,
				    "%s has no effect: %s is built into this kernel, and takes "
				    "%s.OPTION= on the command line",
				    rule->place, rule->module, rule->module);
	}
	cmdline_decode(finding->arena, rule->text, &words);
	via_for_each (word, &words) {
		const char *more = judge_option(host, finding, rule, word);

		if (more)
			text = add_sentence(finding, text, "%s", more);
	}
	return text;
}

/* Modules that a host for guests needs, whoever keeps them out. */
static bool is_needed(const char *name)
{
	static const char *const needed[] = {
		"kvm",	   "kvm_intel",	    "kvm_amd",	 "vfio",	"vfio_iommu_type1",
		"iommufd", "vhost",	    "vhost_net", "vhost_vsock", "tun",
		"mdev",	   "vfio_pci_core", "irqbypass"
	};

	for (size_t i = 0; i < VIA_COUNT(needed); i++)
		if (strcmp(needed[i], name) == 0)
			return true;
	return false;
}

static const char *judge_rule(const struct via_host *host, struct via_finding *finding,
			      const struct via_modprobe_rule *rule, const char *text)
{
	const struct via_module *module = kernel_module(&host->kernel, rule->module);

	switch (rule->kind) {
	case VIA_MODPROBE_OPTIONS:
		return judge_options(host, finding, rule, text);
	case VIA_MODPROBE_SOFTDEP:
		if (!module || module_state(module) != VIA_MODULE_STATE_BUILTIN)
			return text;
		finding_cite_value(finding, rule->place, "softdep %s %s", rule->module, rule->text);
		return add_sentence(finding, text,
				    "%s has no effect: %s is built into this kernel, and nothing "
				    "comes before it",
				    rule->place, rule->module);
	case VIA_MODPROBE_BLACKLIST:
		if (!is_needed(rule->module))
			return text;
		finding_cite_value(finding, rule->place, "blacklist %s", rule->module);
		return add_sentence(finding, text, "%s keeps %s from being loaded for devices",
				    rule->place, rule->module);
	default:
		return text;
	}
}

/* What boots ask for by name, and no kernel has any more. */
static const char *judge_asked(const struct via_host *host, struct via_finding *finding,
			       const char *text, const char **act)
{
	const char *before = text;

	via_for_each (asked, &host->kernel.asked) {
		const struct via_module_life *life = module_life(asked->name);

		if (!life || !life->gone || !kernel_since(host, life->gone))
			continue;
		finding_cite_value(finding, asked->place, "%s", asked->name);
		text = add_sentence(finding, text, "%s asks for %s, which is gone since %s (%s)",
				    asked->place, asked->name,
				    lint_version(finding->arena, life->gone), life->text);
	}
	if (text != before)
		*act = add_sentence(finding, *act, "Take the name out of that file");
	return text;
}

static const char *judge_unread(const struct via_host *host, struct via_finding *finding,
				const char *text, const char **act)
{
	const char *before = text;

	via_for_each (path, &host->kernel.modprobe_unread) {
		finding_cite_value(finding, *path, "no name that ends in .conf");
		text = add_sentence(finding, text,
				    "%s is read by nobody: modprobe takes names that end in .conf",
				    *path);
	}
	if (text != before)
		*act = add_sentence(finding, *act,
				    "Give it a name that ends in .conf, or put it "
				    "elsewhere");
	return text;
}

static enum via_verdict module_options(const struct via_host *host, struct via_finding *finding)
{
	const struct via_kernel *kernel = &host->kernel;
	const char *text = NULL, *act = NULL;
	size_t options = 0;

	finding_cite(finding, &kernel->modprobe_known);
	if (fact_is(&kernel->modprobe_known, VIA_UNKNOWN) ||
	    fact_is(&kernel->modprobe_known, VIA_NOT_ASKED))
		return VIA_CANNOT_TELL;
	via_for_each (rule, &kernel->modprobe) {
		options += rule->kind == VIA_MODPROBE_OPTIONS;
		text = judge_rule(host, finding, rule, text);
	}
	if (text)
		act = add_sentence(finding, act,
				   "Put options of built-in code on the command line; after a "
				   "change in modprobe.d make the initramfs anew "
				   "(update-initramfs -u -k all, dracut --regenerate-all, "
				   "mkinitcpio -P) and reboot");
	text = judge_unread(host, finding, text, &act);
	text = judge_asked(host, finding, text, &act);
	if (text) {
		finding_detail(finding, "%s.", text);
		finding_manual(finding, "%s.", act);
		return VIA_WARN;
	}
	if (!options) {
		finding_detail(finding, "modprobe.d sets no option.");
		return VIA_SKIP;
	}
	finding_detail(finding, "What modprobe.d sets is at work, as far as modules show it.");
	return VIA_PASS;
}

static const char *who_enforces(const struct via_host *host)
{
	const char *lockdown = fact_text(&host->firmware.lockdown);

	if (says_yes(&host->kernel.signed_only))
		return "module.sig_enforce";
	if (kernel_option_is(&host->kernel, VIA_OPTION_MODULE_SIG_FORCE, "y"))
		return "CONFIG_MODULE_SIG_FORCE";
	if (lockdown &&
	    (strstr(lockdown, "[integrity]") || strstr(lockdown, "[confidentiality]") ||
	     strcmp(lockdown, "integrity") == 0 || strcmp(lockdown, "confidentiality") == 0))
		return "lockdown";
	return NULL;
}

/* It could not be read; what a captured tree leaves out is what most hosts do not have. */
static bool not_told(const struct via_fact *fact)
{
	return fact_is(fact, VIA_UNKNOWN) && fact->error != ENODATA;
}

static enum via_verdict module_signing(const struct via_host *host, struct via_finding *finding)
{
	const struct via_kernel *kernel = &host->kernel;
	const char *who = who_enforces(host);

	finding_cite(finding, &kernel->signed_only);
	finding_cite(finding, &kernel->options[VIA_OPTION_MODULE_SIG_FORCE]);
	finding_cite(finding, &host->firmware.lockdown);
	if (!who && !fact_is(&kernel->signed_only, VIA_PRESENT) &&
	    !kernel_option(kernel, VIA_OPTION_MODULE_SIG))
		return VIA_CANNOT_TELL;
	if (who ? not_told(&kernel->dkms_tree)
		: not_told(&kernel->signed_only) || not_told(&host->firmware.lockdown)) {
		finding_cite(finding, &kernel->dkms_tree);
		return VIA_CANNOT_TELL;
	}
	if (!who) {
		finding_detail(finding, "Unsigned modules may be loaded.");
		return VIA_PASS;
	}
	if (!kernel->dkms.count) {
		finding_detail(finding,
			       "Only signed modules are loaded (%s); the kernel's own "
			       "are, VFIO and KVM among them.",
			       who);
		return VIA_PASS;
	}
	finding_cite(finding, &kernel->dkms_tree);
	finding_detail(finding,
		       "Only signed modules are loaded (%s), and DKMS builds %zu package%s "
		       "here: a build that no enrolled key signed is refused.",
		       who, kernel->dkms.count, kernel->dkms.count == 1 ? "" : "s");
	finding_manual(finding, "Enroll the key that DKMS signs with (mokutil --import "
				"/var/lib/dkms/mok.pub) and confirm it at the next boot.");
	return VIA_WARN;
}

/* Documentation/admin-guide/tainted-kernels.rst, by bit */
static const struct {
	unsigned int bit;
	bool serious;
	const char *text;
} taints[] = {
	{ 0, false, "a proprietary module was loaded" },
	{ 1, true, "a module was loaded by force" },
	{ 3, true, "a module was unloaded by force" },
	{ 4, true, "the processor reported a machine check" },
	{ 5, true, "a page table was found damaged" },
	{ 6, true, "a user asked for it (VFIO without an IOMMU does so)" },
	{ 7, true, "the kernel has died once (OOPS)" },
	{ 9, true, "a warning was raised" },
	{ 11, false, "a fault of the firmware is worked around" },
	{ 12, false, "a module from outside the kernel was loaded" },
	{ 13, false, "an unsigned module was loaded" },
	{ 14, true, "a soft lockup was seen" },
	{ 15, false, "the kernel was patched live" },
};

static enum via_verdict taint(const struct via_host *host, struct via_finding *finding)
{
	const struct via_fact *tainted = &host->kernel.tainted;
	const char *text = NULL;
	bool serious = false;

	finding_cite(finding, tainted);
	if (!fact_is(tainted, VIA_PRESENT))
		return VIA_CANNOT_TELL;
	for (size_t i = 0; i < VIA_COUNT(taints); i++) {
		if (!(tainted->number >> taints[i].bit & 1))
			continue;
		serious |= taints[i].serious;
		text = arena_printf(finding->arena, "%s%s%s", text ? text : "", text ? "; " : "",
				    taints[i].text);
	}
	if (!tainted->number) {
		finding_detail(finding, "The kernel is not tainted.");
		return VIA_PASS;
	}
	finding_detail(finding, "The kernel is tainted: %s.", text ? text : "for another reason");
	if (!serious)
		return VIA_PASS;
	finding_manual(finding, "Look at the kernel log for the first such message; after an OOPS "
				"reboot before trusting anything.");
	return VIA_WARN;
}

/* Modules from outside the kernel that make some passthrough work. */
static enum via_verdict helper_modules(const struct via_host *host, struct via_finding *finding)
{
	static const enum via_module_id helpers[] = { VIA_MODULE_VENDOR_RESET, VIA_MODULE_KVMFR,
						      VIA_MODULE_NVIDIA_VGPU_VFIO };
	const struct via_kernel *kernel = &host->kernel;
	const struct via_device_node *node = &kernel->nodes[VIA_NODE_KVMFR];
	const struct via_fact *max_vfs = kernel_parameter(kernel, "i915", "max_vfs");
	const char *text = "";
	bool untold = false;

	for (size_t i = 0; i < VIA_COUNT(helpers); i++) {
		const struct via_module *module = &kernel->modules[helpers[i]];
		enum via_module_state state = module_state(module);

		untold |= fact_is(&module->loaded, VIA_UNKNOWN);
		if (!module_can_be_here(module))
			continue;
		cite_module(finding, host, helpers[i]);
		text = arena_printf(finding->arena, "%s%s%s (%s)", text, *text ? ", " : "",
				    module->name, module_state_words(state));
	}
	if (fact_is(max_vfs, VIA_PRESENT)) {
		finding_cite(finding, max_vfs);
		text = arena_printf(finding->arena, "%s%si915 with virtual functions", text,
				    *text ? ", " : "");
	}
	if (fact_is(&node->seen, VIA_PRESENT) && node->kind != 'c') {
		finding_cite(finding, &node->seen);
		finding_detail(finding, "/dev/kvmfr0 is no character device: QEMU made a file "
					"there while kvmfr was not loaded.");
		finding_manual(finding,
			       "Remove it, load kvmfr with static_size_mb=, then start the "
			       "guest.");
		return VIA_WARN;
	}
	if (module_is_here(&kernel->modules[VIA_MODULE_KVMFR]) &&
	    fact_is(&node->seen, VIA_ABSENT)) {
		finding_cite(finding, &node->seen);
		finding_detail(finding, "kvmfr is loaded and made no /dev/kvmfr0: it was given no "
					"size.");
		finding_manual(finding,
			       "Set options kvmfr static_size_mb=64 in modprobe.d and load "
			       "it again.");
		return VIA_WARN;
	}
	if (*text) {
		finding_detail(finding, "Here: %s.", text);
		return VIA_PASS;
	}
	if (untold) {
		finding_cite(finding, &kernel->modules[VIA_MODULE_KVMFR].loaded);
		return VIA_CANNOT_TELL;
	}
	finding_detail(finding, "None of kvmfr, vendor-reset, NVIDIA's vGPU driver or i915 with "
				"virtual functions is here; few hosts need one.");
	return VIA_SKIP;
}

static const struct via_rule rules[] = {
	{
		.id = "kernel.module-options",
		.layer = VIA_LAYER_KERNEL,
		.title = "What modprobe.d sets is what is at work",
		.source = "modprobe.d(5); kernel/params.c",
		.eval = module_options,
	},
	{
		.id = "kernel.module-signing",
		.layer = VIA_LAYER_KERNEL,
		.title = "Modules that DKMS builds may be loaded",
		.source = "Documentation/admin-guide/module-signing.rst",
		.eval = module_signing,
	},
	{
		.id = "kernel.helper-modules",
		.layer = VIA_LAYER_KERNEL,
		.title = "Helpers from outside the kernel: kvmfr, vendor-reset, i915-sriov",
		.source = "Looking Glass module/README; vendor-reset README",
		.eval = helper_modules,
	},
	{
		.id = "kernel.taint",
		.layer = VIA_LAYER_KERNEL,
		.title = "The kernel is sound",
		.source = "Documentation/admin-guide/tainted-kernels.rst",
		.eval = taint,
	},
};

const struct via_rule_table kernel_module_rules = { rules, VIA_COUNT(rules) };
