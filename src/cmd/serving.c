/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/serving.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "apply/history.h"
#include "apply/run.h"
#include "apply/undo.h"
#include "base/cleanup.h"
#include "base/parse.h"
#include "plan/virtual.h"
#include "vduse/device.h"
#include "vduse/disk.h"
#include "vduse/guard.h"
#include "vduse/serve.h"

enum { OPEN_TRIES = 50, OPEN_PAUSE_MS = 100 };

/* What the journal calls the two parts: it is by these words that they are found again. */
static const char goal_serve[] = "vduse serve", goal_attach[] = "vduse attach";

struct serving {
	struct via_session *session;
	const char *name, *driver;
};

static const char *goal_of(const struct serving *serving, struct via_arena *arena, const char *part)
{
	return arena_printf(arena, "%s %s", part, serving->name);
}

static int complain(const struct serving *serving, const struct via_error *error)
{
	session_complain(serving->session, error);
	return error->code;
}

static void tell(void *context, const char *line)
{
	const struct serving *serving = context;

	fprintf(stderr, "viaduct: vduse: %s: %s\n", serving->name, line);
}

static int do_plan(const struct serving *serving, struct via_plan *plan)
{
	const struct via_apply_options options = { 0 };
	struct via_error error = { 0 };

	via_for_each (refusal, &plan->refused) {
		error_set(&error, -EPERM, "refused", refusal->what, "%s", refusal->why);
		complain(serving, &error);
	}
	if (plan->refused.count)
		return -EPERM;
	if (!plan->actions.count)
		return 0;
	plan_seal(plan);
	return apply_run(serving->session->world, plan, &options, &error) < 0
		       ? complain(serving, &error)
		       : 0;
}

static int load_modules(const struct serving *serving)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_host_ struct via_host *host = session_look_to_plan(serving->session);
	struct via_plan plan = { .arena = arena, .goal = goal_of(serving, arena, goal_serve) };

	plan_module(&plan, host, VIA_MODULE_VDUSE, "it brings devices whose work a process does");
	if (serving->driver)
		plan_module(&plan, host,
			    strcmp(serving->driver, "vhost_vdpa") == 0 ? VIA_MODULE_VHOST_VDPA
								       : VIA_MODULE_VIRTIO_VDPA,
			    "the driver of the bus vdpa that is asked for");
	return do_plan(serving, &plan);
}

/* In a child of the server. */
static int attach(void *context)
{
	const struct serving *serving = context;
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_host_ struct via_host *host = session_look_to_plan(serving->session);
	struct via_plan plan = { .arena = arena, .goal = goal_of(serving, arena, goal_attach) };
	const struct via_vdpa_setup setup = { .management = "vduse",
					      .name = serving->name,
					      .driver = serving->driver };
	struct via_error error = { 0 };

	if (plan_vdpa(host, &setup, &plan, &error) < 0)
		return complain(serving, &error);
	return do_plan(serving, &plan);
}

/* The last transaction of this boot for that part that still holds, or 0. */
static uint64_t find_goal(const struct serving *serving, struct via_arena *arena, const char *part)
{
	const char *goal = goal_of(serving, arena, part);
	struct via_history history;
	uint64_t id = 0;

	if (history_read(&serving->session->world->root, arena, &history, NULL) < 0)
		return 0;
	via_for_each (transaction, &history.transactions)
		if (history_lives(&history, transaction) && strcmp(transaction->goal, goal) == 0)
			id = transaction->id;
	return id;
}

/* Return: 0, also where there is nothing to undo; -EBUSY; other negative errno */
static int undo_goal(const struct serving *serving, const char *part, bool insist, bool quiet)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const struct via_apply_options options = { .insistence = insist ? VIA_INSIST_TWICE
									: VIA_INSIST_NOT };
	struct via_error error = { 0 };
	uint64_t id = find_goal(serving, arena, part);
	int r = id ? apply_rollback(serving->session->world, id, &options, &error) : 0;

	if (r < 0 && !(quiet && r == -EBUSY))
		complain(serving, &error);
	return r;
}

static bool on_the_bus(const struct serving *serving, struct via_arena *arena)
{
	struct via_fact there = root_exists(&serving->session->world->root, arena,
					    "sys/bus/vdpa/devices/%s", serving->name);

	return !fact_is(&there, VIA_ABSENT);
}

/* Somebody else put it there, or moved it since: it comes off as any other would. */
static int remove_by_name(const struct serving *serving, bool insist)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_host_ struct via_host *host = session_look_to_plan(serving->session);
	struct via_plan plan = { .arena = arena,
				 .goal = arena_printf(arena, "vduse detach %s", serving->name),
				 .insistence = insist ? VIA_INSIST_TWICE : VIA_INSIST_NOT };
	struct via_error error = { 0 };

	if (plan_vdpa_removal(host, serving->name, &plan, &error) < 0)
		return complain(serving, &error);
	return plan.refused.count ? -EBUSY : do_plan(serving, &plan);
}

/* In a child of the server. */
static int detach(void *context, bool insist)
{
	const struct serving *serving = context;
	_cleanup_arena_ struct via_arena *arena = arena_new();
	int r = undo_goal(serving, goal_attach, insist, true);

	if (r == -EBUSY || !on_the_bus(serving, arena))
		return r == -EBUSY ? r : 0;
	return remove_by_name(serving, insist);
}

