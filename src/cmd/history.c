/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/commands.h"

#include <errno.h>
#include <getopt.h>

#include "apply/history.h"
#include "apply/timer.h"
#include "apply/undo.h"
#include "base/cleanup.h"
#include "base/parse.h"
#include "cmd/changing.h"
#include "cmd/serving.h"
#include "cmd/telling.h"
#include "render/json.h"

static int only_help(struct via_session *session, const struct via_command *command, int argc,
		     char **argv)
{
	int option = command_options(session, command, argc, argv, "", NULL);

	if (option != -1)
		return option == 'h' ? VIA_EXIT_DONE : VIA_EXIT_USAGE;
	return -1;
}

static json_t *json_trial(const struct via_trial *trial)
{
	if (!trial->state)
		return json_null();
	return json_pack("{s:s, s:s, s:o}", "state", trial_state_name(trial->state), "id",
			 trial->id, "why", json_optional(trial->why));
}

/* What the history is asked about; @only: one transaction, 0 for all */
struct telling {
	struct via_session *session;
	struct via_history history;
	struct via_arena *arena;
	uint64_t only;
};

static bool is_asked_for(const struct telling *telling, const struct via_transaction *transaction)
{
	return !telling->only || transaction->id == telling->only;
}

/* Seconds until a timer undoes it; NULL where none runs. */
static json_t *json_timer(const struct via_root *root, const struct via_transaction *transaction)
{
	int64_t left = timer_left_ms(root, transaction->id);

	return left < 0 ? json_null() : json_integer((left + 999) / 1000);
}

static json_t *json_transaction(const struct telling *telling,
				const struct via_transaction *transaction)
{
	const struct via_history_changes changes =
		history_changes(&telling->session->world->root, transaction, telling->arena);
	json_t *object = json_pack(
		"{s:I, s:s, s:o, s:o, s:I, s:b, s:o, s:o, s:o, s:o}", "id",
		(json_int_t)transaction->id, "state", transaction_state_name(transaction->state),
		"goal", json_optional(transaction->goal), "time", json_optional(transaction->time),
		"actions", (json_int_t)transaction->entries.count, "alive",
		history_lives(&telling->history, transaction), "overruled",
		json_names(&transaction->overruled), "files", json_changes(&changes, telling->only),
		"trial", json_trial(&transaction->trial), "undone_in_s",
		json_timer(&telling->session->world->root, transaction));

	if (telling->only)
		json_object_set_new(object, "steps", json_entries(transaction));
	return object;
}

static bool journal_untold(const struct via_history *history)
{
	return fact_is(&history->journal, VIA_UNKNOWN) && !history->transactions.count;
}

static json_t *json_history(const struct telling *telling)
{
	json_t *list = json_array();

	via_for_each (transaction, &telling->history.transactions)
		if (is_asked_for(telling, transaction))
			json_array_append_new(list, json_transaction(telling, transaction));
	return json_pack("{s:s, s:o}", "schema", "viaduct.history/1", "transactions",
			 json_if_told(list, &telling->history.journal));
}

static void print_timer(const struct via_root *root, const struct via_transaction *transaction)
{
	int64_t left = timer_left_ms(root, transaction->id);

	if (left >= 0)
		printf("      undone in %lld s, unless: viaduct confirm\n",
		       (long long)(left + 999) / 1000);
}

static void print_trial(const struct via_history *history,
			const struct via_transaction *transaction)
{
	static const char *const words[] = {
		[VIA_TRIAL_FAILED] = "its trial failed: ",
		[VIA_TRIAL_CONFIRMING] = "its trial was good; keeping it was interrupted",
		[VIA_TRIAL_CONFIRMED] = "its trial was good: kept",
	};
	const struct via_trial *trial = &transaction->trial;

	if (trial->state > VIA_TRIAL_PENDING)
		printf("      %s%s\n", words[trial->state], trial->why ?: "");
	else if (transaction_on_trial(transaction))
		printf("      on trial: %s\n", history_of_this_boot(history, transaction)
						       ? "the next boot tries it"
						       : "this boot has to decide it");
}

