/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "sys/query.h"
#include "sys/tcp_table.h"

/* A server with tens of thousands of connections is not asked for all of them. */
enum {
	TABLE_LINES = 32768,
	TABLE_PAGES = 1365,
	PAGE_BYTES = 4096,
	ROWS_BYTES = 65536, /* the largest page there is: a read gives whole rows */
	ROW_BYTES = 256,
	ANCESTORS = 32,
	SESSION_SOCKETS = 64
};

static void add(struct via_arena *arena, struct via_names *names, const char *name)
{
	if (strcmp(name, "lo") != 0 && !names_have(names, name))
		*via_list_add(arena, names) = arena_strdup(arena, name);
}

/* Return: 0, or the errno of a table that could not be read; no IPv6 is no error. */
static int read_routes(struct via_arena *arena, struct via_names *names, const char *path,
		       int (*parse)(const char *line, char *ret))
{
	_cleanup_fclose_ FILE *file = fopen(path, "re");
	char line[512], name[64];

	if (!file)
		return errno == ENOENT ? 0 : errno;
	for (size_t n = 0; n < TABLE_LINES && fgets(line, sizeof(line), file); n++)
		if (parse(line, name) == 0)
			add(arena, names, name);
	return 0;
}

/* The sockets of the sshd below which this process runs. */
struct own_session {
	uint64_t inodes[SESSION_SOCKETS];
	size_t count;
};

static int parent_of(int pid, char name[64])
{
	_cleanup_fclose_ FILE *file = NULL;
	char path[64], line[256];
	int parent = 0;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		sscanf(line, "Name: %63s", name);
		if (sscanf(line, "PPid: %d", &parent) == 1)
			break;
	}
	return parent;
}

static void take_sockets(struct own_session *session, int pid)
{
	_cleanup_closedir_ DIR *directory = NULL;
	struct dirent *entry;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	directory = opendir(path);
	while (directory && session->count < SESSION_SOCKETS && (entry = readdir(directory))) {
		char target[64];
		unsigned long long inode;
		ssize_t n = readlinkat(dirfd(directory), entry->d_name, target, sizeof(target) - 1);

		if (n < 0)
			continue;
		target[n] = '\0';
		if (sscanf(target, "socket:[%llu]", &inode) == 1)
			session->inodes[session->count++] = inode;
	}
}

static void find_own_session(struct own_session *session)
{
	char name[64] = "";
	int pid = getpid();

	for (int i = 0; i < ANCESTORS && pid > 1; i++) {
		int parent = parent_of(pid, name);

		if (text_starts(name, "sshd"))
			take_sockets(session, pid);
		pid = parent;
	}
}

static bool is_session(const struct own_session *own, const struct via_tcp_row *row)
{
	if (row->state != TCP_ESTABLISHED_STATE)
		return false;
	for (size_t i = 0; i < own->count; i++)
		if (own->inodes[i] == row->inode)
			return true;
	return row->local_port == SSH_PORT;
}

/* The bytes of an interface's address, IPv4 mapped as in struct via_tcp_row. */
static bool same_address(const struct sockaddr *address, const uint8_t wanted[16])
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (address && address->sa_family == AF_INET)
		return memcmp(wanted, mapped, sizeof(mapped)) == 0 &&
		       memcmp(wanted + 12, &((const struct sockaddr_in *)address)->sin_addr, 4) ==
			       0;
	return address && address->sa_family == AF_INET6 &&
	       memcmp(wanted, &((const struct sockaddr_in6 *)address)->sin6_addr, 16) == 0;
}

static void add_interface(struct via_arena *arena, struct via_names *names,
			  const struct ifaddrs *addresses, const uint8_t local[16])
{
	for (const struct ifaddrs *at = addresses; at; at = at->ifa_next)
		if (same_address(at->ifa_addr, local))
			add(arena, names, at->ifa_name);
}

/*
 * The kernel fills a page a read, and every read, the one that finds nothing more too, searches
 * all its tables anew: milliseconds. A page that had room for another row was the last.
 */
static ssize_t read_rows(int fd, char rows[ROWS_BYTES + 1], bool *ret_last)
{
	ssize_t n;

	do
		n = read(fd, rows, ROWS_BYTES);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	rows[n] = '\0';
	*ret_last = n < PAGE_BYTES - ROW_BYTES;
	return n;
}

static int read_sessions(struct via_arena *arena, struct via_names *names, const char *path,
			 const struct own_session *own, const struct ifaddrs *addresses)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	char rows[ROWS_BYTES + 1], *line, *rest;
	struct via_tcp_row row;
	bool last = false;

	if (fd < 0)
		return errno == ENOENT ? 0 : errno;
	for (size_t pages = 0; !last; pages++) {
		ssize_t n = read_rows(fd, rows, &last);

		if (n < 0)
			return (int)-n;
		if (pages == TABLE_PAGES)
			return EFBIG;
		for (rest = rows; (line = strsep(&rest, "\n"));)
			if (tcp_row_parse(line, &row) == 0 && is_session(own, &row))
				add_interface(arena, names, addresses, row.local);
	}
	return 0;
}

/* A count that costs nothing, where the table takes a search of everything there is. */
static bool uses_no_tcp6(void)
{
	_cleanup_fclose_ FILE *file = fopen("/proc/net/sockstat6", "re");
	unsigned int count;
	char line[128];

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "TCP6: inuse %u", &count) == 1)
			return count == 0;
	return false;
}

static int read_all_sessions(struct via_arena *arena, struct via_names *names,
			     const struct own_session *own, const struct ifaddrs *addresses)
{
	int r = read_sessions(arena, names, "/proc/net/tcp", own, addresses);

	if (r || uses_no_tcp6())
		return r;
	return read_sessions(arena, names, "/proc/net/tcp6", own, addresses);
}

static struct via_fact known(const char *path, int error, const struct via_names *names)
{
	return error ? fact_unknown(path, error) : fact_present(path, NULL, names->count);
}

void ways_live(void *context, struct via_arena *arena, struct via_ways *ret)
{
	struct own_session own = { .count = 0 };
	struct ifaddrs *addresses = NULL;
	struct via_ways ways = { 0 };
	int routes, sessions;

	routes = read_routes(arena, &ways.routes, "/proc/net/route", route_parse);
	routes = routes ?: read_routes(arena, &ways.routes, "/proc/net/ipv6_route", route6_parse);
	find_own_session(&own);
	sessions = getifaddrs(&addresses) < 0 ? errno : 0;
	sessions = sessions ?: read_all_sessions(arena, &ways.sessions, &own, addresses);
	if (addresses)
		freeifaddrs(addresses);
	names_sort(&ways.routes);
	names_sort(&ways.sessions);
	ways.routes_known = known("proc/net/route", routes, &ways.routes);
	ways.sessions_known = known("proc/net/tcp", sessions, &ways.sessions);
	*ret = ways;
}
