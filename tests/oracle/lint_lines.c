/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Command lines of real machines ($VIADUCT_REALDATA/kernel-cmdlines-and-faults/cmds.tsv, the
 * line in the first column): each word is judged, on several kernels, and the counts told.
 * Skips (77) where there are none. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "rules/lint.h"

enum { SKIP = 77, LINE = 64 * 1024 };

struct tally {
	size_t lines, words, counts[VIA_LINT_VERDICTS], contradictions, odd;
};

static void count(struct tally *tally, const char *line, const struct via_lint *lint)
{
	tally->lines++;
	tally->words += lint->words.count;
	tally->contradictions += lint->contradictions;
	via_for_each (word, &lint->words) {
		tally->counts[word->verdict]++;
		/* Without a row, all that can be said is that a module of that name came or went. */
		if (word->text && *word->text &&
		    (word->known || word->verdict == VIA_LINT_UNKNOWN ||
		     word->verdict == VIA_LINT_OBSOLETE || word->verdict == VIA_LINT_NOT_HERE))
			continue;
		tally->odd++;
		fprintf(stderr, "not judged: %s in %s\n", word->name, line);
	}
}

static void print(const char *release, const struct tally *tally)
{
	printf("%s: %zu lines, %zu words", release, tally->lines, tally->words);
	for (int i = 0; i < VIA_LINT_VERDICTS; i++)
		printf(", %zu %s", tally->counts[i], lint_verdict_name((enum via_lint_verdict)i));
	printf(", %zu contradictions\n", tally->contradictions);
}

static int judge_all(FILE *file, const char *release)
{
	static char line[LINE];
	struct tally tally = { 0 };

	rewind(file);
	while (fgets(line, sizeof(line), file)) {
		_cleanup_host_ struct via_host *host = host_new();
		struct via_lint_kernel kernel;
		struct via_lint lint;

		line[strcspn(line, "\t\n")] = '\0';
		if (strcmp(line, "text") == 0)
			continue;
		if (lint_kernel_named(host, release, &kernel) < 0)
			return EXIT_FAILURE;
		lint_line(host->arena, line, &kernel, &lint);
		count(&tally, line, &lint);
	}
	print(release, &tally);
	return tally.lines && !tally.odd ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(void)
{
	static const char *const releases[] = { "5.10", "6.1", "6.12", "6.18" };
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const char *folder = getenv("VIADUCT_REALDATA");
	const char *path =
		arena_printf(arena, "%s/kernel-cmdlines-and-faults/cmds.tsv", folder ? folder : "");
	_cleanup_fclose_ FILE *file = folder ? fopen(path, "re") : NULL;
	int status = EXIT_SUCCESS;

	if (!file) {
		puts("skipped: no command lines of real machines (VIADUCT_REALDATA)");
		return SKIP;
	}
	for (size_t i = 0; i < VIA_COUNT(releases); i++)
		status |= judge_all(file, releases[i]);
	return status;
}
