/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/finding.h"

/*
 * What a proof in a child process tells its parent, one record at a time, as it happens:
 * when the child hangs or dies, everything it had seen is already on the other side.
 */
struct via_report {
	int fd; /* the child's end of a pipe */
};

/* report_evidence - what a rung saw; long values are cut */
void report_evidence(const struct via_report *report, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* report_hint - what to check next, or why a rung is skipped; the last one counts */
void report_hint(const struct via_report *report, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * report_fail - a rung fails: which call, why and what to check
 * @code: negative errno
 * @call: what was asked of the kernel, cited as the evidence "failed"
 * @hint: printf form; NULL for none
 *
 * Return: @code
 */
int report_fail(const struct via_report *report, int code, const char *call, const char *hint, ...)
	__attribute__((format(printf, 4, 5)));

/* For the harness: a rung begins, a rung is over, everything is over. */
void report_begin(const struct via_report *report, const char *rung);
void report_end(const struct via_report *report, enum via_verdict verdict, int error, double ms);
void report_done(const struct via_report *report);

enum via_record_kind { RECORD_BEGIN, RECORD_EVIDENCE, RECORD_HINT, RECORD_END, RECORD_DONE };

enum { RECORD_TEXT = 1024 };

/* A record as it crosses the pipe: one write(2) below PIPE_BUF, never torn. */
struct via_record {
	uint32_t kind;
	uint32_t verdict;
	int32_t error;
	uint32_t reserved;
	double ms;
	char name[64];
	char text[RECORD_TEXT];
};
_Static_assert(sizeof(struct via_record) == 24 + 64 + RECORD_TEXT, "no hole crosses the pipe");
_Static_assert(sizeof(struct via_record) <= 4096, "a record is one atomic write");
