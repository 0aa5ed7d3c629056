/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "cmd/command.h"
#include "decode/declaration.h"

/**
 * struct via_planning - what is to be planned, from the command line
 * @words: a goal; none where @file is given
 * @file: a declaration of the host instead
 */
struct via_planning {
	const char *const *words;
	size_t count;
	const char *file;
	enum via_insistence insistence;
};

/**
 * planning_words_last - move a command's own options before the words of its goal, which has
 * options too: "apply nested --yes" is "apply --yes nested"
 * @options: of the command, as for command_options(); short ones by their val
 */
struct option;
void planning_words_last(int argc, char **argv, const struct option *options);

/**
 * planning_make - look at the host and plan
 * @ret_host: owned by the caller, also after a failure; the plan points into it
 * Return: 0; -EINVAL for words that are no goal, or words beside a file
 */
int planning_make(const struct via_session *session, struct via_arena *arena,
		  const struct via_planning *planning, struct via_host **ret_host,
		  struct via_plan *ret, struct via_error *error);

/* planning_is_of_host - whether it is of the declaration that each boot makes */
bool planning_is_of_host(const struct via_planning *planning);

/* planning_declaration - read the declaration of @file */
int planning_declaration(struct via_arena *arena, const char *file, struct via_declaration **ret,
			 struct via_error *error);

/* planning_program - viaduct itself, as an absolute path, for units that start it */
const char *planning_program(const struct via_session *session, struct via_arena *arena);

/**
 * planning_refused - an error for a plan that was refused: every reason, one a line, on
 * stderr, and the first as the error
 * Return: VIA_EXIT_COULD_NOT
 */
int planning_refused(const struct via_session *session, const struct via_plan *plan);
