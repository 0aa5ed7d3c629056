/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/sriov.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "model/select.h"

static const char act[] = "plan sriov";

/* What the words of one "vf=…" said, before it is put in the one spelling. */
struct parts {
	struct via_vf_wish wish;
	uint64_t vlan, qos, min_rate, max_rate;
	bool tagged, rated, outer;
};

static int bad(struct via_error *error, const char *word, const char *why, const char *hint)
{
	error_usage(error, act, word, "%s", why);
	return error_hint(error, "%s", hint);
}

static int take_range(const char *value, struct via_vf_wish *wish)
{
	char first[16], *dash;
	uint64_t number;

	if (strcmp(value, "all") == 0) {
		wish->last = UINT_MAX;
		return 0;
	}
	if (strlen(value) >= sizeof(first))
		return -EINVAL;
	strcpy(first, value);
	dash = strchr(first, '-');
	if (dash)
		*dash++ = '\0';
	if (parse_u64(first, 10, &number) < 0 || number > USHRT_MAX)
		return -EINVAL;
	wish->first = wish->last = (unsigned int)number;
	if (dash &&
	    (parse_u64(dash, 10, &number) < 0 || number > USHRT_MAX || number < wish->first))
		return -EINVAL;
	wish->last = dash ? (unsigned int)number : wish->last;
	return 0;
}

static int take_proto(const char *value, bool *ret)
{
	*ret = strcmp(value, "802.1ad") == 0;
	return *ret || strcmp(value, "802.1q") == 0 ? 0 : -EINVAL;
}

static int take_setting(enum via_vf_setting setting, const char *value, struct parts *parts)
{
	if (!vf_setting_valid(setting, value))
		return -EINVAL;
	parts->wish.values[setting] = value;
	return 0;
}

static int take_mac(struct via_arena *arena, const char *value, struct parts *parts)
{
	char text[VF_SETTING_TEXT];
	uint8_t mac[6];

	if (vf_mac_parse(value, mac) < 0 || mac[0] & 1) /* a group's address is nobody's own */
		return -EINVAL;
	vf_mac_format(mac, text);
	parts->wish.values[VIA_VF_MAC] = arena_strdup(arena, text);
	return 0;
}

static int take_vlan(const char *value, struct parts *parts)
{
	parts->tagged = true;
	return strcmp(value, "none") == 0 ? 0 : parse_u64(value, 10, &parts->vlan);
}

static int take_decimal(const char *value, const char **ret)
{
	uint64_t number;

	*ret = value;
	return parse_u64(value, 10, &number);
}

static int take_key(struct via_arena *arena, const char *key, const char *value,
		    struct parts *parts)
{
	if (strcmp(key, "vf") == 0)
		return take_range(value, &parts->wish);
	if (strcmp(key, "mac") == 0)
		return take_mac(arena, value, parts);
	if (strcmp(key, "vlan") == 0)
		return take_vlan(value, parts);
	if (strcmp(key, "qos") == 0)
		return parse_u64(value, 10, &parts->qos);
	if (strcmp(key, "proto") == 0)
		return take_proto(value, &parts->outer);
	if (strcmp(key, "trust") == 0)
		return take_setting(VIA_VF_TRUST, value, parts);
	if (strcmp(key, "spoofchk") == 0)
		return take_setting(VIA_VF_SPOOFCHK, value, parts);
	if (strcmp(key, "link") == 0)
		return take_setting(VIA_VF_LINK, value, parts);
	parts->rated |= strcmp(key, "min-rate") == 0 || strcmp(key, "max-rate") == 0;
	if (strcmp(key, "min-rate") == 0)
		return parse_u64(value, 10, &parts->min_rate);
	if (strcmp(key, "max-rate") == 0)
		return parse_u64(value, 10, &parts->max_rate);
	if (strcmp(key, "msix") == 0)
		return take_decimal(value, &parts->wish.msix);
	if (strcmp(key, "quantum") == 0)
		return take_decimal(value, &parts->wish.quantum);
	if (strcmp(key, "preempt") == 0)
		return take_decimal(value, &parts->wish.preempt);
	if (strcmp(key, "driver") != 0)
		return -ENOENT;
	parts->wish.driver = strcmp(value, "none") == 0 ? "" : value;
	return *value ? 0 : -EINVAL;
}

