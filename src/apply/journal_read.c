/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "apply/journal_line.h"
#include "base/parse.h"

enum { FILE_LIMIT = 4 * 1024 * 1024 };

static const char *const state_names[] = {
	[VIA_TRANSACTION_OPEN] = "unfinished",
	[VIA_TRANSACTION_COMMITTED] = "committed",
	[VIA_TRANSACTION_ROLLING_BACK] = "rolling-back",
	[VIA_TRANSACTION_ROLLED_BACK] = "rolled-back",
	[VIA_TRANSACTION_VOID] = "void",
	[VIA_TRANSACTION_DAMAGED] = "damaged",
};
_Static_assert(VIA_COUNT(state_names) == VIA_TRANSACTION_STATES, "every state has a name");

const char *transaction_state_name(enum via_transaction_state state)
{
	return state_names[state];
}

static const char *const trial_names[] = {
	[VIA_TRIAL_NONE] = NULL,
	[VIA_TRIAL_PENDING] = "pending",
	[VIA_TRIAL_FAILED] = "failed",
	[VIA_TRIAL_CONFIRMING] = "confirming",
	[VIA_TRIAL_CONFIRMED] = "confirmed",
};
_Static_assert(VIA_COUNT(trial_names) == VIA_TRIAL_STATES, "every state has a name");

const char *trial_state_name(enum via_trial_state state)
{
	return trial_names[state];
}

static bool is_confirming(const struct via_transaction *transaction)
{
	return transaction->state == VIA_TRANSACTION_COMMITTED &&
	       transaction->trial.state == VIA_TRIAL_CONFIRMING;
}

bool transaction_unfinished(const struct via_transaction *transaction)
{
	return transaction->state == VIA_TRANSACTION_OPEN ||
	       transaction->state == VIA_TRANSACTION_ROLLING_BACK || is_confirming(transaction);
}

bool transaction_on_trial(const struct via_transaction *transaction)
{
	return transaction->state == VIA_TRANSACTION_COMMITTED &&
	       (transaction->trial.state == VIA_TRIAL_PENDING ||
		transaction->trial.state == VIA_TRIAL_FAILED);
}

bool transaction_persists(const struct via_transaction *transaction)
{
	via_for_each (entry, &transaction->entries)
		if (action_kind_persists(entry->action.kind) && !entry->undone)
			return true;
	return false;
}

static void cleanup_json(json_t **json)
{
	json_decref(*json);
}

/* A text of the line, in the arena; NULL when it is missing. */
static const char *text_of(struct via_arena *arena, const json_t *line, const char *key)
{
	const char *text = json_string_value(json_object_get(line, key));

	return text ? arena_strdup(arena, text) : NULL;
}

static struct via_names names_of(struct via_arena *arena, const json_t *list)
{
	struct via_names names = { 0 };
	json_t *item;
	size_t i;

	json_array_foreach (list, i, item)
		if (json_string_value(item))
			*via_list_add(arena, &names) = arena_strdup(arena, json_string_value(item));
	return names;
}

static struct via_trial trial_of(struct via_arena *arena, const json_t *trial)
{
	if (!trial)
		return (struct via_trial){ 0 };
	return (struct via_trial){
		.state = VIA_TRIAL_PENDING,
		.id = text_of(arena, trial, "id"),
		.failing = names_of(arena, json_object_get(trial, "failing")),
		.expect = names_of(arena, json_object_get(trial, "expect")),
	};
}

