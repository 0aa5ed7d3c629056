/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/command.h"

#include <errno.h>
#include <getopt.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "cmd/source.h"

enum { WIDTH = 80, WIDTH_MIN = 40, WIDTH_MAX = 100 };

enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

static unsigned int paper_width(void)
{
	struct winsize size;
	uint64_t columns = 0;

	if (parse_u64(getenv("COLUMNS"), 10, &columns) < 0 &&
	    ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		columns = size.ws_col;
	if (!columns)
		return WIDTH;
	return columns < WIDTH_MIN   ? WIDTH_MIN
	       : columns > WIDTH_MAX ? WIDTH_MAX
				     : (unsigned int)columns;
}

static bool wants_color(enum color color)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (color != COLOR_AUTO)
		return color == COLOR_ALWAYS;
	return !(no && *no) && isatty(STDOUT_FILENO) && term && strcmp(term, "dumb") != 0;
}

static int parse_color(const char *text, enum color *ret)
{
	static const char *const names[] = { "auto", "always", "never" };

	for (size_t i = 0; i < VIA_COUNT(names); i++) {
		if (strcmp(text, names[i]) == 0) {
			*ret = (enum color)i;
			return 0;
		}
	}
	return -EINVAL;
}

static const struct via_command *find_command(const char *name)
{
	for (size_t i = 0; commands_all()[i]; i++)
		if (strcmp(commands_all()[i]->name, name) == 0)
			return commands_all()[i];
	return NULL;
}

struct arguments {
	const char *source; /* NULL until one is named */
	bool offline;	    /* --root: its files may be changed */
	enum color color;
};

/* Options before the command, and --json and its like anywhere behind it as well: people
 * type `viaduct list --json`. Returns an exit status, or -1 to go on. */
static int global_option(struct via_session *session, struct arguments *arguments, int option)
{
	switch (option) {
	case 'f':
	case 'r':
		if (arguments->source)
			return session_usage(session, "viaduct",
					     "there is one source: --from or --root, once");
		arguments->source = optarg;
		arguments->offline = option == 'r';
		return -1;
	case 'j':
		session->json = true;
		return -1;
	case 'c':
		if (parse_color(optarg, &arguments->color) == 0)
			return -1;
		return session_usage(session, "viaduct", "--color is auto, always or never");
	case 'q':
		session->detail = VIA_DETAIL_QUIET;
		return -1;
	case 'v':
		session->detail = VIA_DETAIL_ALL;
		return -1;
	case 'V':
		puts("viaduct " VIADUCT_VERSION);
		return VIA_EXIT_DONE;
	case 'h':
		help_print(stdout, NULL);
		return VIA_EXIT_DONE;
	default:
		return VIA_EXIT_USAGE;
	}
}

/* So that a complaint is JSON also where --json comes after what is complained about. */
static void late_json(struct via_session *session, int argc, char **argv)
{
	for (int i = optind; i < argc && strcmp(argv[i], "--") != 0; i++)
		session->json |= strcmp(argv[i], "--json") == 0;
}

static int parse_arguments(struct via_session *session, struct arguments *arguments, int argc,
			   char **argv)
{
	static const struct option options[] = {
		{ "from", required_argument, NULL, 'f' },
		{ "root", required_argument, NULL, 'r' },
		{ "json", no_argument, NULL, 'j' },
		{ "color", required_argument, NULL, 'c' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "verbose", no_argument, NULL, 'v' },
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int option, status;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "+:qvh", options, NULL)) != -1) {
		bool bad = option == '?' || option == ':';

		if (bad)
			late_json(session, argc, argv);
		status = bad ? session_bad_option(session, "viaduct", option, argv)
			     : global_option(session, arguments, option);

		if (status >= 0)
			return status;
	}
	return -1;
}

static bool is_any(const char *text, const char *one, const char *other)
{
	return strcmp(text, one) == 0 || strcmp(text, other) == 0;
}

/* Returns whether it was one of them; a colour that is none is left for its command to
 * complain about. */
static bool late_global(struct via_session *session, struct arguments *arguments, const char *text)
{
	if (strcmp(text, "--json") == 0)
		session->json = true;
	else if (is_any(text, "-q", "--quiet"))
		session->detail = VIA_DETAIL_QUIET;
	else if (is_any(text, "-v", "--verbose"))
		session->detail = VIA_DETAIL_ALL;
	else if (!text_starts(text, "--color=") || parse_color(text + 8, &arguments->color) < 0)
		return false;
	return true;
}

/* --json, -q, -v and --color= may also stand behind the command, up to a lone "--". */
static int take_late_globals(struct via_session *session, struct arguments *arguments, int argc,
			     char **argv)
{
	int kept = 0;
	bool over = argc && strcmp(argv[0], "lab") == 0; /* its scripts have options of their own */

	for (int i = 0; i < argc; i++) {
		over |= strcmp(argv[i], "--") == 0;
		if (over || !late_global(session, arguments, argv[i]))
			argv[kept++] = argv[i];
	}
	argv[kept] = NULL;
	return kept;
}

static bool reader_is_gone(void)
{
	struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };

	return poll(&out, 1, 0) == 1 && (out.revents & POLLERR);
}

/* Output that never arrived is no success; a reader that went away is no failure. */
static int finish(int status)
{
	bool failed = ferror(stdout); /* earlier: why is not known any more */
	int error = fflush(stdout) < 0 ? errno : failed ? EIO : 0;

	if (!error || error == EPIPE || reader_is_gone())
		return status;
	fprintf(stderr, "viaduct: write: standard output: %s\n", strerror(error));
	return VIA_EXIT_COULD_NOT;
}

/* Help needs no host, and comes wherever it is asked for before a lone "--". */
static bool asks_help(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--help") == 0)
			return strcmp(argv[0], "lab") != 0;
	return false;
}

static int run_command(struct via_session *session, const struct via_world *preset,
		       const struct arguments *arguments, int argc, char **argv)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	static char check_name[] = "check", *check[] = { check_name, NULL };
	const struct via_command *command = find_command(argc ? argv[0] : "check");
	struct via_world world;
	struct via_error error;
	int status;

	if (!command)
		return session_usage(session, "viaduct", "no such command: %s", argv[0]);
	if (asks_help(argc, argv)) {
		help_print(stdout, command);
		return VIA_EXIT_DONE;
	}
	session->source = arguments->source ?: "/";
	session->world = preset;
	if (!preset) {
		if (source_open(&world, session->source, arena, &error) < 0)
			return session_fail(session, &error);
		if (arguments->offline && !world.root.live && world.root.fd >= 0) {
			world.root.image = true;
			world.effects = effects_offline(&world.root);
		}
		session->world = &world;
	}
	optind = 0;
	status = command->run(session, argc ? argc : 1, argc ? argv : check);
	if (!preset)
		root_close(&world.root);
	return status;
}

int viaduct_main(int argc, char **argv, const struct via_world *preset)
{
	struct via_session session = { .detail = VIA_DETAIL_NORMAL };
	struct arguments arguments = { 0 };
	int status;

	/* The other categories would take twenty more files to read. */
	setlocale(LC_CTYPE, "");
	setlocale(LC_MESSAGES, "");
	status = parse_arguments(&session, &arguments, argc, argv);
	if (status >= 0)
		return finish(status);
	argc = take_late_globals(&session, &arguments, argc - optind, argv + optind);
	argv += optind;
	session.paper = (struct via_paper){
		.file = stdout,
		.color = wants_color(arguments.color),
		.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
		.width = paper_width(),
	};
	return finish(run_command(&session, preset, &arguments, argc, argv));
}
