/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "sys/query.h"
#include "sys/tcp_table.h"

/* What a captured tree holds of the kernel's tables; a snapshot has the answers themselves. */
enum { TABLE_BYTES = 16 * 1024 * 1024 };

/* The table as text of its own, to be taken apart; NULL where it is not there. */
static char *table_text(const struct via_root *root, struct via_arena *arena, const char *path,
			struct via_fact *ret)
{
	struct via_blob table = root_blob(root, arena, TABLE_BYTES, "%s", path);

	*ret = table.fact;
	return fact_is(&table.fact, VIA_PRESENT)
		       ? arena_strndup(arena, (const char *)table.span.data, table.span.size)
		       : NULL;
}

static struct via_fact take_routes(const struct via_root *root, struct via_arena *arena,
				   const char *path, int (*parse)(const char *line, char *ret),
				   struct via_names *names)
{
	char name[64], *line, *rest;
	struct via_fact fact;

	rest = table_text(root, arena, path, &fact);
	while ((line = strsep(&rest, "\n")))
		if (parse(line, name) == 0 && strcmp(name, "lo") != 0 && !names_have(names, name))
			*via_list_add(arena, names) = arena_strdup(arena, name);
	return fact;
}

/* Whose address a session has no file tells: it is told only that there is none. */
static struct via_fact take_sessions(const struct via_root *root, struct via_arena *arena,
				     const char *path)
{
	struct via_tcp_row row;
	struct via_fact fact;
	char *line, *rest;

	rest = table_text(root, arena, path, &fact);
	while ((line = strsep(&rest, "\n")))
		if (tcp_row_parse(line, &row) == 0 && row.state == TCP_ESTABLISHED_STATE &&
		    row.local_port == SSH_PORT)
			return fact_unknown(path, ENODATA);
	return fact;
}

/* IPv6 may be missing; the table of IPv4 is what says that the tables were captured. */
static struct via_fact both(const char *path, struct via_fact four, struct via_fact six,
			    const struct via_names *names)
{
	if (!fact_is(&four, VIA_PRESENT))
		return fact_unknown(path, four.error ? four.error : ENODATA);
	if (fact_is(&six, VIA_UNKNOWN) && six.error != ENODATA)
		return six;
	return fact_present(path, NULL, names->count);
}

void ways_captured(const struct via_root *root, struct via_arena *arena, struct via_ways *ret)
{
	struct via_ways ways = { 0 };
	struct via_fact four, six;

	four = take_routes(root, arena, "proc/net/route", route_parse, &ways.routes);
	six = take_routes(root, arena, "proc/net/ipv6_route", route6_parse, &ways.routes);
	names_sort(&ways.routes);
	ways.routes_known = both("proc/net/route", four, six, &ways.routes);
	four = take_sessions(root, arena, "proc/net/tcp");
	six = take_sessions(root, arena, "proc/net/tcp6");
	ways.sessions_known = fact_is(&six, VIA_UNKNOWN) && fact_is(&four, VIA_PRESENT)
				      ? six
				      : both("proc/net/tcp", four, six, &ways.sessions);
	*ret = ways;
}
