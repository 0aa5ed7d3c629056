/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/reserved.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void reserved_read(struct via_arena *arena, const struct via_fact *fact,
		   struct reserved_regions *ret)
{
	const char *line = fact_text(fact);

	while (line && *line) {
		struct reserved_region region;

		if (sscanf(line, "%" SCNx64 " %" SCNx64 " %31s", &region.start, &region.end,
			   region.type) == 3 &&
		    region.start <= region.end)
			*via_list_add(arena, &ret->list) = region;
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
}

bool reserved_for_good(const struct reserved_region *region)
{
	return strcmp(region->type, "direct-relaxable") != 0;
}

bool reserved_directly(const struct reserved_region *region)
{
	return strcmp(region->type, "direct") == 0;
}
