/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/at_boot.h"

#include <errno.h>
#include <time.h>

#include "apply/check.h"
#include "base/cleanup.h"
#include "cmd/changing.h"
#include "cmd/planning.h"
#include "plan/declared.h"

enum { LOOK_AGAIN_MS = 250 };

static void pause_ms(long ms)
{
	nanosleep(&(struct timespec){ .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 }, NULL);
}

/* What only a later boot brings is not this one's to do. */
static void leave_out_later(struct via_plan *plan)
{
	size_t kept = 0;

	via_for_each (action, &plan->actions)
		if (action->effect == VIA_EFFECT_NOW)
			plan->actions.items[kept++] = *action;
	plan->actions.count = kept;
}

static void plan_live(struct via_session *session, struct via_arena *arena,
		      const struct via_declaration *declaration,
		      const struct via_declared_entry *entry, struct via_host **ret_host,
		      struct via_plan *ret)
{
	*ret_host = session_look_to_plan_by_serial(session);
	plan_declared_entry(arena, *ret_host, declaration, entry, VIA_INSIST_NOT, ret);
	leave_out_later(ret);
	check_settle(session->world, ret);
}

/* Whatever refuses may be a device or a driver that is still on its way: until @tries are
 * used up, look again. */
static int make_entry(struct via_session *session, const struct via_declaration *declaration,
		      const struct via_declared_entry *entry, unsigned int *tries)
{
	for (;;) {
		_cleanup_arena_ struct via_arena *arena = arena_new();
		_cleanup_host_ struct via_host *host = NULL;
		struct via_plan plan;

		plan_live(session, arena, declaration, entry, &host, &plan);
		if (plan.refused.count && *tries) {
			(*tries)--;
			pause_ms(LOOK_AGAIN_MS);
			continue;
		}
		return changing_apply(session, &plan, true, false);
	}
}

/* Each entry is a change of its own, which is printed when it is done: the boot may not go on. */
static void open_list(const struct via_session *session)
{
	if (session->json)
		fputs("{\n\"schema\": \"viaduct.apply-at-boot/1\",\n\"changes\": [\n", stdout);
}

static void separate(const struct via_session *session, bool first)
{
	if (session->json && !first)
		fputs(",\n", stdout);
}

static void close_list(const struct via_session *session)
{
	if (session->json)
		fputs("]\n}\n", stdout);
}

int at_boot_apply(struct via_session *session, const char *file, unsigned int wait_s)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_declaration *declaration;
	struct via_declared_entries entries;
	unsigned int tries = wait_s * 1000 / LOOK_AGAIN_MS;
	int worst = VIA_EXIT_DONE;
	struct via_error error;

	if (planning_declaration(arena, file, &declaration, &error) < 0)
		return session_fail(session, &error);
	declared_entries(arena, declaration, &entries);
	open_list(session);
	via_for_each (entry, &entries) {
		separate(session, entry == entries.items);
		if (make_entry(session, declaration, entry, &tries) != VIA_EXIT_DONE)
			worst = VIA_EXIT_COULD_NOT;
	}
	close_list(session);
	return worst;
}
