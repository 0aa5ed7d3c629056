/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/parse.h"

enum { RING = 64 };

static void require(bool good, const char *what, const char *path)
{
	if (good)
		return;
	fprintf(stderr, "fake tree: %s: %s: %s\n", what, path, strerror(errno));
	abort();
}

static char *next_buffer(void)
{
	static char ring[RING][PATH_MAX];
	static unsigned int at;

	return ring[at++ % RING];
}

const char *path_of(const char *format, ...)
{
	char *path = next_buffer();
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(path, PATH_MAX, format, arguments);
	va_end(arguments);
	return path;
}

static void make_parents(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		require(mkdir(path, 0755) == 0 || errno == EEXIST, "mkdir", path);
		*slash = '/';
	}
}

static char *whole(const struct fake_tree *tree, const char *path, char whole_path[PATH_MAX])
{
	snprintf(whole_path, PATH_MAX, "%.255s/%.3000s", tree->base, path);
	return whole_path;
}

void tree_directory(const struct fake_tree *tree, const char *path)
{
	char name[PATH_MAX];

	make_parents(whole(tree, path, name));
	require(mkdir(name, 0755) == 0 || errno == EEXIST, "mkdir", name);
}

void tree_put_bytes(const struct fake_tree *tree, const char *path, const void *data,
		    unsigned long size)
{
	char name[PATH_MAX];
	_cleanup_fclose_ FILE *file = NULL;

	make_parents(whole(tree, path, name));
	file = fopen(name, "we");
	require(file && fwrite(data, 1, size, file) == size, "write", name);
}

unsigned long tree_bytes(const struct fake_tree *tree, const char *path, void *data,
			 unsigned long size)
{
	char name[PATH_MAX];
	_cleanup_fclose_ FILE *file = fopen(whole(tree, path, name), "re");

	require(file, "open", name);
	return fread(data, 1, size, file);
}

void tree_put(const struct fake_tree *tree, const char *path, const char *format, ...)
{
	char text[8192];
	va_list arguments;
	int n;

	va_start(arguments, format);
	n = vsnprintf(text, sizeof(text) - 1, format, arguments);
	va_end(arguments);
	require(n >= 0 && (size_t)n < sizeof(text) - 1, "text too long", path);
	text[n] = '\n';
	tree_put_bytes(tree, path, text, (unsigned long)n + 1);
}

/* How much of the start two paths have in common, up to a slash. */
static size_t common(const char *a, const char *b)
{
	size_t length = 0;

	for (size_t i = 0; a[i] && a[i] == b[i]; i++)
		if (a[i] == '/')
			length = i + 1;
	return length;
}

void tree_link(const struct fake_tree *tree, const char *path, const char *target)
{
	size_t shared = common(path, target);
	char name[PATH_MAX], value[PATH_MAX] = "";

	for (const char *slash = strchr(path + shared, '/'); slash; slash = strchr(slash + 1, '/'))
		strcat(value, "../");
	strcat(value, target + shared);
	make_parents(whole(tree, path, name));
	require(symlink(value, name) == 0, "symlink", name);
}

