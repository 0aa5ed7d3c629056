/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <libmnl/libmnl.h>

/* One conversation with a family of netlink; for what speaks it in src/sys. */
struct via_netlink {
	struct mnl_socket *socket;
};

/**
 * netlink_open - a socket that waits for an answer no longer than two seconds
 * @family: NETLINK_ROUTE; for generic netlink there is sys/genetlink.h
 *
 * Return: 0; negative errno, and nothing to close
 */
int netlink_open(struct via_netlink *ret, int family);
void netlink_close(struct via_netlink *netlink);
#define _cleanup_netlink_ _cleanup_(netlink_close)

/**
 * netlink_ask - send one request and hand every message of the answer to @take
 * @request: built by the caller, flags included; sequence and port are filled in
 * @take: as mnl_cb_run() wants it; may be NULL where only the acknowledgement counts
 *
 * Return: 0; the kernel's negative errno; -EAGAIN where no answer came in time
 */
int netlink_ask(const struct via_netlink *netlink, struct nlmsghdr *request, mnl_cb_t take,
		void *data);
