/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/split.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

enum { THREADS = 4, FEW = 128 };

struct split {
	size_t count, portion;
	atomic_size_t next;
	void (*work)(void *context, struct via_arena *arena, size_t first, size_t end);
	void *context;
};

struct hand {
	struct split *split;
	struct via_arena *arena;
	pthread_t thread;
};

static void *lend(void *argument)
{
	struct hand *hand = argument;
	struct split *split = hand->split;
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

static size_t threads_for(const struct split *split)
{
	size_t allowed = split->count < FEW ? 1 : processors();

	return allowed < THREADS ? allowed : THREADS;
}

void split_run(struct via_arena *arena, size_t count, size_t portion,
	       void (*work)(void *context, struct via_arena *arena, size_t first, size_t end),
	       void *context)
{
	struct split split = {
		.count = count, .portion = portion, .work = work, .context = context
	};
	struct hand hands[THREADS] = { { .split = &split } };
	size_t started = 1, wanted = threads_for(&split);

	for (size_t i = 0; i < wanted; i++)
		hands[i] = (struct hand){ .split = &split, .arena = arena_new() };
	while (started < wanted &&
	       pthread_create(&hands[started].thread, NULL, lend, &hands[started]) == 0)
		started++;
	lend(&hands[0]);
	for (size_t i = 1; i < started; i++)
		pthread_join(hands[i].thread, NULL);
	for (size_t i = 0; i < wanted; i++)
		if (arena)
			arena_join(arena, hands[i].arena);
		else
			arena_free(hands[i].arena);
}