static void remove_below(int directory, const char *name)
{
	_cleanup_closedir_ DIR *entries = NULL;
	struct dirent *entry;
	int fd;

	if (unlinkat(directory, name, 0) == 0 || errno == ENOENT)
		return;
	fd = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	entries = fd >= 0 ? fdopendir(fd) : NULL;
	require(entries, "remove", name);
	while ((entry = readdir(entries)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			remove_below(dirfd(entries), entry->d_name);
	require(unlinkat(directory, name, AT_REMOVEDIR) == 0, "remove", name);
}

void tree_remove(const struct fake_tree *tree, const char *path)
{
	char name[PATH_MAX];

	remove_below(AT_FDCWD, whole(tree, path, name));
}

bool tree_has(const struct fake_tree *tree, const char *path)
{
	char name[PATH_MAX];

	return faccessat(AT_FDCWD, whole(tree, path, name), F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

const char *tree_text(const struct fake_tree *tree, const char *path)
{
	char name[PATH_MAX], *text = next_buffer();
	_cleanup_fclose_ FILE *file = fopen(whole(tree, path, name), "re");
	size_t n;

	require(file, "read", name);
	n = fread(text, 1, PATH_MAX - 1, file);
	while (n && text[n - 1] == '\n')
		n--;
	text[n] = '\0';
	return text;
}

const char *tree_link_name(const struct fake_tree *tree, const char *path)
{
	char name[PATH_MAX], *target = next_buffer();
	ssize_t n = readlink(whole(tree, path, name), target, PATH_MAX - 1);

	if (n < 0)
		return NULL;
	target[n] = '\0';
	return path_name(target);
}

const char *tree_real(const struct fake_tree *tree, const char *path)
{
	char name[PATH_MAX], *real = next_buffer();

	require(realpath(whole(tree, path, name), real), "follow", name);
	return real + strlen(tree->base) + 1;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int not_dots(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

bool tree_each(const struct fake_tree *tree, const char *path,
	       bool (*visit)(void *context, const char *name), void *context)
{
	struct dirent **entries;
	char name[PATH_MAX];
	int n = scandir(whole(tree, path, name), &entries, not_dots, by_name);
	bool stopped = false;

	for (int i = 0; i < n; i++) {
		stopped = stopped || visit(context, entries[i]->d_name);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	return stopped;
}

struct picture {
	const struct fake_tree *tree;
	FILE *out;
	const char *at;
};

static void draw(const struct fake_tree *tree, FILE *out, const char *path);

static void draw_file(const struct picture *picture, const char *path)
{
	char name[PATH_MAX], data[4096];
	_cleanup_fclose_ FILE *file = fopen(whole(picture->tree, path, name), "re");
	struct stat status;
	size_t n;

	require(file, "read", name);
	require(fstat(fileno(file), &status) == 0, "stat", name);
	fprintf(picture->out, "file %s %04o", path, status.st_mode & 07777);
	if (!text_starts(path, "sys/") && !text_starts(path, "proc/"))
		fprintf(picture->out, " %lld.%09ld", (long long)status.st_mtim.tv_sec,
			status.st_mtim.tv_nsec);
	fputs(": ", picture->out);
	while ((n = fread(data, 1, sizeof(data), file)) > 0)
		fwrite(data, 1, n, picture->out);
	fputc('\n', picture->out);
}

static bool draw_entry(void *context, const char *entry)
{
	const struct picture *picture = context;
	char path[PATH_MAX], name[PATH_MAX], target[PATH_MAX] = "";
	struct stat status;

	snprintf(path, sizeof(path), "%.3000s%s%.255s", picture->at, *picture->at ? "/" : "",
		 entry);
	if (strcmp(path, "var") == 0 || strcmp(path, "run") == 0)
		return false;
	require(lstat(whole(picture->tree, path, name), &status) == 0, "stat", name);
	if (S_ISDIR(status.st_mode)) {
		fprintf(picture->out, "directory %s %04o\n", path, status.st_mode & 07777);
		draw(picture->tree, picture->out, path);
	} else if (S_ISLNK(status.st_mode)) {
		require(readlink(name, target, sizeof(target) - 1) > 0, "readlink", name);
		fprintf(picture->out, "link %s -> %s\n", path, target);
	} else {
		draw_file(picture, path);
	}
	return false;
}

static void draw(const struct fake_tree *tree, FILE *out, const char *path)
{
	struct picture picture = { .tree = tree, .out = out, .at = path };

	tree_each(tree, path, draw_entry, &picture);
}

char *tree_picture(const struct fake_tree *tree)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	require(out, "picture", tree->base);
	draw(tree, out, "");
	fclose(out);
	return text;
}

void tree_new(struct fake_tree *ret)
{
	/* Thousands of fsyncs: memory, where there is such a place. */
	snprintf(ret->base, sizeof(ret->base), "%s/viaduct-fake-XXXXXX",
		 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	require(mkdtemp(ret->base), "mkdtemp", ret->base);
}

void tree_delete(struct fake_tree *tree)
{
	remove_below(AT_FDCWD, tree->base);
}
