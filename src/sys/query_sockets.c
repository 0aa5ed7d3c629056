/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "sys/query_text.h"

int query_live_vhost_sockets(struct via_arena *arena, const char **ret)
{
	_cleanup_fclose_ FILE *file = fopen("/proc/net/unix", "re");
	_cleanup_free_ char *line = NULL;
	const char *text = "";
	size_t room = 0;

	if (!file)
		return -errno;
	while (getline(&line, &room, file) > 0)
		if (strstr(line, "vhost"))
			text = arena_printf(arena, "%s%s", text, line);
	if (ferror(file))
		return -EIO;
	*ret = text;
	return 0;
}
