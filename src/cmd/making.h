/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "cmd/changing.h"
#include "plan/goal.h"

/*
 * Commands with actions of their own (viaduct mdev create …): a word, its options, and a plan
 * that is shown and done as apply does it.
 */

/**
 * struct via_making - one such action
 * @plan: adds to the plan for the words that follow the action's name
 * @least, @most: how many of these there are
 */
struct via_making {
	const char *name;
	int least, most;
	int (*plan)(const struct via_host *host, char **words, int count, struct via_plan *plan,
		    struct via_error *error);
};

/**
 * making_run - `viaduct COMMAND [OPTIONS] [ACTION [WORD...]]`
 * @makings: ended by a zeroed row
 * @list: called for no action, or "list"; returns an exit status
 */
int making_run(struct via_session *session, const struct via_command *command, int argc,
	       char **argv, const struct via_making *makings,
	       int (*list)(const struct via_session *session, const struct via_host *host));
