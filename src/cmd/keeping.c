/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/keeping.h"

#include "apply/journal.h"
#include "apply/timer.h"
#include "base/cleanup.h"
#include "render/json.h"

static void print(const struct via_session *session, struct via_arena *arena, uint64_t id)
{
	struct via_transaction transaction = { .goal = "" };

	if (journal_read(&session->world->root, arena, id, &transaction, NULL) < 0)
		transaction.goal = "its goal could not be read";
	paper_print(&session->paper, VIA_STYLE_PLAIN, "  kept: transaction %llu (%s)\n",
		    (unsigned long long)id, transaction.goal);
}

static void print_json(const struct via_timers *kept)
{
	json_t *list = json_array();

	via_for_each (id, kept)
		json_array_append_new(list, json_integer((json_int_t)*id));
	session_print_json(json_pack("{s:s, s:o}", "schema", "viaduct.confirm/1", "kept", list));
}

int keeping_confirm(const struct via_session *session, bool last, size_t *ret_count,
		    struct via_error *error)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_timers kept;
	int r = timer_keep(session->world, arena, &kept, error);

	if (r < 0)
		return r;
	*ret_count = kept.count;
	if (session->json && last && kept.count)
		print_json(&kept);
	via_for_each (id, &kept)
		if (!session->json)
			print(session, arena, *id);
	return 0;
}
