/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each boot does while a change is on trial: keep it, or take it back and say why. */
#include "cmd/trial.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "apply/confirm.h"
#include "apply/undo.h"
#include "base/cleanup.h"
#include "base/parse.h"
#include "base/stamp.h"
#include "boot/last_words.h"
#include "cmd/changing.h"

/* A package manager may be at work at each boot; what is decided waits for it. */
enum { LOOK_AGAIN_S = 2, BUSY_AGAIN_S = 5, BUSY_MOST_S = 600 };

static const char *joined(struct via_arena *arena, const struct via_names *sentences)
{
	const char *text = "";

	via_for_each (sentence, sentences)
		text = arena_printf(arena, "%s%s%s", text, *text ? "; " : "", *sentence);
	return text;
}

/* Drivers and what declares itself may still be on their way. */
static const char *wait_for_good(const struct via_session *session, struct via_arena *arena,
				 const struct via_trial *trial, unsigned int wait_s)
{
	for (;; wait_s -= LOOK_AGAIN_S) {
		struct via_names trouble = trial_trouble(session, arena, trial);

		if (!trouble.count)
			return NULL;
		if (wait_s < LOOK_AGAIN_S)
			return joined(arena, &trouble);
		sleep(LOOK_AGAIN_S);
	}
}

/* One of the three ways in which it ends. */
struct ending {
	int (*act)(const struct ending *ending, const struct via_apply_options *options,
		   struct via_error *error);
	const struct via_world *world;
	const char *why, *done;
};

static int act_keep(const struct ending *ending, const struct via_apply_options *options,
		    struct via_error *error)
{
	return apply_confirm(ending->world, false, options, error);
}

static int act_take_back(const struct ending *ending, const struct via_apply_options *options,
			 struct via_error *error)
{
	return apply_trial_failed(ending->world, ending->why, options, error);
}

static int act_recover(const struct ending *ending, const struct via_apply_options *options,
		       struct via_error *error)
{
	return apply_recover(ending->world, options, error);
}

static int end(struct via_session *session, const struct ending *ending)
{
	struct via_changing changing = { .session = session };
	struct via_apply_options options = changing_options(&changing, false);
	struct via_error error = { 0 };
	int r = ending->act(ending, &options, &error);

	for (int waited = 0; r == -EBUSY && waited < BUSY_MOST_S; waited += BUSY_AGAIN_S) {
		sleep(BUSY_AGAIN_S);
		r = ending->act(ending, &options, &error);
	}
	return changing_finish(&changing, ending->done, r, &error);
}

static int keep(struct via_session *session)
{
	int status = end(session, &(struct ending){
					  .act = act_keep,
					  .world = session->world,
					  .done = "the boot that tried it was good: it is kept",
				  });

	return status == VIA_EXIT_REBOOT ? VIA_EXIT_DONE : status;
}

static int take_back(struct via_session *session, const char *why)
{
	if (!session->json)
		printf("The trial failed: %s\n", why);
	return end(session, &(struct ending){
				    .act = act_take_back,
				    .world = session->world,
				    .why = why,
				    .done = "undone, and read back as before",
			    });
}

static int recover(struct via_session *session)
{
	return end(session, &(struct ending){
				    .act = act_recover,
				    .world = session->world,
				    .done = "what was interrupted is ended",
			    });
}

/* Only where asked: a person may want to look at what did not work. */
static int start_again(int status)
{
	if (status != VIA_EXIT_COULD_NOT) {
		sync();
		execl("/bin/systemctl", "systemctl", "reboot", NULL);
	}
	return VIA_EXIT_COULD_NOT;
}

static const char *never_came(const struct via_session *session, struct via_arena *arena,
			      const struct via_transaction *transaction)
{
	const char *words =
		boot_last_words(&session->world->root, arena, stamp_parse(transaction->time));

	return arena_printf(arena,
			    "its boot never came to confirm it: it was reset, or stopped, "
			    "before; %s%s",
			    words ? "the kernel's last words: "
				  : "no last words of it were found "
				    "(pstore)",
			    words ?: "");
}

static int judge(struct via_session *session, struct via_arena *arena,
		 const struct via_trial *trial, unsigned int wait_s, bool reboot)
{
	const char *why = wait_for_good(session, arena, trial, wait_s);
	int status;

	if (!why)
		return keep(session);
	status = take_back(session, why);
	return reboot ? start_again(status) : status;
}

static bool same_boot(const struct via_session *session, struct via_arena *arena,
		      const struct via_transaction *transaction)
{
	const char *boot_id;

	return journal_boot_id(&session->world->root, arena, &boot_id, NULL) == 0 &&
	       strcmp(boot_id, transaction->boot_id) == 0;
}

/* Said at each boot where nothing has to be decided. */
static int nothing_to_decide(const struct via_session *session, bool pending)
{
	const char *why = pending ? "It is on trial since this boot: the next one tries it."
				  : "Nothing is on trial.";

	if (session->json)
		return session_print_json(json_pack("{s:s, s:b, s:i, s:[], s:s}", "schema",
						    "viaduct.apply/1", "done", true, "transaction",
						    0, "steps", "nothing", why));
	puts(why);
	return VIA_EXIT_DONE;
}

int trial_decide(struct via_session *session, unsigned int wait_s, bool reboot)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const struct via_root *root = &session->world->root;
	struct via_transaction transaction;
	struct via_error error = { 0 };
	int r = trial_look(root, arena, &transaction, &error);

	if (r < 0 && r != -ENOENT)
		return session_fail(session, &error);
	if (r < 0 || same_boot(session, arena, &transaction))
		return nothing_to_decide(session, r == 0);
	if (transaction_unfinished(&transaction))
		return recover(session);
	if (trial_is_booted(root, &transaction.trial) &&
	    transaction.trial.state == VIA_TRIAL_PENDING)
		return judge(session, arena, &transaction.trial, wait_s, reboot);
	return take_back(session,
			 transaction.trial.why ?: never_came(session, arena, &transaction));
}
