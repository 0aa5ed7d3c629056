/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/merge.h"

#include <errno.h>
#include <string.h>

#include "plan/diff.h"

/* Two lists of changes to the same pieces (ours), and the text they come to together. */
struct weave {
	const struct via_pieces *ours, *old, *present;
	struct via_changes back, owners;
	char *bytes;
	size_t size;
};

static size_t end_of(const struct via_change *change)
{
	return change->old_at + change->old_count;
}

static bool same_change(const struct weave *weave, const struct via_change *back,
			const struct via_change *owners)
{
	if (back->old_at != owners->old_at || back->old_count != owners->old_count ||
	    back->new_count != owners->new_count)
		return false;
	for (size_t i = 0; i < back->new_count; i++) {
		const struct via_piece *a = &weave->old->items[back->new_at + i];
		const struct via_piece *b = &weave->present->items[owners->new_at + i];

		if (a->length != b->length || memcmp(a->text, b->text, a->length) != 0)
			return false;
	}
	return true;
}

/* Both may take the same words away, and one may put words in beside what the other does. */
static bool clash(const struct via_change *a, const struct via_change *b)
{
	if (!a->new_count && !b->new_count)
		return false;
	if (end_of(a) < b->old_at || end_of(b) < a->old_at)
		return false;
	if (end_of(a) == b->old_at || end_of(b) == a->old_at)
		return a->new_count && b->new_count;
	return true;
}

static bool any_clash(const struct weave *weave)
{
	via_for_each (a, &weave->back)
		via_for_each (b, &weave->owners)
			if (clash(a, b) && !same_change(weave, a, b))
				return true;
	return false;
}

static void put(struct weave *weave, const struct via_piece *piece)
{
	memcpy(weave->bytes + weave->size, piece->text, piece->length);
	weave->size += piece->length;
}

static void put_inserted(struct weave *weave, size_t at)
{
	via_for_each (change, &weave->back)
		for (size_t i = 0; change->old_at == at && i < change->new_count; i++)
			put(weave, &weave->old->items[change->new_at + i]);
	via_for_each (change, &weave->owners) {
		bool twice = false;

		via_for_each (a, &weave->back)
			twice |= same_change(weave, a, change);
		for (size_t i = 0; change->old_at == at && !twice && i < change->new_count; i++)
			put(weave, &weave->present->items[change->new_at + i]);
	}
}

static bool removed(const struct via_changes *changes, size_t at)
{
	via_for_each (change, changes)
		if (at >= change->old_at && at < end_of(change))
			return true;
	return false;
}

int merge_take_back(struct via_arena *arena, struct via_span old, struct via_span ours,
		    struct via_span present, struct via_span *ret)
{
	const struct via_pieces old_words = pieces_words(arena, old);
	const struct via_pieces our_words = pieces_words(arena, ours);
	const struct via_pieces present_words = pieces_words(arena, present);
	struct weave weave = {
		.ours = &our_words,
		.old = &old_words,
		.present = &present_words,
		.back = diff_pieces(arena, &our_words, &old_words),
		.owners = diff_pieces(arena, &our_words, &present_words),
		.bytes = arena_alloc(arena, old.size + ours.size + present.size + 1),
	};

	if (!span_is_text(old) || !span_is_text(ours) || !span_is_text(present))
		return -EBADMSG;
	if (any_clash(&weave))
		return -EEXIST;
	for (size_t i = 0; i <= our_words.count; i++) {
		put_inserted(&weave, i);
		if (i < our_words.count && !removed(&weave.back, i) && !removed(&weave.owners, i))
			put(&weave, &our_words.items[i]);
	}
	*ret = (struct via_span){ (const uint8_t *)weave.bytes, weave.size };
	return 0;
}
