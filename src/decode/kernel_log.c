/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/kernel_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "decode/kernel_log_pattern.h"
#include "decode/kernel_log_stamp.h"

/* Resources 7 to 12 of a function are its VFs' BARs (CONFIG_PCI_IOV). */
enum { FIRST_VF_RESOURCE = 7, LAST_VF_RESOURCE = 12 };

/* Room for the time that kernel_log_extract() puts before a message. */
enum { STAMP = 64 };

struct reader {
	struct via_arena *arena;
	struct via_log_index index;
	struct via_kernel_log *log;
	bool no_space; /* an assignment failed: later successes matter */

	/* The message at hand; a mail program may have broken it in several lines. */
	struct via_log_stamp stamp;
	char message[KERNEL_LOG_LINE - STAMP];
	size_t length;
	bool open;
};

/* The names of `"a b=c", will be passed to user space.`, since values may be private. */
static const char *parameter_names(struct via_arena *arena, const char *text)
{
	char *names = arena_alloc(arena, strlen(text) + 1);
	size_t length = 0;

	text += *text == '"';
	while (*text && *text != '"') {
		size_t name = strcspn(text, "= \"");

		if (length && name)
			names[length++] = ' ';
		memcpy(names + length, text, name);
		length += name;
		text += name;
		text += strcspn(text, " \"");
		text += strspn(text, " ");
	}
	return names;
}

static void drop_private_words(struct via_arena *arena, struct via_log_event *event)
{
	if (event->kind == VIA_LOG_VERSION)
		event->line = arena_printf(arena, "Linux version %s", event->word);
	if (event->kind != VIA_LOG_UNKNOWN_PARAMETERS)
		return;
	event->text = parameter_names(arena, event->text);
	event->line =
		arena_printf(arena, "Unknown kernel command line parameters \"%s\"", event->text);
}

/* Before 6.11 a VF's BAR is called by the number of its resource. */
static void name_vf_bars(struct via_log_event *event)
{
	if (event->number < FIRST_VF_RESOURCE || event->number > LAST_VF_RESOURCE)
		return;
	if (event->kind == VIA_LOG_BAR_NO_SPACE)
		event->kind = VIA_LOG_VF_BAR_NO_SPACE;
	else if (event->kind == VIA_LOG_BAR_ASSIGNED)
		event->kind = VIA_LOG_VF_BAR_ASSIGNED;
	else
		return;
	event->number -= FIRST_VF_RESOURCE;
}

static bool is_assignment(const struct via_log_event *event)
{
	return event->kind == VIA_LOG_BAR_ASSIGNED || event->kind == VIA_LOG_VF_BAR_ASSIGNED;
}

static bool is_lack(const struct via_log_event *event)
{
	return event->kind == VIA_LOG_BAR_NO_SPACE || event->kind == VIA_LOG_VF_BAR_NO_SPACE;
}

static void add_event(struct reader *reader, struct via_log_event *event)
{
	struct via_kernel_log *log = reader->log;

	if (event->kind == VIA_LOG_VERSION) { /* another boot */
		log->events.count = 0;
		log->lines = log->stamped = 1;
		log->from_boot = true;
		reader->no_space = false;
	}
	reader->no_space |= is_lack(event);
	if (log->events.count >= KERNEL_LOG_EVENTS || (is_assignment(event) && !reader->no_space))
		return;
	event->line = arena_strdup(reader->arena, reader->message);
	event->has_time = reader->stamp.has_time;
	event->time_us = reader->stamp.time_us;
	drop_private_words(reader->arena, event);
	name_vf_bars(event);
	*via_list_add(reader->arena, &log->events) = *event;
}

static bool match_bucket(const struct reader *reader, unsigned char first, const char *message,
			 struct via_log_event *event)
{
	for (size_t i = reader->index.starts[first]; i < reader->index.starts[first + 1]; i++)
		if (log_pattern_match(reader->arena, reader->index.items[i], message, event))
			return true;
	return false;
}

