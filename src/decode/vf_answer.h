/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/vf_setting.h"

/* One line of what rtnetlink was asked about VFs: "eth0 0 vlan 10 qos=3". */
struct via_vf_line {
	const char *interface; /* of the PF */
	unsigned int index;    /* of the VF, from 0 */
	enum via_vf_setting setting;
	const char *value;
};

/**
 * vf_answer_next - the next line that is one
 * @at: where to go on; NULL afterwards where there is no more
 *
 * Return: whether there was one; its strings are in @arena
 */
bool vf_answer_next(struct via_arena *arena, const char **at, struct via_vf_line *ret);
