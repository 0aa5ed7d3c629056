/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "sys/effect_live.h"
#include "sys/genetlink.h"
#include "sys/vdpa_netlink.h"
#include "sys/watch.h"

struct request {
	uint8_t command;
	const struct via_vdpa_wish *wish;
};

static void fill_network(struct nlmsghdr *header, const struct via_vdpa_wish *wish)
{
	if (wish->has_mac)
		mnl_attr_put(header, VDPA_NET_MAC, sizeof(wish->mac), wish->mac);
	if (wish->mtu)
		mnl_attr_put_u16(header, VDPA_NET_MTU, wish->mtu);
	if (wish->max_vqp)
		mnl_attr_put_u16(header, VDPA_NET_MAX_VQP, wish->max_vqp);
	if (wish->has_features)
		mnl_attr_put_u64(header, VDPA_DEV_FEATURES, wish->features);
}

static void fill_request(struct nlmsghdr *header, void *data)
{
	const struct request *request = data;

	mnl_attr_put_strz(header, VDPA_DEV_NAME, request->wish->name);
	if (request->command != VDPA_COMMAND_DEV_NEW)
		return;
	if (*request->wish->bus)
		mnl_attr_put_strz(header, VDPA_MGMTDEV_BUS_NAME, request->wish->bus);
	mnl_attr_put_strz(header, VDPA_MGMTDEV_DEV_NAME, request->wish->management);
	fill_network(header, request->wish);
}

static int ask(void *data)
{
	struct request *request = data;
	_cleanup_genetlink_ struct via_genetlink talk = { 0 };
	int r = genetlink_open(&talk, VDPA_FAMILY, VDPA_FAMILY_VERSION);

	if (r < 0)
		return r;
	return genetlink_ask(&talk, request->command, NLM_F_ACK, fill_request, NULL, request);
}

int live_vdpa_add(void *context, const struct via_vdpa_wish *wish)
{
	struct request request = { VDPA_COMMAND_DEV_NEW, wish };

	return watch_call(ask, &request, EFFECT_LIMIT_MS);
}

int live_vdpa_remove(void *context, const char *name)
{
	const struct via_vdpa_wish wish = { .name = name };
	struct request request = { VDPA_COMMAND_DEV_DEL, &wish };

	return watch_call(ask, &request, EFFECT_LIMIT_MS);
}
