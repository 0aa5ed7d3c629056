/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/diff.h"

#include <string.h>

/* Beyond that many changed pieces the middle is replaced as a whole. */
enum { EFFORT = 600 };

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_word(char c)
{
	return c && !is_blank(c) && !strchr("\r\n\"'`", c);
}

static void add_piece(struct via_arena *arena, struct via_pieces *pieces, const char *text,
		      size_t length)
{
	*via_list_add(arena, pieces) = (struct via_piece){ text, length };
}

struct via_pieces pieces_lines(struct via_arena *arena, struct via_span text)
{
	const char *at = (const char *)text.data, *end = at + text.size;
	struct via_pieces pieces = { 0 };

	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *next = newline ? newline + 1 : end;

		add_piece(arena, &pieces, at, (size_t)(next - at));
		at = next;
	}
	return pieces;
}

struct via_pieces pieces_words(struct via_arena *arena, struct via_span text)
{
	const char *at = (const char *)text.data, *end = at + text.size;
	struct via_pieces pieces = { 0 };

	while (at < end) {
		const char *next = at + 1;

		if (is_word(*at))
			while (next < end && is_word(*next))
				next++;
		add_piece(arena, &pieces, at, (size_t)(next - at));
		at = next;
	}
	return pieces;
}

static bool same(const struct via_pieces *old, size_t i, const struct via_pieces *new, size_t j)
{
	return old->items[i].length ==
	       new->items[j].length &&memcmp(old->items[i].text, new->items[j].text,
					     old->items[i].length) == 0;
}

/* The part of both lists between their common start and their common end. */
struct middle {
	const struct via_pieces *old, *new;
	size_t start, old_end, new_end;
};

static struct middle middle_of(const struct via_pieces *old, const struct via_pieces *new)
{
	struct middle middle = { old, new, 0, old->count, new->count };

	while (middle.start < old->count &&
	       middle.start < new->count &&same(old, middle.start, new, middle.start))
		middle.start++;
	while (middle.old_end > middle.start && middle.new_end > middle.start &&
	       same(old, middle.old_end - 1, new, middle.new_end - 1)) {
		middle.old_end--;
		middle.new_end--;
	}
	return middle;
}

/*
 * Greedy search for the shortest edit script: after d changes, reach[k] is how far into the old
 * list diagonal k (old minus new) leads. Source: E. Myers, An O(ND) Difference Algorithm, 1986
 */
struct search {
	const struct middle *middle;
	long old_count, new_count, effort;
	int *reach;  /* of the present d, by k + effort */
	int *traces; /* of each d, one row each */
};

static long row_length(const struct search *search)
{
	return 2 * search->effort + 1;
}

static int slide(const struct search *search, long k, long x)
{
	const struct middle *middle = search->middle;

	while (x < search->old_count && x - k < search->new_count &&
	       same(middle->old, middle->start + (size_t)x, middle->new,
		    middle->start + (size_t)(x - k)))
		x++;
	return (int)x;
}

/* Whether the best way to diagonal @k after @d changes comes by an insertion, from k + 1. */
static bool by_insertion(const struct search *search, const int *reach, long d, long k)
{
	return k == -d || (k != d && reach[k - 1 + search->effort] < reach[k + 1 + search->effort]);
}

/* Return: the number of changes, or -1 when it takes too many. */
static long find_way(struct search *search)
{
	long goal = search->old_count - search->new_count;

	for (long d = 0; d < search->effort; d++) {
		memcpy(search->traces + d * row_length(search), search->reach,
		       sizeof(int) * (size_t)row_length(search));
		for (long k = -d; k <= d; k += 2) {
			const int *at = search->reach + search->effort;
			long x = d == 0					     ? 0
				 : by_insertion(search, search->reach, d, k) ? at[k + 1]
									     : at[k - 1] + 1;

			search->reach[k + search->effort] = slide(search, k, x);
			if (k == goal && search->reach[k + search->effort] >= search->old_count)
				return d;
		}
	}
	return -1;
}

/* Back along the way: which pieces of the middle were kept. */
static void mark_changes(const struct search *search, long d, bool *removed, bool *added)
{
	long x = search->old_count, y = search->new_count;

	for (; d > 0; d--) {
		const int *reach = search->traces + d * row_length(search);
		long k = x - y;

		if (by_insertion(search, reach, d, k)) {
			x = reach[k + 1 + search->effort];
			y = x - (k + 1);
			added[y] = true;
		} else {
			x = reach[k - 1 + search->effort];
			y = x - (k - 1);
			removed[x] = true;
		}
	}
}

static void mark_all(bool *marks, long count)
{
	for (long i = 0; i < count; i++)
		marks[i] = true;
}

static struct via_changes gather(struct via_arena *arena, const struct search *search,
				 const bool *removed, const bool *added)
{
	struct via_changes changes = { 0 };
	long x = 0, y = 0;

	while (x < search->old_count || y < search->new_count) {
		long x_start = x, y_start = y;

		while (x < search->old_count && removed[x])
			x++;
		while (y < search->new_count && added[y])
			y++;
		if (x > x_start || y > y_start) {
			*via_list_add(arena, &changes) = (struct via_change){
				.old_at = search->middle->start + (size_t)x_start,
				.old_count = (size_t)(x - x_start),
				.new_at = search->middle->start + (size_t)y_start,
				.new_count = (size_t)(y - y_start),
			};
			continue;
		}
		x++;
		y++;
	}
	return changes;
}

struct via_changes diff_pieces(struct via_arena *arena, const struct via_pieces *old,
			       const struct via_pieces *new)
{
	const struct middle middle = middle_of(old, new);
	struct search search = {
		.middle = &middle,
		.old_count = (long)(middle.old_end - middle.start),
		.new_count = (long)(middle.new_end - middle.start),
	};
	bool *removed = arena_alloc(arena, (size_t)search.old_count + 1);
	bool *added = arena_alloc(arena, (size_t)search.new_count + 1);
	struct via_arena *scratch = arena_new();
	long d;

	search.effort = search.old_count + search.new_count + 1;
	search.effort = search.effort < EFFORT ? search.effort : EFFORT;
	search.reach = arena_alloc(scratch, sizeof(int) * (size_t)row_length(&search));
	search.traces =
		arena_alloc(scratch, sizeof(int) * (size_t)(row_length(&search) * search.effort));
	d = find_way(&search);
	if (d >= 0) {
		mark_changes(&search, d, removed, added);
	} else {
		mark_all(removed, search.old_count);
		mark_all(added, search.new_count);
	}
	arena_free(scratch);
	return gather(arena, &search, removed, added);
}
