/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kernel command line, taken apart and judged for kernels of every age. */
#include "fuzz.h"

#include <jansson.h>
#include <string.h>

#include "base/cleanup.h"
#include "decode/cmdline.h"
#include "render/lint.h"

static void judge(struct via_arena *arena, const char *line, const struct via_host *host,
		  const char *release)
{
	struct via_lint_kernel kernel = lint_kernel_of(host);
	struct via_lint lint;

	lint_kernel_named(host, release, &kernel);
	lint_line(arena, line, &kernel, &lint);
	lint_wrong(&lint);
	json_decref(json_lint(arena, line, &kernel, &lint));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	_cleanup_host_ struct via_host *host = host_new();
	const char *line = arena_strndup(arena, size ? (const char *)data : "", size);
	const char *second = strchr(line, '\n');
	struct via_cmdline cmdline;

	cmdline_decode(arena, line, &cmdline);
	cmdline_has_option(&cmdline, "iommu", "pt");
	judge(arena, line, host, "6.12");
	judge(arena, line, host, second ? second + 1 : "5.10");
	return 0;
}
