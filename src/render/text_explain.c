/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/lint.h"

#include "base/cleanup.h"

enum { INDENT = 2 };

static void print_part(const struct via_paper *paper, const char *title, const char *text)
{
	if (!text)
		return;
	paper_print(paper, VIA_STYLE_DIM, "%s\n", title);
	paper_wrap(paper, VIA_STYLE_PLAIN, INDENT, text);
	fputc('\n', paper->file);
}

static void print_option(const struct via_paper *paper, struct via_arena *arena,
			 const struct via_known_option *option)
{
	const char *since = lint_version(arena, option->since);
	const char *gone = lint_version(arena, option->gone);

	paper_print(paper, VIA_STYLE_BOLD, "  %s", option->word);
	paper_print(paper, VIA_STYLE_DIM, "  [%s%s%s%s%s]\n", lint_verdict_name(option->verdict),
		    since ? ", since " : "", since ? since : "", gone ? ", gone since " : "",
		    gone ? gone : "");
	paper_wrap(paper, VIA_STYLE_PLAIN, INDENT * 3, option->text);
}

static void print_parameter(const struct via_paper *paper, struct via_arena *arena,
			    const struct via_known_parameter *known)
{
	const char *since = lint_version(arena, known->since);
	const char *gone = lint_version(arena, known->gone);

	for (size_t i = 0; i < known->option_count; i++)
		print_option(paper, arena, &known->options[i]);
	if (known->option_count)
		fputc('\n', paper->file);
	paper_print(paper, VIA_STYLE_DIM, "Read by: %s%s%s\n", reader_name(known->reader),
		    known->module ? " " : "", known->module ? known->module : "");
	if (since)
		paper_print(paper, VIA_STYLE_DIM, "Since: %s\n", since);
	if (gone)
		paper_print(paper, VIA_STYLE_DIM, "Gone since: %s\n", gone);
}

/* Behind a concept: the parameter that it shares a name with. */
static void print_namesake(const struct via_paper *paper, struct via_arena *arena,
			   const struct via_known_parameter *known)
{
	paper_print(paper, VIA_STYLE_BOLD, "\n%s=", known->name);
	paper_print(paper, VIA_STYLE_PLAIN, "  a parameter of the kernel command line\n\n");
	paper_wrap(paper, VIA_STYLE_PLAIN, INDENT, known->text);
	fputc('\n', paper->file);
	print_parameter(paper, arena, known);
	paper_print(paper, VIA_STYLE_DIM, "Source: %s\n", known->source);
}

void text_explanation(const struct via_paper *paper, struct via_arena *arena,
		      const struct via_explanation *topic)
{
	paper_print(paper, VIA_STYLE_BOLD, "%s", topic->name);
	paper_print(paper, VIA_STYLE_PLAIN, "  %s\n\n", topic->title);
	paper_wrap(paper, VIA_STYLE_PLAIN, INDENT, topic->text);
	fputc('\n', paper->file);
	print_part(paper, "What it rests on", topic->rests);
	print_part(paper, "What to do", topic->act);
	if (topic->kind == VIA_EXPLAINED_PARAMETER)
		print_parameter(paper, arena, topic->parameter);
	paper_print(paper, VIA_STYLE_DIM, "Source: %s\n", topic->source);
	if (topic->kind != VIA_EXPLAINED_PARAMETER && topic->parameter)
		print_namesake(paper, arena, topic->parameter);
}

static void print_names(const struct via_paper *paper, struct via_arena *arena,
			enum via_explained kind, const char *heading)
{
	const char *text = NULL;
	struct via_names names;

	explain_names(arena, kind, &names);
	via_for_each (name, &names)
		text = arena_printf(arena, "%s%s%s", text ? text : "", text ? ", " : "", *name);
	paper_print(paper, VIA_STYLE_BOLD, "%s\n", heading);
	paper_wrap(paper, VIA_STYLE_PLAIN, INDENT, text ? text : "");
	fputc('\n', paper->file);
}

void text_topics(const struct via_paper *paper, struct via_arena *arena)
{
	print_names(paper, arena, VIA_EXPLAINED_CONCEPT, "Concepts");
	print_names(paper, arena, VIA_EXPLAINED_FINDING, "Findings");
	print_names(paper, arena, VIA_EXPLAINED_PARAMETER, "Parameters of the kernel");
	paper_print(paper, VIA_STYLE_DIM, "viaduct explain NAME tells about one of them.\n");
}