static bool take_header(struct via_arena *arena, struct via_transaction *transaction,
			const json_t *line)
{
	const char *schema = json_string_value(json_object_get(line, "schema"));
	json_int_t id = json_integer_value(json_object_get(line, "id"));

	if (transaction->boot_id || !schema || strcmp(schema, JOURNAL_SCHEMA) != 0 ||
	    id != (json_int_t)transaction->id)
		return false;
	transaction->goal = text_of(arena, line, "goal");
	transaction->plan = text_of(arena, line, "plan");
	transaction->time = text_of(arena, line, "time");
	transaction->boot_id = text_of(arena, line, "boot_id");
	transaction->version = text_of(arena, line, "version");
	transaction->overruled = names_of(arena, json_object_get(line, "overruled"));
	transaction->trial = trial_of(arena, json_object_get(line, "trial"));
	transaction->state = VIA_TRANSACTION_OPEN;
	if (transaction->trial.state && !transaction->trial.id)
		return false;
	return transaction->goal && transaction->plan && transaction->time && transaction->boot_id;
}

static enum via_effect_time takes_effect(enum via_action_kind kind, const json_t *line)
{
	return action_kind_persists(kind) && !json_is_true(json_object_get(line, "live"))
		       ? VIA_EFFECT_REBOOT
		       : VIA_EFFECT_NOW;
}

static bool take_intent(struct via_arena *arena, struct via_transaction *transaction,
			const json_t *line)
{
	json_int_t n = json_integer_value(json_object_get(line, "n"));
	const char *kind = json_string_value(json_object_get(line, "kind"));
	struct via_action action = {
		.target = text_of(arena, line, "target"),
		.identity = text_of(arena, line, "identity"),
		.expected = text_of(arena, line, "found"),
		.wanted = text_of(arena, line, "wanted"),
		.beside = text_of(arena, line, "beside"),
		.store = transaction->store,
		.made_by = (size_t)json_integer_value(json_object_get(line, "made_by")),
		.trial = json_is_true(json_object_get(line, "trial")),
		.renewed = json_is_true(json_object_get(line, "renewed")),
	};

	if (n != (json_int_t)transaction->entries.count + 1 ||
	    transaction->state != VIA_TRANSACTION_OPEN || !kind ||
	    action_kind_parse(kind, &action.kind) < 0)
		return false;
	if (action.made_by > transaction->entries.count)
		return false;
	if (!action.target || !action.identity || !action.expected || !action.wanted)
		return false;
	action.effect = action.undo = takes_effect(action.kind, line);
	*via_list_add(arena, &transaction->entries) = (struct via_entry){
		.action = action,
		.instance = (uint64_t)json_integer_value(json_object_get(line, "instance")),
	};
	return true;
}

static struct via_entry *entry_of(const struct via_transaction *transaction, const json_t *line)
{
	json_int_t n = json_integer_value(json_object_get(line, "n"));

	if (n < 1 || n > (json_int_t)transaction->entries.count)
		return NULL;
	return &transaction->entries.items[n - 1];
}

static bool take_done(struct via_arena *arena, struct via_transaction *transaction,
		      const json_t *line)
{
	struct via_entry *entry = entry_of(transaction, line);

	if (!entry || transaction->state != VIA_TRANSACTION_OPEN)
		return false;
	entry->read_back = text_of(arena, line, "read_back");
	return entry->read_back;
}

static bool take_merging(struct via_arena *arena, struct via_transaction *transaction,
			 const json_t *line)
{
	struct via_entry *entry = entry_of(transaction, line);

	if (!entry || transaction->state != VIA_TRANSACTION_ROLLING_BACK)
		return false;
	entry->merged = text_of(arena, line, "merged");
	return entry->merged;
}

static bool take_undone(struct via_arena *arena, struct via_transaction *transaction,
			const json_t *line)
{
	struct via_entry *entry = entry_of(transaction, line);

	if (!entry ||
	    (transaction->state != VIA_TRANSACTION_ROLLING_BACK && !is_confirming(transaction)))
		return false;
	entry->undone = true;
	return true;
}

/* Several in one line. */
static bool take_each(struct via_arena *arena, struct via_transaction *transaction,
		      const json_t *line,
		      bool (*take)(struct via_arena *arena, struct via_transaction *transaction,
				   const json_t *line))
{
	const json_t *list = json_object_get(line, "of"), *item;
	size_t i;

	json_array_foreach (list, i, item)
		if (!take(arena, transaction, item))
			return false;
	return json_array_size(list) > 0;
}

