/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * What the driver of a network PF keeps for each of its VFs, and the one spelling of each
 * value: plans, the journal and what is read back are compared as text.
 *
 * mac       "02:00:00:00:00:01"; all zero: the driver leaves the choice to the VF
 * vlan      "none", "10", "10 qos=3", "10 qos=3 proto=802.1ad"
 * trust     "on", "off": whether the VF may change its address, go promiscuous …
 * spoofchk  "on", "off": whether frames with another source address are dropped
 * rate      "min=0 max=1000", Mbit/s; 0: no limit
 * link      "auto", "enable", "disable": what the VF sees of the link
 *
 * Source: include/uapi/linux/if_link.h, IFLA_VF_INFO
 */
enum via_vf_setting {
	VIA_VF_MAC,
	VIA_VF_VLAN,
	VIA_VF_TRUST,
	VIA_VF_SPOOFCHK,
	VIA_VF_RATE,
	VIA_VF_LINK,
	VIA_VF_SETTINGS,
};

enum { VF_SETTING_TEXT = 48 };

struct via_vf_vlan {
	unsigned int id, qos; /* id 0, qos 0: none */
	bool outer;	      /* 802.1ad in place of 802.1q */
};

struct via_vf_rate {
	unsigned int min, max; /* Mbit/s */
};

/* vf_setting_name - "mac" and so on */
const char *vf_setting_name(enum via_vf_setting setting);

/* vf_setting_valid - whether a value is one, in its one spelling */
bool vf_setting_valid(enum via_vf_setting setting, const char *value);

/* Each parse returns 0 or -EINVAL; each format writes VF_SETTING_TEXT bytes at most. */
int vf_mac_parse(const char *text, uint8_t ret[6]);
void vf_mac_format(const uint8_t mac[6], char *ret);
int vf_vlan_parse(const char *text, struct via_vf_vlan *ret);
void vf_vlan_format(const struct via_vf_vlan *vlan, char *ret);
int vf_rate_parse(const char *text, struct via_vf_rate *ret);
void vf_rate_format(const struct via_vf_rate *rate, char *ret);

/* vf_switch_parse - "on" or "off"; vf_link_parse - the kernel's number for it */
int vf_switch_parse(const char *text, unsigned int *ret);
int vf_link_parse(const char *text, unsigned int *ret);
const char *vf_link_format(unsigned int state); /* NULL for none of them */
