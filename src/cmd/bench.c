/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/commands.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>

#include "apply/results.h"
#include "base/cleanup.h"
#include "base/parse.h"
#include "bench/bench.h"
#include "model/assignable.h"
#include "model/select.h"
#include "render/json_bench.h"
#include "render/svg_bench.h"
#include "render/text_bench.h"

enum { ONLY_MOST = 64 };

struct wishes {
	struct via_bench_options options;
	const char *only[ONLY_MOST];
	const char *picture, *compare;
	const char *device;
	bool forget;
};

static void tell_progress(void *context, const char *title)
{
	fprintf(stderr, "\r\033[K%s", title);
	fflush(stderr);
}

/* Result of an earlier run: @text is that of @where. */
static int compare(struct via_bench *bench, const char *where, json_t *object,
		   struct via_error *error)
{
	_cleanup_bench_ struct via_bench earlier = { 0 };
	int r = object ? bench_from_json(object, where, &earlier, error)
		       : error_set(error, -EBADMSG, "cannot compare with", where, "it is no JSON");

	json_decref(object);
	if (r == 0)
		bench_compare(bench, &earlier);
	return r;
}

/* What was kept and cannot be read is worth a word, and no more: the new result counts. */
static void compare_with_latest(struct via_session *session, struct via_bench *bench)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const char *path, *text;
	struct via_error error;

	if (results_latest(&session->world->root, arena, "bench", &path, &text) < 0)
		return;
	if (compare(bench, path, json_loads(text, 0, NULL), &error) < 0)
		fprintf(stderr, "viaduct: %s: %s: %s\n", error.what, error.where, error.why);
}

static int draw(const struct via_bench *bench, const char *path, struct via_error *error)
{
	FILE *file = fopen(path, "we");
	int r;

	if (!file)
		return error_set(error, -errno, "cannot write the picture", path, NULL);
	r = svg_bench(file, bench);
	if (fclose(file) != 0 && r == 0)
		r = -errno;
	return r < 0 ? error_set(error, r, "cannot write the picture", path, NULL) : 0;
}

static void keep(struct via_session *session, const struct via_bench *bench)
{
	json_t *object = json_bench(bench);
	_cleanup_free_ char *text = json_dumps(object, JSON_INDENT(2));
	struct via_error error;

	json_decref(object);
	if (text &&
	    results_save(&session->world->root, "bench", bench->host.time, text, &error) < 0)
		fprintf(stderr, "viaduct: %s: %s: %s%s%s%s\n", error.what, error.where, error.why,
			*error.hint ? " (" : "", error.hint, *error.hint ? ")" : "");
}

/* The device must be one that no guest and nobody else has. */
static int find_device(const struct via_host *host, const char *name,
		       struct via_bench_options *options, struct via_error *error)
{
	int r = select_device(&host->pci, name, &options->device, error);

	options->host = host;
	return r < 0 ? r : pci_assignable(&host->pci, options->device, &options->group, error);
}

static int measure(struct via_session *session, const struct wishes *wishes)
{
	_cleanup_host_ struct via_host *host = NULL;
	_cleanup_bench_ struct via_bench bench = { 0 };
	bool shown = isatty(2) && !session->json;
	struct via_bench_options options = wishes->options;
	struct via_error error = { 0 };
	int r = 0;

	options.effects = &session->world->effects;
	options.progress = shown ? tell_progress : NULL;
	if (wishes->device) {
		host = session_look_closely(session, VIA_DEPTH_ATTRIBUTES);
		r = find_device(host, wishes->device, &options, &error);
	}
	if (r >= 0)
		r = bench_run(&session->world->root, &options, &bench, &error);
	if (shown)
		fputs("\r\033[K", stderr);
	if (r >= 0 && wishes->compare)
		r = compare(&bench, wishes->compare, json_load_file(wishes->compare, 0, NULL),
			    &error);
	else if (r >= 0)
		compare_with_latest(session, &bench);
	if (r >= 0 && wishes->picture)
		r = draw(&bench, wishes->picture, &error);
	if (r < 0)
		return session_fail(session, &error), VIA_EXIT_COULD_NOT;
	if (!wishes->forget)
		keep(session, &bench);
	if (!session->json)
		text_bench(&session->paper, &bench);
	else if (session_print_json(json_bench(&bench)))
		return VIA_EXIT_COULD_NOT;
	return bench_measured(&bench) ? VIA_EXIT_DONE : VIA_EXIT_CANNOT_TELL;
}

