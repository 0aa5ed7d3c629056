/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/vdpa_answer.h"

#include <stdio.h>
#include <string.h>

static const char *bus_of(struct via_arena *arena, const char *text)
{
	return strcmp(text, "-") == 0 ? "" : arena_strdup(arena, text);
}

static bool take_line(struct via_arena *arena, const char *line, struct via_vdpa_line *ret)
{
	char bus[64], name[128], device[128];
	unsigned long long first, second;
	unsigned int queues;

	if (sscanf(line, "mgmtdev %63s %127s %llx %llx %u", bus, name, &first, &second, &queues) ==
	    5) {
		*ret = (struct via_vdpa_line){ .kind = VIA_VDPA_LINE_MANAGEMENT,
					       .bus = bus_of(arena, bus),
					       .name = arena_strdup(arena, name),
					       .classes = first,
					       .features = second,
					       .max_queues = queues };
		return true;
	}
	if (sscanf(line, "dev %127s %63s %127s %llu %u", device, bus, name, &first, &queues) == 5) {
		*ret = (struct via_vdpa_line){ .kind = VIA_VDPA_LINE_DEVICE,
					       .bus = bus_of(arena, bus),
					       .name = arena_strdup(arena, name),
					       .device = arena_strdup(arena, device),
					       .id = first,
					       .max_queues = queues };
		return true;
	}
	return false;
}

bool vdpa_answer_next(struct via_arena *arena, const char **at, struct via_vdpa_line *ret)
{
	while (*at && **at) {
		size_t length = strcspn(*at, "\n");
		const char *line = arena_strndup(arena, *at, length);

		*at += length;
		*at += **at == '\n';
		if (take_line(arena, line, ret))
			return true;
	}
	*at = NULL;
	return false;
}
