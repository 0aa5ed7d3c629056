/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/baseline.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>

#include "apply/writer.h"
#include "base/cleanup.h"
#include "base/stamp.h"
#include "cmd/commands.h"
#include "render/json.h"

enum { BASELINE_LIMIT = 16 << 20 };

static void read_resets(const struct via_root *root, struct via_host *host)
{
	via_for_each (device, &host->pci.devices)
		if (fact_is(&device->reset_method, VIA_NOT_ASKED))
			device->reset_method =
				root_text(root, host->arena, "sys/bus/pci/devices/%s/reset_method",
					  device->name);
}

static struct via_baseline now(struct via_host *host)
{
	char text[STAMP_BYTES];

	stamp_now(text);
	return baseline_of(host->arena, host, arena_strdup(host->arena, text));
}

void baseline_look(const struct via_root *root, struct via_host *host)
{
	struct via_host_baseline *baseline = &host->baseline;
	struct via_blob blob = root_blob(root, host->arena, BASELINE_LIMIT, BASELINE_PATH);
	struct via_baseline is;
	struct via_error error;

	baseline->looked = true;
	baseline->file = blob.fact;
	if (!fact_is(&blob.fact, VIA_PRESENT))
		return;
	if (baseline_read(host->arena, blob.span, "/" BASELINE_PATH, &baseline->was, &error) < 0) {
		baseline->trouble = arena_strdup(host->arena, error.why);
		return;
	}
	read_resets(root, host);
	is = now(host);
	baseline_compare(host->arena, &baseline->was, &is, &baseline->changes, &baseline->untold);
}

int baseline_save(const struct via_root *root, struct via_host *host, struct via_error *error)
{
	_cleanup_close_ int directory = writer_directory(root, "var/lib/viaduct", 0755);
	struct via_baseline baseline;
	const char *text;
	int r = directory;

	read_resets(root, host);
	baseline = now(host);
	text = baseline_text(host->arena, &baseline);
	if (r >= 0)
		r = writer_replace(directory, "baseline", text, strlen(text));
	if (r >= 0)
		return 0;
	error_set(error, r, "record the host", "/" BASELINE_PATH, NULL);
	if (r == -EACCES || r == -EPERM)
		error_hint(error, "run it as root");
	return r;
}

static json_t *json_baseline(const struct via_host_baseline *baseline)
{
	json_t *changes = json_array();

	via_for_each (change, &baseline->changes)
		json_array_append_new(changes, json_pack("{s:s, s:s, s:s, s:b}", "what",
							 change->what, "was", change->was, "is",
							 change->is, "grave", change->grave));
	return json_pack("{s:s, s:o, s:o, s:o, s:b, s:o}", "schema", "viaduct.baseline/1", "time",
			 json_optional(baseline->was.time), "kernel",
			 json_optional(baseline->was.kernel), "firmware",
			 json_optional(baseline->was.firmware), "untold", baseline->untold,
			 "changes", changes);
}

static void print(const struct via_session *session, const struct via_host_baseline *baseline)
{
	printf("Recorded %s, kernel %s, firmware %s\n", baseline->was.time, baseline->was.kernel,
	       baseline->was.firmware);
	via_for_each (change, &baseline->changes) {
		fputs("  ", stdout);
		paper_mark(&session->paper, change->grave ? VIA_WARN : VIA_PASS);
		printf(" %s\n      was  %s\n      is   %s\n", change->what, change->was,
		       change->is);
	}
	if (!baseline->changes.count)
		puts("  nothing differs");
	if (baseline->untold)
		puts("  not all could be read");
}

static int show(struct via_session *session)
{
	_cleanup_host_ struct via_host *host = session_look_lean(session, VIA_DEPTH_ATTRIBUTES);
	const struct via_host_baseline *baseline = &host->baseline;
	struct via_error error;

	baseline_look(&session->world->root, host);
	if (!fact_is(&baseline->file, VIA_PRESENT)) {
		error_set(&error, fact_is(&baseline->file, VIA_ABSENT) ? -ENOENT : -EIO, "baseline",
			  "/" BASELINE_PATH, "%s",
			  fact_is(&baseline->file, VIA_ABSENT) ? "nothing is recorded"
							       : strerror(baseline->file.error));
		error_hint(&error, "viaduct baseline save records how the host is");
		return session_fail(session, &error);
	}
	if (baseline->trouble) {
		error_set(&error, -EBADMSG, "baseline", "/" BASELINE_PATH, "%s", baseline->trouble);
		return session_fail(session, &error);
	}
	if (session->json)
		session_print_json(json_baseline(baseline));
	else
		print(session, baseline);
	if (baseline->changes.count)
		return VIA_EXIT_FAILING;
	return baseline->untold ? VIA_EXIT_CANNOT_TELL : VIA_EXIT_DONE;
}

static int save(struct via_session *session)
{
	_cleanup_host_ struct via_host *host = NULL;
	struct via_error error;
	int status = session_may_act(session, "baseline save");

	if (status)
		return status;
	host = session_look_lean(session, VIA_DEPTH_ATTRIBUTES);
	if (baseline_save(&session->world->root, host, &error) < 0)
		return session_fail(session, &error);
	if (session->json) {
		baseline_look(&session->world->root, host);
		return session_print_json(json_baseline(&host->baseline));
	}
	printf("Recorded in /" BASELINE_PATH "\n");
	return VIA_EXIT_DONE;
}

static int run(struct via_session *session, int argc, char **argv)
{
	int option = command_options(session, &command_baseline, argc, argv, "", NULL);

	if (option != -1)
		return option == 'h' ? VIA_EXIT_DONE : VIA_EXIT_USAGE;
	if (argc == optind)
		return show(session);
	if (argc - optind == 1 && strcmp(argv[optind], "save") == 0)
		return save(session);
	return session_usage(session, "baseline", "it takes nothing, or save");
}

const struct via_command command_baseline = {
	.name = "baseline",
	.usage = "[save]",
	.summary = "Record groups and ways to reset, and tell what changed since",
	.help = "A new kernel, firmware or card may put devices into other groups, or take a way\n"
		"to reset them. save records how they are, as does apply --file of the host's own\n"
		"file; check compares (devices.baseline). The exit status is 0 for no difference,\n"
		"1 where something differs, and 5 for none as far as it could be told.\n",
	.run = run,
};
