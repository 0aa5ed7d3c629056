/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which loader booted this machine, and whether what is configured is what was booted. */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "decode/boot_words.h"
#include "rules/boot_rules.h"

bool boot_applies(const struct via_host *host, struct via_finding *finding, enum via_verdict *ret)
{
	const struct via_boot *boot = &host->boot;

	switch (boot->confidence) {
	case VIA_BOOT_NO_TRACE:
		finding_detail(finding, "No boot loader left a trace here: the kernel was started "
					"directly, or by one not known yet.");
		*ret = boot->looked ? VIA_SKIP : VIA_CANNOT_TELL;
		return false;
	case VIA_BOOT_UNTOLD:
		finding_cite(finding, &boot->untold);
		*ret = VIA_CANNOT_TELL;
		return false;
	case VIA_BOOT_AMBIGUOUS:
		finding_detail(finding, "Which loader starts this machine could not be told; see "
					"kernel.boot-loader.");
		finding_cite_value(finding, "loader", "%s or %s", boot->loader_name,
				   boot->rival_name);
		*ret = VIA_CANNOT_TELL;
		return false;
	default:
		return true;
	}
}

static void cite_traces(const struct via_boot *boot, struct via_finding *finding)
{
	finding_cite(finding, &boot->loader_info);
	finding_cite(finding, &boot->firmware_entry);
	via_for_each (trace, &boot->evidence)
		if (trace->path != boot->loader_info.path &&
		    trace->path != boot->firmware_entry.path)
			finding_cite_value(finding, trace->path, "%s (%s)", trace->value,
					   loader_id_name(trace->loader));
}

static enum via_verdict say_ambiguous(const struct via_boot *boot, struct via_finding *finding)
{
	finding_detail(finding, "%s and %s both left traces of having booted this machine.",
		       boot->loader_name, boot->rival_name);
	finding_manual(finding,
		       "bootctl status and efibootmgr -v, as root, tell which one firmware "
		       "starts; remove the other's files, or change both.");
	return VIA_WARN;
}

static enum via_verdict boot_loader(const struct via_host *host, struct via_finding *finding)
{
	const struct via_boot *boot = &host->boot;
	const struct via_boot_entry *entry = boot_entry_at(boot, boot->booted_entry);
	enum via_verdict verdict;

	cite_traces(boot, finding);
	if (boot->confidence == VIA_BOOT_AMBIGUOUS)
		return say_ambiguous(boot, finding);
	if (!boot_applies(host, finding, &verdict))
		return verdict;
	if (entry)
		finding_cite_value(finding, entry->file, "%s",
				   entry->title ? entry->title
				   : entry->id	? entry->id
						: "");
	finding_detail(finding, "This machine was %sbooted by %s%s%s%s%s%s%s.",
		       boot->confidence == VIA_BOOT_SURE ? "" : "most likely ", boot->loader_name,
		       boot->variant ? " (" : "", boot->variant ? boot->variant : "",
		       boot->variant ? ")" : "", boot->keeper != boot->loader ? ", kept by " : "",
		       boot->keeper != boot->loader ? boot->keeper_name : "",
		       fact_text(&boot->immutable) ? ", on a system whose files are made elsewhere"
						   : "");
	return VIA_PASS;
}

/* What was found to differ, sentence by sentence. */
struct differences {
	struct via_finding *finding;
	const char *text;
	bool regenerate, reboot, elsewhere;
};

static void add_sentence(struct differences *differences, const char *words, const char *verb,
			 const char *rest, const char *path)
{
	differences->text =
		arena_printf(differences->finding->arena, "%s%s%s %s %s%s.", differences->text,
			     *differences->text ? " " : "", words, verb, rest, path ? path : "");
}

static const char *missing(const struct differences *differences, const char *wanted,
			   const char *present)
{
	return words_missing(differences->finding->arena, wanted, present);
}

/* What the generator adds by itself is no difference. */
static const char *left_over(const struct differences *differences, const struct via_boot *boot)
{
	const char *words = missing(differences, boot->generated.text, boot->configured.text);

	return words_about_guests(differences->finding->arena, words);
}

