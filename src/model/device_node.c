/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/device_node.h"

#include <errno.h>
#include <stdlib.h>

enum { READ_WRITE = 6, CAP_DAC_OVERRIDE_BIT = 1 };

static bool in_group(const char *groups, unsigned int gid)
{
	char *end;

	for (const char *at = groups; *at; at = end) {
		unsigned long group = strtoul(at, &end, 10);

		if (end == at)
			return false;
		if (group == gid)
			return true;
	}
	return false;
}

static bool override(const struct via_caller *caller)
{
	if (fact_is(&caller->capable, VIA_PRESENT))
		return caller->capable.number >> CAP_DAC_OVERRIDE_BIT & 1;
	return fact_is(&caller->uid, VIA_PRESENT) && caller->uid.number == 0;
}

struct via_fact node_lets(const struct via_device_node *node, const struct via_caller *caller)
{
	unsigned int bits = node->mode;

	if (!fact_is(&node->seen, VIA_PRESENT))
		return node->seen;
	if (override(caller))
		return fact_present(node->name, "by privilege", 1);
	if (!fact_is(&caller->uid, VIA_PRESENT))
		return fact_unknown(node->name, caller->uid.error ? caller->uid.error : ENODATA);
	if (caller->uid.number == node->uid)
		bits >>= 6;
	else if (!fact_text(&caller->groups) && (bits >> 3 & 7) != (bits & 7))
		return fact_unknown(node->name, ENODATA);
	else if (fact_text(&caller->groups) && in_group(caller->groups.text, node->gid))
		bits >>= 3;
	return fact_present(node->name, "by its mode", (bits & READ_WRITE) == READ_WRITE);
}
