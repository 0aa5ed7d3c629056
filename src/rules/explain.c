/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/explain.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "rules/lint.h"

enum { NEAR = 5, KEY_LIMIT = 64 };

const struct via_finding_topic_table *const finding_topics[4] = { &firmware_topics, &kernel_topics,
								  &descent_topics, &device_topics };

static const struct via_topic_table *const concepts[] = { &topics_concepts, &topics_descent };

static const char *const kind_names[] = { "finding", "parameter", "concept" };

const char *explained_name(enum via_explained kind)
{
	return kind_names[kind];
}

/* Case, blanks, dashes and underscores make no difference; a value is not part of a name. */
static char *folded(struct via_arena *arena, const char *text)
{
	char *key = arena_alloc(arena, strlen(text) + 1);
	size_t length = 0;

	for (; *text && *text != '='; text++)
		if (isspace((unsigned char)*text) || *text == '_' || *text == '-')
			key[length++] = '-';
		else
			key[length++] = (char)tolower((unsigned char)*text);
	while (length && key[length - 1] == '-')
		key[--length] = '\0';
	return key;
}

static bool equal(struct via_arena *arena, const char *key, const char *name)
{
	return name && strcmp(key, folded(arena, name)) == 0;
}

static bool topic_is(struct via_arena *arena, const struct via_topic *topic, const char *key)
{
	if (equal(arena, key, topic->name))
		return true;
	for (size_t i = 0; i < TOPIC_ALIASES && topic->aliases[i]; i++)
		if (equal(arena, key, topic->aliases[i]))
			return true;
	return false;
}

static const struct via_finding_topic *finding_topic(const char *id)
{
	for (size_t i = 0; i < VIA_COUNT(finding_topics); i++)
		for (size_t j = 0; j < finding_topics[i]->count; j++)
			if (strcmp(finding_topics[i]->items[j].id, id) == 0)
				return &finding_topics[i]->items[j];
	return NULL;
}

static struct via_explanation of_rule(const struct via_rule *rule)
{
	const struct via_finding_topic *topic = finding_topic(rule->id);

	return (struct via_explanation){
		.kind = VIA_EXPLAINED_FINDING,
		.name = rule->id,
		.title = rule->title,
		.text = topic ? topic->means : rule->title,
		.rests = topic ? topic->rests : NULL,
		.act = topic ? topic->act : NULL,
		.source = rule->source,
	};
}

static struct via_explanation of_parameter(const struct via_known_parameter *known)
{
	return (struct via_explanation){
		.kind = VIA_EXPLAINED_PARAMETER,
		.name = known->name,
		.title = "a parameter of the kernel command line",
		.text = known->text,
		.source = known->source,
		.parameter = known,
	};
}

static struct via_explanation of_topic(const struct via_topic *topic)
{
	return (struct via_explanation){
		.kind = VIA_EXPLAINED_CONCEPT,
		.name = topic->name,
		.title = topic->title,
		.text = topic->text,
		.source = topic->source,
	};
}

/* Modules are known by the releases that have them. */
static struct via_explanation of_module(struct via_arena *arena, const struct via_module_life *life)
{
	const char *text =
		life->gone
			? arena_printf(
				  arena,
				  "Linux before %s had a module of that name; since then %s. "
				  "A file that still asks for it (etc/modules, modules-load.d, "
				  "mkinitcpio.conf, dracut.conf.d) gets an error and loses nothing "
				  "else: take the name out.",
				  lint_version(arena, life->gone), life->text)
			: arena_printf(
				  arena,
				  "Linux has a module of that name since %s: %s. Whether this "
				  "kernel was built with it is another question, which viaduct "
				  "check answers.",
				  lint_version(arena, life->since), life->text);

	return (struct via_explanation){
		.kind = VIA_EXPLAINED_CONCEPT,
		.name = life->name,
		.title = "a module of the kernel",
		.text = text,
		.source = "the kernel's history of drivers/vfio, drivers/iommu and drivers/gpu",
	};
}

static bool find_rule(struct via_arena *arena, const char *key, struct via_explanation *ret)
{
	const struct via_rule *rule;

	for (size_t i = 0; (rule = rule_at(i)); i++) {
		if (!equal(arena, key, rule->id))
			continue;
		*ret = of_rule(rule);
		return true;
	}
	return false;
}

static bool find_topic(struct via_arena *arena, const char *key, struct via_explanation *ret)
{
	for (size_t t = 0; t < VIA_COUNT(concepts); t++)
		for (size_t i = 0; i < concepts[t]->count; i++)
			if (topic_is(arena, &concepts[t]->items[i], key)) {
				*ret = of_topic(&concepts[t]->items[i]);
				return true;
			}
	return false;
}