static void compare_generated(struct differences *differences, const struct via_boot *boot)
{
	const char *words = missing(differences, boot->configured.text, boot->generated.text);

	if (*words) {
		add_sentence(differences, words, "is configured in",
			     arena_printf(differences->finding->arena,
					  "%s, but not in the entry that boots next, in ",
					  boot->configured.path),
			     boot->generated.path);
		differences->regenerate = true;
	}
	words = left_over(differences, boot);
	if (*words) {
		add_sentence(differences, words, "is no longer configured in",
			     arena_printf(differences->finding->arena,
					  "%s, but still in the entry that boots next, in ",
					  boot->configured.path),
			     boot->generated.path);
		differences->regenerate = true;
	}
}

static void compare_booted(struct differences *differences, const struct via_boot *boot)
{
	struct via_arena *arena = differences->finding->arena;
	const char *words = words_about_guests(
		arena, missing(differences, boot->generated.text, boot->booted.text));

	if (*words) {
		add_sentence(differences, words, "comes with the next boot, by", "",
			     boot->generated.path);
		differences->reboot = true;
	}
	words = words_about_guests(arena,
				   missing(differences, boot->booted.text, boot->generated.text));
	if (*words) {
		add_sentence(differences, words,
			     "is on the running line, and goes with the next "
			     "boot, by",
			     "", boot->generated.path);
		differences->reboot = true;
	}
}

/* Without the generated entry, what is configured is held against what runs. */
static void compare_unread(struct differences *differences, const struct via_boot *boot)
{
	const char *words = missing(differences, boot->configured.text, boot->booted.text);

	if (*words) {
		add_sentence(differences, words, "is in", boot->configured.path,
			     " but not on the running kernel's command line");
		differences->regenerate = differences->reboot = true;
	}
	words = words_about_guests(differences->finding->arena,
				   missing(differences, boot->booted.text, boot->configured.text));
	if (*words) {
		add_sentence(differences, words, "is on the running line, but not in", "",
			     boot->configured.path);
		differences->elsewhere = true;
	}
}

/* Edited, and not what this machine boots from. */
static void compare_others(struct differences *differences, const struct via_boot *boot)
{
	struct via_arena *arena = differences->finding->arena;

	via_for_each (source, &boot->sources) {
		const char *words = fact_text(&source->fact);

		if (source->governs || !words)
			continue;
		words = words_about_guests(arena, missing(differences, words, boot->booted.text));
		if (!*words)
			continue;
		finding_cite(differences->finding, &source->fact);
		add_sentence(differences, words, "is in",
			     arena_printf(arena, "%s, from which this machine does not boot%s",
					  source->fact.path,
					  source->later_kernels
						  ? ": it is read for kernels installed later"
						  : ""),
			     NULL);
		differences->elsewhere = true;
	}
}

/* A file without a say that could not be read: it may hold what somebody believes in force.
 * Commands in one (EOPNOTSUPP) are nobody's plain belief. */
static const struct via_fact *other_untold(const struct via_boot *boot)
{
	via_for_each (source, &boot->sources)
		if (!source->governs && fact_is(&source->fact, VIA_UNKNOWN) &&
		    source->fact.error != EOPNOTSUPP && source->fact.error != ENODATA)
			return &source->fact;
	return NULL;
}

static void advise(struct via_finding *finding, const struct differences *differences,
		   const struct via_boot *boot)
{
	if (differences->regenerate && boot->regenerate)
		finding_manual(finding,
			       "Run %s and reboot; if it stays away, this machine does not boot "
			       "through that file.",
			       boot->regenerate);
	else if (differences->regenerate || differences->elsewhere)
		finding_manual(finding, "Change it where %s reads it: %s%s%s.", boot->keeper_name,
			       boot->change ? boot->change : "its own file",
			       boot->regenerate ? ", then " : "",
			       boot->regenerate ? boot->regenerate : "");
	else
		finding_manual(finding, "Reboot for it to take effect.");
}

static enum via_verdict configured_cmdline(const struct via_host *host, struct via_finding *finding)
{
	const struct via_boot *boot = &host->boot;
	struct differences differences = { .finding = finding, .text = "" };
	enum via_verdict verdict;

