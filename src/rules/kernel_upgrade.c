/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kernel that is installed and does not run yet: whether guests will find what they have now. */
#include <string.h>

#include "base/cleanup.h"
#include "rules/lint.h"
#include "rules/rule.h"

struct judging {
	const struct via_host *host;
	struct via_finding *finding;
	const char *trouble; /* sentences */
};

static void __attribute__((format(printf, 2, 3)))
add(struct judging *judging, const char *format, ...)
{
	va_list arguments;
	const char *text;

	va_start(arguments, format);
	text = arena_vprintf(judging->finding->arena, format, arguments);
	va_end(arguments);
	judging->trouble = arena_printf(judging->finding->arena, "%s%s%s", judging->trouble,
					*judging->trouble ? " " : "", text);
}

static const char *joined(struct judging *judging, const struct via_names *names)
{
	const char *text = "";

	via_for_each (name, names)
		text = arena_printf(judging->finding->arena, "%s%s%s", text, *text ? ", " : "",
				    *name);
	return text;
}

static bool is_lost(const struct via_lint_word *now, const struct via_lint_word *then)
{
	return then->verdict >= VIA_LINT_NOT_HERE && now->verdict < VIA_LINT_NOT_HERE;
}

/* Words that the running kernel takes, and that one does not any more. */
static void judge_words(struct judging *judging, const char *release)
{
	const struct via_host *host = judging->host;
	const char *line = fact_text(&host->boot.configured) ?: fact_text(&host->boot.booted);
	struct via_lint_kernel running = lint_kernel_of(host), other;
	struct via_lint now, then;

	if (!line || lint_kernel_named(host, release, &other) < 0)
		return;
	lint_line(judging->finding->arena, line, &running, &now);
	lint_line(judging->finding->arena, line, &other, &then);
	for (size_t i = 0; i < then.words.count && i < now.words.count; i++)
		if (is_lost(&now.words.items[i], &then.words.items[i]))
			add(judging, "%s on its line: it %s.", then.words.items[i].name,
			    then.words.items[i].text);
}

/* What became a part of another one is no loss: vfio_virqfd. */
static struct via_names really_lacking(struct judging *judging,
				       const struct via_lint_kernel *kernel)
{
	struct via_names names = { 0 };

	via_for_each (name, &judging->host->upgrade.lacking) {
		const struct via_module_life *life = module_life(*name);

		if (!life || !life->gone || kernel->version < life->gone)
			*via_list_add(judging->finding->arena, &names) = *name;
	}
	return names;
}

static void judge_modules(struct judging *judging, const struct via_upgrade *upgrade,
			  const char *release)
{
	struct via_lint_kernel kernel = { 0 };
	struct via_names lacking;

	finding_cite(judging->finding, &upgrade->modules);
	lint_kernel_named(judging->host, release, &kernel);
	lacking = really_lacking(judging, &kernel);
	if (lacking.count)
		add(judging, "It has no module %s, which guests rest on now.",
		    joined(judging, &lacking));
}

static void judge_names(struct judging *judging, const struct via_upgrade *upgrade)
{
	via_for_each (named, &upgrade->named) {
		const struct via_module_life *life = module_life(named->name);
		const char *gone = life ? lint_version(judging->finding->arena, life->gone) : NULL;

		finding_cite_value(judging->finding, named->place, "%s", named->name);
		if (gone)
			add(judging, "%s names the module %s, which is gone since %s: %s.",
			    named->place, named->name, gone, life->text);
		else
			add(judging, "%s names the module %s, which it has not.", named->place,
			    named->name);
	}
}

static void judge_image(struct judging *judging, const struct via_upgrade *upgrade)
{
	if (!fact_is(&upgrade->early, VIA_PRESENT))
		return;
	finding_cite(judging->finding, &upgrade->early);
	finding_cite(judging->finding, &upgrade->image);
	if (upgrade->outside.count)
		add(judging,
		    "Its initramfs lacks %s: the devices of %s would be taken by their own "
		    "drivers.",
		    joined(judging, &upgrade->outside), upgrade->early.text);
}

static bool untold(const struct via_upgrade *upgrade)
{
	return !fact_is(&upgrade->modules, VIA_PRESENT) || fact_is(&upgrade->early, VIA_UNKNOWN) ||
	       (fact_is(&upgrade->early, VIA_PRESENT) && !fact_is(&upgrade->image, VIA_PRESENT));
}

static enum via_verdict upgrade(const struct via_host *host, struct via_finding *finding)
{
	const struct via_upgrade *upgrade = &host->upgrade;
	struct judging judging = { .host = host, .finding = finding, .trouble = "" };
	const char *release = fact_text(&upgrade->kernel);

	finding_cite(finding, &upgrade->kernel);
	if (!upgrade->looked || fact_is(&upgrade->kernel, VIA_NOT_ASKED)) {
		finding_detail(finding, "Other kernels than the running one were not looked at.");
		return VIA_SKIP;
	}
	if (!release && !fact_is(&upgrade->kernel, VIA_ABSENT)) {
		finding_detail(finding, "Which kernels are installed could not be told.");
		return VIA_CANNOT_TELL;
	}
	if (!release) {
		finding_detail(finding, "No kernel is installed that is newer than the one that "
					"runs.");
		return VIA_SKIP;
	}
	judge_words(&judging, release);
	judge_modules(&judging, upgrade, release);
	judge_names(&judging, upgrade);
	judge_image(&judging, upgrade);
	if (*judging.trouble) {
		finding_detail(finding, "%s: %s", release, judging.trouble);
		finding_manual(finding, "Keep the kernel that runs as the default until that is "
					"put right; viaduct guard looks again.");
		return VIA_WARN;
	}
	if (untold(upgrade)) {
		finding_detail(finding, "%s: not all of it could be looked at.", release);
		return VIA_CANNOT_TELL;
	}
	finding_detail(finding, "%s has what guests find under the kernel that runs now.", release);
	return VIA_PASS;
}

static const struct via_rule rules[] = {
	{
		.id = "kernel.upgrade",
		.layer = VIA_LAYER_KERNEL,
		.title = "The newest kernel that is installed keeps what guests have",
		.source = "Documentation/admin-guide/kernel-parameters.txt; depmod(8)",
		.eval = upgrade,
	},
};

const struct via_rule_table kernel_upgrade_rules = { rules, VIA_COUNT(rules) };
