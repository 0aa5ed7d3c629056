/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/cleanup.h"
#include "boot/boot.h"
#include "boot/trial.h"
#include "cmd/commands.h"
#include "cmd/baseline.h"
#include "cmd/declared.h"
#include "cmd/source.h"
#include "probe/probe.h"
#include "render/diff.h"
#include "render/json.h"

/* One of the two hosts, looked at. */
struct side {
	struct via_arena *arena;
	struct via_world world;
	struct via_host *host;
	struct via_findings findings;
};

static void cleanup_side(struct side *side)
{
	host_free(side->host);
	if (side->arena)
		root_close(&side->world.root);
	arena_free(side->arena);
}

static int look(struct side *side, const char *source, struct via_error *error)
{
	struct via_arena *arena = arena_new();
	int r = source_open(&side->world, source, arena, error);

	if (r < 0) {
		arena_free(arena);
		return r;
	}
	side->arena = arena;
	side->host =
		probe_host(&side->world.root, &side->world.queries, source, VIA_DEPTH_ATTRIBUTES);
	boot_look(&side->world.root, side->host, false);
	boot_trial_look(&side->world.root, side->host);
	declared_look(&side->world.root, &side->world.queries, side->host);
	baseline_look(&side->world.root, side->host);
	side->findings = rules_run(arena, side->host);
	return 0;
}

static int status_of(const struct via_diff *diff)
{
	if (diff->changes.count)
		return VIA_EXIT_FAILING;
	return diff->untold ? VIA_EXIT_CANNOT_TELL : VIA_EXIT_DONE;
}

static int run(struct via_session *session, int argc, char **argv)
{
	_cleanup_(cleanup_side) struct side before = { 0 };
	_cleanup_(cleanup_side) struct side after = { 0 };
	_cleanup_arena_ struct via_arena *arena = arena_new();
	int option = command_options(session, &command_diff, argc, argv, "", NULL);
	struct via_error error;
	struct via_diff diff;

	if (option != -1)
		return option == 'h' ? VIA_EXIT_DONE : VIA_EXIT_USAGE;
	if (argc - optind != 2)
		return session_usage(session, "diff", "it takes two sources");
	if (strcmp(argv[optind], "-") == 0 && strcmp(argv[optind + 1], "-") == 0)
		return session_usage(session, "diff", "standard input can be one of them only");
	if (look(&before, argv[optind], &error) < 0 || look(&after, argv[optind + 1], &error) < 0)
		return session_fail(session, &error);
	diff = diff_hosts(arena, before.host, &before.findings, after.host, &after.findings);
	if (!session->json)
		text_diff(&session->paper, &diff);
	else if (session_print_json(json_diff(&diff, before.host, after.host)))
		return VIA_EXIT_COULD_NOT;
	return status_of(&diff);
}

const struct via_command command_diff = {
	.name = "diff",
	.usage = "A B",
	.summary = "What differs between two hosts, or one host at two times",
	.help = "A and B are sources as for --from: / for this host, a snapshot, a directory, an\n"
		"lspci dump, - for standard input. Compared are kernel, command line, firmware,\n"
		"devices (come, gone, moved; driver, group, reset, functions) and verdicts. What\n"
		"one of them does not tell is no difference.\n"
		"Exit: 0 the same; 1 they differ; 5 the same as far as both tell.\n",
	.run = run,
};