static bool match_any(const struct reader *reader, const char *message, struct via_log_event *event)
{
	unsigned char first = (unsigned char)*message;

	return (first < LOG_FIRSTS && match_bucket(reader, first, message, event)) ||
	       match_bucket(reader, '%', message, event);
}

/* "vfio-pci 0000:01:00.0: rest": the rest; @ret is the device */
static const char *device_prefix(const char *message, const char **ret, size_t *ret_length)
{
	size_t driver = strcspn(message, " :[\"");
	const char *device = message + driver + 1;
	size_t length;

	if (!driver || message[driver] != ' ')
		return NULL;
	length = strcspn(device, " ");
	if (length < 2 || device[length] != ' ' || device[length - 1] != ':' || *device == '[')
		return NULL;
	*ret = device;
	*ret_length = length - 1;
	return device + length + strspn(device + length, " ");
}

static void finish(struct reader *reader)
{
	struct via_log_event event = { 0 };
	const char *device, *rest;
	size_t length;

	if (!reader->open)
		return;
	reader->open = false;
	reader->log->lines++;
	reader->log->stamped += reader->stamp.stamped && !reader->stamp.foreign;
	if (reader->stamp.foreign)
		return;
	if (match_any(reader, reader->message, &event)) {
		add_event(reader, &event);
		return;
	}
	rest = device_prefix(reader->message, &device, &length);
	if (!rest)
		return;
	/* Named only where it matters: most lines are about something else. */
	if (!match_any(reader, rest, &event))
		return;
	if (!event.device)
		log_event_name_device(reader->arena, device, length, &event);
	add_event(reader, &event);
}

static void append(struct reader *reader, const char *text)
{
	size_t length = strlen(text), room = sizeof(reader->message) - 1 - reader->length;

	if (length > room)
		length = room;
	memcpy(reader->message + reader->length, text, length);
	reader->length += length;
	reader->message[reader->length] = '\0';
}

static void take_line(struct reader *reader, const char *line)
{
	struct via_log_stamp stamp = log_stamp_read(line);

	if (*stamp.message && !stamp.stamped && reader->open && reader->stamp.stamped) {
		append(reader, " ");
		append(reader, stamp.message);
		return;
	}
	finish(reader);
	if (!*stamp.message)
		return;
	reader->open = true;
	reader->stamp = stamp;
	reader->length = 0;
	append(reader, stamp.message);
}

/* What a terminal was told of colours. */
static size_t escape_length(const uint8_t *at, const uint8_t *end)
{
	const uint8_t *from = at;

	if (end - at < 3 || at[0] != 0x1b || at[1] != '[')
		return 0;
	for (at += 2; at < end && (*at < '@' || *at > '~'); at++)
		;
	return at < end ? (size_t)(at + 1 - from) : 0;
}

/* Mail and web pages turn blanks into no-break spaces (U+00A0, as UTF-8). */
static bool is_hard_blank(const uint8_t *at, const uint8_t *end)
{
	return end - at >= 2 && at[0] == 0xc2 && at[1] == 0xa0;
}

/* The next line of @text, printable, without its end; longer ones are cut. */
static bool next_line(struct via_span *text, char line[KERNEL_LOG_LINE])
{
	const uint8_t *at = text->data, *end, *newline;
	size_t length = 0;

	if (!text->size)
		return false;
	newline = memchr(at, '\n', text->size);
	end = newline ? newline : at + text->size;
	while (at < end) {
		size_t escape;

		if (*at >= ' ' && *at < 0x7f) { /* nearly all */
			if (length < KERNEL_LOG_LINE - 1)
				line[length++] = (char)*at;
			at++;
			continue;
		}
		escape = escape_length(at, end);

		if (is_hard_blank(at, end) && length < KERNEL_LOG_LINE - 1) {
			line[length++] = ' ';
			escape = 2;
		}
		if (!escape && length < KERNEL_LOG_LINE - 1 && (*at > 0x7f || *at == '\t'))
			line[length++] = (char)*at;
		at += escape ? escape : 1;
	}
	while (length && line[length - 1] == ' ')
		length--;
	line[length] = '\0';
	at = newline ? newline + 1 : end;
	text->size -= (size_t)(at - text->data);
	text->data = at;
	return true;
}

