/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "base/cleanup.h"
#include "base/stamp.h"
#include "boot/boot.h"
#include "boot/trial.h"
#include "cmd/baseline.h"
#include "cmd/declared.h"
#include "cmd/commands.h"
#include "probe/device.h"
#include "probe/probe.h"
#include "render/json.h"
#include "snapshot/redact.h"
#include "snapshot/snapshot.h"
#include "sys/record.h"

/* A snapshot on its way to a file. */
struct capture {
	const struct via_session *session;
	struct via_arena *arena;
	const char *file;
	bool redact;
	enum via_depth depth;
	struct via_secrets secrets;
	const char *kernel;
	size_t bytes, paths;
	int status;
};

/* Look at the host as every command does, with the recorder on. */
static struct via_memtree *record(struct capture *capture, struct via_arena *arena)
{
	struct via_root root = capture->session->world->root;
	struct via_queries queries =
		queries_recording(&capture->session->world->queries, capture->arena);
	_cleanup_host_ struct via_host *host = NULL;
	_cleanup_free_ char *answers = NULL;
	struct via_recorder recorder;

	recorder_begin(&recorder, &root, arena);
	host = probe_host(&root, &queries, capture->session->source, capture->depth);
	probe_openers(&root, host);
	/* `show` of any function, later. */
	probe_devices(&root, host, host->pci.devices.items, host->pci.devices.count);
	boot_look(&root, host, false);
	boot_trial_look(&root, host);
	declared_look(&root, &queries, host);
	baseline_look(&root, host);
	recorder_end(&recorder, &root);
	answers = queries_recorded_text(&queries);
	if (answers)
		memtree_add_file(recorder.tree, QUERIES_PATH, answers, strlen(answers));
	capture->kernel = arena_strdup(
		capture->arena, fact_text(&host->kernel_release) ? host->kernel_release.text : "");
	capture->status = session_untold("snapshot", host);
	return recorder.tree;
}

static int write_archive(struct capture *capture, const struct via_memtree *tree, int fd,
			 struct via_error *error)
{
	char when[STAMP_BYTES];
	struct utsname names = { 0 };

	stamp_now(when);
	uname(&names);
	return snapshot_write(
		tree, fd,
		(struct via_snapshot_fact[]){
			{ "viaduct", VIADUCT_VERSION },
			{ "captured", when },
			{ "kernel", capture->kernel },
			{ "machine", tree->live ? names.machine : "" },
			{ "depth", capture->depth == VIA_DEPTH_WAKE ? "wake" : "config" },
			{ "redacted", capture->redact ? "yes" : "no" },
			{ 0 },
		},
		capture->file, error);
}

/* What was written is read again, as whoever gets it will, and searched. */
static int check_archive(struct capture *capture, struct via_span bytes, struct via_error *error)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_memtree *tree;
	int r = snapshot_read(arena, bytes, capture->file, &tree, error);

	if (r < 0)
		return r;
	capture->paths = tree->nodes.count;
	return capture->redact ? redact_check(tree, &capture->secrets, capture->file, error) : 0;
}

