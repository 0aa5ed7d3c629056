/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* One connection of proc/net/tcp or tcp6. */
struct via_tcp_row {
	uint8_t local[16]; /* in network order; IPv4 is mapped (::ffff:a.b.c.d) */
	uint16_t local_port;
	uint8_t state; /* 1: established */
	uint64_t inode;
};

enum { TCP_ESTABLISHED_STATE = 1, SSH_PORT = 22 };

/**
 * tcp_row_parse - one line of proc/net/tcp or tcp6, as a machine of this byte order prints it
 * Source: net/ipv4/tcp_ipv4.c get_tcp4_sock(), net/ipv6/tcp_ipv6.c get_tcp6_sock()
 * Return: 0; -EINVAL for the heading or anything else
 */
int tcp_row_parse(const char *line, struct via_tcp_row *ret);

/**
 * route_parse - the interface of a default route, from one line of proc/net/route
 * @ret: 64 bytes
 * Return: 0; -EINVAL for any other line
 */
int route_parse(const char *line, char *ret);

/* route6_parse - likewise for proc/net/ipv6_route; rejecting routes are none */
int route6_parse(const char *line, char *ret);
