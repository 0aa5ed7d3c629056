/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/command.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "boot/boot.h"
#include "probe/probe.h"
#include "render/json.h"

int session_print_json(json_t *object)
{
	int r = object ? json_dumpf(object, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER) : -1;

	if (!object)
		fputs("viaduct: print: JSON: out of memory, or text that is not UTF-8\n", stderr);
	json_decref(object);
	if (r < 0) /* what stdout made of it is told at the end */
		return ferror(stdout) ? VIA_EXIT_DONE : VIA_EXIT_COULD_NOT;
	fputc('\n', stdout);
	return VIA_EXIT_DONE;
}

/* What to check next, where whoever failed knew no better. */
static const char *usual_hint(int code)
{
	static const struct {
		int code;
		const char *hint;
	} hints[] = {
		{ ENOENT, "is the name right, and is it there?" },
		{ ENOTDIR, "is the name right, and is it there?" },
		{ EISDIR, "that is a folder; name a file in it" },
		{ ELOOP, "a link in its way leads in circles or out of it" },
		{ ENODEV, "viaduct list shows what is there" },
		{ ENOSPC, "make room on that file system" },
		{ EFBIG, "name a smaller one" },
		{ EBADMSG, "mend it, or make it anew" },
		{ EMFILE, "ulimit -n says how many files may be open" },
		{ EIO, "the kernel log may say more: dmesg" },
		{ ETIMEDOUT, "the kernel log may say what it waits for: dmesg" },
	};

	if (code == EACCES)
		return geteuid() ? "run it as root"
				 : "root may not either: a container, lockdown or a security "
				   "module forbids it";
	for (size_t i = 0; i < VIA_COUNT(hints); i++)
		if (hints[i].code == code)
			return hints[i].hint;
	return "";
}

int session_fail(const struct via_session *session, const struct via_error *failure)
{
	struct via_error hinted = *failure, *error = &hinted;
	const char *const parts[] = { "viaduct: ", error->what, ": ",	     error->where, ": ",
				      error->why,  " (",	error->hint, ")" };

	if (!*error->hint)
		error_hint(error, "%s", usual_hint(-error->code));
	fflush(stdout); /* what was said before comes before, also in one file */
	for (size_t i = 0; i < (*error->hint ? VIA_COUNT(parts) : 6); i++)
		paper_put(stderr, parts[i]);
	fputc('\n', stderr);
	if (session->json)
		session_print_json(json_error(error));
	return error->usage ? VIA_EXIT_USAGE : VIA_EXIT_COULD_NOT;
}

int session_complain(const struct via_session *session, const struct via_error *error)
{
	struct via_session text = *session;

	text.json = false;
	return session_fail(&text, error);
}

int session_usage(const struct via_session *session, const char *command, const char *format, ...)
{
	struct via_error error = { .code = -EINVAL, .usage = true };
	va_list arguments;

	strcpy(error.what, "usage");
	snprintf(error.where, sizeof(error.where), "%s", command);
	snprintf(error.hint, sizeof(error.hint), "viaduct%s%s --help tells",
		 strcmp(command, "viaduct") == 0 ? "" : " ",
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

struct via_host *session_look_lean(const struct via_session *session, enum via_depth depth)
{
	return probe_host_lean(&session->world->root, &session->world->queries, session->source,
			       depth);
}

struct via_host *session_look_to_list(const struct via_session *session, enum via_depth depth)
{
	return probe_host_to_list(&session->world->root, &session->world->queries, session->source,
				  depth);
}

struct via_host *session_look_closely(const struct via_session *session, enum via_depth depth)
{
	struct via_host *host = session_look(session, depth);

	probe_openers(&session->world->root, host);
	return host;
}

static void complete_plan(const struct via_session *session, struct via_host *host, bool policy)
{
	host->image = session->world->effects.files_only;
	probe_openers(&session->world->root, host);
	probe_handover(&session->world->root, host, policy);
	boot_look(&session->world->root, host, false);
}

static struct via_host *look_to_plan(const struct via_session *session, enum via_depth depth)
{
	struct via_host *host = session_look(session, depth);

	complete_plan(session, host, true);
	return host;
}

struct via_host *session_look_to_plan(const struct via_session *session)
{
	return look_to_plan(session, VIA_DEPTH_ATTRIBUTES);
}

struct via_host *session_look_to_plan_by_serial(const struct via_session *session)
{
	return look_to_plan(session, VIA_DEPTH_CONFIG);
}

struct via_host *session_look_to_give(const struct via_session *session, bool policy)
{
	struct via_host *host = probe_host_to_give(&session->world->root, &session->world->queries,
						   session->source, VIA_DEPTH_CONFIG);

	complete_plan(session, host, policy);
	return host;
}

int session_may_change_files(const struct via_session *session, const char *what)
{
	struct via_error error;

	if (session->world->effects.ops)
		return 0;
	error_set(&error, -EROFS, what, session->source,
		  "nothing that acts on a host runs against another source than /");
	error_hint(&error, "plan and check do; of a mounted image, --root changes files");
	return session_fail(session, &error);
}

int session_may_act(const struct via_session *session, const char *what)
{
	struct via_error error;

	if (!session->world->effects.files_only)
		return session_may_change_files(session, what);
	error_set(&error, -EROFS, what, session->source,
		  "it acts on a host that runs, and this is an image of one");
	error_hint(&error, "of an image files alone are changed: apply, rollback, recover");
	return session_fail(session, &error);
}

/* getopt_long() leaves optopt 0 for an unknown long option, and argv[optind - 1] is not yet
 * the word in which an unknown short one stands. */
int session_bad_option(const struct via_session *session, const char *command, int option,
		       char **argv)
{
	if (option == ':')
		return session_usage(session, command, "%s needs a value", argv[optind - 1]);
	if (optopt)
		return session_usage(session, command, "bad option -%c", optopt);
	return session_usage(session, command, "bad option %s", argv[optind - 1]);
}

int command_options(const struct via_session *session, const struct via_command *command, int argc,
		    char **argv, const char *short_options, const struct option *options)
{
	struct option all[24] = { 0 };
	bool stops = *short_options == '+'; /* at the first word that is no option */
	char shorts[16];
	size_t count = 0;
	int option;

	while (options && options[count].name && count < 22) {
		all[count] = options[count];
		count++;
	}
	all[count] = (struct option){ "help", no_argument, NULL, 'h' };
	opterr = 0;
	snprintf(shorts, sizeof(shorts), "%s:%s", stops ? "+" : "", short_options + stops);
	option = getopt_long(argc, argv, shorts, all, NULL);
	if (option == 'h')
		help_print(stdout, command);
	if (option == '?' || option == ':')
		session_bad_option(session, command->name, option, argv);
	return option == ':' ? '?' : option;
}
