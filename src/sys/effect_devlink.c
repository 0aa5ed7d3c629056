/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <linux/devlink.h>
#include <linux/genetlink.h>
#include <string.h>

#include "base/cleanup.h"
#include "sys/effect_live.h"
#include "sys/genetlink.h"
#include "sys/watch.h"

enum { NO_MODE = 0xffff };

static const char *const modes[] = {
	[DEVLINK_ESWITCH_MODE_LEGACY] = "legacy",
	[DEVLINK_ESWITCH_MODE_SWITCHDEV] = "switchdev",
};

/* What is asked, and what came back. */
struct exchange {
	const char *address;
	uint8_t command;
	uint16_t wanted; /* NO_MODE: only asked for */
	uint16_t found;
};

static void fill(struct nlmsghdr *header, void *data)
{
	const struct exchange *exchange = data;

	mnl_attr_put_strz(header, DEVLINK_ATTR_BUS_NAME, "pci");
	mnl_attr_put_strz(header, DEVLINK_ATTR_DEV_NAME, exchange->address);
	if (exchange->wanted != NO_MODE)
		mnl_attr_put_u16(header, DEVLINK_ATTR_ESWITCH_MODE, exchange->wanted);
}

static int note_mode(const struct nlattr *attribute, void *data)
{
	if (mnl_attr_get_type(attribute) == DEVLINK_ATTR_ESWITCH_MODE &&
	    mnl_attr_validate(attribute, MNL_TYPE_U16) == 0)
		*(uint16_t *)data = mnl_attr_get_u16(attribute);
	return MNL_CB_OK;
}

static int take(const struct nlmsghdr *header, void *data)
{
	struct exchange *exchange = data;

	return mnl_attr_parse(header, sizeof(struct genlmsghdr), note_mode, &exchange->found);
}

static int converse(void *argument)
{
	_cleanup_genetlink_ struct via_genetlink talk = { 0 };
	struct exchange *exchange = argument;
	int r = genetlink_open(&talk, DEVLINK_GENL_NAME, DEVLINK_GENL_VERSION);

	if (r < 0)
		return r == -ENOENT ? -EOPNOTSUPP : r;
	return genetlink_ask(&talk, exchange->command, NLM_F_ACK, fill, take, exchange);
}

int live_eswitch_get(void *context, const char *address, const char **ret)
{
	struct exchange exchange = { address, DEVLINK_CMD_ESWITCH_GET, NO_MODE, NO_MODE };
	int r = converse(&exchange);

	/* A driver that is not with devlink has no instance there. */
	if (r < 0)
		return r == -ENODEV ? -EOPNOTSUPP : r;
	if (exchange.found >= VIA_COUNT(modes))
		return -EOPNOTSUPP;
	*ret = modes[exchange.found];
	return 0;
}

int live_eswitch_set(void *context, const char *address, const char *mode)
{
	struct exchange exchange = { address, DEVLINK_CMD_ESWITCH_SET, NO_MODE, NO_MODE };

	for (size_t i = 0; i < VIA_COUNT(modes); i++)
		if (strcmp(modes[i], mode) == 0)
			exchange.wanted = (uint16_t)i;
	if (exchange.wanted == NO_MODE)
		return -EINVAL;
	return watch_call(converse, &exchange, EFFECT_LIMIT_MS);
}
