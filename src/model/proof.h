/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "model/finding.h"
#include "model/occasion.h"

/* What a rung saw: a name with underscores (a JSON key) and a value as a person reads it. */
struct via_rung_evidence {
	const char *name, *value;
};

/**
 * struct via_rung - one thing that was really done, and what came of it
 * @rung: "open", "dma-map" … as in JSON
 * @verdict: skip: not reached, or the target has no such thing (@hint says which)
 * @error: positive errno of what failed, else 0
 * @ms: how long it took; 0 when it was not tried
 * @hint: why it was skipped, or what to check next; may be NULL
 * @interface: by which way to the IOMMU: "group", "iommufd"; NULL where there is but one
 * @round: from 1, where there are rounds; else 0
 * @was_known, @was: what the proof that this one is compared with came to there
 */
struct via_rung {
	const char *rung;
	enum via_verdict verdict;
	via_list(struct via_rung_evidence) evidence;
	int error;
	double ms;
	const char *hint;
	const char *interface;
	unsigned int round;
	bool was_known;
	enum via_verdict was;
};

/**
 * struct via_proof - a road of rungs, climbed from the first until one fails
 * @target: an address, or "kvm"
 * @highest: the last rung that held before anything failed; NULL when none did
 * @host: when, and on what
 * @identity: ids of the device, "8086:10ca"; NULL for what is none
 * @earlier: when and on what the proof was had that this one is compared with; NULL: there is none
 *
 * Owns its arena: proof_free() gives back everything.
 */
struct via_proof {
	struct via_arena *arena;
	const char *target;
	via_list(struct via_rung) rungs;
	const char *highest;
	struct via_occasion host;
	const char *identity;
	const char *earlier;
};

/* proof_init - an empty proof with an arena of its own */
void proof_init(struct via_proof *ret, const char *target);
void proof_free(struct via_proof *proof);
#define _cleanup_proof_ _cleanup_(proof_free)

/* proof_add - a rung further up the road: skip, "not reached", until it is tried */
void proof_add(struct via_proof *proof, const char *rung);

/* proof_rung - the rung of that name, or NULL; stale after the next proof_add() */
struct via_rung *proof_rung(const struct via_proof *proof, const char *rung);

/* proof_cite - add evidence to a rung */
void proof_cite(struct via_proof *proof, struct via_rung *rung, const char *name,
		const char *format, ...) __attribute__((format(printf, 4, 5)));

/**
 * proof_append - add all rungs of one proof to another, which keeps its own copy of them
 * @whole: its highest rung becomes the lower one of the two; that of @part where @part is no
 *         other ladder but what follows
 * @interface, @round: told of each rung
 */
void proof_append(struct via_proof *whole, const struct via_proof *part, const char *interface,
		  unsigned int round);

/* proof_settle - find the highest rung once all verdicts are in */
void proof_settle(struct via_proof *proof);

/* proof_count - how many rungs have that verdict */
size_t proof_count(const struct via_proof *proof, enum via_verdict verdict);

/**
 * proof_compare - note what each rung came to in an earlier proof of the same
 *
 * Of several rounds the worst counts, then as now. A rung that one of the two did not try is not
 * compared. Proofs of two devices that had one address, one after another, are not compared
 * either.
 */
void proof_compare(struct via_proof *proof, const struct via_proof *earlier);

/* proof_changed - whether a rung came to something else in the earlier proof */
bool proof_changed(const struct via_rung *rung);
