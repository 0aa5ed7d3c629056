/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/vf_link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>

#include "base/cleanup.h"
#include "sys/netlink.h"
#include "sys/query_text.h"

int vf_link_request(char *buffer, uint16_t type, uint16_t flags, const char *interface,
		    struct nlmsghdr **ret)
{
	struct nlmsghdr *header = mnl_nlmsg_put_header(buffer);
	unsigned int index = interface ? if_nametoindex(interface) : 0;
	struct ifinfomsg *link;

	if (interface && !index)
		return -ENODEV;
	header->nlmsg_type = type;
	header->nlmsg_flags = NLM_F_REQUEST | flags;
	link = mnl_nlmsg_put_extra_header(header, sizeof(*link));
	*link = (struct ifinfomsg){ .ifi_family = AF_UNSPEC, .ifi_index = (int)index };
	*ret = header;
	return 0;
}

struct reading {
	vf_link_take *take;
	void *data;
	const char *interface;
};

struct attributes {
	const struct nlattr *at[IFLA_VF_MAX + 1];
};

static int note(const struct nlattr *attribute, void *data)
{
	struct attributes *attributes = data;

	if (mnl_attr_get_type(attribute) <= IFLA_VF_MAX)
		attributes->at[mnl_attr_get_type(attribute)] = attribute;
	return MNL_CB_OK;
}

/* The payload, where it is as long as it has to be. */
static const void *payload(const struct nlattr *attribute, size_t size)
{
	return attribute && mnl_attr_get_payload_len(attribute) >= size
		       ? mnl_attr_get_payload(attribute)
		       : NULL;
}

static void tell(const struct reading *reading, unsigned int function, enum via_vf_setting setting,
		 const char *value)
{
	if (value)
		reading->take(reading->data, reading->interface, function, setting, value);
}

static void tell_vlan(const struct reading *reading, const struct attributes *attributes)
{
	const struct ifla_vf_vlan *plain = payload(attributes->at[IFLA_VF_VLAN], sizeof(*plain));
	const struct nlattr *list = attributes->at[IFLA_VF_VLAN_LIST];
	const struct ifla_vf_vlan_info *info = NULL;
	char text[VF_SETTING_TEXT];
	struct via_vf_vlan vlan;

	if (payload(list, sizeof(struct nlattr)))
		info = payload(mnl_attr_get_payload(list), sizeof(*info));
	if (!plain)
		return;
	vlan = (struct via_vf_vlan){ plain->vlan, plain->qos,
				     info && info->vlan_proto == htons(ETH_P_8021AD) };
	vf_vlan_format(&vlan, text);
	tell(reading, plain->vf, VIA_VF_VLAN, text);
}

/* Beside on and off there is -1: the driver does not say. */
static const char *switch_text(const uint32_t setting)
{
	return setting == 0 ? "off" : setting == 1 ? "on" : NULL;
}

static void tell_switches(const struct reading *reading, const struct attributes *attributes)
{
	const struct ifla_vf_spoofchk *spoof =
		payload(attributes->at[IFLA_VF_SPOOFCHK], sizeof(*spoof));
	const struct ifla_vf_trust *trust = payload(attributes->at[IFLA_VF_TRUST], sizeof(*trust));
	const struct ifla_vf_link_state *link =
		payload(attributes->at[IFLA_VF_LINK_STATE], sizeof(*link));

	if (trust)
		tell(reading, trust->vf, VIA_VF_TRUST, switch_text(trust->setting));
	if (spoof)
		tell(reading, spoof->vf, VIA_VF_SPOOFCHK, switch_text(spoof->setting));
	if (link)
		tell(reading, link->vf, VIA_VF_LINK, vf_link_format(link->link_state));
}

static int take_function(const struct nlattr *attribute, void *data)
{
	const struct reading *reading = data;
	struct attributes attributes = { { NULL } };
	const struct ifla_vf_mac *mac;
	const struct ifla_vf_rate *rate;
	char text[VF_SETTING_TEXT];

	if (mnl_attr_get_type(attribute) != IFLA_VF_INFO)
		return MNL_CB_OK;
	mnl_attr_parse_nested(attribute, note, &attributes);
	mac = payload(attributes.at[IFLA_VF_MAC], sizeof(*mac));
	if (mac) {
		vf_mac_format(mac->mac, text);
		tell(reading, mac->vf, VIA_VF_MAC, text);
	}
	tell_vlan(reading, &attributes);
	tell_switches(reading, &attributes);
	rate = payload(attributes.at[IFLA_VF_RATE], sizeof(*rate));
	if (rate) {
		vf_rate_format(&(struct via_vf_rate){ rate->min_tx_rate, rate->max_tx_rate }, text);
		tell(reading, rate->vf, VIA_VF_RATE, text);
	}
	return MNL_CB_OK;
}

struct link {
	const char *name;
	const struct nlattr *functions;
};

static int note_link(const struct nlattr *attribute, void *data)
{
	struct link *link = data;

	if (mnl_attr_get_type(attribute) == IFLA_IFNAME &&
	    mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING) == 0)
		link->name = mnl_attr_get_str(attribute);
	if (mnl_attr_get_type(attribute) == IFLA_VFINFO_LIST)
		link->functions = attribute;
	return MNL_CB_OK;
}

static int take_link(const struct nlmsghdr *header, void *data)
{
	struct reading *reading = data;
	struct link link = { 0 };

	mnl_attr_parse(header, sizeof(struct ifinfomsg), note_link, &link);
	reading->interface = link.name;
	if (link.name && link.functions)
		mnl_attr_parse_nested(link.functions, take_function, reading);
	return MNL_CB_OK;
}

int vf_link_read(const char *interface, vf_link_take *take, void *data)
{
	_cleanup_netlink_ struct via_netlink netlink = { 0 };
	struct reading reading = { .take = take, .data = data };
	char buffer[VF_LINK_REQUEST];
	struct nlmsghdr *header;
	int r = vf_link_request(buffer, RTM_GETLINK, interface ? NLM_F_ACK : NLM_F_DUMP, interface,
				&header);

	if (r == 0)
		r = netlink_open(&netlink, NETLINK_ROUTE);
	if (r < 0)
		return r;
	mnl_attr_put_u32(header, IFLA_EXT_MASK, RTEXT_FILTER_VF);
	return netlink_ask(&netlink, header, take_link, &reading);
}

struct telling {
	struct via_arena *arena;
	const char *text;
};

static void add_line(void *data, const char *interface, unsigned int function,
		     enum via_vf_setting setting, const char *value)
{
	struct telling *telling = data;

	telling->text = arena_printf(telling->arena, "%s%s %u %s %s\n", telling->text, interface,
				     function, vf_setting_name(setting), value);
}

int query_live_vfs(struct via_arena *arena, const char **ret)
{
	struct telling telling = { .arena = arena, .text = "" };
	int r = vf_link_read(NULL, add_line, &telling);

	if (r == 0)
		*ret = telling.text;
	return r;
}
