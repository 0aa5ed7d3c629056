/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What our decoder makes of one file of modprobe.d, spelled as modprobe --showconfig does. */
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "decode/modprobe_conf.h"

enum { LIMIT = 1024 * 1024 };

static void print(const struct via_modprobe_line *line)
{
	if (line->kind == VIA_MODPROBE_ALIAS)
		printf("alias %s %s\n", line->text, line->module);
	else
		printf("%s %s%s%s\n", modprobe_kind_name(line->kind), line->module,
		       *line->text ? " " : "", line->text);
}

int main(int argc, char **argv)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_fclose_ FILE *file = argc == 2 ? fopen(argv[1], "r") : NULL;
	struct via_modprobe_conf conf;
	uint8_t *data;

	if (!file)
		return EXIT_FAILURE;
	data = arena_alloc(arena, LIMIT);
	modprobe_conf_decode(arena, (struct via_span){ data, fread(data, 1, LIMIT, file) }, &conf);
	via_for_each (line, &conf.lines)
		print(line);
	return EXIT_SUCCESS;
}
