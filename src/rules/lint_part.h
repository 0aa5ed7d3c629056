/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "rules/lint.h"

/* What the files of lint share among themselves. */

/* kernel_module_state - how this kernel has a module; unknown of those nobody looked for */
enum via_module_state kernel_module_state(const struct via_lint_kernel *kernel, const char *module);

/* kernel_is_patched - whether the release names a kernel known for patches of its own */
bool kernel_is_patched(const struct via_lint_kernel *kernel);

/* kernel_is_stock - whether the release is a plain one, or one of a distribution that adds no
 * parameters of its own */
bool kernel_is_stock(const struct via_lint_kernel *kernel);

/* kernel_backports - whether the release is one that takes in much from newer ones (RHEL) */
bool kernel_backports(const struct via_lint_kernel *kernel);

/* kernel_is_other_machine - whether the release is for no x86 processor */
bool kernel_is_other_machine(const struct via_lint_kernel *kernel);

/* kernel_vendor - the maker of the processor; false where that is not known */
bool kernel_vendor(const struct via_lint_kernel *kernel, enum via_cpu_vendor *ret);

/**
 * kernel_has - judge by releases alone
 * Return: VIA_LINT_OK, _NOT_HERE (too old), _OBSOLETE (gone), or _UNKNOWN; @text is only
 * set when not VIA_LINT_OK
 */
enum via_lint_verdict kernel_has(struct via_arena *arena, const struct via_lint_kernel *kernel,
				 unsigned int since, unsigned int gone, const char **text);

/* lint_value - judge the value of a known parameter, option by option */
void lint_value(struct via_arena *arena, const struct via_lint_kernel *kernel,
		struct via_lint_word *word);

/* lint_own - what only this host can tell of a word: its modules, devices, configuration */
void lint_own(struct via_arena *arena, const struct via_lint_kernel *kernel,
	      struct via_lint_word *word);

/* lint_clashes - what the words do to each other */
void lint_clashes(struct via_arena *arena, struct via_lint *lint);

/* value_says_yes - as kstrtobool() reads it; -EINVAL for what it does not understand */
int value_says_yes(const char *value);

/* value_part - the next part of a list behind commas; NULL at the end */
char *value_part(struct via_arena *arena, const char **at);

static inline void lint_judge(struct via_lint_word *word, enum via_lint_verdict verdict,
			      const char *text)
{
	word->verdict = verdict;
	word->text = text;
}
