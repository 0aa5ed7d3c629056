/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/vdpa_answer.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "decode/line.h"

static const char *bus_of(struct via_arena *arena, const char *text)
{
	return strcmp(text, "-") == 0 ? "" : arena_strdup(arena, text);
}

static const char **config_member(struct via_vdpa_config *config, const char *key)
{
	const struct {
		const char *key;
		const char **value;
	} members[] = {
		{ "mac", &config->mac },	   { "mtu", &config->mtu },
		{ "max_vqp", &config->max_vqp },   { "features", &config->features },
		{ "capacity", &config->capacity },
	};

	for (size_t i = 0; i < VIA_COUNT(members); i++)
		if (strcmp(members[i].key, key) == 0)
			return members[i].value;
	return NULL;
}

static bool take_config(struct via_arena *arena, const char *line, struct via_vdpa_line *ret)
{
	char *rest = arena_strdup(arena, line), *word;
	struct via_vdpa_line config = { .kind = VIA_VDPA_LINE_CONFIG, .bus = "", .name = "" };

	if (strcmp(strsep(&rest, " "), "config") != 0 || !rest)
		return false;
	config.device = strsep(&rest, " ");
	while ((word = strsep(&rest, " "))) {
		char *equals = strchr(word, '=');
		const char **member;

		if (!equals)
			continue;
		*equals = '\0';
		member = config_member(&config.config, word);
		if (member)
			*member = equals + 1;
	}
	*ret = config;
	return *config.device;
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
	return take_config(arena, line, ret);
}

bool vdpa_answer_next(struct via_arena *arena, const char **at, struct via_vdpa_line *ret)
{
	const char *line;

	while ((line = line_of_text(arena, at)))
		if (take_line(arena, line, ret))
			return true;
	return false;
}
