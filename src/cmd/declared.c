/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/declared.h"

#include <string.h>

#include "apply/check.h"
#include "base/cleanup.h"
#include "decode/declaration.h"
#include "plan/declared.h"
#include "plan/file.h"
#include "probe/probe.h"

enum { DECLARATION_LIMIT = 1 << 20 };

/* The plan's own texts go with it. */
static const char *shown(struct via_arena *arena, const struct via_action *action,
			 const char *value)
{
	return arena_strdup(arena, action_shown(action->kind, value, arena));
}

/* Of what is there and not made anew; only who keeps it could tell what it is. */
static bool is_untold(const struct via_plan *plan, const struct via_action *action)
{
	if (strcmp(action->expected, VIA_AS_MADE) != 0)
		return false;
	via_for_each (other, &plan->actions)
		if (other->kind == VIA_ACTION_SRIOV_COUNT)
			return false;
	return true;
}

static void note_drift(struct via_declared *declared, struct via_arena *arena,
		       const struct via_plan *plan)
{
	declared->untold = plan->untold;
	via_for_each (refusal, &plan->refused)
		*via_list_add(arena, &declared->drift) = (struct via_drift){
			.what = arena_strdup(arena, refusal->what),
			.why_not = arena_strdup(arena, refusal->why),
		};
	via_for_each (action, &plan->actions) {
		declared->untold |= is_untold(plan, action);
		*via_list_add(arena, &declared->drift) = (struct via_drift){
			.what = arena_printf(arena, "%s %s", action_kind_name(action->kind),
					     action->target),
			.is = shown(arena, action, action->expected),
			.wanted = shown(arena, action, action->wanted),
		};
	}
}

static void compare(const struct via_root *root, const struct via_queries *queries,
		    struct via_host *host, const struct via_declaration *declaration)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_host_ struct via_host *now =
		probe_host(root, queries, host->source, VIA_DEPTH_CONFIG);
	struct via_plan plan;

	now->boot = host->boot; /* what the next boot is to have is declared as well */
	probe_openers(root, now);
	probe_handover(root, now, true);
	plan_declared(arena, now, declaration, VIA_INSIST_NOT, &plan);
	check_settle(&(struct via_world){ .root = *root, .queries = *queries }, &plan);
	note_drift(&host->declared, host->arena, &plan);
}

void declared_look(const struct via_root *root, const struct via_queries *queries,
		   struct via_host *host)
{
	struct via_blob blob =
		root_blob(root, host->arena, DECLARATION_LIMIT + 1, DECLARATION_PATH);
	struct via_declaration *declaration;
	struct via_error error;

	host->declared.looked = true;
	host->declared.file = blob.fact;
	if (!fact_is(&blob.fact, VIA_PRESENT))
		return;
	if (declaration_read(host->arena, blob.span, DECLARATION_PATH, &declaration, &error) < 0)
		host->declared.trouble = arena_strdup(host->arena, error.why);
	else
		compare(root, queries, host, declaration);
}
