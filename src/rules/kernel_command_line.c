/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/rule.h"

#include "base/cleanup.h"
#include "rules/lint.h"

/* What a word that deserves a look says, added to what others said. */
static char *say_word(struct via_arena *arena, const char *text, const struct via_lint_word *word)
{
	return arena_printf(arena, "%s%s%s%s%s %s", text, *text ? "; " : "", word->name,
			    word->value ? "=" : "", word->value ? word->value : "", word->text);
}

/* An ACS override is said even where it cannot be told whether it works. */
static bool deserves_a_look(const struct via_lint_word *word)
{
	if (!word->known) /* then it is the name of a module that came or went, or nothing */
		return word->verdict != VIA_LINT_UNKNOWN;
	if (word->known->foreign || word->verdict == VIA_LINT_OK)
		return false;
	return word->verdict != VIA_LINT_UNKNOWN || word->known->patched;
}

static enum via_verdict command_line_words(const struct via_host *host, struct via_finding *finding)
{
	struct via_lint_kernel kernel = lint_kernel_of(host);
	char *text = arena_strdup(finding->arena, "");
	struct via_lint lint;

	finding_cite(finding, &host->kernel.command_line);
	if (!fact_text(&host->kernel.command_line))
		return VIA_CANNOT_TELL;
	lint_line(finding->arena, host->kernel.command_line.text, &kernel, &lint);
	via_for_each (word, &lint.words)
		if (deserves_a_look(word))
			text = say_word(finding->arena, text, word);
	via_for_each (clash, &lint.clashes)
		if (clash->contradiction)
			text = arena_printf(finding->arena, "%s%s%s: %s", text, *text ? "; " : "",
					    clash->parameters, clash->text);
	if (!*text) {
		finding_detail(finding, "Nothing on it works against passthrough.");
		return VIA_PASS;
	}
	finding_detail(finding, "%s.", text);
	finding_manual(finding, "Remove what has no effect or works against you; viaduct lint "
				"tells word by word.");
	return VIA_WARN;
}

static const struct via_rule rules[] = {
	{
		.id = "kernel.command-line",
		.layer = VIA_LAYER_KERNEL,
		.title = "The kernel command line helps",
		.source = "Documentation/admin-guide/kernel-parameters.txt",
		.eval = command_line_words,
	},
};

const struct via_rule_table kernel_command_line_rules = { rules, VIA_COUNT(rules) };
