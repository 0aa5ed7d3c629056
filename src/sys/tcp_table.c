/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/tcp_table.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { RTF_UP_BIT = 0x1, RTF_REJECT_BIT = 0x200, V4_DIGITS = 8, V6_DIGITS = 32 };

/* Each group of eight digits is a word in the order of the machine. */
static int take_address(const char *digits, uint8_t ret[16])
{
	size_t length = strlen(digits), words = length / V4_DIGITS;
	uint8_t *to = ret;

	if (length != V4_DIGITS && length != V6_DIGITS)
		return -EINVAL;
	if (length == V4_DIGITS) {
		memset(ret, 0, 10);
		memset(ret + 10, 0xff, 2);
		to = ret + 12;
	}
	for (size_t i = 0; i < words; i++, to += sizeof(uint32_t)) {
		unsigned int value;
		uint32_t word;
		int used = 0;

		if (sscanf(digits + i * V4_DIGITS, "%8x%n", &value, &used) != 1 ||
		    used != V4_DIGITS)
			return -EINVAL;
		word = value;
		memcpy(to, &word, sizeof(word));
	}
	return 0;
}

int tcp_row_parse(const char *line, struct via_tcp_row *ret)
{
	char local[V6_DIGITS + 1], remote[V6_DIGITS + 1];
	unsigned int port, peer_port, state;
	unsigned long long inode;
	struct via_tcp_row row;

	/* sl local:port remote:port st tx:rx tr:when retrnsmt uid timeout inode */
	if (sscanf(line,
		   " %*d: %32[0-9A-Fa-f]:%4x %32[0-9A-Fa-f]:%4x %2x %*x:%*x %*x:%*x %*x %*d %*d "
		   "%llu",
		   local, &port, remote, &peer_port, &state, &inode) != 6)
		return -EINVAL;
	if (take_address(local, row.local) < 0)
		return -EINVAL;
	row.local_port = (uint16_t)port;
	row.state = (uint8_t)state;
	row.inode = inode;
	*ret = row;
	return 0;
}

int route_parse(const char *line, char *ret)
{
	unsigned int destination, flags, mask;
	char name[64];

	/* Iface Destination Gateway Flags RefCnt Use Metric Mask */
	if (sscanf(line, "%63s %8x %*x %8x %*d %*d %*d %8x", name, &destination, &flags, &mask) !=
	    4)
		return -EINVAL;
	if (destination || mask || !(flags & RTF_UP_BIT) || flags & RTF_REJECT_BIT)
		return -EINVAL;
	strcpy(ret, name);
	return 0;
}

int route6_parse(const char *line, char *ret)
{
	char destination[V6_DIGITS + 1], name[64];
	unsigned int length, flags;

	/* destination length source length next-hop metric refcnt use flags device */
	if (sscanf(line, " %32[0-9a-f] %2x %*32[0-9a-f] %*2x %*32[0-9a-f] %*8x %*8x %*8x %8x %63s",
		   destination, &length, &flags, name) != 4)
		return -EINVAL;
	if (length || strspn(destination, "0") != V6_DIGITS || !(flags & RTF_UP_BIT) ||
	    flags & RTF_REJECT_BIT)
		return -EINVAL;
	strcpy(ret, name);
	return 0;
}
