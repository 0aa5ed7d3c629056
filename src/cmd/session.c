/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/command.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <string.h>

#include "probe/probe.h"
#include "render/json.h"

int session_print_json(json_t *object)
{
	int r = object ? json_dumpf(object, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER) : -1;

	json_decref(object);
	if (r < 0)
		return VIA_EXIT_COULD_NOT;
	fputc('\n', stdout);
	return VIA_EXIT_DONE;
}

int session_fail(const struct via_session *session, const struct via_error *error)
{
	fflush(stdout); /* what was said before comes before, also in one file */
	fprintf(stderr, "viaduct: %s: %s: %s", error->what, error->where, error->why);
	if (*error->hint)
		fprintf(stderr, " (%s)", error->hint);
	fputc('\n', stderr);
	if (session->json)
		session_print_json(json_error(error));
	return error->code == -EINVAL ? VIA_EXIT_USAGE : VIA_EXIT_COULD_NOT;
}

int session_usage(const struct via_session *session, const char *command, const char *format, ...)
{
	struct via_error error = { .code = -EINVAL };
	va_list arguments;

	strcpy(error.what, "usage");
	snprintf(error.where, sizeof(error.where), "%s", command);
	snprintf(error.hint, sizeof(error.hint), "viaduct %s --help tells",
		 strcmp(command, "viaduct") == 0 ? "" : command);
	va_start(arguments, format);
	vsnprintf(error.why, sizeof(error.why), format, arguments);
	va_end(arguments);
	return session_fail(session, &error);
}

struct via_host *session_look(const struct via_session *session, enum via_depth depth)
{
	return probe_host(&session->world->root, &session->world->queries, session->source, depth);
}

struct via_host *session_look_to_plan(const struct via_session *session)
{
	struct via_host *host = session_look(session, VIA_DEPTH_ATTRIBUTES);

	probe_overrides(&session->world->root, host);
	return host;
}

int session_may_act(const struct via_session *session, const char *what)
{
	struct via_error error;

	if (session->world->effects.ops)
		return 0;
	error_set(&error, -EROFS, what, session->source,
		  "nothing that acts on a host runs against another source than /");
	return session_fail(session, &error);
}

int command_options(const struct via_session *session, const struct via_command *command,
		    int argc, char **argv, const char *short_options,
		    const struct option *options)
{
	struct option all[24] = { 0 };
	size_t count = 0;
	int option;

	while (options && options[count].name && count < 22) {
		all[count] = options[count];
		count++;
	}
	all[count] = (struct option){ "help", no_argument, NULL, 'h' };
	opterr = 0;
	option = getopt_long(argc, argv, short_options, all, NULL);
	if (option == 'h')
		help_print(stdout, command);
	if (option == '?' || option == ':')
		session_usage(session, command->name, "bad option %s", argv[optind - 1]);
	return option == ':' ? '?' : option;
}
