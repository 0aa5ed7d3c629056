/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/text_proof.h"

#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/fact.h"
#include "base/parse.h"

enum { NAME = 10, TIME = 10, INDENT = 4 + NAME + TIME + 2 };

static bool is_failure(const struct via_rung_evidence *item)
{
	return strcmp(item->name, "failed") == 0;
}

/* "page_sizes" -> "page sizes" */
static const char *words_of(struct via_arena *arena, const char *name)
{
	char *words = arena_strdup(arena, name);

	for (char *c = words; *c; c++)
		if (*c == '_')
			*c = ' ';
	return words;
}

/* What failed comes first: it is what the reader looks for. */
static const char *failure_of(struct via_arena *arena, const struct via_rung *rung)
{
	char *text = arena_strdup(arena, "");

	via_for_each (item, &rung->evidence)
		if (is_failure(item))
			text = arena_printf(arena, "%s%s: ", text, item->value);
	if (rung->error)
		text = arena_printf(arena, "%s%s", text, errno_name(rung->error));
	return text;
}

static const char *evidence_of(struct via_arena *arena, const struct via_rung *rung)
{
	const char *failure = failure_of(arena, rung), *between = *failure ? "; " : "";
	char *text = arena_strdup(arena, failure);

	via_for_each (item, &rung->evidence) {
		if (is_failure(item))
			continue;
		text = arena_printf(arena, "%s%s%s %s", text, between, words_of(arena, item->name),
				    item->value);
		between = ", ";
	}
	return text;
}

static void print_rung(const struct via_paper *paper, struct via_arena *arena,
		       const struct via_rung *rung)
{
	const char *evidence = evidence_of(arena, rung);
	bool tried = rung->verdict != VIA_SKIP;

	fputs("  ", paper->file);
	paper_mark(paper, rung->verdict);
	fputc(' ', paper->file);
	paper_pad(paper, tried ? VIA_STYLE_BOLD : VIA_STYLE_DIM, NAME, rung->rung);
	if (tried)
		paper_print(paper, VIA_STYLE_DIM, "%*.1f ms  ", TIME - 3, rung->ms);
	else
		fprintf(paper->file, "%*s", TIME + 2, "");
	if (*evidence)
		paper_fill(paper, VIA_STYLE_PLAIN, INDENT, INDENT, evidence);
	if (!rung->hint)
		return;
	if (*evidence)
		fprintf(paper->file, "%*s%s ", INDENT, "", paper_symbol(paper, "→", "->"));
	paper_fill(paper, VIA_STYLE_DIM, INDENT + (*evidence ? 3 : 0), INDENT, rung->hint);
}

/* Where another round or another interface begins. */
static void print_turn(const struct via_paper *paper, const struct via_rung *rung,
		       const struct via_rung *before)
{
	if ((!rung->round && !rung->interface) || (before && before->round == rung->round &&
						   text_same(before->interface, rung->interface)))
		return;
	if (rung->round)
		paper_print(paper, VIA_STYLE_BOLD, " Round %u%s", rung->round,
			    rung->interface ? "," : "");
	if (rung->interface)
		paper_print(paper, VIA_STYLE_BOLD, " by %s", rung->interface);
	fputc('\n', paper->file);
}

/* Only what came out otherwise is told apart; as before is one line. */
static void print_earlier(const struct via_paper *paper, struct via_arena *arena,
			  const struct via_proof *proof)
{
	bool changed = false, compared = false;

	via_for_each (rung, &proof->rungs) {
		compared |= rung->was_known;
		if (!proof_changed(rung))
			continue;
		changed = true;
		paper_wrap(paper, VIA_STYLE_BOLD, 2,
			   arena_printf(arena, "%s%s%s: %s on %s; now %s", rung->rung,
					rung->interface ? " by " : "",
					rung->interface ? rung->interface : "",
					verdict_name(rung->was), proof->earlier,
					verdict_name(rung->verdict)));
	}
	if (compared && !changed)
		paper_wrap(paper, VIA_STYLE_DIM, 2,
			   arena_printf(arena, "each rung as on %s", proof->earlier));
}

void text_proof(const struct via_paper *paper, const struct via_proof *proof)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();

	paper_print(paper, VIA_STYLE_BOLD, "Proof of %s\n", proof->target);
	via_for_each (rung, &proof->rungs) {
		print_turn(paper, rung, rung > proof->rungs.items ? rung - 1 : NULL);
		print_rung(paper, arena, rung);
	}
	paper_print(paper, VIA_STYLE_BOLD, "  highest rung that held: %s\n",
		    proof->highest ? proof->highest : "none");
	if (proof->earlier)
		print_earlier(paper, arena, proof);
}
