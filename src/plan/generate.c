/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/generate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "plan/goal.h"

static const char *const places[] = {
	[VIA_CLAIM_CMDLINE] = "cmdline",
	[VIA_CLAIM_IMAGE] = "image",
};

/* "%20" is a blank, "%25" a '%'. */
static const char *unescaped(struct via_arena *arena, const char *text, size_t length)
{
	char *thing = arena_strndup(arena, text, length), *to = thing;

	for (const char *from = thing; *from; from++) {
		if (strncmp(from, "%20", 3) == 0 || strncmp(from, "%25", 3) == 0) {
			*to++ = from[2] == '0' ? ' ' : '%';
			from += 2;
		} else {
			*to++ = *from;
		}
	}
	*to = '\0';
	return thing;
}

static int parse_claim(struct via_arena *arena, const char *word, size_t length,
		       struct via_claims *claims)
{
	for (size_t i = 0; i < VIA_COUNT(places); i++) {
		size_t name = strlen(places[i]);

		if (!text_starts(word, places[i]) || length < name + 2 ||
		    (word[name] != '+' && word[name] != '-'))
			continue;
		*via_list_add(arena, claims) = (struct via_claim){
			.place = (enum via_claim_place)i,
			.holds = word[name] == '+',
			.thing = unescaped(arena, word + name + 1, length - name - 1),
		};
		return 0;
	}
	return -EINVAL;
}

int claims_parse(struct via_arena *arena, const char *text, struct via_claims *ret)
{
	struct via_claims claims = { 0 };
	int r = 0;

	for (const char *at = text; r == 0 && *at; at += strspn(at, " ")) {
		size_t length = strcspn(at, " ");

		r = parse_claim(arena, at, length, &claims);
		at += length;
	}
	if (r == 0)
		*ret = claims;
	return r;
}

static const char *escaped(struct via_arena *arena, const char *thing)
{
	char *text = arena_alloc(arena, 3 * strlen(thing) + 1), *to = text;

	for (; *thing; thing++) {
		if (*thing == ' ' || *thing == '%')
			to = stpcpy(to, *thing == ' ' ? "%20" : "%25");
		else
			*to++ = *thing;
	}
	return text;
}

const char *claims_text(struct via_arena *arena, const struct via_claims *claims)
{
	const char *text = "";

	via_for_each (claim, claims)
		text = arena_printf(arena, "%s%s%s%c%s", text, *text ? " " : "",
				    places[claim->place], claim->holds ? '+' : '-',
				    escaped(arena, claim->thing));
	return text;
}

/* The same claims, each the other way round. */
static const char *turned(struct via_arena *arena, const char *text)
{
	struct via_claims claims;

	if (claims_parse(arena, text, &claims) < 0)
		return text; /* the lever complains */
	via_for_each (claim, &claims)
		claim->holds = !claim->holds;
	return claims_text(arena, &claims);
}

struct via_action *plan_generate(struct via_plan *plan, const char *command, const char *claims,
				 const char *why)
{
	struct via_action *action = plan_act(plan, VIA_ACTION_GENERATE, command,
					     turned(plan->arena, claims), claims, why);

	action->effect = action->undo = VIA_EFFECT_REBOOT;
	return action;
}
