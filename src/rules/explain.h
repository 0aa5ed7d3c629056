/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "base/names.h"
#include "rules/parameters.h"
#include "rules/rule.h"

enum { TOPIC_ALIASES = 6 };

/* One concept of the field. @aliases ends early with NULL. */
struct via_topic {
	const char *name;
	const char *aliases[TOPIC_ALIASES];
	const char *title;
	const char *text;
	const char *source;
};

struct via_topic_table {
	const struct via_topic *items;
	size_t count;
};

/* What a finding means, what it rests on, what to do; its title and source are the rule's. */
struct via_finding_topic {
	const char *id;
	const char *means, *rests, *act;
};

struct via_finding_topic_table {
	const struct via_finding_topic *items;
	size_t count;
};

extern const struct via_topic_table topics_concepts, topics_descent;
/* A row for each rule: a table a layer, and one for the line of descent. */
extern const struct via_finding_topic_table firmware_topics, kernel_topics, descent_topics,
	device_topics;
extern const struct via_finding_topic_table *const finding_topics[4];

enum via_explained { VIA_EXPLAINED_FINDING, VIA_EXPLAINED_PARAMETER, VIA_EXPLAINED_CONCEPT };

/**
 * struct via_explanation - what is told about one topic
 * @rests, @act: of a finding, else NULL
 * @parameter: of a parameter, and of a concept that goes by a parameter's name (intel_iommu);
 *             else NULL; its options are to be told too
 */
struct via_explanation {
	enum via_explained kind;
	const char *name, *title, *text, *rests, *act, *source;
	const struct via_known_parameter *parameter;
};

/**
 * explain_find - a finding's id, a parameter, or a concept by any of its names
 * @key: any case; blanks, dashes and underscores are equal, and "name=value" is the name
 *
 * Return: 0, or -ENOENT
 */
int explain_find(struct via_arena *arena, const char *key, struct via_explanation *ret);

/* explain_near - up to five names that resemble @key, the nearest first */
void explain_near(struct via_arena *arena, const char *key, struct via_names *ret);

/* explain_names - every name of one kind, in the order of its table */
void explain_names(struct via_arena *arena, enum via_explained kind, struct via_names *ret);

const char *explained_name(enum via_explained kind);
