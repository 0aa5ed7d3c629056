/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/vf_answer.h"

#include <stdio.h>
#include <string.h>

#include "decode/line.h"

static bool take_line(struct via_arena *arena, const char *line, struct via_vf_line *ret)
{
	char interface[64], name[16];
	unsigned int index;
	int end = 0;

	if (sscanf(line, "%63s %9u %15s %n", interface, &index, name, &end) != 3 || !end)
		return false;
	for (int i = 0; i < VIA_VF_SETTINGS; i++) {
		enum via_vf_setting setting = (enum via_vf_setting)i;

		if (strcmp(name, vf_setting_name(setting)) != 0 ||
		    !vf_setting_valid(setting, line + end))
			continue;
		*ret = (struct via_vf_line){ .interface = arena_strdup(arena, interface),
					     .index = index,
					     .setting = setting,
					     .value = line + end };
		return true;
	}
	return false;
}

bool vf_answer_next(struct via_arena *arena, const char **at, struct via_vf_line *ret)
{
	const char *line;

	while ((line = line_of_text(arena, at)))
		if (take_line(arena, line, ret))
			return true;
	return false;
}
