/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/split.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

enum { THREADS = 4, FEW = 128, SHARES = 8 };

struct hand {
	struct via_split *split;
	struct via_arena *arena;
	pthread_t thread;
};

struct via_split {
	struct via_arena *own; /* it lies there: a hand's arena is reset by some */
	size_t count, portion;
	atomic_size_t next;
	via_split_work work;
	void *context;
	struct hand hands[THREADS]; /* the first is the caller's */
	size_t started;
};

static void *lend(void *argument)
{
	struct hand *hand = argument;
	struct via_split *split = hand->split;
	size_t first;

	while ((first = atomic_fetch_add(&split->next, split->portion)) < split->count) {
		size_t end = first + split->portion;

		split->work(split->context, hand->arena, first,
			    end < split->count ? end : split->count);
	}
	return NULL;
}

static size_t processors(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		return 1;
	return (size_t)CPU_COUNT(&set);
}

static void start(struct via_split *split, size_t threads)
{
	size_t allowed = threads > 1 ? processors() : 1;

	for (; split->started < threads && split->started < allowed; split->started++) {
		struct hand *hand = &split->hands[split->started];

		*hand = (struct hand){ .split = split, .arena = arena_new() };
		if (pthread_create(&hand->thread, NULL, lend, hand) != 0) {
			arena_free(hand->arena);
			return;
		}
	}
}

static struct via_split *begin(size_t count, size_t portion, size_t threads, via_split_work work,
			       void *context)
{
	struct via_arena *arena = arena_new();
	struct via_split *split = arena_new_object(arena, struct via_split);

	*split = (struct via_split){
		.own = arena,
		.count = count,
		.portion = portion,
		.work = work,
		.context = context,
		.hands = { { .split = split, .arena = arena_new() } },
		.started = 1,
	};
	start(split, threads);
	return split;
}

void split_run(struct via_arena *arena, size_t count, size_t portion, via_split_work work,
	       void *context)
{
	split_end(begin(count, portion, count < FEW ? 1 : THREADS, work, context), arena);
}

struct via_split *split_begin(size_t count, size_t portion, via_split_work work, void *context)
{
	size_t share = count / SHARES + 1;

	return begin(count, share < portion ? share : portion, count < FEW ? 1 : THREADS, work,
		     context);
}

void split_end(struct via_split *split, struct via_arena *arena)
{
	lend(&split->hands[0]);
	for (size_t i = 1; i < split->started; i++)
		pthread_join(split->hands[i].thread, NULL);
	for (size_t i = 0; i < split->started; i++)
		if (arena)
			arena_join(arena, split->hands[i].arena);
		else
			arena_free(split->hands[i].arena);
	arena_free(split->own);
}