void kernel_log_decode(struct via_arena *arena, struct via_span text, struct via_kernel_log *ret)
{
	struct via_kernel_log log = { 0 };
	struct reader reader = { .arena = arena, .log = &log };
	char line[KERNEL_LOG_LINE];

	log_index_build(&reader.index);
	while (next_line(&text, line))
		take_line(&reader, line);
	finish(&reader);
	*ret = log;
}

bool kernel_log_is_one(const struct via_kernel_log *log)
{
	return log->events.count > 0 || (log->stamped && log->stamped * 2 >= log->lines);
}

/* What files tell as well, or better. */
static bool is_told_elsewhere(enum via_log_kind kind)
{
	return kind == VIA_LOG_COMMAND_LINE || kind == VIA_LOG_FUNCTION || kind == VIA_LOG_BRIDGE ||
	       kind == VIA_LOG_MACHINE;
}

static size_t print_event(char *at, size_t room, const struct via_log_event *event)
{
	int length;

	if (event->has_time)
		length = snprintf(at, room, "[%5llu.%06llu] %s\n",
				  (unsigned long long)(event->time_us / 1000000),
				  (unsigned long long)(event->time_us % 1000000), event->line);
	else
		length = snprintf(at, room, "kernel: %s\n", event->line);
	return (size_t)length < room ? (size_t)length : 0;
}

const char *kernel_log_extract(struct via_arena *arena, struct via_span text)
{
	_cleanup_arena_ struct via_arena *scratch = arena_new();
	struct via_kernel_log log;
	size_t room = 1, length = 0;
	char *out;

	kernel_log_decode(scratch, text, &log);
	via_for_each (event, &log.events)
		room += strlen(event->line) + sizeof("[00000000000000.000000] \n");
	out = arena_alloc(arena, room);
	via_for_each (event, &log.events)
		if (!is_told_elsewhere(event->kind))
			length += print_event(out + length, room - length, event);
	return out;
}

struct ordered {
	struct via_log_group group;
	size_t place;
	bool removed;
};

static int compare_devices(const struct via_log_group *a, const struct via_log_group *b)
{
	if (a->has_address != b->has_address)
		return a->has_address ? -1 : 1;
	return a->has_address ? address_compare(a->address, b->address)
			      : strcmp(a->device, b->device);
}

static int compare_ordered(const void *left, const void *right)
{
	const struct ordered *a = left, *b = right;
	int order = compare_devices(&a->group, &b->group);

	return order ? order : a->place < b->place ? -1 : a->place > b->place;
}

void kernel_log_groups(struct via_arena *arena, const struct via_kernel_log *log,
		       struct via_log_groups *ret)
{
	via_list(struct ordered) all = { 0 };
	struct via_log_groups groups = { 0 };

	via_for_each (event, &log->events) {
		if ((event->kind != VIA_LOG_GROUP_ADDED && event->kind != VIA_LOG_GROUP_REMOVED) ||
		    !event->device)
			continue;
		*via_list_add(arena, &all) = (struct ordered){
			.group = { event->device, event->has_address, event->address,
				   event->number },
			.place = all.count,
			.removed = event->kind == VIA_LOG_GROUP_REMOVED,
		};
	}
	if (all.count)
		qsort(all.items, all.count, sizeof(*all.items), compare_ordered);
	for (size_t i = 0; i < all.count; i++) {
		bool last = i + 1 == all.count ||
			    compare_devices(&all.items[i].group, &all.items[i + 1].group) != 0;

		if (last && !all.items[i].removed)
			*via_list_add(arena, &groups.list) = all.items[i].group;
	}
	*ret = groups;
}
