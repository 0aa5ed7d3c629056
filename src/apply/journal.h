/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/names.h"
#include "plan/action.h"
#include "sys/root.h"

/*
 * What was done to this host: var/lib/viaduct/journal/NNNNNN.jsonl, one file a
 * transaction, one JSON object a line, each on disk before what follows it is done:
 *
 *   header       schema, id, goal, plan, time, boot_id, version, overruled: what the user
 *                insisted on taking from whom
 *                trial: of one that a single boot tries, see struct via_trial
 *   intent       n, kind, target, identity, instance, found, wanted, beside: about to be
 *                changed; made_by: of a file, the number of the action whose program made it;
 *                live: of what persists, that what it says is so already
 *   done         n, read_back: changed, or tried; this is what was there afterwards
 *   committed    all was done
 *   rolling-back undoing has begun
 *   merging      n, merged: its owner edited it since: our words are about to be taken out of
 *                it, and this is what it then is
 *   undone       n: the old value is back, or gone with its device
 *   rolled-back  all is undone
 *   trial        state, why: what became of the trial
 *   void         made in an earlier boot, with which it died
 *   intents, dones, undones
 *                of: a list of what the lines of one action say, of several that are changed or
 *                put back side by side; one line, which is there as a whole or not at all
 *
 * A last line that is torn was never relied on, and is ignored.
 *
 * What an action changes dies with the boot it is made in, or persists (action_kind_persists):
 * a transaction with both is half void in a later boot, and undoing it undoes the rest.
 */
enum via_transaction_state {
	VIA_TRANSACTION_OPEN, /* begun; whoever did it never came to its end */
	VIA_TRANSACTION_COMMITTED,
	VIA_TRANSACTION_ROLLING_BACK, /* undoing began and did not end */
	VIA_TRANSACTION_ROLLED_BACK,
	VIA_TRANSACTION_VOID,	 /* of an earlier boot, or begun and nothing done */
	VIA_TRANSACTION_DAMAGED, /* the file cannot be understood (history only) */
	VIA_TRANSACTION_STATES,
};

/* What became of a transaction's trial. */
enum via_trial_state {
	VIA_TRIAL_NONE, /* it was done for good from the start */
	VIA_TRIAL_PENDING,
	VIA_TRIAL_FAILED,
	VIA_TRIAL_CONFIRMING, /* it was good; what it needed is being taken away */
	VIA_TRIAL_CONFIRMED,
	VIA_TRIAL_STATES,
};

/**
 * struct via_trial - of a transaction that a single boot tries
 * @id: on the line of that boot
 * @failing: ids of findings that failed before
 * @expect: see trial_unmet() in plan/trial.h
 * @why: it failed
 */
struct via_trial {
	enum via_trial_state state;
	const char *id, *why;
	struct via_names failing, expect;
};

/**
 * struct via_entry - one action of a transaction
 * @action: @expected is the value that was really found, @identity the one that was there
 * @instance: see target_instance(); 0 where it was not noted
 * @read_back: what was there after the change; NULL where nobody came to look
 * @merged: what taking our words out of it was to come to; NULL where that was not begun
 */
struct via_entry {
	struct via_action action;
	uint64_t instance;
	const char *read_back, *merged;
	bool undone;
};

struct via_transaction {
	uint64_t id;
	enum via_transaction_state state;
	const char *file; /* its path in the root */
	const char *goal, *plan, *time, *boot_id, *version;
	const char *store;		    /* apply/store.h */
	struct via_names overruled;	    /* "ADDRESS: what used it", where the user insisted */
	via_list(struct via_entry) entries; /* entry n is items[n - 1] */
	struct via_trial trial;
	size_t sound_bytes; /* up to the torn line, if any */
};

struct via_transactions {
	struct via_transaction *items;
	size_t count, capacity;
};

const char *transaction_state_name(enum via_transaction_state state);

/* trial_state_name - "pending", "confirmed" …; NULL for none */
const char *trial_state_name(enum via_trial_state state);

