/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"

enum { FILE_LIMIT = 64 * 1024 * 1024 };

/* Where captures leave a log; on a running host they may be of another boot. */
static struct via_fact captured(const struct via_root *root, struct via_arena *arena)
{
	static const char *const places[] = { "dmesg", "var/log/dmesg", "var/log/kern.log" };
	struct via_fact fact = { 0 };

	for (size_t i = 0; i < VIA_COUNT(places); i++) {
		struct via_blob blob = root_blob(root, arena, FILE_LIMIT, "%s", places[i]);

		if (fact_is(&blob.fact, VIA_PRESENT))
			return fact_present(places[i], kernel_log_extract(arena, blob.span), 1);
		if (i == 0 || (fact_is(&fact, VIA_ABSENT) && fact_is(&blob.fact, VIA_UNKNOWN)))
			fact = blob.fact;
	}
	/* Every kernel has a log: no file of it is no answer. */
	return fact_is(&fact, VIA_UNKNOWN) ? fact : fact_unknown(fact.path, ENODATA);
}

static struct via_fact read_log(const struct via_root *root, const struct via_queries *queries,
				struct via_arena *arena)
{
	struct via_fact asked = query_kernel_log(queries, arena, kernel_log_extract), file;

	if (fact_is(&asked, VIA_PRESENT) || root_as_live(root))
		return asked;
	file = captured(root, arena);
	return fact_is(&file, VIA_PRESENT) || asked.error == ENODATA ? file : asked;
}

static struct via_fact beginning(const struct via_host_log *log)
{
	if (!fact_is(&log->fact, VIA_PRESENT))
		return log->fact;
	return log->log.from_boot ? fact_present(log->fact.path, "begins at the boot", 1)
				  : fact_unknown(log->fact.path, ENODATA);
}

void probe_kernel_log(const struct via_root *root, const struct via_queries *queries,
		      struct via_host *host)
{
	struct via_host_log *log = &host->log;
	const char *text;

	log->fact = read_log(root, queries, host->arena);
	text = fact_text(&log->fact);
	if (text) {
		kernel_log_decode(host->arena,
				  (struct via_span){ (const uint8_t *)text, strlen(text) },
				  &log->log);
		kernel_log_groups(host->arena, &log->log, &log->groups);
		log->fact.number = log->log.events.count;
		log->fact.text = NULL; /* each line is cited where it matters */
	}
	log->beginning = beginning(log);
	log->kvm_disabled_by_firmware = log_fact(log, VIA_LOG_KVM_DISABLED);
}
