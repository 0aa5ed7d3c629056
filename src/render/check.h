/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>

#include "model/finding.h"
#include "model/host.h"
#include "render/paper.h"

enum via_detail { VIA_DETAIL_QUIET, VIA_DETAIL_NORMAL, VIA_DETAIL_ALL };

/* text_check - the three layers, for a person; evidence is shown where it matters */
void text_check(const struct via_paper *paper, const struct via_host *host,
		const struct via_findings *findings, enum via_detail detail);

/* json_check - viaduct.check/1; the caller owns the result */
json_t *json_check(const struct via_host *host, const struct via_findings *findings);

/* json_host - what identifies a host in every object that speaks of one */
json_t *json_host(const struct via_host *host);
