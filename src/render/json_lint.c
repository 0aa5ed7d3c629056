/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/lint.h"

#include "base/cleanup.h"
#include "render/json.h"

static json_t *json_version(struct via_arena *arena, unsigned int version)
{
	return json_optional(lint_version(arena, version));
}

static json_t *json_option(struct via_arena *arena, const struct via_lint_option *option)
{
	return json_pack("{s:o, s:s, s:o, s:o, s:o}", "word", json_optional(option->word),
			 "verdict", lint_verdict_name(option->verdict), "text",
			 json_optional(option->text), "since", json_version(arena, option->since),
			 "until", json_version(arena, option->gone));
}

static json_t *json_word(struct via_arena *arena, const struct via_lint_word *word)
{
	const struct via_known_parameter *known = word->known;
	json_t *options = json_array();

	via_for_each (option, &word->options)
		json_array_append_new(options, json_option(arena, option));
	return json_pack("{s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o}", "name",
			 json_optional(word->name), "value", json_optional(word->value), "options",
			 options, "verdict", lint_verdict_name(word->verdict), "text",
			 json_optional(word->text), "since", json_version(arena, word->since),
			 "until", json_version(arena, word->gone), "read_by",
			 json_optional(known ? reader_name(known->reader) : NULL), "source",
			 json_optional(known ? known->source : NULL));
}

static json_t *json_clash(const struct via_lint_clash *clash)
{
	return json_pack("{s:o, s:b, s:s}", "parameters", json_optional(clash->parameters),
			 "contradiction", clash->contradiction, "text", clash->text);
}

static json_t *json_summary(const struct via_lint *lint)
{
	json_t *summary = json_object();

	for (int i = 0; i < VIA_LINT_VERDICTS; i++)
		json_object_set_new(summary, lint_verdict_name((enum via_lint_verdict)i),
				    json_integer((json_int_t)lint->counts[i]));
	json_object_set_new(summary, "contradictions",
			    json_integer((json_int_t)lint->contradictions));
	return summary;
}

json_t *json_lint(struct via_arena *arena, const char *line, const struct via_lint_kernel *kernel,
		  const struct via_lint *lint)
{
	json_t *words = json_array(), *clashes = json_array();

	via_for_each (word, &lint->words)
		json_array_append_new(words, json_word(arena, word));
	via_for_each (clash, &lint->clashes)
		json_array_append_new(clashes, json_clash(clash));
	return json_pack("{s:s, s:o, s:o, s:b, s:o, s:o, s:o, s:o}", "schema", "viaduct.lint/1",
			 "kernel", json_optional(kernel->release), "version",
			 json_version(arena, kernel->version), "own_kernel", kernel->own,
			 "command_line", json_optional(line), "parameters", words, "clashes",
			 clashes, "summary", json_summary(lint));
}
