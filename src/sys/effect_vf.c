/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/vf_setting.h"
#include "sys/effect_live.h"
#include "sys/netlink.h"
#include "sys/vf_link.h"
#include "sys/watch.h"

static void put_vlan(struct nlmsghdr *header, unsigned int function, const struct via_vf_vlan *vlan)
{
	const struct ifla_vf_vlan_info info = {
		.vf = function,
		.vlan = vlan->id,
		.qos = vlan->qos,
		.vlan_proto = htons(ETH_P_8021AD),
	};
	struct nlattr *list;

	/* Drivers that know no outer tag know only the older attribute. */
	if (!vlan->outer) {
		mnl_attr_put(header, IFLA_VF_VLAN, sizeof(struct ifla_vf_vlan),
			     &(struct ifla_vf_vlan){ function, vlan->id, vlan->qos });
		return;
	}
	list = mnl_attr_nest_start(header, IFLA_VF_VLAN_LIST);
	mnl_attr_put(header, IFLA_VF_VLAN_INFO, sizeof(info), &info);
	mnl_attr_nest_end(header, list);
}

/* The four that are a number behind the VF's. */
static int put_number(struct nlmsghdr *header, uint16_t attribute, unsigned int function,
		      const char *value, int (*parse)(const char *text, unsigned int *ret))
{
	struct ifla_vf_trust pair = { .vf = function };
	int r = parse(value, &pair.setting);

	_Static_assert(sizeof(struct ifla_vf_trust) == sizeof(struct ifla_vf_link_state) &&
			       sizeof(struct ifla_vf_trust) == sizeof(struct ifla_vf_spoofchk),
		       "one shape");
	if (r == 0)
		mnl_attr_put(header, attribute, sizeof(pair), &pair);
	return r;
}

static int put_setting(struct nlmsghdr *header, unsigned int function, enum via_vf_setting setting,
		       const char *value)
{
	struct ifla_vf_mac mac = { .vf = function };
	struct via_vf_vlan vlan;
	struct via_vf_rate rate;

	switch (setting) {
	case VIA_VF_MAC:
		if (vf_mac_parse(value, mac.mac) < 0)
			return -EINVAL;
		mnl_attr_put(header, IFLA_VF_MAC, sizeof(mac), &mac);
		return 0;
	case VIA_VF_VLAN:
		if (vf_vlan_parse(value, &vlan) < 0)
			return -EINVAL;
		put_vlan(header, function, &vlan);
		return 0;
	case VIA_VF_RATE:
		if (vf_rate_parse(value, &rate) < 0)
			return -EINVAL;
		mnl_attr_put(header, IFLA_VF_RATE, sizeof(struct ifla_vf_rate),
			     &(struct ifla_vf_rate){ function, rate.min, rate.max });
		return 0;
	case VIA_VF_TRUST:
		return put_number(header, IFLA_VF_TRUST, function, value, vf_switch_parse);
	case VIA_VF_SPOOFCHK:
		return put_number(header, IFLA_VF_SPOOFCHK, function, value, vf_switch_parse);
	case VIA_VF_LINK:
		return put_number(header, IFLA_VF_LINK_STATE, function, value, vf_link_parse);
	case VIA_VF_SETTINGS:
		break;
	}
	return -EINVAL;
}

static int send_request(void *argument)
{
	_cleanup_netlink_ struct via_netlink netlink = { 0 };
	int r = netlink_open(&netlink, NETLINK_ROUTE);

	return r < 0 ? r : netlink_ask(&netlink, argument, NULL, NULL);
}

int live_vf_set(void *context, const char *interface, unsigned int function,
		enum via_vf_setting setting, const char *value)
{
	char buffer[VF_LINK_REQUEST];
	struct nlmsghdr *header;
	struct nlattr *list, *info;
	int r = vf_link_request(buffer, RTM_SETLINK, NLM_F_ACK, interface, &header);

	if (r < 0)
		return r;
	list = mnl_attr_nest_start(header, IFLA_VFINFO_LIST);
	info = mnl_attr_nest_start(header, IFLA_VF_INFO);
	r = put_setting(header, function, setting, value);
	if (r < 0)
		return r;
	mnl_attr_nest_end(header, info);
	mnl_attr_nest_end(header, list);
	return watch_call(send_request, header, EFFECT_LIMIT_MS);
}

struct wanted {
	unsigned int function;
	enum via_vf_setting setting;
	char value[VF_SETTING_TEXT];
};

static void take_wanted(void *data, const char *interface, unsigned int function,
			enum via_vf_setting setting, const char *value)
{
	struct wanted *wanted = data;

	if (function == wanted->function && setting == wanted->setting)
		snprintf(wanted->value, sizeof(wanted->value), "%s", value);
}

int live_vf_get(void *context, const char *interface, unsigned int function,
		enum via_vf_setting setting, char ret[VF_SETTING_TEXT])
{
	struct wanted wanted = { .function = function, .setting = setting };
	int r = vf_link_read(interface, take_wanted, &wanted);

	if (r < 0)
		return r;
	if (!*wanted.value)
		return -EOPNOTSUPP;
	memcpy(ret, wanted.value, sizeof(wanted.value));
	return 0;
}