	if (!boot_applies(host, finding, &verdict))
		return verdict;
	finding_cite(finding, &boot->configured);
	if (boot->generated.path) /* not every loader's menu is generated */
		finding_cite(finding, &boot->generated);
	finding_cite(finding, &boot->booted);
	if (!fact_text(&boot->booted))
		return VIA_CANNOT_TELL;
	if (fact_is(&boot->configured, VIA_PRESENT) && fact_is(&boot->generated, VIA_PRESENT)) {
		compare_generated(&differences, boot);
		compare_booted(&differences, boot);
	} else if (fact_is(&boot->configured, VIA_PRESENT)) {
		compare_unread(&differences, boot);
	}
	compare_others(&differences, boot);
	if (*differences.text) {
		finding_detail(finding, "%s", differences.text);
		advise(finding, &differences, boot);
		return VIA_WARN;
	}
	if (fact_is(&boot->configured, VIA_UNKNOWN)) {
		finding_detail(
			finding,
			boot->configured.error == EOPNOTSUPP
				? "Commands in %s work the line out, and nothing is run here."
				: "%s could not be read.",
			boot->configured.path);
		return VIA_CANNOT_TELL;
	}
	if (other_untold(boot)) {
		finding_cite(finding, other_untold(boot));
		return VIA_CANNOT_TELL;
	}
	if (boot->generated.path && fact_is(&boot->generated, VIA_UNKNOWN) &&
	    fact_is(&boot->configured, VIA_PRESENT)) {
		finding_detail(finding,
			       "What runs is what is configured in %s; what %s reads for the next "
			       "boot, %s, could not be read.",
			       boot->configured.path, boot->keeper_name, boot->generated.path);
		return VIA_PASS;
	}
	finding_detail(finding, "What %s passes is what is configured%s%s.", boot->keeper_name,
		       fact_is(&boot->configured, VIA_PRESENT) ? " in " : "",
		       fact_is(&boot->configured, VIA_PRESENT) ? boot->configured.path : "");
	return VIA_PASS;
}

/* Where the entry does not tell its kernel's release, the installed modules do. */
static const char *next_release(const struct via_boot *boot)
{
	const char *release = fact_text(&boot->next_release);

	if (release || boot->next_entry < 0)
		return release;
	return fact_text(&boot->newest_release);
}

static enum via_verdict next_boot(const struct via_host *host, struct via_finding *finding)
{
	const struct via_boot *boot = &host->boot;
	const char *running = fact_text(&host->kernel_release), *next = next_release(boot);
	const char *newest = fact_text(&boot->newest_release);
	enum via_verdict verdict;

	if (!boot_applies(host, finding, &verdict))
		return verdict;
	finding_cite(finding, &host->kernel_release);
	finding_cite(finding, &boot->next_release);
	finding_cite(finding, &boot->newest_release);
	if (!next || !running) {
		finding_detail(finding, "Which kernel boots next could not be told: %s.",
			       boot->next_entry_untold ? boot->next_entry_untold
						       : "its release is not known");
		return VIA_CANNOT_TELL;
	}
	if (strcmp(next, running) != 0) {
		finding_detail(finding, "The next boot starts %s; %s is running now.", next,
			       running);
		finding_manual(finding,
			       "Groups, parameters, modules and initramfs of %s may "
			       "differ: check again after the reboot.",
			       next);
		return VIA_WARN;
	}
	if (newest && strverscmp(newest, running) > 0) {
		finding_detail(finding, "%s is installed and newer, but the next boot starts %s.",
			       newest, next);
		return VIA_PASS;
	}
	finding_detail(finding, "The next boot starts the kernel that runs now, %s%s.", running,
		       boot->next_is_once ? ", by an entry chosen for once" : "");
	return VIA_PASS;
}

/* What viaduct apply --trial would make of it; the loader alone can start an entry once. */
static enum via_verdict tried_once(const struct via_boot *boot, struct via_finding *finding)
{
	const struct via_boot_trial *trial = &boot->trial;

	finding_cite(finding, &trial->told);
	if (fact_is(&trial->told, VIA_PRESENT)) {
		finding_detail(finding, "An entry can be tried once: %s.", boot->one_shot.text);
		return VIA_PASS;
	}
	finding_detail(finding, "A change cannot be tried once (viaduct apply --trial): %s.",
		       trial->why_not ? trial->why_not : "nothing is known of it");
	return fact_is(&trial->told, VIA_ABSENT) ? VIA_SKIP : VIA_CANNOT_TELL;
}

