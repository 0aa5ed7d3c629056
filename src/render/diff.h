/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>

#include "model/finding.h"
#include "model/host.h"
#include "render/paper.h"
#include "rules/rule.h"

/**
 * struct via_change - one difference
 * @kind: "host", "device-added", "device-removed", "device-moved", "device", "finding"
 * @subject: "kernel", an address, a finding's id
 * @what: the attribute ("driver"); NULL where the subject itself came or went
 * @before, @after: in words; NULL for none
 */
struct via_change {
	const char *kind, *subject, *what, *before, *after;
};

/**
 * struct via_diff - the differences, in the order host, devices, findings
 * @untold: facts that only one side told, or neither: they are no difference
 */
struct via_diff {
	via_list(struct via_change) changes;
	size_t untold;
};

struct via_diff diff_hosts(struct via_arena *arena, const struct via_host *before,
			   const struct via_findings *findings_before, const struct via_host *after,
			   const struct via_findings *findings_after);

void text_diff(const struct via_paper *paper, const struct via_diff *diff);

/* json_diff - viaduct.diff/1; the caller owns the result */
json_t *json_diff(const struct via_diff *diff, const struct via_host *before,
		  const struct via_host *after);
