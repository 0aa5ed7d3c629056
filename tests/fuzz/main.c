/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a fuzz target over the files and folders given: a corpus works without libFuzzer. */
#include "fuzz.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/cleanup.h"

static int run_file(const char *path, size_t size)
{
	_cleanup_fclose_ FILE *file = fopen(path, "rb");
	_cleanup_free_ uint8_t *bytes = malloc(size ? size : 1);

	if (!file || !bytes || fread(bytes, 1, size, file) != size) {
		fprintf(stderr, "%s: cannot be read\n", path);
		return -EIO;
	}
	LLVMFuzzerTestOneInput(bytes, size);
	return 1;
}

/* Return: how many files were run, or a negative errno */
static int run(struct via_arena *arena, const char *path)
{
	_cleanup_closedir_ DIR *directory = NULL;
	struct dirent *entry;
	struct stat st;
	int count = 0;

	if (stat(path, &st) < 0) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return -errno;
	}
	if (!S_ISDIR(st.st_mode))
		return run_file(path, (size_t)st.st_size);
	directory = opendir(path);
	while (directory && (entry = readdir(directory))) {
		int r;

		if (entry->d_name[0] == '.')
			continue;
		r = run(arena, arena_printf(arena, "%s/%s", path, entry->d_name));
		if (r < 0)
			return r;
		count += r;
	}
	return count;
}

int main(int argc, char **argv)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	int count = 0;

	for (int i = 1; i < argc; i++) {
		int r = run(arena, argv[i]);

		if (r < 0)
			return 1;
		count += r;
	}
	printf("%d inputs\n", count);
	return count ? 0 : 1;
}
