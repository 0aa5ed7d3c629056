/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/commands.h"

#include <errno.h>
#include <getopt.h>

#include "base/cleanup.h"
#include "render/lint.h"

/* The words given, as one line; NULL when none was given. */
static const char *given_line(struct via_arena *arena, int argc, char **argv)
{
	const char *line = NULL;

	for (int i = optind; i < argc; i++)
		line = arena_printf(arena, "%s%s%s", line ? line : "", line ? " " : "", argv[i]);
	return line;
}

static int parse(struct via_session *session, int argc, char **argv, const char **ret_release)
{
	static const struct option options[] = { { "kernel", required_argument, NULL, 'k' },
						 { 0 } };
	int option;

	while ((option = command_options(session, &command_lint, argc, argv, "k:", options)) !=
	       -1) {
		if (option == 'h')
			return VIA_EXIT_DONE;
		if (option != 'k')
			return VIA_EXIT_USAGE;
		*ret_release = optarg;
	}
	return -1;
}

/* Not being able to read the line is an answer too, and not a failure. */
static int untold(const struct via_session *session, const struct via_fact *fact)
{
	struct via_error error;

	error_set(&error, fact->error ? -fact->error : -ENODATA, "read command line",
		  fact->path ? fact->path : "proc/cmdline", NULL);
	session_fail(session, &error);
	return VIA_EXIT_CANNOT_TELL;
}

static int run(struct via_session *session, int argc, char **argv)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_host_ struct via_host *host = NULL;
	const char *release = NULL, *line;
	struct via_lint_kernel kernel;
	struct via_lint lint;
	int status = parse(session, argc, argv, &release);

	if (status >= 0)
		return status;
	host = session_look(session, VIA_DEPTH_ATTRIBUTES);
	kernel = lint_kernel_of(host);
	if (release && lint_kernel_named(host, release, &kernel) < 0)
		return session_usage(session, "lint", "no kernel release: %s", release);
	line = given_line(arena, argc, argv);
	if (!line)
		line = fact_text(&host->kernel.command_line);
	if (!line)
		return untold(session, &host->kernel.command_line);
	lint_line(arena, line, &kernel, &lint);
	if (!session->json)
		text_lint(&session->paper, &kernel, &lint, session->detail);
	else if (session_print_json(json_lint(arena, line, &kernel, &lint)))
		return VIA_EXIT_COULD_NOT;
	return lint_wrong(&lint) ? VIA_EXIT_FAILING : VIA_EXIT_DONE;
}

const struct via_command command_lint = {
	.name = "lint",
	.usage = "[--kernel RELEASE] [CMDLINE]",
	.summary = "Judge each kernel parameter: what this kernel does with it",
	.help = "Without CMDLINE, the line this host was booted with. Verdicts: ok, no-effect,\n"
		"unknown (not in the table, or not to be told), risky (weakens protection or\n"
		"stands against passthrough), not-here (not this kernel or processor), obsolete\n"
		"(gone), wrong (a value the kernel does not understand). viaduct explain NAME\n"
		"tells more of each.\n"
		"\n"
		"  -k, --kernel RELEASE   judge for another release (6.12, 6.8.12-5-pve); the\n"
		"                         processor stays that of the host\n"
		"\n"
		"Exit status: 1 when a word is wrong or two contradict each other; 5 when the\n"
		"line could not be read.\n",
	.run = run,
};