static enum via_verdict one_shot(const struct via_host *host, struct via_finding *finding)
{
	const struct via_boot *boot = &host->boot;
	enum via_verdict verdict;

	if (!boot_applies(host, finding, &verdict))
		return verdict;
	finding_cite(finding, &boot->one_shot);
	if (fact_is(&boot->one_shot, VIA_PRESENT))
		return tried_once(boot, finding);
	finding_detail(finding, "An entry cannot be tried once: %s.",
		       boot->one_shot_reason ? boot->one_shot_reason : "nothing is known of it");
	if (fact_is(&boot->one_shot, VIA_ABSENT) && boot->next_is_once) {
		finding_manual(finding, "Clear the entry that was chosen for once (grub-editenv - "
					"unset next_entry), or it stays.");
		return VIA_WARN;
	}
	if (fact_is(&boot->one_shot, VIA_ABSENT) || boot->loader == VIA_LOADER_UNKNOWN)
		return VIA_SKIP;
	return VIA_CANNOT_TELL;
}

static enum via_verdict proxmox(const struct via_host *host, struct via_finding *finding)
{
	const struct via_boot *boot = &host->boot;
	enum via_verdict verdict;

	finding_cite(finding, &boot->proxmox);
	if (fact_is(&boot->proxmox, VIA_ABSENT)) {
		finding_detail(finding, "This is no Proxmox VE host.");
		return VIA_SKIP;
	}
	if (!fact_is(&boot->proxmox, VIA_PRESENT))
		return VIA_CANNOT_TELL;
	finding_cite(finding, &boot->proxmox_uuids);
	finding_cite(finding, &boot->loader_info);
	if (!boot_applies(host, finding, &verdict))
		return VIA_CANNOT_TELL;
	finding_detail(
		finding,
		"It boots by %s%s%s; its command line is changed in %s, followed "
		"by %s%s.",
		boot->keeper_name, boot->variant ? " " : "", boot->variant ? boot->variant : "",
		boot->change ? boot->change : "its own file",
		boot->regenerate ? boot->regenerate : "nothing",
		boot->keeper == VIA_LOADER_PROXMOX ? " (once pve-efiboot-tool refresh)" : "");
	return VIA_PASS;
}

static const struct via_rule rules[] = {
	{
		.id = "kernel.boot-loader",
		.layer = VIA_LAYER_KERNEL,
		.title = "Which loader booted this machine",
		.source =
			"systemd.io BOOT_LOADER_INTERFACE; UEFI 2.10, 3.3 BootCurrent; GRUB manual",
		.eval = boot_loader,
	},
	{
		.id = "kernel.configured-cmdline",
		.layer = VIA_LAYER_KERNEL,
		.title = "What is configured is what was booted, and will be",
		.source =
			"GRUB manual, Simple configuration; kernel-install(8); proxmox-boot-tool(8)",
		.eval = configured_cmdline,
	},
	{
		.id = "kernel.initramfs",
		.layer = VIA_LAYER_KERNEL,
		.title = "What is wanted early is inside the initramfs",
		.source = "Documentation/driver-api/early-userspace; modprobe.d(5)",
		.eval = boot_initramfs,
	},
	{
		.id = "kernel.next-boot",
		.layer = VIA_LAYER_KERNEL,
		.title = "The next boot starts the kernel that was checked",
		.source = "GRUB manual, default; loader.conf(5)",
		.eval = next_boot,
	},
	{
		.id = "kernel.one-shot",
		.layer = VIA_LAYER_KERNEL,
		.title = "A change can be tried for one boot",
		.source = "GRUB manual, Environment block; systemd.io BOOT_LOADER_INTERFACE",
		.eval = one_shot,
	},
	{
		.id = "kernel.proxmox",
		.layer = VIA_LAYER_KERNEL,
		.title = "Proxmox VE: where its command line is kept",
		.source = "proxmox-boot-tool(8)",
		.eval = proxmox,
	},
};

const struct via_rule_table kernel_boot_rules = { rules, VIA_COUNT(rules) };
