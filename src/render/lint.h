/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>

#include "render/check.h"
#include "render/paper.h"
#include "rules/explain.h"
#include "rules/lint.h"

/* text_lint - a line, word by word; what is not about virtual machines in one sentence */
void text_lint(const struct via_paper *paper, const struct via_lint_kernel *kernel,
	       const struct via_lint *lint, enum via_detail detail);

/* json_lint - viaduct.lint/1; the caller owns the result. "until" is the first release
 * without the word. */
json_t *json_lint(struct via_arena *arena, const char *line, const struct via_lint_kernel *kernel,
		  const struct via_lint *lint);

/* text_explanation, json_explanation (viaduct.explain/1) - one topic */
void text_explanation(const struct via_paper *paper, struct via_arena *arena,
		      const struct via_explanation *topic);
json_t *json_explanation(struct via_arena *arena, const struct via_explanation *topic);

/* text_topics, json_topics (viaduct.explain/1) - what there is to be explained */
void text_topics(const struct via_paper *paper, struct via_arena *arena);
json_t *json_topics(struct via_arena *arena);
