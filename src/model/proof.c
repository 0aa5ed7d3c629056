/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/proof.h"

#include <stdarg.h>
#include <string.h>

#include "base/parse.h"

void proof_init(struct via_proof *ret, const char *target)
{
	struct via_arena *arena = arena_new();

	*ret = (struct via_proof){ .arena = arena, .target = arena_strdup(arena, target) };
}

void proof_free(struct via_proof *proof)
{
	arena_free(proof->arena);
	*proof = (struct via_proof){ 0 };
}

void proof_add(struct via_proof *proof, const char *rung)
{
	*via_list_add(proof->arena, &proof->rungs) = (struct via_rung){
		.rung = arena_strdup(proof->arena, rung),
		.verdict = VIA_SKIP,
		.hint = "not reached",
	};
}

struct via_rung *proof_rung(const struct via_proof *proof, const char *rung)
{
	via_for_each (item, &proof->rungs)
		if (strcmp(item->rung, rung) == 0)
			return item;
	return NULL;
}

void proof_cite(struct via_proof *proof, struct via_rung *rung, const char *name,
		const char *format, ...)
{
	va_list arguments;
	char *value;

	va_start(arguments, format);
	value = arena_vprintf(proof->arena, format, arguments);
	va_end(arguments);
	*via_list_add(proof->arena, &rung->evidence) = (struct via_rung_evidence){
		.name = arena_strdup(proof->arena, name),
		.value = value,
	};
}

static void copy_rung(struct via_arena *arena, struct via_rung *to, const struct via_rung *from)
{
	*to = *from;
	to->rung = arena_strdup(arena, from->rung);
	to->hint = from->hint ? arena_strdup(arena, from->hint) : NULL;
	memset(&to->evidence, 0, sizeof(to->evidence));
	via_for_each (item, &from->evidence)
		*via_list_add(arena, &to->evidence) = (struct via_rung_evidence){
			.name = arena_strdup(arena, item->name),
			.value = arena_strdup(arena, item->value),
		};
}

/* place_of - how far up its road a rung is, from 1; 0 for NULL */
static size_t place_of(const struct via_proof *proof, const char *rung)
{
	for (size_t i = 0; rung && i < proof->rungs.count; i++)
		if (strcmp(proof->rungs.items[i].rung, rung) == 0)
			return i + 1;
	return 0;
}

/* The lower one of two ladders; one that goes on where the other ended takes it further. */
static const char *highest_of_both(const struct via_proof *whole, const struct via_proof *part)
{
	bool ladder = strcmp(part->rungs.items[0].rung, whole->rungs.items[0].rung) == 0;
	size_t known = place_of(part, whole->highest);

	if (!ladder)
		return part->highest && !proof_count(whole, VIA_FAIL) ? part->highest
								      : whole->highest;
	if (!whole->highest || (known && known <= place_of(part, part->highest)))
		return whole->highest;
	return part->highest;
}

void proof_append(struct via_proof *whole, const struct via_proof *part, const char *interface,
		  unsigned int round)
{
	const char *highest = whole->rungs.count && part->rungs.count ? highest_of_both(whole, part)
								      : part->highest;

	whole->highest = highest ? arena_strdup(whole->arena, highest) : NULL;
	via_for_each (rung, &part->rungs) {
		struct via_rung *copy = via_list_add(whole->arena, &whole->rungs);

		copy_rung(whole->arena, copy, rung);
		copy->interface = interface;
		copy->round = round;
	}
}

void proof_settle(struct via_proof *proof)
{
	proof->highest = NULL;
	via_for_each (rung, &proof->rungs) {
		if (rung->verdict == VIA_FAIL)
			return;
		if (rung->verdict == VIA_PASS || rung->verdict == VIA_WARN)
			proof->highest = rung->rung;
	}
}

size_t proof_count(const struct via_proof *proof, enum via_verdict verdict)
{
	size_t count = 0;

	via_for_each (rung, &proof->rungs)
		count += rung->verdict == verdict;
	return count;
}

/* A failure is worse than a doubt, that than a warning. */
static int badness(enum via_verdict verdict)
{
	static const int degrees[VIA_VERDICTS] = {
		[VIA_PASS] = 1,
		[VIA_WARN] = 2,
		[VIA_CANNOT_TELL] = 3,
		[VIA_FAIL] = 4,
	};

	return degrees[verdict];
}

static const struct via_rung *worst_like(const struct via_proof *proof, const struct via_rung *rung)
{
	const struct via_rung *worst = NULL;

	via_for_each (item, &proof->rungs)
		if (strcmp(item->rung, rung->rung) == 0 &&
		    text_same(item->interface, rung->interface) && item->verdict != VIA_SKIP &&
		    (!worst || badness(item->verdict) > badness(worst->verdict)))
			worst = item;
	return worst;
}

void proof_compare(struct via_proof *proof, const struct via_proof *earlier)
{
	if (!text_same(proof->target, earlier->target) ||
	    !text_same(proof->identity, earlier->identity))
		return;
	proof->earlier = occasion_of_earlier(proof->arena, &proof->host, &earlier->host);
	via_for_each (rung, &proof->rungs) {
		const struct via_rung *then = worst_like(earlier, rung);

		rung->was_known = then && worst_like(proof, rung) == rung;
		if (rung->was_known)
			rung->was = then->verdict;
	}
}

bool proof_changed(const struct via_rung *rung)
{
	return rung->was_known && rung->was != rung->verdict;
}
