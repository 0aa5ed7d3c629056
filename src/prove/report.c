/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/report.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static void send_record(const struct via_report *report, const struct via_record *record)
{
	ssize_t n;

	do
		n = write(report->fd, record, sizeof(*record));
	while (n < 0 && errno == EINTR);
}

void report_evidence(const struct via_report *report, const char *name, const char *format, ...)
{
	struct via_record record = { .kind = RECORD_EVIDENCE };
	va_list arguments;

	snprintf(record.name, sizeof(record.name), "%s", name);
	va_start(arguments, format);
	vsnprintf(record.text, sizeof(record.text), format, arguments);
	va_end(arguments);
	send_record(report, &record);
}

static void send_hint(const struct via_report *report, const char *format, va_list arguments)
	__attribute__((format(printf, 2, 0)));

static void send_hint(const struct via_report *report, const char *format, va_list arguments)
{
	struct via_record record = { .kind = RECORD_HINT };

	vsnprintf(record.text, sizeof(record.text), format, arguments);
	send_record(report, &record);
}

void report_hint(const struct via_report *report, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	send_hint(report, format, arguments);
	va_end(arguments);
}

int report_fail(const struct via_report *report, int code, const char *call, const char *hint, ...)
{
	va_list arguments;

	report_evidence(report, "failed", "%s", call);
	if (!hint)
		return code;
	va_start(arguments, hint);
	send_hint(report, hint, arguments);
	va_end(arguments);
	return code;
}

void report_begin(const struct via_report *report, const char *rung)
{
	struct via_record record = { .kind = RECORD_BEGIN };

	snprintf(record.name, sizeof(record.name), "%s", rung);
	send_record(report, &record);
}

void report_end(const struct via_report *report, enum via_verdict verdict, int error, double ms)
{
	send_record(report,
		    &(struct via_record){
			    .kind = RECORD_END, .verdict = verdict, .error = error, .ms = ms });
}

void report_done(const struct via_report *report)
{
	send_record(report, &(struct via_record){ .kind = RECORD_DONE });
}