static bool take_intents(struct via_arena *arena, struct via_transaction *transaction,
			 const json_t *line)
{
	return take_each(arena, transaction, line, take_intent);
}

static bool take_dones(struct via_arena *arena, struct via_transaction *transaction,
		       const json_t *line)
{
	return take_each(arena, transaction, line, take_done);
}

static bool take_undones(struct via_arena *arena, struct via_transaction *transaction,
			 const json_t *line)
{
	return take_each(arena, transaction, line, take_undone);
}

static bool take_committed(struct via_arena *arena, struct via_transaction *transaction,
			   const json_t *line)
{
	if (transaction->state != VIA_TRANSACTION_OPEN)
		return false;
	transaction->state = VIA_TRANSACTION_COMMITTED;
	return true;
}

static bool take_rolling_back(struct via_arena *arena, struct via_transaction *transaction,
			      const json_t *line)
{
	if (transaction->state != VIA_TRANSACTION_OPEN &&
	    transaction->state != VIA_TRANSACTION_COMMITTED &&
	    transaction->state != VIA_TRANSACTION_ROLLING_BACK)
		return false;
	transaction->state = VIA_TRANSACTION_ROLLING_BACK;
	return true;
}

static bool take_rolled_back(struct via_arena *arena, struct via_transaction *transaction,
			     const json_t *line)
{
	if (transaction->state != VIA_TRANSACTION_ROLLING_BACK)
		return false;
	transaction->state = VIA_TRANSACTION_ROLLED_BACK;
	return true;
}

static bool take_trial(struct via_arena *arena, struct via_transaction *transaction,
		       const json_t *line)
{
	const char *name = json_string_value(json_object_get(line, "state"));

	if (transaction->trial.state == VIA_TRIAL_NONE || !name)
		return false;
	for (unsigned int i = VIA_TRIAL_FAILED; i < VIA_TRIAL_STATES; i++) {
		if (strcmp(trial_names[i], name) != 0)
			continue;
		transaction->trial.state = (enum via_trial_state)i;
		transaction->trial.why = text_of(arena, line, "why");
		return true;
	}
	return false;
}

static bool take_void(struct via_arena *arena, struct via_transaction *transaction,
		      const json_t *line)
{
	transaction->state = VIA_TRANSACTION_VOID;
	return true;
}

static const struct {
	const char *type;
	bool (*take)(struct via_arena *arena, struct via_transaction *transaction,
		     const json_t *line);
} line_types[] = {
	{ LINE_HEADER, take_header },
	{ LINE_INTENT, take_intent },
	{ LINE_INTENTS, take_intents },
	{ LINE_DONE, take_done },
	{ LINE_DONES, take_dones },
	{ LINE_COMMITTED, take_committed },
	{ LINE_ROLLING_BACK, take_rolling_back },
	{ LINE_MERGING, take_merging },
	{ LINE_UNDONE, take_undone },
	{ LINE_UNDONES, take_undones },
	{ LINE_ROLLED_BACK, take_rolled_back },
	{ LINE_TRIAL, take_trial },
	{ LINE_VOID, take_void },
};

static bool take_line(struct via_arena *arena, struct via_transaction *transaction,
		      const json_t *line)
{
	const char *type = json_string_value(json_object_get(line, "type"));

	if (!type || (!transaction->boot_id && strcmp(type, LINE_HEADER) != 0))
		return false;
	for (size_t i = 0; i < VIA_COUNT(line_types); i++)
		if (strcmp(line_types[i].type, type) == 0)
			return line_types[i].take(arena, transaction, line);
	return false;
}

static int damaged(const struct via_transaction *transaction, size_t line, struct via_error *error)
{
	error_set(error, -EBADMSG, "read the journal", transaction->file,
		  "line %zu is damaged: what was done to this host cannot be told from it", line);
	error_hint(error, "look at the file; moved out of its directory, it is forgotten");
	return -EBADMSG;
}