static void print_transaction(const struct telling *telling,
			      const struct via_transaction *transaction)
{
	const struct via_paper *paper = &telling->session->paper;
	const struct via_history_changes changes =
		history_changes(&telling->session->world->root, transaction, telling->arena);

	printf("%4llu  %s  %-12s %s%s\n", (unsigned long long)transaction->id,
	       transaction->time ? transaction->time : "?",
	       transaction_state_name(transaction->state),
	       transaction->goal ? transaction->goal : "?",
	       transaction->state == VIA_TRANSACTION_COMMITTED &&
			       !history_lives(&telling->history, transaction)
		       ? "  (gone with an earlier boot)"
		       : "");
	print_trial(&telling->history, transaction);
	print_timer(&telling->session->world->root, transaction);
	if (telling->only)
		tell_entries(paper, transaction, &changes);
	else
		tell_changes(paper, &changes);
}

static int no_transaction(const struct telling *telling)
{
	struct via_error error = { 0 };

	via_for_each (transaction, &telling->history.transactions)
		if (is_asked_for(telling, transaction))
			return VIA_EXIT_DONE;
	if (!telling->only)
		return VIA_EXIT_DONE;
	error_set(&error, -ENOENT, "tell", "the journal", "there is no transaction %llu",
		  (unsigned long long)telling->only);
	error_hint(&error, "viaduct history lists them all");
	return session_fail(telling->session, &error);
}

static int run_history(struct via_session *session, int argc, char **argv)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct telling telling = { .session = session, .arena = arena };
	struct via_error error;
	bool untold;
	int status = only_help(session, &command_history, argc, argv);

	if (status >= 0)
		return status;
	if (argc - optind > 1 ||
	    (argc > optind && (parse_u64(argv[optind], 10, &telling.only) < 0 || !telling.only)))
		return session_usage(session, "history", "it takes at most one number");
	if (history_read(&session->world->root, arena, &telling.history, &error) < 0)
		return session_fail(session, &error);
	status = no_transaction(&telling);
	if (status)
		return status;
	untold = journal_untold(&telling.history);
	if (session->json)
		return session_print_json(json_history(&telling))
			       ?: (untold ? VIA_EXIT_CANNOT_TELL : VIA_EXIT_DONE);
	if (untold)
		puts("What viaduct has changed could not be told: the journal was not captured.");
	else if (!telling.history.transactions.count)
		puts("viaduct has changed nothing on this host.");
	via_for_each (transaction, &telling.history.transactions)
		if (is_asked_for(&telling, transaction))
			print_transaction(&telling, transaction);
	return untold ? VIA_EXIT_CANNOT_TELL : VIA_EXIT_DONE;
}

static int run_rollback(struct via_session *session, int argc, char **argv)
{
	struct via_changing changing = { .session = session };
	struct via_apply_options options;
	struct via_error error = { 0 };
	uint64_t id = 0;
	int status = only_help(session, &command_rollback, argc, argv);

	if (status >= 0)
		return status;
	if (argc - optind > 1 || (argc > optind && (parse_u64(argv[optind], 10, &id) < 0 || !id)))
		return session_usage(session, "rollback", "it takes at most one number, from 1");
	status = session_may_change_files(session, "rollback");
	if (status)
		return status;
	options = changing_options(&changing, false);
	return changing_finish(&changing, "undone, and read back as before",
			       apply_rollback(session->world, id, &options, &error), &error);
}

static int run_recover(struct via_session *session, int argc, char **argv)
{
	struct via_changing changing = { .session = session };
	struct via_apply_options options;
	struct via_error error = { 0 };
	int status = only_help(session, &command_recover, argc, argv);

	if (status >= 0)
		return status;
	if (argc > optind)
		return session_usage(session, "recover", "it takes no argument: %s", argv[optind]);
	status = session_may_change_files(session, "recover");
	if (status)
		return status;
	if (!session->world->effects.files_only)
		status = serving_recover(session);
	if (status)
		return status;
	options = changing_options(&changing, false);
	return changing_finish(&changing, "nothing is left unfinished",
			       apply_recover(session->world, &options, &error), &error);
}

const struct via_command command_history = {
	.name = "history",
	.usage = "[N]",
	.summary = "What was done to this host, and to which files",
	.help = "N: all steps of transaction N, and the whole difference of each file, as long as\n"
		"what undoing it needs is kept.\n",
	.run = run_history,
};

const struct via_command command_rollback = {
	.name = "rollback",
	.usage = "[N]",
	.summary = "Undo a transaction: the last one, or number N of the history",
	.help = "The old value goes back only where the present one is still viaduct's own; else\n"
		"all three are shown, and nothing is touched.\n",
	.run = run_rollback,
};

const struct via_command command_recover = {
	.name = "recover",
	.usage = "",
	.summary = "Undo what a crash interrupted",
	.run = run_recover,
};
