/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/commands.h"

#include <errno.h>
#include <getopt.h>

#include "base/cleanup.h"
#include "render/lint.h"

static int unknown_topic(const struct via_session *session, struct via_arena *arena,
			 const char *key)
{
	const char *near = "";
	struct via_names names;

	explain_near(arena, key, &names);
	via_for_each (name, &names)
		near = arena_printf(arena, "%s%s%s", near, *near ? ", " : "", *name);
	return session_usage(session, "explain", "nothing is known of %s; near it: %s", key, near);
}

static int explain_all(struct via_session *session, struct via_arena *arena)
{
	if (session->json)
		return session_print_json(json_topics(arena));
	text_topics(&session->paper, arena);
	return VIA_EXIT_DONE;
}

static int run(struct via_session *session, int argc, char **argv)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	int option = command_options(session, &command_explain, argc, argv, "", NULL);
	struct via_explanation topic;
	const char *key = NULL;

	if (option != -1)
		return option == 'h' ? VIA_EXIT_DONE : VIA_EXIT_USAGE;
	if (optind == argc)
		return explain_all(session, arena);
	for (int i = optind; i < argc; i++)
		key = arena_printf(arena, "%s%s%s", key ? key : "", key ? " " : "", argv[i]);
	if (explain_find(arena, key, &topic) < 0)
		return unknown_topic(session, arena, key);
	if (session->json)
		return session_print_json(json_explanation(arena, &topic));
	text_explanation(&session->paper, arena, &topic);
	return VIA_EXIT_DONE;
}

const struct via_command command_explain = {
	.name = "explain",
	.usage = "[ID|TOPIC]",
	.summary = "Explain a finding, a parameter or a concept, with sources",
	.help = "Without a topic, lists what there is. Case does not matter, and blanks, dashes\n"
		"and underscores are equal: \"iommu group\", IOMMU-group. A name with a value,\n"
		"iommu=pt, is the parameter; iommu is the concept, and then the parameter.\n",
	.run = run,
};
