/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/occasion.h"

#include <string.h>

static char *differ(struct via_arena *arena, char *text, const char *name, const char *now,
		    const char *then)
{
	if (!then || (now && strcmp(now, then) == 0))
		return text;
	return arena_printf(arena, "%s, %s %s", text, name, then);
}

const char *occasion_of_earlier(struct via_arena *arena, const struct via_occasion *now,
				const struct via_occasion *then)
{
	char *text = arena_strdup(arena, then->time ?: "a run without a time");

	text = differ(arena, text, "kernel", now->kernel, then->kernel);
	text = differ(arena, text, "microcode", now->microcode, then->microcode);
	text = differ(arena, text, "firmware", now->firmware, then->firmware);
	text = differ(arena, text, "IOMMU domain", now->domain, then->domain);
	text = differ(arena, text, "KVM by", now->backend, then->backend);
	return differ(arena, text, "another processor:", now->cpu, then->cpu);
}
