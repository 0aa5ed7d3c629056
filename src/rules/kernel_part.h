/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "decode/cmdline.h"
#include "rules/rule.h"

/* What the files of the kernel's layer share among themselves. */

/* booted_line - the words this kernel was started with; none where they could not be read */
void booted_line(const struct via_host *host, struct via_arena *arena, struct via_cmdline *ret);

/* kernel_since - whether the running kernel is that release or newer; false where not known */
bool kernel_since(const struct via_host *host, unsigned int version);

/* cite_module - a driver with the state that all facts of it make; returns that state */
enum via_module_state cite_module(struct via_finding *finding, const struct via_host *host,
				  enum via_module_id id);

/* says_yes - of a parameter as sysfs shows it: Y or 1 */
bool says_yes(const struct via_fact *parameter);

/* add_sentence - "one. two" out of a text that may still be empty, in the finding's arena */
const char *add_sentence(struct via_finding *finding, const char *text, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * has_machinery - the verdict over a driver that a kernel may have
 * @what: "vDPA", for the sentence
 *
 * Return: VIA_PASS where it is at work or would be loaded; VIA_WARN where its file is not
 * installed; VIA_SKIP where this kernel leaves it out; VIA_CANNOT_TELL
 */
enum via_verdict has_machinery(struct via_finding *finding, const struct via_host *host,
			       enum via_module_id id, const char *what);
