/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Replays a corpus through a fuzz entry: each file, or each file of each directory, named. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_BYTES = 1 << 20 };

static int replay_file(const char *path)
{
	_cleanup_fclose_ FILE *file = fopen(path, "rb");
	_cleanup_free_ uint8_t *data = malloc(INPUT_BYTES);
	size_t size;

	if (!file || !data)
		return 0;
	size = fread(data, 1, INPUT_BYTES, file);
	data = realloc(data, size ? size : 1); /* a tight end, so that sanitizers see it */
	LLVMFuzzerTestOneInput(data, size);
	return 1;
}

static int replay(const char *path)
{
	_cleanup_closedir_ DIR *directory = opendir(path);
	int count = 0;

	if (!directory)
		return replay_file(path);
	for (struct dirent *entry; (entry = readdir(directory));) {
		char name[4096];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		count += replay_file(name);
	}
	return count;
}

int main(int argc, char **argv)
{
	int count = 0;

	for (int i = 1; i < argc; i++)
		count += replay(argv[i]);
	printf("%d inputs\n", count);
	return count || argc < 2 ? 0 : 1;
}