/* transaction_on_trial - whether the next boot, or this one, has to decide it */
bool transaction_on_trial(const struct via_transaction *transaction);

/* transaction_unfinished - whether it still needs `recover` */
bool transaction_unfinished(const struct via_transaction *transaction);

/* transaction_persists - whether something it did, or began, outlives its boot */
bool transaction_persists(const struct via_transaction *transaction);

/**
 * journal_read_all - every transaction, oldest first
 * @lenient: list a damaged file as such instead of failing
 *
 * Return: 0, also when there is no journal; -EBADMSG with the file and line in @error
 */
int journal_read_all(const struct via_root *root, struct via_arena *arena, bool lenient,
		     struct via_transactions *ret, struct via_error *error);

/* journal_read - one of them. Return: 0; -ENOENT; -EBADMSG */
int journal_read(const struct via_root *root, struct via_arena *arena, uint64_t id,
		 struct via_transaction *ret, struct via_error *error);

/**
 * struct via_found - what was there before an action, as its undo needs it
 * @value: really found; @identity and @instance of the target
 * @beside: see struct via_action
 */
struct via_found {
	const char *value, *identity, *beside;
	uint64_t instance;
};

/* A transaction that is being written. */
struct via_journal {
	int fd;
	uint64_t id;
	char file[64], store[64];
};

#define VIA_JOURNAL_CLOSED \
	{                  \
		.fd = -1   \
	}

static inline void cleanup_journal(struct via_journal *journal)
{
	if (journal->fd >= 0)
		close(journal->fd);
}

#define _cleanup_journal_ _cleanup_(cleanup_journal)

/**
 * journal_begin - a new transaction, with the next free number, its header on disk
 * Effect: creates the journal's directory (0700) and one file, with room for the plan
 * Return: 0; negative errno, and then nothing may be changed on the host
 */
int journal_begin(const struct via_root *root, const struct via_plan *plan, const char *boot_id,
		  struct via_journal *ret, struct via_error *error);

/* journal_continue - go on writing one that was read, without its torn line */
int journal_continue(const struct via_root *root, const struct via_transaction *transaction,
		     struct via_journal *ret, struct via_error *error);

/* Each returns 0 once its line is on disk, else a negative errno. @n counts from 1. */
int journal_intent(struct via_journal *journal, size_t n, const struct via_action *action,
		   const struct via_found *found, struct via_error *error);
int journal_done(struct via_journal *journal, size_t n, const char *read_back,
		 struct via_error *error);
int journal_merging(struct via_journal *journal, size_t n, const char *merged,
		    struct via_error *error);
int journal_undone(struct via_journal *journal, size_t n, struct via_error *error);

/**
 * struct via_note - what one of several lines would say
 * @found: of an intent; @read_back: of what is done
 */
struct via_note {
	size_t n;
	const struct via_action *action;
	struct via_found found;
	const char *read_back;
};

/* Likewise of several actions at once, in one line; of none, nothing is written. */
int journal_intents(struct via_journal *journal, const struct via_note *notes, size_t count,
		    struct via_error *error);
int journal_dones(struct via_journal *journal, const struct via_note *notes, size_t count,
		  struct via_error *error);
int journal_undones(struct via_journal *journal, const struct via_note *notes, size_t count,
		    struct via_error *error);

/* journal_mark - COMMITTED, ROLLING_BACK, ROLLED_BACK or VOID */
int journal_mark(struct via_journal *journal, enum via_transaction_state state,
		 struct via_error *error);

/* journal_trial - what became of the trial. @why: that it failed; else NULL */
int journal_trial(struct via_journal *journal, enum via_trial_state state, const char *why,
		  struct via_error *error);

/* journal_boot_id - of the running boot. Return: 0; -ENODATA and friends */
int journal_boot_id(const struct via_root *root, struct via_arena *arena, const char **ret,
		    struct via_error *error);