static void ready(void *context)
{
	const struct serving *serving = context;
	struct via_session *session = serving->session;

	if (session->json)
		session_print_json(json_pack("{s:s, s:s, s:s}", "schema", "viaduct.vduse-serve/1",
					     "name", serving->name, "state", "ready"));
	else
		paper_print(&session->paper, VIA_STYLE_PLAIN, "%s is served, and on the bus vdpa\n",
			    serving->name);
	fflush(stdout);
}

/* The kernel lets go of a dead server's descriptor a little later than of the server. */
static int open_again(const char *name)
{
	const struct timespec pause = { .tv_nsec = OPEN_PAUSE_MS * 1000000L };
	int device = vduse_open(name);

	for (int i = 0; i < OPEN_TRIES && device == -EBUSY; i++) {
		nanosleep(&pause, NULL);
		device = vduse_open(name);
	}
	return device;
}

/* What waits for an answer gets an error, and then there is no such device. */
static int finish_off(struct serving *serving)
{
	const struct via_serve_road road = { .detach = detach, .say = tell, .context = serving };
	int device = open_again(serving->name), r;

	if (device < 0)
		return device;
	r = serve_end(device, &road);
	close(device);
	if (r == 0)
		r = vduse_destroy(serving->name);
	if (r == 0)
		r = undo_goal(serving, goal_serve, true, false);
	return r;
}

static void clean_up(void *context)
{
	struct serving *serving = context;
	int r;

	tell(serving, "its server was killed: what waits gets an error");
	r = finish_off(serving);
	tell(serving, r == 0 || r == -ENOENT || r == -ENODEV ? "it is gone" : strerror(-r));
}

static int open_and_serve(struct serving *serving, struct disk *disk)
{
	const struct via_serve_road road = {
		.attach = attach, .detach = detach, .ready = ready, .say = tell, .context = serving
	};
	_cleanup_close_ int device = vduse_open(serving->name);
	int r = device < 0 ? device : vduse_set_up(device, 1, SERVE_QUEUE_SIZE);

	return r < 0 ? r : serve_disk(device, disk, false, &road);
}

/* The guard is begun before the device is opened: it must not be the one who holds it. */
static int serve(struct serving *serving, struct disk *disk)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_guard guard = { 0 };
	int r = guard_begin(&guard, clean_up, serving), r_destroy;

	if (r == 0)
		r = open_and_serve(serving, disk);
	if (r < 0 && guard.ended && on_the_bus(serving, arena))
		_exit(VIA_EXIT_COULD_NOT); /* the guard takes over */
	guard_end(&guard);
	r_destroy = vduse_destroy(serving->name);
	return r ?: r_destroy;
}

static int fail(const struct serving *serving, int code)
{
	struct via_error error;

	error_set(&error, code, "serve", serving->name, "%s",
		  code == -EEXIST   ? "there is a VDUSE device of that name"
		  : code == -ENOENT ? "this kernel has no VDUSE"
				    : strerror(-code));
	if (code == -EEXIST)
		error_hint(&error, "viaduct vduse tells who serves it, viaduct vduse end ends it");
	return session_fail(serving->session, &error);
}

int serving_run(struct via_session *session, const char *name, const char *file, bool read_only,
		const char *driver)
{
	struct serving serving = { .session = session, .name = name, .driver = driver };
	_cleanup_disk_ struct disk disk = { .fd = -1 };
	struct via_error error;
	int r;

	if (disk_open(&disk, file, read_only, name, &error) < 0)
		return session_fail(session, &error);
	r = load_modules(&serving);
	if (r < 0)
		return VIA_EXIT_COULD_NOT;
	r = vduse_create_disk(name, &disk);
	if (r == 0)
		r = serve(&serving, &disk);
	disk_close(&disk);
	undo_goal(&serving, goal_serve, true, false);
	return r < 0 ? fail(&serving, r) : VIA_EXIT_DONE;
}

int serving_end(struct via_session *session, const char *name)
{
	struct serving serving = { .session = session, .name = name };
	struct via_error error;
	int r = finish_off(&serving);

	if (r == 0) {
		if (session->json)
			return session_print_json(json_pack("{s:s, s:s, s:b}", "schema",
							    "viaduct.vduse-end/1", "name", name,
							    "gone", true));
		paper_print(&session->paper, VIA_STYLE_PLAIN, "%s is gone\n", name);
		return VIA_EXIT_DONE;
	}
	error_set(&error, r, "end", name, "%s",
		  r == -EBUSY			 ? "a server has it open"
		  : r == -ENOENT || r == -ENODEV ? "there is no VDUSE device of that name"
						 : strerror(-r));
	if (r == -EBUSY)
		error_hint(&error, "end that one first: viaduct vduse tells who it is");
	return session_fail(session, &error);
}

/* One that viaduct put on the bus, and that nobody serves any more. */
static bool is_orphan(const struct via_host *host, size_t i, const struct serving *serving)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();

	return !host->vdpa.vduse_servers[i] &&
	       (find_goal(serving, arena, goal_serve) || find_goal(serving, arena, goal_attach));
}

int serving_recover(struct via_session *session)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_host_ struct via_host *host = NULL;
	struct via_fact there = root_exists(&session->world->root, arena, "dev/vduse");
	int status = VIA_EXIT_DONE;

	if (fact_is(&there, VIA_ABSENT))
		return VIA_EXIT_DONE;
	host = session_look_closely(session, VIA_DEPTH_ATTRIBUTES);
	for (size_t i = 0; i < host->vdpa.vduse.count; i++) {
		const struct serving serving = { .session = session,
						 .name = host->vdpa.vduse.items[i] };

		if (is_orphan(host, i, &serving))
			status = serving_end(session, serving.name) ?: status;
	}
	return status;
}
