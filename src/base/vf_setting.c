/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/vf_setting.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

enum { VLAN_LAST = 4095, QOS_LAST = 7 };

static const char *const names[] = {
	[VIA_VF_MAC] = "mac",		[VIA_VF_VLAN] = "vlan", [VIA_VF_TRUST] = "trust",
	[VIA_VF_SPOOFCHK] = "spoofchk", [VIA_VF_RATE] = "rate", [VIA_VF_LINK] = "link",
};
_Static_assert(VIA_COUNT(names) == VIA_VF_SETTINGS, "every setting has a name");

static const char *const links[] = { "auto", "enable", "disable" };

const char *vf_setting_name(enum via_vf_setting setting)
{
	return names[setting];
}

int vf_mac_parse(const char *text, uint8_t ret[6])
{
	unsigned int byte[6];
	int end = 0;

	if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%n", &byte[0], &byte[1], &byte[2], &byte[3],
		   &byte[4], &byte[5], &end) != 6 ||
	    text[end] || end != 17)
		return -EINVAL;
	for (int i = 0; i < 6; i++)
		ret[i] = (uint8_t)byte[i];
	return 0;
}

void vf_mac_format(const uint8_t mac[6], char *ret)
{
	snprintf(ret, VF_SETTING_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2],
		 mac[3], mac[4], mac[5]);
}

/* "qos=3": the number behind @key where @at stands on it, and the blank before it */
static bool take_number(const char **at, const char *key, unsigned int *ret)
{
	size_t length = strlen(key);
	int end = 0;

	if (strncmp(*at, key, length) != 0 || !isdigit((unsigned char)(*at)[length]) ||
	    sscanf(*at + length, "%9u%n", ret, &end) != 1)
		return false;
	*at += length + (size_t)end;
	return true;
}

int vf_vlan_parse(const char *text, struct via_vf_vlan *ret)
{
	struct via_vf_vlan vlan = { 0 };
	const char *at = text;

	if (strcmp(text, "none") != 0) {
		if (!take_number(&at, "", &vlan.id))
			return -EINVAL;
		take_number(&at, " qos=", &vlan.qos);
		vlan.outer = strcmp(at, " proto=802.1ad") == 0;
		if ((*at && !vlan.outer) || vlan.id > VLAN_LAST || vlan.qos > QOS_LAST)
			return -EINVAL;
	}
	*ret = vlan;
	return 0;
}

void vf_vlan_format(const struct via_vf_vlan *vlan, char *ret)
{
	char qos[16] = "";

	if (vlan->qos)
		snprintf(qos, sizeof(qos), " qos=%u", vlan->qos);
	if (!vlan->id && !vlan->qos)
		snprintf(ret, VF_SETTING_TEXT, "none");
	else
		snprintf(ret, VF_SETTING_TEXT, "%u%s%s", vlan->id, qos,
			 vlan->outer ? " proto=802.1ad" : "");
}

int vf_rate_parse(const char *text, struct via_vf_rate *ret)
{
	struct via_vf_rate rate;
	const char *at = text;

	if (!take_number(&at, "min=", &rate.min) || !take_number(&at, " max=", &rate.max) || *at)
		return -EINVAL;
	*ret = rate;
	return 0;
}

void vf_rate_format(const struct via_vf_rate *rate, char *ret)
{
	snprintf(ret, VF_SETTING_TEXT, "min=%u max=%u", rate->min, rate->max);
}

int vf_switch_parse(const char *text, unsigned int *ret)
{
	bool on = strcmp(text, "on") == 0;

	if (!on && strcmp(text, "off") != 0)
		return -EINVAL;
	*ret = on;
	return 0;
}

int vf_link_parse(const char *text, unsigned int *ret)
{
	for (unsigned int i = 0; i < VIA_COUNT(links); i++)
		if (strcmp(links[i], text) == 0) {
			*ret = i;
			return 0;
		}
	return -EINVAL;
}

const char *vf_link_format(unsigned int state)
{
	return state < VIA_COUNT(links) ? links[state] : NULL;
}

bool vf_setting_valid(enum via_vf_setting setting, const char *value)
{
	char again[VF_SETTING_TEXT];
	struct via_vf_vlan vlan;
	struct via_vf_rate rate;
	unsigned int number;
	uint8_t mac[6];

	switch (setting) {
	case VIA_VF_MAC:
		if (vf_mac_parse(value, mac) < 0)
			return false;
		vf_mac_format(mac, again);
		return strcmp(again, value) == 0;
	case VIA_VF_VLAN:
		if (vf_vlan_parse(value, &vlan) < 0)
			return false;
		vf_vlan_format(&vlan, again);
		return strcmp(again, value) == 0;
	case VIA_VF_RATE:
		if (vf_rate_parse(value, &rate) < 0)
			return false;
		vf_rate_format(&rate, again);
		return strcmp(again, value) == 0;
	case VIA_VF_LINK:
		return vf_link_parse(value, &number) == 0;
	default:
		return vf_switch_parse(value, &number) == 0;
	}
}