/*
 * A line that is not whole JSON is torn when it is the last; anywhere else, and wherever
 * whole JSON says what cannot be, the file is damaged.
 */
static int parse(struct via_arena *arena, struct via_span text, struct via_transaction *transaction,
		 struct via_error *error)
{
	const char *at = (const char *)text.data, *end = at + text.size;

	for (size_t n = 1; at < end; n++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		_cleanup_(cleanup_json) json_t *line =
			newline ? json_loadb(at, (size_t)(newline - at), JSON_REJECT_DUPLICATES,
					     NULL)
				: NULL;

		if (!line && (!newline || newline + 1 == end))
			return 0;
		if (!line || !take_line(arena, transaction, line))
			return damaged(transaction, n, error);
		at = newline + 1;
		transaction->sound_bytes = (size_t)(at - (const char *)text.data);
	}
	return 0;
}

int journal_read(const struct via_root *root, struct via_arena *arena, uint64_t id,
		 struct via_transaction *ret, struct via_error *error)
{
	struct via_transaction transaction = {
		.id = id,
		.state = VIA_TRANSACTION_VOID, /* until a header says that it began */
		.file = arena_printf(arena, JOURNAL_DIRECTORY "/%06" PRIu64 JOURNAL_SUFFIX, id),
		.store = arena_printf(arena, JOURNAL_DIRECTORY "/%06" PRIu64, id),
		.goal = "",
		.plan = "",
		.time = "",
	};
	struct via_blob blob = root_blob(root, arena, FILE_LIMIT, "%s", transaction.file);
	int r;

	if (blob.fact.known != VIA_PRESENT)
		return error_set(error, blob.fact.known == VIA_ABSENT ? -ENOENT : -blob.fact.error,
				 "read the journal", transaction.file, NULL);
	r = blob.span.size == FILE_LIMIT ? damaged(&transaction, 0, error)
					 : parse(arena, blob.span, &transaction, error);
	if (r == 0)
		*ret = transaction;
	return r;
}

static bool is_transaction(const char *name, uint64_t *ret)
{
	char digits[24];
	size_t length = strlen(name);

	if (!text_ends(name, JOURNAL_SUFFIX))
		return false;
	length -= strlen(JOURNAL_SUFFIX);
	if (length < 6 || length >= sizeof(digits))
		return false;
	memcpy(digits, name, length);
	digits[length] = '\0';
	return parse_u64(digits, 10, ret) == 0;
}

static int read_into(const struct via_root *root, struct via_arena *arena, uint64_t id,
		     bool lenient, struct via_transactions *all, struct via_error *error)
{
	struct via_transaction transaction;
	int r = journal_read(root, arena, id, &transaction, lenient ? NULL : error);

	if (r < 0 && !lenient)
		return r;
	if (r < 0)
		transaction = (struct via_transaction){ .id = id,
							.state = VIA_TRANSACTION_DAMAGED,
							.goal = "",
							.plan = "",
							.time = "" };
	*via_list_add(arena, all) = transaction;
	return 0;
}

int journal_read_all(const struct via_root *root, struct via_arena *arena, bool lenient,
		     struct via_transactions *ret, struct via_error *error)
{
	_cleanup_close_ int directory =
		root_openat(root, JOURNAL_DIRECTORY, O_RDONLY | O_DIRECTORY);
	struct via_transactions all = { 0 };
	struct via_names names;
	struct via_fact fact;
	uint64_t id;
	int r = 0;

	if (directory != -ENOENT) {
		fact = root_entries(root, arena, &names, JOURNAL_DIRECTORY);
		if (fact.known != VIA_PRESENT)
			return error_set(error, -fact.error, "read the journal", JOURNAL_DIRECTORY,
					 NULL);
		via_for_each (name, &names)
			if (r == 0 && is_transaction(*name, &id))
				r = read_into(root, arena, id, lenient, &all, error);
	}
	if (r == 0)
		*ret = all;
	return r;
}
