/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/lint.h"

#include "base/cleanup.h"
#include "render/json.h"

static json_t *json_options(struct via_arena *arena, const struct via_known_parameter *known)
{
	json_t *options = json_array();

	for (size_t i = 0; known && i < known->option_count; i++) {
		const struct via_known_option *option = &known->options[i];

		json_array_append_new(
			options,
			json_pack("{s:s, s:s, s:s, s:o, s:o}", "word", option->word, "verdict",
				  lint_verdict_name(option->verdict), "text", option->text, "since",
				  json_optional(lint_version(arena, option->since)), "until",
				  json_optional(lint_version(arena, option->gone))));
	}
	return options;
}

json_t *json_explanation(struct via_arena *arena, const struct via_explanation *topic)
{
	json_t *object = json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:s}", "schema",
				   "viaduct.explain/1", "kind", explained_name(topic->kind), "name",
				   topic->name, "title", topic->title, "text", topic->text,
				   "rests_on", json_optional(topic->rests), "what_to_do",
				   json_optional(topic->act), "source", topic->source);

	if (topic->parameter)
		json_object_set_new(object, "options", json_options(arena, topic->parameter));
	if (topic->parameter && topic->kind != VIA_EXPLAINED_PARAMETER)
		json_object_set_new(object, "parameter",
				    json_pack("{s:s, s:s, s:s}", "name", topic->parameter->name,
					      "text", topic->parameter->text, "source",
					      topic->parameter->source));
	return object;
}

static json_t *json_kind(struct via_arena *arena, enum via_explained kind)
{
	struct via_names names;

	explain_names(arena, kind, &names);
	return json_names(&names);
}

json_t *json_topics(struct via_arena *arena)
{
	return json_pack("{s:s, s:o, s:o, s:o}", "schema", "viaduct.explain/1", "concepts",
			 json_kind(arena, VIA_EXPLAINED_CONCEPT), "findings",
			 json_kind(arena, VIA_EXPLAINED_FINDING), "parameters",
			 json_kind(arena, VIA_EXPLAINED_PARAMETER));
}
