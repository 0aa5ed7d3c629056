/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "apply/journal_line.h"
#include "apply/writer.h"
#include "base/parse.h"
#include "base/stamp.h"

enum { ROOM_HEADER = 4096, ROOM_ACTION = 1024 };

static const char *const mark_lines[VIA_TRANSACTION_STATES] = {
	[VIA_TRANSACTION_COMMITTED] = LINE_COMMITTED,
	[VIA_TRANSACTION_ROLLING_BACK] = LINE_ROLLING_BACK,
	[VIA_TRANSACTION_ROLLED_BACK] = LINE_ROLLED_BACK,
	[VIA_TRANSACTION_VOID] = LINE_VOID,
};

static int failed(const char *file, int code, struct via_error *error)
{
	error_set(error, code, "write the journal", file, NULL);
	if (code == -EACCES || code == -EPERM)
		error_hint(error, "run it as root");
	return code;
}

/* @line is taken over; NULL when a text in it is no UTF-8. */
static int append(struct via_journal *journal, json_t *line, struct via_error *error)
{
	_cleanup_free_ char *text = line ? json_dumps(line, JSON_COMPACT) : NULL;
	size_t size;
	int r;

	json_decref(line);
	if (!text)
		return failed(journal->file, -EILSEQ, error);
	size = strlen(text);
	text[size] = '\n'; /* in place of the NUL: the line goes out in one write */
	r = writer_append(journal->fd, text, size + 1);
	return r < 0 ? failed(journal->file, r, error) : 0;
}

/* A full disk is to be met before the first change, not between two of them. */
static void reserve_room(int fd, const struct via_plan *plan)
{
	off_t room = ROOM_HEADER + (off_t)plan->actions.count * ROOM_ACTION;

	if (fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, room) < 0)
		errno = 0; /* not every file system can */
}

/* What the user insisted on, against what. */
static json_t *overruled(const struct via_plan *plan)
{
	json_t *list = plan->overruled.count ? json_array() : NULL;

	via_for_each (refusal, &plan->overruled)
		json_array_append_new(list, json_sprintf("%s: %s", refusal->what, refusal->why));
	return list;
}

static json_t *list_of(const struct via_names *names)
{
	json_t *list = json_array();

	via_for_each (name, names)
		json_array_append_new(list, json_string(*name));
	return list;
}

static json_t *trial_of(const struct via_plan *plan)
{
	if (!plan->trial)
		return NULL;
	return json_pack("{ss so so}", "id", plan->trial->id, "failing",
			 list_of(&plan->trial->failing), "expect", list_of(&plan->expect));
}

static json_t *header(const struct via_journal *journal, const struct via_plan *plan,
		      const char *boot_id)
{
	char text[STAMP_BYTES];

	stamp_now(text);
	return json_pack("{ss ss sI ss ss ss ss ss so* so*}", "type", LINE_HEADER, "schema",
			 JOURNAL_SCHEMA, "id", (json_int_t)journal->id, "goal", plan->goal ?: "",
			 "plan", plan->id ?: "", "time", text, "boot_id", boot_id, "version",
			 VIADUCT_VERSION, "overruled", overruled(plan), "trial", trial_of(plan));
}

static void name_file(struct via_journal *journal, uint64_t id)
{
	journal->id = id;
	snprintf(journal->store, sizeof(journal->store), JOURNAL_DIRECTORY "/%06" PRIu64, id);
	snprintf(journal->file, sizeof(journal->file), JOURNAL_DIRECTORY "/%06" PRIu64 "%s", id,
		 JOURNAL_SUFFIX);
}

int journal_begin(const struct via_root *root, const struct via_plan *plan, const char *boot_id,
		  struct via_journal *ret, struct via_error *error)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_journal_ struct via_journal journal = VIA_JOURNAL_CLOSED;
	_cleanup_close_ int directory = -1;
	struct via_transactions all = { 0 };
	int r;

	directory = writer_directory(root, JOURNAL_DIRECTORY, 0700);
	if (directory < 0)
		return failed(JOURNAL_DIRECTORY, directory, error);
	r = journal_read_all(root, arena, true, &all, error);
	if (r < 0)
		return r;
	name_file(&journal, all.count ? all.items[all.count - 1].id + 1 : 1);
	journal.fd = writer_create(directory, journal.file + strlen(JOURNAL_DIRECTORY "/"));
	if (journal.fd < 0)
		return failed(journal.file, journal.fd, error);
	reserve_room(journal.fd, plan);
	r = append(&journal, header(&journal, plan, boot_id), error);
	if (r < 0)
		return r;
	*ret = journal;
	journal.fd = -1;
	return 0;
}

int journal_continue(const struct via_root *root, const struct via_transaction *transaction,
		     struct via_journal *ret, struct via_error *error)
{
	_cleanup_close_ int directory = writer_directory(root, JOURNAL_DIRECTORY, 0700);
	struct via_journal journal = VIA_JOURNAL_CLOSED;

