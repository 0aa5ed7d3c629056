/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"

/* Every descriptor and handle is declared with one of these: bodies have no goto. */
#define _cleanup_(function) __attribute__((cleanup(function)))

static inline void cleanup_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void cleanup_free(void *pointer)
{
	free(*(void **)pointer);
}

static inline void cleanup_fclose(FILE **file)
{
	if (*file)
		fclose(*file);
}

static inline void cleanup_closedir(DIR **directory)
{
	if (*directory)
		closedir(*directory);
}

static inline void cleanup_arena(struct via_arena **arena)
{
	arena_free(*arena);
}

#define _cleanup_close_	   _cleanup_(cleanup_close)
#define _cleanup_free_	   _cleanup_(cleanup_free)
#define _cleanup_fclose_   _cleanup_(cleanup_fclose)
#define _cleanup_closedir_ _cleanup_(cleanup_closedir)
#define _cleanup_arena_	   _cleanup_(cleanup_arena)

/* steal_fd - hand a descriptor over to the caller, out of the cleanup's reach */
static inline int steal_fd(int *fd)
{
	int stolen = *fd;

	*fd = -1;
	return stolen;
}

#define VIA_COUNT(array) (sizeof(array) / sizeof((array)[0]))
