/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/text_proof.h"

#include <string.h>

#include "base/fact.h"

enum { WIDTH = 80, INDENT = 29 };

struct mark {
	const char *text, *color;
};

static const struct mark marks[VIA_VERDICTS] = {
	[VIA_PASS] = { "ok", "\033[32m" },   [VIA_WARN] = { "warn", "\033[33m" },
	[VIA_FAIL] = { "FAIL", "\033[31m" }, [VIA_CANNOT_TELL] = { "unknown", "\033[35m" },
	[VIA_SKIP] = { "skip", "\033[2m" },
};

/* Where the line stands, so that a piece that does not fit goes to the next one. */
struct folding {
	FILE *out;
	size_t column;
};

static void put_piece(struct folding *folding, const char *piece, size_t length)
{
	bool first = folding->column == INDENT;

	if (!first && folding->column + 1 + length > WIDTH) {
		fprintf(folding->out, "\n%*s", INDENT, "");
		folding->column = INDENT;
		first = true;
	}
	if (!first)
		fputc(' ', folding->out);
	fwrite(piece, 1, length, folding->out);
	folding->column += length + !first;
}

static void put_words(struct folding *folding, const char *text, const char *end)
{
	while (*text) {
		size_t length = strcspn(text, " ");
		bool last = text[length] == '\0';

		if (last && *end) {
			char piece[256];

			snprintf(piece, sizeof(piece), "%.*s%s", (int)length, text, end);
			put_piece(folding, piece, strlen(piece));
		} else {
			put_piece(folding, text, length);
		}
		text += length + !last;
	}
}

static void put_name(struct folding *folding, const char *name)
{
	char words[64];

	snprintf(words, sizeof(words), "%s", name);
	for (char *c = words; *c; c++)
		if (*c == '_')
			*c = ' ';
	put_words(folding, words, "");
}

static bool is_failure(const struct via_rung_evidence *item)
{
	return strcmp(item->name, "failed") == 0;
}

/* What failed comes first: it is what the reader looks for. */
static void put_failure(struct folding *folding, const struct via_rung *rung, const char *end)
{
	via_for_each (item, &rung->evidence)
		if (is_failure(item))
			put_words(folding, item->value, ":");
	if (rung->error)
		put_words(folding, errno_name(rung->error), end);
}

static void put_evidence(struct folding *folding, const struct via_rung *rung)
{
	size_t left = 0;

	via_for_each (item, &rung->evidence)
		left += !is_failure(item);
	put_failure(folding, rung, left ? ";" : "");
	via_for_each (item, &rung->evidence) {
		if (is_failure(item))
			continue;
		put_name(folding, item->name);
		put_words(folding, item->value, --left ? "," : "");
	}
}

static void put_rung(FILE *out, const struct via_rung *rung, bool color)
{
	const struct mark *mark = &marks[rung->verdict];
	struct folding folding = { .out = out, .column = INDENT };

	fprintf(out, "%s%-7s%s %-10s", color ? mark->color : "", mark->text, color ? "\033[0m" : "",
	        rung->rung);
	if (rung->verdict == VIA_SKIP)
		fprintf(out, "%*s", INDENT - 18, "");
	else
		fprintf(out, "%7.1f ms ", rung->ms);
	put_evidence(&folding, rung);
	if (!rung->hint) {
		fputc('\n', out);
		return;
	}
	if (rung->evidence.count || rung->error) {
		fprintf(out, "\n%*s", INDENT, "");
		folding.column = INDENT;
		put_words(&folding, "->", "");
	}
	put_words(&folding, rung->hint, "");
	fputc('\n', out);
}

void text_proof(FILE *out, const struct via_proof *proof, bool color)
{
	via_for_each (rung, &proof->rungs)
		put_rung(out, rung, color);
	fprintf(out, "%s: highest rung that held: %s\n", proof->target,
	        proof->highest ? proof->highest : "none");
}