	name_file(&journal, transaction->id);
	if (directory < 0)
		return failed(journal.file, directory, error);
	journal.fd =
		writer_reopen(directory, path_name(transaction->file), transaction->sound_bytes);
	if (journal.fd < 0)
		return failed(journal.file, journal.fd, error);
	*ret = journal;
	return 0;
}

static bool is_live(const struct via_action *action)
{
	return action_kind_persists(action->kind) && action->effect == VIA_EFFECT_NOW;
}

static json_t *intent(const struct via_note *note)
{
	const struct via_action *action = note->action;
	const struct via_found *found = &note->found;

	return json_pack("{ss sI ss ss ss sI ss ss ss* so* so* so* so*}", "type", LINE_INTENT, "n",
			 (json_int_t)note->n, "kind", action_kind_name(action->kind), "target",
			 action->target, "identity", found->identity, "instance",
			 (json_int_t)found->instance, "found", found->value, "wanted",
			 action->wanted, "beside", found->beside, "made_by",
			 action->made_by ? json_integer((json_int_t)action->made_by) : NULL, "live",
			 is_live(action) ? json_true() : NULL, "trial",
			 action->trial ? json_true() : NULL, "renewed",
			 action->renewed ? json_true() : NULL);
}

static json_t *done(const struct via_note *note)
{
	return json_pack("{ss sI ss}", "type", LINE_DONE, "n", (json_int_t)note->n, "read_back",
			 note->read_back);
}

static json_t *undone(const struct via_note *note)
{
	return json_pack("{ss sI}", "type", LINE_UNDONE, "n", (json_int_t)note->n);
}

/* One line: of several lines a cut of the power could leave one in the middle torn. */
static int append_all(struct via_journal *journal, const char *type,
		      json_t *(*say)(const struct via_note *note), const struct via_note *notes,
		      size_t count, struct via_error *error)
{
	json_t *all;

	if (!count)
		return 0;
	all = json_array();
	for (size_t i = 0; i < count; i++) {
		json_t *one = say(&notes[i]);

		if (json_array_append_new(all, one) < 0) {
			json_decref(all);
			return append(journal, NULL, error);
		}
		json_object_del(one, "type");
	}
	return append(journal, json_pack("{ss so}", "type", type, "of", all), error);
}

int journal_intent(struct via_journal *journal, size_t n, const struct via_action *action,
		   const struct via_found *found, struct via_error *error)
{
	const struct via_note note = { .n = n, .action = action, .found = *found };

	return append(journal, intent(&note), error);
}

int journal_intents(struct via_journal *journal, const struct via_note *notes, size_t count,
		    struct via_error *error)
{
	return append_all(journal, LINE_INTENTS, intent, notes, count, error);
}

int journal_done(struct via_journal *journal, size_t n, const char *read_back,
		 struct via_error *error)
{
	return append(journal, done(&(struct via_note){ .n = n, .read_back = read_back }), error);
}

int journal_dones(struct via_journal *journal, const struct via_note *notes, size_t count,
		  struct via_error *error)
{
	return append_all(journal, LINE_DONES, done, notes, count, error);
}

int journal_merging(struct via_journal *journal, size_t n, const char *merged,
		    struct via_error *error)
{
	return append(
		journal,
		json_pack("{ss sI ss}", "type", LINE_MERGING, "n", (json_int_t)n, "merged", merged),
		error);
}

int journal_undone(struct via_journal *journal, size_t n, struct via_error *error)
{
	return append(journal, undone(&(struct via_note){ .n = n }), error);
}

int journal_undones(struct via_journal *journal, const struct via_note *notes, size_t count,
		    struct via_error *error)
{
	return append_all(journal, LINE_UNDONES, undone, notes, count, error);
}

int journal_mark(struct via_journal *journal, enum via_transaction_state state,
		 struct via_error *error)
{
	return append(journal, json_pack("{ss}", "type", mark_lines[state]), error);
}

int journal_trial(struct via_journal *journal, enum via_trial_state state, const char *why,
		  struct via_error *error)
{
	return append(journal,
		      json_pack("{ss ss ss*}", "type", LINE_TRIAL, "state", trial_state_name(state),
				"why", why),
		      error);
}

int journal_boot_id(const struct via_root *root, struct via_arena *arena, const char **ret,
		    struct via_error *error)
{
	static const char path[] = "proc/sys/kernel/random/boot_id";
	struct via_fact fact = root_text(root, arena, "%s", path);

	if (fact.known == VIA_UNKNOWN && !root->live) { /* an image, which no boot runs from */
		*ret = "offline";
		return 0;
	}
	if (fact.known != VIA_PRESENT)
		return error_set(error, fact.known == VIA_ABSENT ? -ENOENT : -fact.error,
				 "tell this boot from others", path, NULL);
	*ret = fact.text;
	return 0;
}
