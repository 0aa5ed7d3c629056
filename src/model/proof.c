/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/proof.h"

#include <stdarg.h>
#include <string.h>

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
