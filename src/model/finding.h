/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "base/fact.h"

enum via_layer { VIA_LAYER_FIRMWARE, VIA_LAYER_KERNEL, VIA_LAYER_DEVICES, VIA_LAYERS };

enum via_verdict {
	VIA_PASS,
	VIA_WARN,
	VIA_FAIL,
	VIA_CANNOT_TELL, /* printed "unknown": a fact it rests on could not be told */
	VIA_SKIP,	 /* does not apply to this host, or another finding answers it */
	VIA_VERDICTS,
};

enum via_remedy_kind { VIA_REMEDY_NONE, VIA_REMEDY_GOAL, VIA_REMEDY_MANUAL };

/* What to do next: a goal that `viaduct plan` understands, or a step only a person can do. */
struct via_remedy {
	enum via_remedy_kind kind;
	const char *goal; /* "sriov 0000:02:00.0=1"; NULL for a manual step */
	const char *text;
};

/* One thing that was looked at, as it was found. */
struct via_evidence {
	const char *path;  /* a file relative to the root, or "cpuid 1.ecx[5]" and the like */
	const char *value; /* NULL when there was none to read */
	int error;	   /* positive errno when it could not be read */
};

/**
 * struct via_finding - one verdict with all it rests on
 * @id: stable: scripts compare it
 * @title: what was judged, in a few words
 * @detail: what was found, in one sentence; may be NULL
 * @source: the kernel file or specification that makes it so
 */
struct via_finding {
	const char *id;
	enum via_layer layer;
	enum via_verdict verdict;
	const char *title;
	const char *detail;
	const char *source;
	struct via_remedy remedy;
	via_list(struct via_evidence) evidence;
	struct via_arena *arena; /* of the findings this one belongs to */
};

struct via_findings {
	struct via_arena *arena;
	via_list(struct via_finding) list;
};

const char *layer_name(enum via_layer layer);
const char *verdict_name(enum via_verdict verdict);

/* findings_worst - the verdict of a layer: fail, unknown, warn, pass, in that order */
enum via_verdict findings_worst(const struct via_findings *findings, enum via_layer layer);

/* findings_count - how many have that verdict, over all layers */
size_t findings_count(const struct via_findings *findings, enum via_verdict verdict);

/* finding_cite - add a fact to the evidence, in whichever state it is */
void finding_cite(struct via_finding *finding, const struct via_fact *fact);

/* finding_cite_value - add evidence that is no file */
void finding_cite_value(struct via_finding *finding, const char *path, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* finding_detail - set the sentence that says what was found */
void finding_detail(struct via_finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* finding_manual / finding_goal - what to do next */
void finding_manual(struct via_finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void finding_goal(struct via_finding *finding, const char *goal, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
