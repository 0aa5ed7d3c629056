/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/kernel_log.h"

#include <errno.h>

struct via_fact log_fact(const struct via_host_log *log, enum via_log_kind kind)
{
	if (!fact_is(&log->fact, VIA_PRESENT))
		return log->fact;
	via_for_each (event, &log->log.events)
		if (event->kind == kind)
			return fact_present(log->fact.path, event->line, 1);
	if (!fact_is(&log->beginning, VIA_PRESENT))
		return fact_unknown(log->fact.path, ENODATA);
	return fact_absent(log->fact.path);
}

const struct via_log_event *log_last(const struct via_host_log *log, enum via_log_kind kind)
{
	for (size_t i = log->log.events.count; i-- > 0;)
		if (log->log.events.items[i].kind == kind)
			return &log->log.events.items[i];
	return NULL;
}
