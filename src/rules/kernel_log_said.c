/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/kernel_log_said.h"

#include <string.h>

enum { BARS = 6 };

static bool same_device(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static void add_voice(struct via_arena *arena, const struct via_log_event *event,
		      struct log_said *said)
{
	said->count++;
	via_for_each (voice, &said->voices)
		if (same_device(voice->device, event->device)) {
			voice->count++;
			return;
		}
	if (said->voices.count < LOG_VOICES)
		*via_list_add(arena, &said->voices) = (struct log_voice){ event, event->device, 1 };
	else
		said->unnamed++;
}

void log_gather(const struct via_host *host, struct via_arena *arena, uint64_t kinds,
		bool (*wanted)(const struct via_log_event *event), struct log_said *ret)
{
	*ret = (struct log_said){ 0 };
	via_for_each (event, &host->log.log.events)
		if ((LOG_KIND(event->kind) & kinds) && (!wanted || wanted(event)))
			add_voice(arena, event, ret);
}

enum via_verdict log_silent(const struct via_host *host, struct via_finding *finding,
			    const char *nothing)
{
	if (!fact_is(&host->log.fact, VIA_PRESENT)) {
		finding_detail(finding, "It is told by the kernel log, which could not be read: "
					"see kernel.log.");
		return VIA_SKIP;
	}
	if (!fact_is(&host->log.beginning, VIA_PRESENT)) {
		finding_detail(finding, "Nothing of it is in what is left of the kernel log: see "
					"kernel.log.");
		return VIA_SKIP;
	}
	finding_detail(finding, "%s", nothing);
	return VIA_PASS;
}

void log_cite(const struct via_host *host, struct via_finding *finding, const struct log_said *said)
{
	for (size_t i = 0; i < said->voices.count && i < LOG_SHOWN; i++)
		finding_cite_value(finding, host->log.fact.path, "%s",
				   said->voices.items[i].first->line);
}

void log_cite_last(const struct via_host *host, struct via_finding *finding, enum via_log_kind kind)
{
	const struct via_log_event *event = log_last(&host->log, kind);

	if (event)
		finding_cite_value(finding, host->log.fact.path, "%s", event->line);
}

const char *log_devices(struct via_arena *arena, const struct log_said *said)
{
	const char *text = "";
	size_t shown = 0;

	via_for_each (voice, &said->voices) {
		if (shown++ == LOG_SHOWN)
			break;
		text = arena_printf(arena, "%s%s%s", text, shown > 1 ? ", " : "",
				    voice->device ? voice->device : "a device not named");
		if (voice->count > 1)
			text = arena_printf(arena, "%s (%zu times)", text, voice->count);
	}
	if (said->voices.count > LOG_SHOWN)
		text = arena_printf(arena, "%s and %zu more", text,
				    said->voices.count - LOG_SHOWN + said->unnamed);
	return text;
}

/* Of one device: which of its BARs still have no room. */
struct lacking {
	const struct via_log_event *event;
	unsigned int bars;
};

struct lacks {
	struct lacking items[LOG_VOICES];
	size_t count;
};

static struct lacking *lacking_of(struct lacks *lacks, const struct via_log_event *event, bool add)
{
	for (size_t i = 0; i < lacks->count; i++)
		if (same_device(lacks->items[i].event->device, event->device))
			return &lacks->items[i];
	if (!add || lacks->count == LOG_VOICES)
		return NULL;
	lacks->items[lacks->count] = (struct lacking){ .event = event };
	return &lacks->items[lacks->count++];
}

/* I/O ports that are not to be had hurt no device of today. */
static bool is_memory(const struct via_log_event *event)
{
	return event->word && strcmp(event->word, "mem") == 0;
}

void log_lacking(const struct via_host *host, struct via_arena *arena, bool virtual_functions,
		 struct log_said *ret)
{
	enum via_log_kind failed =
		virtual_functions ? VIA_LOG_VF_BAR_NO_SPACE : VIA_LOG_BAR_NO_SPACE;
	enum via_log_kind given =
		virtual_functions ? VIA_LOG_VF_BAR_ASSIGNED : VIA_LOG_BAR_ASSIGNED;
	struct lacks lacks = { 0 };

	via_for_each (event, &host->log.log.events) {
		struct lacking *lacking;

		if ((event->kind != failed && event->kind != given) || event->number >= BARS ||
		    (event->kind == failed && !is_memory(event)))
			continue;
		lacking = lacking_of(&lacks, event, event->kind == failed);
		if (lacking && event->kind == failed)
			lacking->bars |= 1U << event->number;
		else if (lacking)
			lacking->bars &= ~(1U << event->number);
	}
	*ret = (struct log_said){ 0 };
	for (size_t i = 0; i < lacks.count; i++)
		if (lacks.items[i].bars)
			add_voice(arena, lacks.items[i].event, ret);
}
