/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"
#include "model/host.h"
#include "plan/action.h"
#include "render/check.h"
#include "render/paper.h"
#include "sys/world.h"

enum via_exit {
	VIA_EXIT_DONE = 0,
	VIA_EXIT_FAILING = 1, /* at least one finding is fail */
	VIA_EXIT_USAGE = 2,
	VIA_EXIT_COULD_NOT = 3,
	VIA_EXIT_REBOOT = 4,
	VIA_EXIT_CANNOT_TELL = 5,
};

/* What every command is given: the host it looks at, and how the user wants to read it. */
struct via_session {
	const struct via_world *world;
	struct via_paper paper;
	bool json;
	enum via_detail detail;
	const char *source;
};

/**
 * struct via_command - one subcommand, a row at the end of its own file
 * @usage: what follows "viaduct NAME"
 * @help: the lines of --help below the usage, 80 columns
 * @run: argv[0] is the command's name; returns an exit status
 */
struct via_command {
	const char *name, *usage, *summary, *help;
	int (*run)(struct via_session *session, int argc, char **argv);
};

/* commands_all - every command, ended by NULL; in the order of the help */
const struct via_command *const *commands_all(void);

/**
 * viaduct_main - the whole program
 * @preset: a world to use in place of the one that --from or the live host gives; tests hand
 *          in a fake kernel here. NULL for the program itself.
 */
int viaduct_main(int argc, char **argv, const struct via_world *preset);

/* session_fail - print an error as text or JSON; returns VIA_EXIT_COULD_NOT, or
 * VIA_EXIT_USAGE for an error of usage */
int session_fail(const struct via_session *session, const struct via_error *error);

/* session_complain - likewise on stderr alone: what stdout holds is one object already */
int session_complain(const struct via_session *session, const struct via_error *error);

/* session_usage - complain about how a command was called; returns VIA_EXIT_USAGE */
int session_usage(const struct via_session *session, const char *command, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* session_bad_option - likewise about what getopt_long() just answered '?' or ':' to */
int session_bad_option(const struct via_session *session, const char *command, int option,
		       char **argv);

/* session_print_json - print and release an object; returns 0 or VIA_EXIT_COULD_NOT */
int session_print_json(json_t *object);

/* session_look - probe the host; owned by the caller */
struct via_host *session_look(const struct via_session *session, enum via_depth depth);

/* session_look_lean - likewise, of functions only what tells how they belong together; rules
 * need no more. See probe_pci_rest() */
struct via_host *session_look_lean(const struct via_session *session, enum via_depth depth);

/* session_look_to_list - likewise, without what only findings rest on */
struct via_host *session_look_to_list(const struct via_session *session, enum via_depth depth);

/* session_look_closely - likewise, and at every process: who has which device open */
struct via_host *session_look_closely(const struct via_session *session, enum via_depth depth);

/* session_look_to_plan - likewise, with what only a plan of changes needs */
struct via_host *session_look_to_plan(const struct via_session *session);

/* session_look_to_plan_by_serial - likewise, with serial numbers, which wake no device but
 * read the configuration space of those that are awake */
struct via_host *session_look_to_plan_by_serial(const struct via_session *session);

/* session_look_to_give - likewise, for the goal passthrough alone. @policy: and how VFs are reset
 * and sleep */
struct via_host *session_look_to_give(const struct via_session *session, bool policy);

/* device_untold - whether driver, group or capabilities of a function could not be told */
bool device_untold(const struct via_pci_device *device);

/* session_untold - what an ordinary user may not read, or a source does not hold, is said on
 * the side, and by the exit status: VIA_EXIT_CANNOT_TELL, or VIA_EXIT_DONE */
int session_untold(const char *command, const struct via_host *host);
int session_say_untold(const char *command, const struct via_host *host);

/* session_may_change_files - refuse what changes a host where the source is neither the host
 * itself nor an image of one (--root); 0, or an exit status after saying so */
int session_may_change_files(const struct via_session *session, const char *what);

/* session_may_act - likewise, what acts on a host that runs: of an image as well */
int session_may_act(const struct via_session *session, const char *what);

/**
 * command_options - getopt_long for one command: --help is handled here
 * @options: ended by a zeroed row; --help must not be among them
 *
 * Return: the option, -1 at the end; '?' after having complained; 'h' after having helped
 */
struct option;
int command_options(const struct via_session *session, const struct via_command *command, int argc,
		    char **argv, const char *short_options, const struct option *options);

/* help_print - the help of one command, or of the whole program for NULL */
void help_print(FILE *file, const struct via_command *command);
