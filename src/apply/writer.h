/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>
#include <sys/types.h>

#include "sys/root.h"

/*
 * Viaduct's own files (journal, lock), made and written inside the root: a directory is
 * resolved in it, and a file's own name is never followed through a link.
 */

/**
 * writer_directory - a directory, made with those above it where they are missing
 * @mode: of the directories that are made
 *
 * What is made is on disk when this returns.
 *
 * Return: a descriptor for openat(2) and fsync(2), or a negative errno
 */
int writer_directory(const struct via_root *root, const char *path, mode_t mode);

/**
 * writer_create - a new file, its name on disk
 * Return: a descriptor to append to; -EEXIST; other negative errno
 */
int writer_create(int directory, const char *name);

/* writer_reopen - a file that is there, cut to @size. Return: as writer_create() */
int writer_reopen(int directory, const char *name, size_t size);

/* writer_add - add bytes, on disk some time later */
int writer_add(int fd, const void *data, size_t size);

/* writer_sync - what was added before is on disk when this returns 0 */
int writer_sync(int fd);

/* writer_append - add bytes, and return 0 only when they are on disk */
int writer_append(int fd, const void *data, size_t size);

/* writer_replace - a file as a whole: the old one, or the new one, is there at any time */
int writer_replace(int directory, const char *name, const void *data, size_t size);
