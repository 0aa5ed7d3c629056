/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "rules/rule.h"

/* What the kernel said of one subject, device by device. */
struct log_voice {
	const struct via_log_event *first; /* the first line about it */
	const char *device;		   /* or NULL where the lines name none */
	size_t count;
};

struct log_said {
	via_list(struct log_voice) voices; /* at most LOG_VOICES; the rest is counted only */
	size_t count, unnamed;
};

enum { LOG_VOICES = 64, LOG_SHOWN = 4 };

#define LOG_KIND(kind) (1ULL << (kind))
_Static_assert(VIA_LOG_KINDS <= 64, "kinds fit a set");

/**
 * log_gather - the lines of several kinds
 * @kinds: LOG_KIND() of each
 * @wanted: which of those; NULL for all
 */
void log_gather(const struct via_host *host, struct via_arena *arena, uint64_t kinds,
		bool (*wanted)(const struct via_log_event *event), struct log_said *ret);

/**
 * log_silent - the verdict where nothing of it is in the log
 *
 * Return: VIA_PASS only of a log that begins at the boot; else VIA_SKIP, since kernel.log
 * says that lines are missing
 */
enum via_verdict log_silent(const struct via_host *host, struct via_finding *finding,
			    const char *nothing);

/* log_cite - the first line about each of the first devices, as evidence */
void log_cite(const struct via_host *host, struct via_finding *finding,
	      const struct log_said *said);

/* log_cite_last - the last line of one kind, as evidence, where there is one */
void log_cite_last(const struct via_host *host, struct via_finding *finding,
		   enum via_log_kind kind);

/* log_devices - "0000:01:00.0 (12 times), 0000:02:00.0 and 3 more" */
const char *log_devices(struct via_arena *arena, const struct log_said *said);

/* log_lacking - BARs that no room was found for, also later; VF BARs where @virtual_functions */
void log_lacking(const struct via_host *host, struct via_arena *arena, bool virtual_functions,
		 struct log_said *ret);

/* log_agrees - whether the log and the files say the same; the rule kernel.log-agrees */
enum via_verdict log_agrees(const struct via_host *host, struct via_finding *finding);
