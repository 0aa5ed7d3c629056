/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/unix_sockets.h"

#include <stdio.h>
#include <string.h>

enum { SOCKET_ACCEPTS = 0x10000 };

/* "0000000000000000: 00000002 00000000 00010000 0001 01 24567 /run/vhost-user.sock" */
static void take_line(struct via_arena *arena, const char *line, const char *part,
		      struct via_names *names)
{
	unsigned int flags;
	int at = 0;

	if (sscanf(line, "%*[^:]: %*x %*x %x %*x %*x %*u %n", &flags, &at) != 1 || !at ||
	    !(flags & SOCKET_ACCEPTS))
		return;
	line += at;
	/* A name that begins with @ is no file. */
	if (*line == '/' && strstr(line, part) && !names_have(names, line))
		*via_list_add(arena, names) = arena_strdup(arena, line);
}

void unix_sockets_listening(struct via_arena *arena, struct via_span file, const char *part,
			    struct via_names *names)
{
	char *text = arena_strndup(arena, file.data ? (const char *)file.data : "", file.size);
	char *save = NULL;

	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		take_line(arena, line, part, names);
}
