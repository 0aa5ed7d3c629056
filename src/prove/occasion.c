/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/occasion.h"

#include <string.h>

#include "base/parse.h"
#include "base/stamp.h"
#include "prove/kvm_backend.h"

static const char *text_of(const struct via_root *root, struct via_arena *arena, const char *path)
{
	struct via_fact fact = root_text(root, arena, "%s", path);

	return fact_is(&fact, VIA_PRESENT) && *fact.text ? fact.text : NULL;
}

/* "model name	: AMD EPYC" of the first processor */
static const char *cpuinfo(const struct via_root *root, struct via_arena *arena, const char *key)
{
	struct via_blob blob = root_blob(root, arena, 4096, "proc/cpuinfo");
	char *text = blob.fact.known == VIA_PRESENT
			     ? arena_strndup(arena, (const char *)blob.span.data, blob.span.size)
			     : NULL;

	for (char *rest, *line = text ? strtok_r(text, "\n", &rest) : NULL; line;
	     line = strtok_r(NULL, "\n", &rest)) {
		char *colon = strchr(line, ':');

		if (colon && text_starts(line, key))
			return colon[1] ? colon + 2 : NULL;
	}
	return NULL;
}

static const char *now(struct via_arena *arena)
{
	char text[STAMP_BYTES];

	stamp_now(text);
	return arena_strdup(arena, text);
}

void occasion_look(const struct via_root *root, struct via_arena *arena, struct via_occasion *ret)
{
	*ret = (struct via_occasion){
		.time = now(arena),
		.kernel = text_of(root, arena, "proc/sys/kernel/osrelease"),
		.cpu = cpuinfo(root, arena, "model name"),
		.microcode = cpuinfo(root, arena, "microcode"),
		.firmware = text_of(root, arena, "sys/class/dmi/id/bios_version"),
		.board = text_of(root, arena, "sys/class/dmi/id/board_name"),
		.backend = kvm_backend(root, arena),
		.domain = text_of(root, arena, "sys/kernel/iommu_groups/0/type"),
	};
}
