/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/lanes.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"

enum { THREADS = 128, STACK_BYTES = 512 * 1024 };

struct running {
	const struct via_lanes *lanes;
	atomic_size_t next; /* the first step whose lane nobody has looked for */
	atomic_int failed;
	pthread_mutex_t lock;
	struct via_error *error;
};

static bool begins_lane(const struct via_lanes *lanes, size_t i)
{
	for (size_t before = 0; before < i; before++)
		if (strcmp(lanes->targets[before], lanes->targets[i]) == 0)
			return false;
	return true;
}

static size_t count_lanes(const struct via_lanes *lanes)
{
	size_t count = 0;

	for (size_t i = 0; i < lanes->count; i++)
		count += begins_lane(lanes, i);
	return count;
}

static void note_failure(struct running *running, int r, const struct via_error *error)
{
	pthread_mutex_lock(&running->lock);
	if (!running->failed || (r == -ETIMEDOUT && running->failed != -ETIMEDOUT)) {
		running->failed = r;
		*running->error = *error;
	}
	pthread_mutex_unlock(&running->lock);
}

static void run_lane(struct running *running, struct via_arena *arena, size_t first)
{
	const struct via_lanes *lanes = running->lanes;

	for (size_t i = first; i < lanes->count && !running->failed; i++) {
		struct via_error error = { 0 };
		int r;

		if (strcmp(lanes->targets[i], lanes->targets[first]) != 0)
			continue;
		r = lanes->step(lanes->context, arena, i, &error);
		if (r < 0)
			note_failure(running, r, &error);
	}
}

static void *work(void *argument)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct running *running = argument;
	size_t i;

	while ((i = atomic_fetch_add(&running->next, 1)) < running->lanes->count)
		if (begins_lane(running->lanes, i))
			run_lane(running, arena, i);
	return NULL;
}

int lanes_run(const struct via_lanes *lanes, struct via_error *error)
{
	struct running running = { .lanes = lanes,
				   .lock = PTHREAD_MUTEX_INITIALIZER,
				   .error = error };
	size_t wanted = count_lanes(lanes), started = 1;
	pthread_t threads[THREADS];
	pthread_attr_t small;

	if (wanted > THREADS)
		wanted = THREADS;
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, STACK_BYTES);
	while (started < wanted && pthread_create(&threads[started], &small, work, &running) == 0)
		started++;
	pthread_attr_destroy(&small);
	work(&running);
	for (size_t i = 1; i < started; i++)
		pthread_join(threads[i], NULL);
	return running.failed;
}