/* A concept may go by the name of a parameter, whose values are to be told as well. */
static const struct via_known_parameter *namesake(const struct via_known_parameter *known)
{
	return known && known->value != VIA_VALUE_FAMILY && !known->foreign ? known : NULL;
}

/* With "=VALUE" behind it a word is a parameter first: iommu=pt is not the concept. */
int explain_find(struct via_arena *arena, const char *key, struct via_explanation *ret)
{
	char *name = folded(arena, key);
	const struct via_known_parameter *known = parameter_known(name);
	const struct via_module_life *life = module_life(key);
	bool valued = strchr(key, '=');

	if (!known) /* BOOT_IMAGE is spelled in capitals */
		known = parameter_known(arena_strndup(arena, key, strcspn(key, "=")));
	if (find_rule(arena, name, ret))
		return 0;
	if (!(valued && known) && find_topic(arena, name, ret)) {
		ret->parameter = namesake(known);
		return 0;
	}
	if (known && *name)
		*ret = of_parameter(known);
	else if (life)
		*ret = of_module(arena, life);
	else
		return -ENOENT;
	return 0;
}

static void add_concepts(struct via_arena *arena, struct via_names *ret)
{
	for (size_t t = 0; t < VIA_COUNT(concepts); t++)
		for (size_t i = 0; i < concepts[t]->count; i++)
			*via_list_add(arena, ret) = concepts[t]->items[i].name;
}

void explain_names(struct via_arena *arena, enum via_explained kind, struct via_names *ret)
{
	const struct via_known_parameter *known;
	const struct via_rule *rule;
	struct via_names names = { 0 };

	if (kind == VIA_EXPLAINED_CONCEPT)
		add_concepts(arena, &names);
	for (size_t i = 0; kind == VIA_EXPLAINED_FINDING && (rule = rule_at(i)); i++)
		*via_list_add(arena, &names) = rule->id;
	for (size_t i = 0; kind == VIA_EXPLAINED_PARAMETER && (known = parameter_at(i)); i++)
		if (!known->foreign)
			*via_list_add(arena, &names) = known->name;
	*ret = names;
}

static unsigned int least(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int two = a < b ? a : b;

	return two < c ? two : c;
}

/* How many letters must change to make one of the other. */
static unsigned int distance(const char *one, const char *other)
{
	unsigned int row[KEY_LIMIT + 1];
	size_t width = strnlen(other, KEY_LIMIT);

	for (unsigned int i = 0; i <= width; i++)
		row[i] = i;
	for (unsigned int line = 1; *one; one++, line++) {
		unsigned int diagonal = row[0];

		row[0] = line;
		for (size_t i = 1; i <= width; i++) {
			unsigned int above = row[i];

			row[i] =
				least(above + 1, row[i - 1] + 1, diagonal + (*one != other[i - 1]));
			diagonal = above;
		}
	}
	return row[width];
}

struct neighbour {
	const char *name;
	unsigned int distance;
};

static void consider(struct neighbour *nearest, const char *name, unsigned int far)
{
	size_t at = NEAR;

	while (at && (!nearest[at - 1].name || nearest[at - 1].distance > far))
		at--;
	if (at == NEAR)
		return;
	memmove(&nearest[at + 1], &nearest[at], (NEAR - at - 1) * sizeof(*nearest));
	nearest[at] = (struct neighbour){ name, far };
}

void explain_near(struct via_arena *arena, const char *key, struct via_names *ret)
{
	static const enum via_explained kinds[] = { VIA_EXPLAINED_CONCEPT, VIA_EXPLAINED_FINDING,
						    VIA_EXPLAINED_PARAMETER };
	char *wanted = folded(arena, arena_strndup(arena, key, strnlen(key, KEY_LIMIT)));
	struct neighbour nearest[NEAR] = { 0 };
	struct via_names near = { 0 };

	for (size_t k = 0; k < VIA_COUNT(kinds); k++) {
		struct via_names names;

		explain_names(arena, kinds[k], &names);
		via_for_each (name, &names) {
			char *own = folded(arena, *name);
			/* A part of a name is nearer than a name of other letters. */
			bool part = strlen(wanted) > 2 && strstr(own, wanted);

			consider(nearest, *name, part ? 0 : distance(wanted, own));
		}
	}
	for (size_t i = 0; i < NEAR && nearest[i].name; i++)
		*via_list_add(arena, &near) = nearest[i].name;
	*ret = near;
}
