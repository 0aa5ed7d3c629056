/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "decode/cmdline.h"
#include "model/host.h"
#include "rules/parameters.h"

/**
 * struct via_lint_kernel - what a line is judged against
 * @release: as uname -r, or NULL where it is not known
 * @version: VIA_KERNEL() of it; 0 where it is not known
 * @own: the kernel of @host itself, whose modules and configuration then count; false when
 *       another release was named
 */
struct via_lint_kernel {
	const char *release;
	unsigned int version;
	bool own;
	const struct via_host *host;
};

/* One option of a value: intel_iommu=on,sm_on has two. */
struct via_lint_option {
	const char *word;
	enum via_lint_verdict verdict;
	const char *text;
	unsigned int since, gone;
};

/**
 * struct via_lint_word - one parameter of the line, judged
 * @known: its row, or NULL
 * @text: what this kernel does with it, beginning with a verb or an object of "this kernel"
 */
struct via_lint_word {
	const char *name, *value; /* value NULL: there was no '=' */
	const struct via_known_parameter *known;
	via_list(struct via_lint_option) options;
	enum via_lint_verdict verdict;
	const char *text;
	unsigned int since, gone;
};

/* What words of a line do to each other. */
struct via_lint_clash {
	const char *parameters; /* "iommu=pt, iommu=nopt" */
	const char *text;
	bool contradiction; /* else it is only said twice */
};

struct via_lint {
	via_list(struct via_lint_word) words;
	via_list(struct via_lint_clash) clashes;
	size_t counts[VIA_LINT_VERDICTS];
	size_t contradictions;
};

/* lint_kernel_of - the kernel that @host runs */
struct via_lint_kernel lint_kernel_of(const struct via_host *host);

/**
 * lint_kernel_named - another kernel on the same machine
 * @release: "6.12", "v6.8", "6.8.12-5-pve"
 *
 * Return: 0, or -EINVAL when no version begins it
 */
int lint_kernel_named(const struct via_host *host, const char *release,
		      struct via_lint_kernel *ret);

/* lint_line - judge every word of a command line; strings live in @arena */
void lint_line(struct via_arena *arena, const char *line, const struct via_lint_kernel *kernel,
	       struct via_lint *ret);

/* lint_wrong - whether something on the line is wrong or contradicts itself */
bool lint_wrong(const struct via_lint *lint);

/* lint_version - "6.12" of VIA_KERNEL(6, 12); NULL of 0 */
const char *lint_version(struct via_arena *arena, unsigned int version);
