/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/lint.h"

#include <string.h>

#include "base/cleanup.h"

enum { INDENT = 6 };

static const enum via_verdict marks[VIA_LINT_VERDICTS] = {
	[VIA_LINT_OK] = VIA_PASS,
	[VIA_LINT_NO_EFFECT] = VIA_SKIP,
	[VIA_LINT_UNKNOWN] = VIA_CANNOT_TELL,
	[VIA_LINT_RISKY] = VIA_WARN,
	[VIA_LINT_NOT_HERE] = VIA_WARN,
	[VIA_LINT_OBSOLETE] = VIA_WARN,
	[VIA_LINT_WRONG] = VIA_FAIL,
};

static void print_source(const struct via_paper *paper, const struct via_lint_word *word)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();

	if (word->since)
		paper_print(paper, VIA_STYLE_DIM, "%*ssince: %s\n", INDENT, "",
			    lint_version(arena, word->since));
	if (word->gone)
		paper_print(paper, VIA_STYLE_DIM, "%*sgone since: %s\n", INDENT, "",
			    lint_version(arena, word->gone));
	if (word->known)
		paper_print(paper, VIA_STYLE_DIM, "%*sread by: %s; source: %s\n", INDENT, "",
			    reader_name(word->known->reader), word->known->source);
}

static void print_word(const struct via_paper *paper, const struct via_lint_word *word,
		       enum via_detail detail)
{
	fputs("  ", paper->file);
	paper_mark(paper, marks[word->verdict]);
	paper_print(paper, VIA_STYLE_BOLD, " %s%s%s", word->name, word->value ? "=" : "",
		    word->value ? word->value : "");
	paper_print(paper, VIA_STYLE_DIM, "  [%s]\n", lint_verdict_name(word->verdict));
	if (detail != VIA_DETAIL_QUIET || word->verdict != VIA_LINT_OK)
		paper_wrap(paper, VIA_STYLE_PLAIN, INDENT, word->text);
	if (detail == VIA_DETAIL_ALL)
		print_source(paper, word);
}

/* What every line holds and nobody asks about. */
static bool is_foreign(const struct via_lint_word *word)
{
	return word->known && word->known->foreign && word->verdict == VIA_LINT_OK;
}

static void print_foreign(const struct via_paper *paper, const struct via_lint *lint)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const char *names = NULL;

	via_for_each (word, &lint->words)
		if (is_foreign(word))
			names = arena_printf(arena, "%s%s%s", names ? names : "", names ? ", " : "",
					     word->name);
	if (names)
		paper_wrap(paper, VIA_STYLE_DIM, 2,
			   arena_printf(arena, "Not about virtual machines: %s", names));
}

static void print_clash(const struct via_paper *paper, const struct via_lint_clash *clash)
{
	fputs("  ", paper->file);
	paper_mark(paper, clash->contradiction ? VIA_FAIL : VIA_SKIP);
	paper_print(paper, VIA_STYLE_BOLD, " %s", clash->parameters);
	paper_print(paper, VIA_STYLE_DIM, "  [%s]\n",
		    clash->contradiction ? "contradiction" : "twice");
	paper_wrap(paper, VIA_STYLE_PLAIN, INDENT, clash->text);
}

static void print_summary(const struct via_paper *paper, const struct via_lint *lint)
{
	fputc('\n', paper->file);
	for (int i = 0; i < VIA_LINT_VERDICTS; i++)
		paper_print(paper, VIA_STYLE_PLAIN, "%zu %s, ", lint->counts[i],
			    lint_verdict_name((enum via_lint_verdict)i));
	paper_print(paper, VIA_STYLE_PLAIN, "%zu contradiction%s\n", lint->contradictions,
		    lint->contradictions == 1 ? "" : "s");
}

void text_lint(const struct via_paper *paper, const struct via_lint_kernel *kernel,
	       const struct via_lint *lint, enum via_detail detail)
{
	paper_print(paper, VIA_STYLE_BOLD, "Command line for Linux %s%s\n",
		    kernel->release ? kernel->release : "(unknown)",
		    kernel->own ? "" : " (named; its modules and configuration are not known)");
	via_for_each (word, &lint->words) {
		bool quiet = detail == VIA_DETAIL_QUIET && word->verdict == VIA_LINT_OK;

		if (detail == VIA_DETAIL_ALL || !(quiet || is_foreign(word)))
			print_word(paper, word, detail);
	}
	if (detail == VIA_DETAIL_NORMAL)
		print_foreign(paper, lint);
	via_for_each (clash, &lint->clashes)
		if (clash->contradiction || detail != VIA_DETAIL_QUIET)
			print_clash(paper, clash);
	print_summary(paper, lint);
}