/* add_names - "a,b": cut apart in place; false: too many */
static bool add_names(struct wishes *wishes, char *names)
{
	for (char *rest, *name = strtok_r(names, ",", &rest); name;
	     name = strtok_r(NULL, ",", &rest)) {
		if (wishes->options.only_count == ONLY_MOST)
			return false;
		wishes->only[wishes->options.only_count++] = name;
	}
	return true;
}

static int take_option(struct via_session *session, struct wishes *wishes, int option)
{
	uint64_t seconds;

	switch (option) {
	case 'o':
		return add_names(wishes, optarg)
			       ? 0
			       : session_usage(session, "bench", "--only names too many");
	case 's':
		wishes->picture = optarg;
		return 0;
	case 'c':
		wishes->compare = optarg;
		return 0;
	case 'd':
		wishes->device = optarg;
		return 0;
	case 'b':
		wishes->options.disk = optarg;
		return 0;
	case 'f':
		wishes->forget = true;
		return 0;
	case 'l':
		if (parse_u64(optarg, 10, &seconds) < 0 || !seconds || seconds > 600)
			return session_usage(session, "bench", "--limit is 1 to 600 seconds");
		wishes->options.limit_ms = (unsigned int)seconds * 1000;
		return 0;
	default:
		return option == 'h' ? -1 : VIA_EXIT_USAGE;
	}
}

static int run(struct via_session *session, int argc, char **argv)
{
	static const struct option options[] = {
		{ "only", required_argument, NULL, 'o' },
		{ "svg", required_argument, NULL, 's' },
		{ "compare", required_argument, NULL, 'c' },
		{ "disk", required_argument, NULL, 'b' },
		{ "no-record", no_argument, NULL, 'f' },
		{ "device", required_argument, NULL, 'd' },
		{ "limit", required_argument, NULL, 'l' },
		{ 0 },
	};
	struct wishes wishes = { 0 };
	int option, status;

	while ((option = command_options(session, &command_bench, argc, argv, "", options)) != -1) {
		status = take_option(session, &wishes, option);
		if (status)
			return status < 0 ? VIA_EXIT_DONE : status;
	}
	if (optind < argc)
		return session_usage(session, "bench", "it takes no argument: --only names some");
	status = session_may_act(session, "bench");
	if (status)
		return status;
	wishes.options.only = wishes.only;
	return measure(session, &wishes);
}

const struct via_command command_bench = {
	.name = "bench",
	.usage = "[--only NAME,...] [--svg FILE] [--device DEVICE]",
	.summary = "Measure what each generation of I/O virtualization costs",
	.help = "--only NAME,...  only these measurements, or generations: trap-and-emulate,\n"
		"                 in-kernel, virtio, vhost, VFIO, vhost-user, mdev, vDPA, VDUSE\n"
		"--svg FILE       draw a picture too\n"
		"--compare FILE   with this earlier result, rather than the last one\n"
		"--device DEVICE  one bound to vfio-pci, for VFIO and DMA; it is reset\n"
		"--disk DISK      of the host, only read: what iommu=pt costs or saves its driver\n"
		"--no-record      leave nothing in /var/lib/viaduct/results\n"
		"--limit SECONDS  for one measurement; 5 unless told\n"
		"\n"
		"Each measurement has a process of its own; what cannot be measured on this host\n"
		"is named with the reason; exit status 5 where that is true of all.\n",
	.run = run,
};