static int spell(struct via_arena *arena, struct parts *parts)
{
	const struct via_vf_vlan vlan = { (unsigned int)parts->vlan, (unsigned int)parts->qos,
					  parts->outer };
	const struct via_vf_rate rate = { (unsigned int)parts->min_rate,
					  (unsigned int)parts->max_rate };
	char text[VF_SETTING_TEXT];

	if ((parts->qos || parts->outer) && !parts->tagged)
		return -EINVAL;
	if (parts->vlan > 4095 || parts->qos > 7 || parts->max_rate > INT_MAX ||
	    parts->min_rate > INT_MAX || (parts->max_rate && parts->min_rate > parts->max_rate))
		return -ERANGE;
	if (parts->tagged) {
		vf_vlan_format(&vlan, text);
		parts->wish.values[VIA_VF_VLAN] = arena_strdup(arena, text);
	}
	if (parts->rated) {
		vf_rate_format(&rate, text);
		parts->wish.values[VIA_VF_RATE] = arena_strdup(arena, text);
	}
	return 0;
}

/* "vf=0-1,mac=…,vlan=10" */
static int take_functions(struct via_arena *arena, const char *word, struct via_sriov_wish *wish,
			  struct via_error *error)
{
	static const char keys[] = "vf=N, N-M or all, then mac, vlan, qos, proto, trust, spoofchk, "
				   "min-rate, max-rate, link, msix, quantum, preempt, driver";
	char *copy = arena_strdup(arena, word), *save = NULL;
	struct parts parts = { 0 };
	int r;

	for (char *part = strtok_r(copy, ",", &save); part; part = strtok_r(NULL, ",", &save)) {
		char *equals = strchr(part, '=');

		if (!equals)
			return bad(error, part, "that is not KEY=VALUE", keys);
		*equals = '\0';
		r = take_key(arena, part, equals + 1, &parts);
		if (r < 0) {
			*equals = '=';
			return bad(error, part,
				   r == -ENOENT ? "that is no setting of a VF"
						: "that is no value for it",
				   keys);
		}
	}
	if (parts.wish.values[VIA_VF_MAC] && parts.wish.first != parts.wish.last)
		return bad(error, word, "one address would be that of several VFs",
			   "give each VF an address of its own: vf=0,mac=... vf=1,mac=...");
	r = spell(arena, &parts);
	if (r < 0)
		return bad(error, word, "VLAN, priority and rates do not fit together",
			   "vlan 0-4095, qos 0-7 with vlan, min-rate below max-rate (Mbit/s)");
	*via_list_add(arena, &wish->functions) = parts.wish;
	return 0;
}

static int take_device(const struct via_host *host, struct via_arena *arena, const char *word,
		       struct via_sriov_wish *ret, struct via_error *error)
{
	struct via_sriov_wish wish = { .counted = true };
	char *name = arena_strdup(arena, word), *equals = strrchr(name, '=');
	int r;

	if (!equals || parse_u64(equals + 1, 10, &wish.count) < 0)
		return bad(error, word, "that is not PF=N", "for instance: sriov 0000:02:00.0=2");
	*equals = '\0';
	r = select_device(&host->pci, name, &wish.pf, error);
	if (r == 0)
		*ret = wish;
	return r;
}

static int take_switch(const char *word, const char *value, struct via_sriov_wish *wish,
		       struct via_error *error)
{
	if (text_starts(word, "autoprobe=")) {
		wish->autoprobe = value;
		return strcmp(value, "0") == 0 || strcmp(value, "1") == 0
			       ? 0
			       : bad(error, word, "that is no switch",
				     "autoprobe=0 or autoprobe=1");
	}
	wish->eswitch = value;
	return strcmp(value, "legacy") == 0 || strcmp(value, "switchdev") == 0
		       ? 0
		       : bad(error, word, "that is no mode", "eswitch=legacy or eswitch=switchdev");
}

int sriov_words(const struct via_host *host, struct via_arena *arena, const char *const *words,
		size_t count, struct via_sriov_wishes *ret, struct via_error *error)
{
	struct via_sriov_wishes wishes = { 0 };
	int r = count ? 0 : error_usage(error, "plan", "sriov", "no PF=N named");

	for (size_t i = 0; i < count && r == 0; i++) {
		bool functions = text_starts(words[i], "vf=");
		bool switches =
			text_starts(words[i], "autoprobe=") || text_starts(words[i], "eswitch=");

		if ((functions || switches) && !wishes.count)
			return bad(error, words[i], "it names no PF",
				   "first PF=N, then its settings");
		if (functions)
			r = take_functions(arena, words[i], &wishes.items[wishes.count - 1], error);
		else if (switches)
			r = take_switch(words[i], strchr(words[i], '=') + 1,
					&wishes.items[wishes.count - 1], error);
		else
			r = take_device(host, arena, words[i], via_list_add(arena, &wishes), error);
	}
	if (r == 0)
		*ret = wishes;
	return r;
}
