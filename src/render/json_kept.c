/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "render/json_kept.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "render/json_capability.h"

/* Two that fall on one slot are not both kept. */
enum { SLOTS = 1024 };

struct text {
	const void *of; /* the list they are in is theirs alone */
	unsigned int depth;
	size_t size;
	char text[];
};

struct via_json_kept {
	_Atomic(struct text *) slots[SLOTS];
};

struct via_json_kept *json_kept_new(void)
{
	return calloc(1, sizeof(struct via_json_kept));
}

void json_kept_free(struct via_json_kept *kept)
{
	for (size_t i = 0; kept && i < SLOTS; i++)
		free(atomic_load(&kept->slots[i]));
	free(kept);
}

static size_t slot_of(const void *of)
{
	return ((uintptr_t)of * 0x9e3779b97f4a7c15) >> 54;
}

static void keep(_Atomic(struct text *) *slot, const void *of, unsigned int depth, const char *text,
		 size_t size)
{
	struct text *made = malloc(sizeof(*made) + size), *none = NULL;

	if (!made)
		return;
	*made = (struct text){ .of = of, .depth = depth, .size = size };
	memcpy(made->text, text, size);
	if (!atomic_compare_exchange_strong(slot, &none, made))
		free(made);
}

void write_capabilities_kept(struct via_json_writer *to, struct via_json_kept *kept,
			     const struct via_capabilities *capabilities)
{
	const void *of = capabilities->list.items;
	_Atomic(struct text *) *slot = kept && of ? &kept->slots[slot_of(of)] : NULL;
	const struct text *text = slot ? atomic_load(slot) : NULL;
	size_t start = to->used;

	if (!slot || !capabilities->lasting || !to->keyed) {
		write_capabilities(to, capabilities);
		return;
	}
	if (text && text->of == of && text->depth == to->depth) {
		write_made(to, text->text, text->size);
		return;
	}
	write_capabilities(to, capabilities);
	if (!text)
		keep(slot, of, to->depth, to->data + start, to->used - start);
}
