/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/netlink.h"

#include <errno.h>
#include <sys/time.h>

#include "base/cleanup.h"

enum { ANSWER_BYTES = 32768, ANSWER_SECONDS = 2 };

int netlink_open(struct via_netlink *ret, int family)
{
	const struct timeval limit = { .tv_sec = ANSWER_SECONDS };
	struct mnl_socket *socket = mnl_socket_open2(family, SOCK_CLOEXEC);
	int r;

	if (!socket)
		return -errno;
	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    setsockopt(mnl_socket_get_fd(socket), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) <
		    0) {
		r = -errno;
		mnl_socket_close(socket);
		return r;
	}
	ret->socket = socket;
	return 0;
}

void netlink_close(struct via_netlink *netlink)
{
	if (netlink->socket)
		mnl_socket_close(netlink->socket);
}

int netlink_ask(const struct via_netlink *netlink, struct nlmsghdr *request, mnl_cb_t take,
		void *data)
{
	static unsigned int sequence;
	char answer[ANSWER_BYTES];
	int r = MNL_CB_OK;
	ssize_t size;

	request->nlmsg_seq = ++sequence;
	if (mnl_socket_sendto(netlink->socket, request, request->nlmsg_len) < 0)
		return -errno;
	while (r == MNL_CB_OK) {
		size = mnl_socket_recvfrom(netlink->socket, answer, sizeof(answer));
		if (size < 0)
			return -errno;
		r = mnl_cb_run(answer, (size_t)size, request->nlmsg_seq,
			       mnl_socket_get_portid(netlink->socket), take, data);
	}
	return r < 0 ? -errno : 0;
}
