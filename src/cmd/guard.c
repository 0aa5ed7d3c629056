/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/commands.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>

#include "apply/results.h"
#include "base/cleanup.h"
#include "base/stamp.h"
#include "cmd/baseline.h"
#include "cmd/judging.h"
#include "render/json.h"
#include "rules/rule.h"

static struct via_findings judge(struct via_arena *arena, const struct via_host *host)
{
	static const char *const ids[] = { "kernel.upgrade", "devices.dkms" };
	struct via_findings all = rules_run(arena, host), chosen = { .arena = arena };

	via_for_each (finding, &all.list)
		for (size_t i = 0; i < VIA_COUNT(ids); i++)
			if (strcmp(finding->id, ids[i]) == 0)
				*via_list_add(arena, &chosen.list) = *finding;
	return chosen;
}

static bool is_running_host(const struct via_session *session)
{
	return session->world->effects.ops && !session->world->effects.files_only;
}

/* Groups are known only once a kernel runs: what they are compared with then has to be recorded
 * under this one. What is recorded already is its owner's. */
static void record(const struct via_session *session, struct via_host *host)
{
	const struct via_root *root = &session->world->root;
	struct via_error error;
	int r;

	baseline_look(root, host);
	if (!fact_is(&host->baseline.file, VIA_ABSENT) || !fact_text(&host->upgrade.kernel) ||
	    !is_running_host(session))
		return;
	r = baseline_save(root, host, &error);
	if (r == 0)
		baseline_look(root, host);
	else if (r != -EACCES && r != -EPERM)
		session_complain(session, &error);
}

static json_t *json_guard(const struct via_host *host, const struct via_findings *findings)
{
	const char *release = fact_text(&host->upgrade.kernel);
	json_t *object = json_check(host, findings);

	json_object_set_new(object, "schema", json_string("viaduct.guard/1"));
	json_object_set_new(object, "kernel", json_optional(release));
	json_object_set_new(object, "baseline", json_optional(host->baseline.was.time));
	return object;
}

/* Loud where something is wrong: it stands among the lines of a package manager. */
static void tell(const struct via_host *host, const struct via_findings *findings)
{
	const char *release = fact_text(&host->upgrade.kernel) ?: "the newest kernel";
	bool good = true;

	via_for_each (finding, &findings->list) {
		if (finding->verdict == VIA_PASS || finding->verdict == VIA_SKIP)
			continue;
		good = false;
		fprintf(stderr, "viaduct: guard: %s%s%s%s\n",
			finding->verdict == VIA_CANNOT_TELL ? "could not be told: " : "",
			finding->detail ?: finding->title, finding->remedy.text ? " " : "",
			finding->remedy.text ?: "");
	}
	if (good)
		printf("viaduct: guard: %s: nothing stands against it\n", release);
	if (!fact_text(&host->upgrade.kernel))
		return;
	if (host->baseline.was.time)
		printf("viaduct: guard: its groups are known when it runs: check compares them "
		       "with those of %s, kernel %s\n",
		       host->baseline.was.time, host->baseline.was.kernel);
	else
		fputs("viaduct: guard: groups as they are now are not recorded, so check cannot "
		      "compare them when it runs (viaduct baseline save)\n",
		      stderr);
}

static void keep(const struct via_session *session, json_t *object)
{
	_cleanup_free_ char *text = json_dumps(object, JSON_INDENT(2));
	struct via_error error;
	char when[STAMP_BYTES];

	stamp_now(when);
	if (text && is_running_host(session) &&
	    results_save(&session->world->root, "guard", when, text, &error) < 0 &&
	    error.code != -EACCES)
		session_complain(session, &error);
}

static int run(struct via_session *session, int argc, char **argv)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_host_ struct via_host *host = NULL;
	struct via_findings findings;
	json_t *object;
	int status, option = command_options(session, &command_guard, argc, argv, "", NULL);

	if (option != -1)
		return option == 'h' ? VIA_EXIT_DONE : VIA_EXIT_USAGE;
	if (argc - optind > 1 || (argc > optind && strchr(argv[optind], '/')))
		return session_usage(session, "guard", "it takes one kernel's release");
	host = judging_look(session, argv[optind]);
	findings = judge(arena, host);
	record(session, host);
	object = json_guard(host, &findings);
	keep(session, object);
	if (session->json && session_print_json(json_incref(object)))
		status = VIA_EXIT_COULD_NOT;
	else
		status = judging_status(&findings, VIA_WARN);
	if (!session->json)
		tell(host, &findings);
	json_decref(object);
	return status;
}

const struct via_command command_guard = {
	.name = "guard",
	.usage = "[RELEASE]",
	.summary = "Judge a kernel that is installed before it runs",
	.help = "Of RELEASE, or of the newest kernel where that is not the one that runs: whether\n"
		"it still knows the words on the line, has the modules that guests rest on and\n"
		"those of DKMS, and whether its initramfs takes the devices that are held early.\n"
		"What was found is kept in /var/lib/viaduct/results/guard. Groups are known only\n"
		"when it runs: where no baseline is recorded, this records one for check to\n"
		"compare with then.\n"
		"\n"
		"viaduct apply guard has each installation of a kernel do it.\n"
		"\n"
		"Exit status: 1 where something stands against it.\n",
	.run = run,
};
