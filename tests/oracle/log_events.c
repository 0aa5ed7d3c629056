/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is read out of a kernel's log on standard input: log_events events|groups */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "decode/kernel_log.h"

static struct via_span read_all(struct via_arena *arena)
{
	char block[65536], *data = NULL;
	size_t size = 0, n;

	while ((n = fread(block, 1, sizeof(block), stdin)) > 0) {
		char *more = arena_alloc(arena, size + n);

		if (size)
			memcpy(more, data, size);
		memcpy(more + size, block, n);
		data = more;
		size += n;
	}
	return (struct via_span){ (const uint8_t *)data, size };
}

int main(int argc, char **argv)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_kernel_log log;
	struct via_log_groups groups;

	kernel_log_decode(arena, read_all(arena), &log);
	if (argc > 1 && strcmp(argv[1], "groups") == 0) {
		kernel_log_groups(arena, &log, &groups);
		via_for_each (group, &groups.list)
			printf("%s\t%llu\n", group->device, (unsigned long long)group->group);
		return EXIT_SUCCESS;
	}
	via_for_each (event, &log.events)
		printf("%s\t%s\t%s\t%llu\t%llx\t%s\n", log_kind_name(event->kind),
		       event->device ? event->device : "", event->word ? event->word : "",
		       (unsigned long long)event->number, (unsigned long long)event->at,
		       event->line);
	return EXIT_SUCCESS;
}