static int write_bytes(int fd, struct via_span bytes)
{
	for (size_t done = 0; done < bytes.size;) {
		ssize_t n = write(fd, bytes.data + done, bytes.size - done);

		if (n < 0 && errno != EINTR)
			return -errno;
		done += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

/* In place at once and whole, or not at all. */
static int replace_file(const char *file, struct via_span bytes)
{
	_cleanup_free_ char *beside = NULL;
	_cleanup_close_ int fd = -1;
	int r;

	if (asprintf(&beside, "%s.XXXXXX", file) < 0)
		return -ENOMEM;
	fd = mkostemp(beside, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = write_bytes(fd, bytes);
	if (r == 0 && (fsync(fd) < 0 || rename(beside, file) < 0))
		r = -errno;
	if (r < 0)
		unlink(beside);
	return r;
}

static int write_into(const char *file, struct via_span bytes)
{
	_cleanup_close_ int fd = open(file, O_WRONLY | O_NOCTTY | O_CLOEXEC);

	return fd < 0 ? -errno : write_bytes(fd, bytes);
}

/* A device or a pipe stays what it is, and a link leads where it led. */
static int write_file(const char *file, struct via_span bytes)
{
	_cleanup_free_ char *led = NULL;
	struct stat status;

	if (strcmp(file, "-") == 0)
		return write_bytes(STDOUT_FILENO, bytes);
	if (stat(file, &status) == 0 && !S_ISREG(status.st_mode))
		return write_into(file, bytes);
	if (lstat(file, &status) < 0)
		return replace_file(file, bytes);
	led = realpath(file, NULL);
	return led ? replace_file(led, bytes) : -errno; /* a link that leads nowhere */
}

/* What was recorded is let go once it is written: it is large, and is read back then. */
static int write_recording(struct capture *capture, int fd, struct via_error *error)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_memtree *tree = record(capture, arena);

	if (capture->redact) {
		secrets_gather(&capture->secrets, &capture->session->world->root, capture->arena);
		tree = redact_tree(tree, &capture->secrets);
	}
	return write_archive(capture, tree, fd, error);
}

/* Nothing touches the disk before it was searched. */
static int save(struct capture *capture, struct via_error *error)
{
	_cleanup_close_ int fd = memfd_create("viaduct-snapshot", MFD_CLOEXEC);
	struct stat status;
	struct via_span bytes;
	void *map;
	int r;

	if (fd < 0)
		return error_set(error, -errno, "write snapshot", capture->file, NULL);
	r = write_recording(capture, fd, error);
	if (r < 0)
		return r;
	if (fstat(fd, &status) < 0)
		return error_set(error, -errno, "write snapshot", capture->file, NULL);
	map = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		return error_set(error, -errno, "write snapshot", capture->file, NULL);
	bytes = (struct via_span){ map, (size_t)status.st_size };
	capture->bytes = bytes.size;
	r = check_archive(capture, bytes, error);
	if (r == 0) {
		r = write_file(capture->file, bytes);
		if (r < 0)
			error_set(error, r, "write snapshot", capture->file, NULL);
	}
	munmap(map, bytes.size);
	return r;
}

static json_t *json_redacted(const struct capture *capture)
{
	const unsigned int *counts = capture->secrets.counts;

	if (!capture->redact)
		return json_null();
	return json_pack("{s:i, s:i, s:i, s:i}", "host_names", (int)counts[VIA_SECRET_HOST],
			 "mac_addresses", (int)counts[VIA_SECRET_MAC], "uuids",
			 (int)counts[VIA_SECRET_UUID], "serial_numbers",
			 (int)counts[VIA_SECRET_SERIAL]);
}

static int report(const struct capture *capture)
{
	bool piped = strcmp(capture->file, "-") == 0;

	if (!capture->redact)
		fprintf(stderr,
			"viaduct: snapshot: %s: not redacted: it holds this host's serial "
			"numbers, addresses and names\n",
			capture->file);
	if (piped)
		return capture->status;
	if (capture->session->json)
		return session_print_json(json_pack(
			       "{s:s, s:o, s:I, s:I, s:o}", "schema", "viaduct.snapshot/1", "file",
			       json_optional(capture->file), "bytes", (json_int_t)capture->bytes,
			       "paths", (json_int_t)capture->paths, "redacted",
			       json_redacted(capture)))
			       ?: capture->status;
	paper_print(&capture->session->paper, VIA_STYLE_PLAIN, "%s: %zu paths in %zu bytes%s\n",
		    capture->file, capture->paths, capture->bytes,
		    capture->redact ? "; names, addresses, UUIDs and serial numbers replaced" : "");
	return capture->status;
}

static int take(struct capture *capture)
{
	struct via_error error;

	if (save(capture, &error) < 0)
		return session_fail(capture->session, &error);
	return report(capture);
}

static int run(struct via_session *session, int argc, char **argv)
{
	static const struct option options[] = { { "no-redact", no_argument, NULL, 'n' },
						 { "wake", no_argument, NULL, 'w' },
						 { 0 } };
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct capture capture = {
		.session = session, .arena = arena, .redact = true, .depth = VIA_DEPTH_CONFIG
	};
	int option;

	while ((option = command_options(session, &command_snapshot, argc, argv, "", options)) !=
	       -1) {
		if (option == 'n')
			capture.redact = false;
		else if (option == 'w')
			capture.depth = VIA_DEPTH_WAKE;
		else
			return option == 'h' ? VIA_EXIT_DONE : VIA_EXIT_USAGE;
	}
	if (argc - optind != 1)
		return session_usage(session, "snapshot", "it takes one file");
	capture.file = argv[optind];
	return take(&capture);
}

const struct via_command command_snapshot = {
	.name = "snapshot",
	.usage = "[--no-redact] [--wake] FILE",
	.summary = "Capture what viaduct reads of this host, for --from elsewhere",
	.help = "FILE is a tar archive (zstd), or - for standard output. Host names, MAC\n"
		"addresses, UUIDs and serial numbers are replaced by placeholders, and the\n"
		"result is searched for them before it is kept. Run it as root to capture all:\n"
		"exit status 5 says that something could not be told.\n"
		"  --no-redact   keep them\n"
		"  --wake        read the configuration of sleeping devices too, which wakes them\n",
	.run = run,
};
