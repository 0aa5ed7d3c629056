/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/*
 * What is known of one thing on a host. "Could not read" is never "not there", and a
 * question nobody asked is neither.
 */
enum via_known {
	VIA_NOT_ASKED = 0,
	VIA_ABSENT,  /* looked, and it is not there */
	VIA_PRESENT, /* looked, and here it is */
	VIA_UNKNOWN, /* could not be told; error says why */
};

/**
 * struct via_fact - one fact with its evidence
 * @known: which of the four states
 * @error: positive errno, 0 unless VIA_UNKNOWN (ENODATA: this source does not hold it)
 * @path: where it was looked for, without a leading slash; may be NULL when not asked
 * @text: the value as read, trailing newline removed; NULL unless VIA_PRESENT or unparsable
 * @number: the value as a number, for facts that are numbers or counts
 *
 * Strings belong to the model's arena.
 */
struct via_fact {
	enum via_known known;
	int error;
	const char *path;
	const char *text;
	uint64_t number;
};

/* Raw bytes with the fact of having read them. */
struct via_blob {
	struct via_fact fact;
	struct via_span span;
};

static inline bool fact_is(const struct via_fact *fact, enum via_known known)
{
	return fact->known == known;
}

/* fact_number - the number when it is known to be there, else the fallback */
static inline uint64_t fact_number(const struct via_fact *fact, uint64_t fallback)
{
	return fact->known == VIA_PRESENT ? fact->number : fallback;
}

/* fact_text - the text when it is known to be there, else NULL */
static inline const char *fact_text(const struct via_fact *fact)
{
	return fact->known == VIA_PRESENT ? fact->text : NULL;
}

static inline struct via_fact fact_absent(const char *path)
{
	return (struct via_fact){ .known = VIA_ABSENT, .path = path };
}

static inline struct via_fact fact_unknown(const char *path, int error)
{
	return (struct via_fact){ .known = VIA_UNKNOWN, .path = path, .error = error };
}

static inline struct via_fact fact_present(const char *path, const char *text, uint64_t number)
{
	return (struct via_fact){
		.known = VIA_PRESENT, .path = path, .text = text, .number = number
	};
}

/* known_name - "not-asked", "absent", "present" or "unknown" */
const char *known_name(enum via_known known);

/* errno_name - "EACCES" and friends; "E?" for a number this libc has no name for */
const char *errno_name(int error);
