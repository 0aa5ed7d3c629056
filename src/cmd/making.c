/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/making.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>

#include "base/cleanup.h"

struct choice {
	enum via_insistence insistence;
	bool dry_run;
	const struct via_making *making; /* NULL: list */
};

static int parse(struct via_session *session, const struct via_command *command, int argc,
		 char **argv, struct choice *choice)
{
	static const struct option options[] = { { "yes", no_argument, NULL, 'y' },
						 { "dry-run", no_argument, NULL, 'n' },
						 { "force", no_argument, NULL, 'f' },
						 { 0 } };
	int option;

	/* Naming what is to be made is consent enough; --yes is there for symmetry. */
	while ((option = command_options(session, command, argc, argv, "ynf", options)) != -1) {
		if (option == 'h' || option == '?')
			return option == 'h' ? VIA_EXIT_DONE : VIA_EXIT_USAGE;
		choice->dry_run |= option == 'n';
		if (option == 'f')
			changing_insist(&choice->insistence);
	}
	return -1;
}

static const struct via_making *making_named(const struct via_making *makings, const char *name)
{
	for (; makings->name; makings++)
		if (strcmp(makings->name, name) == 0)
			return makings;
	return NULL;
}

static int choose(struct via_session *session, const struct via_command *command, int words,
		  char **argv, const struct via_making *makings, struct choice *choice)
{
	const char *name = words ? *argv : "list";

	if (strcmp(name, "list") == 0)
		return words > 1 ? session_usage(session, command->name, "list takes no words")
				 : -1;
	choice->making = making_named(makings, name);
	if (!choice->making)
		return session_usage(session, command->name, "there is no action '%s'", name);
	if (words - 1 < choice->making->least || words - 1 > choice->making->most)
		return session_usage(session, command->name, "%s takes %s", name,
				     words - 1 < choice->making->least ? "more words"
								       : "fewer words");
	return session_may_act(session, command->name) ?: -1;
}

static const char *goal_of(struct via_arena *arena, const struct via_command *command, int words,
			   char **argv)
{
	const char *text = command->name;

	for (int i = 0; i < words; i++)
		text = arena_printf(arena, "%s %s", text, argv[i]);
	return text;
}

static int make(struct via_session *session, const struct via_command *command, int words,
		char **argv, const struct choice *choice)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_host_ struct via_host *host = session_look_to_plan(session);
	struct via_plan plan = { .arena = arena,
				 .goal = goal_of(arena, command, words, argv),
				 .insistence = choice->insistence };
	struct via_error error;

	if (choice->making->plan(host, argv + 1, words - 1, &plan, &error) < 0)
		return session_fail(session, &error);
	if (plan.refused.count)
		plan.actions.count = 0;
	plan_seal(&plan);
	return changing_apply(session, &plan, true, choice->dry_run);
}

int making_run(struct via_session *session, const struct via_command *command, int argc,
	       char **argv, const struct via_making *makings,
	       int (*list)(const struct via_session *session, const struct via_host *host))
{
	struct choice choice = { 0 };
	int status = parse(session, command, argc, argv, &choice), words;

	if (status >= 0)
		return status;
	words = argc - optind;
	argv += optind;
	status = choose(session, command, words, argv, makings, &choice);
	if (status >= 0)
		return status;
	if (choice.making)
		return make(session, command, words, argv, &choice);
	{
		_cleanup_host_ struct via_host *host =
			session_look_closely(session, VIA_DEPTH_ATTRIBUTES);

		return list(session, host);
	}
}
