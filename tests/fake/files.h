/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

/*
 * Files of a fake host. Paths are relative to its directory and made by printf rules;
 * trouble with them ends the test.
 */
struct fake_tree {
	char base[256];
};

#define FAKE_PRINTF(n) __attribute__((format(printf, n, n + 1)))

/* path_of - a path put together; good, as all texts given here, for many more calls */
const char *path_of(const char *format, ...) FAKE_PRINTF(1);

void tree_directory(const struct fake_tree *tree, const char *path);
/* tree_put - a file with that text and a newline, its directories made as needed */
void tree_put(const struct fake_tree *tree, const char *path, const char *format, ...)
	FAKE_PRINTF(3);
void tree_put_bytes(const struct fake_tree *tree, const char *path, const void *data,
		    unsigned long size);
/* tree_link - a relative link, as sysfs makes them; @target is relative to the root */
void tree_link(const struct fake_tree *tree, const char *path, const char *target);
/* tree_remove - a file or link, or a directory with all in it; nothing where it is not */
void tree_remove(const struct fake_tree *tree, const char *path);

bool tree_has(const struct fake_tree *tree, const char *path);
/* tree_text - a file's text without its newline */
const char *tree_text(const struct fake_tree *tree, const char *path);
/* tree_bytes - up to @size bytes of a file. Return: how many */
unsigned long tree_bytes(const struct fake_tree *tree, const char *path, void *data,
			 unsigned long size);
/* tree_link_name - the last part of a link's target; NULL where there is no link */
const char *tree_link_name(const struct fake_tree *tree, const char *path);
/* tree_real - where a path leads, relative to the root */
const char *tree_real(const struct fake_tree *tree, const char *path);

/* tree_each - calls for each name of a directory, in order; stops where it returns true */
bool tree_each(const struct fake_tree *tree, const char *path,
	       bool (*visit)(void *context, const char *name), void *context);

/* tree_picture - the whole tree but var/ and run/ as one text; to be freed */
char *tree_picture(const struct fake_tree *tree);

/* tree_new / tree_delete - a directory of its own for a test */
void tree_new(struct fake_tree *ret);
void tree_delete(struct fake_tree *tree);
