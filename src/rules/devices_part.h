/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "rules/rule.h"

/* What the files of device rules share. */

/* devices_none - the verdict of every device rule where there is no PCI to look at */
bool devices_none(const struct via_host *host, struct via_finding *finding, enum via_verdict *ret);
