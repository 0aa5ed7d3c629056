/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdarg.h>
#include <stddef.h>

/*
 * An arena owns every byte of one model, plan or set of findings: what is allocated
 * from it lives until arena_free() and is never freed one by one.
 *
 * Allocation does not fail: an arena that cannot grow ends the process. No caller could
 * do better, and whatever a host change needs to be undone is on disk before it is made.
 */
struct via_arena;

struct via_arena *arena_new(void);
void arena_free(struct via_arena *arena);

/* arena_join - take over all that @other holds; @other is gone */
void arena_join(struct via_arena *arena, struct via_arena *other);

/* arena_reset - forget everything, and keep the memory for what comes */
void arena_reset(struct via_arena *arena);

/**
 * arena_alloc - zeroed memory, aligned for any type
 * Return: never NULL
 */
void *arena_alloc(struct via_arena *arena, size_t size) __attribute__((malloc, returns_nonnull));
char *arena_strdup(struct via_arena *arena, const char *text);
char *arena_strndup(struct via_arena *arena, const char *text, size_t length);
/* arena_share - a copy of a text, or an equal one that was shared lately; never written to */
const char *arena_share(struct via_arena *arena, const char *text)
	__attribute__((nonnull, returns_nonnull));
void *arena_memdup(struct via_arena *arena, const void *data, size_t size);

/* arena_paste - three texts in a row: what printf would do ten times slower, by the thousand */
char *arena_paste(struct via_arena *arena, const char *before, const char *text, const char *behind)
	__attribute__((nonnull, returns_nonnull));
char *arena_printf(struct via_arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3), nonnull(2), returns_nonnull));
char *arena_vprintf(struct via_arena *arena, const char *format, va_list arguments)
	__attribute__((format(printf, 2, 0), nonnull(2), returns_nonnull));

#define arena_new_object(arena, type) ((type *)arena_alloc(arena, sizeof(type)))

/* A growing array in an arena: struct { VIA_LIST(struct thing) } or a named member. */
#define via_list(type)                  \
	struct {                        \
		type *items;            \
		size_t count, capacity; \
	}

/* via_list_add - a new zeroed item at the end; pointers to older items may go stale */
#define via_list_add(arena, list)                                                                \
	((list)->items = arena_list_grow(arena, (list)->items, (list)->count, &(list)->capacity, \
					 sizeof(*(list)->items)),                                \
	 &(list)->items[(list)->count++])

#define via_for_each(item, list)                           \
	for (typeof(&*(list)->items) item = (list)->items; \
	     item && item < (list)->items + (list)->count; item++)

void *arena_list_grow(struct via_arena *arena, void *items, size_t count, size_t *capacity,
		      size_t item_size);
