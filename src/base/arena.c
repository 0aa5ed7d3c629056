/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Most arenas hold the path of one attribute: the first block is small, the next ones grow. */
enum { FIRST_BYTES = 1024, BLOCK_BYTES = 64 * 1024, SHARED = 64 };

struct block {
	struct block *next;
	size_t used, size;
	_Alignas(max_align_t) unsigned char data[];
};

struct via_arena {
	struct block *blocks;
	const char **shared; /* SHARED of them; of two that fall on one place the later stays */
};

static _Noreturn void out_of_memory(void)
{
	static const char message[] = "viaduct: out of memory\n";

	fputs(message, stderr);
	abort();
}

struct via_arena *arena_new(void)
{
	struct via_arena *arena = calloc(1, sizeof(*arena));

	if (!arena)
		out_of_memory();
	return arena;
}

void arena_free(struct via_arena *arena)
{
	if (!arena)
		return;
	for (struct block *block = arena->blocks, *next; block; block = next) {
		next = block->next;
		free(block);
	}
	free(arena);
}

void arena_join(struct via_arena *arena, struct via_arena *other)
{
	struct block **end = &arena->blocks;

	/* Behind the first, which is the one with room. */
	if (*end)
		end = &(*end)->next;
	for (struct block *block = other->blocks, *next; block; block = next) {
		next = block->next;
		block->next = *end;
		*end = block;
		end = &block->next;
	}
	free(other);
}

void arena_reset(struct via_arena *arena)
{
	struct block *kept = arena->blocks;

	arena->shared = NULL;
	if (!kept)
		return;
	for (struct block *block = kept->next, *next; block; block = next) {
		next = block->next;
		free(block);
	}
	kept->next = NULL;
	kept->used = 0;
}

static struct block *block_new(struct via_arena *arena, size_t size)
{
	size_t usual = arena->blocks ? arena->blocks->size * 4 : FIRST_BYTES;
	struct block *block = NULL;

	if (usual > BLOCK_BYTES)
		usual = BLOCK_BYTES;
	if (size < usual)
		size = usual;
	if (size <= SIZE_MAX - sizeof(*block))
		block = malloc(sizeof(*block) + size);
	if (!block)
		out_of_memory();
	*block = (struct block){ .size = size, .next = arena->blocks };
	arena->blocks = block;
	return block;
}

/* As it comes: most blocks are never filled, and each page that is touched costs a fault. */
static __attribute__((returns_nonnull)) void *take(struct via_arena *arena, size_t size)
{
	const size_t align = _Alignof(max_align_t);
	struct block *block = arena->blocks;
	void *data;

	if (size > SIZE_MAX - align)
		out_of_memory();
	size = (size + align - 1) / align * align;
	if (!block || block->size - block->used < size)
		block = block_new(arena, size);
	data = block->data + block->used;
	block->used += size;
	return data;
}

/*
 * A block of its own, which the kernel gives out cleared: what touches a page first pays for it,
 * be it another thread. It goes behind the first block, which is the one with room.
 */
static __attribute__((returns_nonnull)) void *take_large(struct via_arena *arena, size_t size)
{
	struct block *block = NULL, **behind = &arena->blocks;

	if (size <= SIZE_MAX - sizeof(*block))
		block = calloc(1, sizeof(*block) + size);
	if (!block)
		out_of_memory();
	if (*behind)
		behind = &(*behind)->next;
	*block = (struct block){ .size = size, .used = size, .next = *behind };
	*behind = block;
	return block->data;
}

void *arena_alloc(struct via_arena *arena, size_t size)
{
	return size > BLOCK_BYTES ? take_large(arena, size) : memset(take(arena, size), 0, size);
}

void *arena_memdup(struct via_arena *arena, const void *data, size_t size)
{
	return size ? memcpy(take(arena, size), data, size) : arena_alloc(arena, 1);
}

char *arena_strndup(struct via_arena *arena, const char *text, size_t length)
{
	char *copy = take(arena, length + 1);

	memcpy(copy, text, length);
	copy[length] = '\0';
	return copy;
}

char *arena_strdup(struct via_arena *arena, const char *text)
{
	return arena_strndup(arena, text, strlen(text));
}

const char *arena_share(struct via_arena *arena, const char *text)
{
	uint64_t hash = 0;
	const char **kept;

	for (const char *c = text; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 0x9e3779b97f4a7c15;
	if (!arena->shared)
		arena->shared = arena_alloc(arena, SHARED * sizeof(*arena->shared));
	kept = &arena->shared[(hash ^ hash >> 32) % SHARED];
	if (!*kept || strcmp(*kept, text) != 0)
		*kept = arena_strdup(arena, text);
	return *kept;
}

char *arena_paste(struct via_arena *arena, const char *before, const char *text, const char *behind)
{
	size_t first = strlen(before), second = strlen(text), third = strlen(behind);
	char *all = arena_alloc(arena, first + second + third + 1);

	memcpy(all, before, first);
	memcpy(all + first, text, second);
	memcpy(all + first + second, behind, third);
	return all;
}

char *arena_vprintf(struct via_arena *arena, const char *format, va_list arguments)
{
	char *text, most[256];
	va_list again;
	int length;

	va_copy(again, arguments);
	length = vsnprintf(most, sizeof(most), format, again);
	va_end(again);
	if (length < 0)
		out_of_memory();
	if ((size_t)length < sizeof(most))
		return arena_strndup(arena, most, (size_t)length);
	text = take(arena, (size_t)length + 1);
	vsnprintf(text, (size_t)length + 1, format, arguments);
	return text;
}

char *arena_printf(struct via_arena *arena, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = arena_vprintf(arena, format, arguments);
	va_end(arguments);
	return text;
}

void *arena_list_grow(struct via_arena *arena, void *items, size_t count, size_t *capacity,
		      size_t item_size)
{
	void *grown;

	if (count < *capacity)
		return items;
	*capacity = *capacity ? *capacity * 2 : 2; /* most have one or two */
	if (*capacity > SIZE_MAX / item_size)
		out_of_memory();
	grown = arena_alloc(arena, *capacity * item_size);
	if (count)
		memcpy(grown, items, count * item_size);
	return grown;
}
