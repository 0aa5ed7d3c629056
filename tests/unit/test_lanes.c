/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "apply/lanes.h"
#include "unit.h"

enum { TARGETS = 40, STEPS = 3 };

/* What was done, in which order; and who waits for whom. */
struct scene {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	size_t done[TARGETS * STEPS], count, inside;
	size_t fails, meeting;
	int with;
};

static size_t target_of(size_t i)
{
	return i % TARGETS;
}

/* As many as are to meet wait for each other inside: one after another they never would. */
static void meet(struct scene *scene)
{
	scene->inside++;
	pthread_cond_broadcast(&scene->changed);
	while (scene->inside < scene->meeting)
		pthread_cond_wait(&scene->changed, &scene->lock);
}

static int do_step(void *context, struct via_arena *arena, size_t i, struct via_error *error)
{
	struct scene *scene = context;
	int r = 0;

	pthread_mutex_lock(&scene->lock);
	meet(scene);
	scene->done[scene->count++] = i;
	if (scene->with && i == scene->fails)
		r = error_set(error, scene->with, "step", "here", NULL);
	pthread_mutex_unlock(&scene->lock);
	return r;
}

static int run(struct scene *scene, struct via_error *error)
{
	static char names[TARGETS][8];
	const char *targets[TARGETS * STEPS];

	pthread_mutex_init(&scene->lock, NULL);
	pthread_cond_init(&scene->changed, NULL);
	for (size_t i = 0; i < TARGETS * STEPS; i++) {
		snprintf(names[target_of(i)], sizeof(*names), "%zu", target_of(i));
		targets[i] = names[target_of(i)];
	}
	return lanes_run(&(struct via_lanes){ .targets = targets,
					      .count = TARGETS * STEPS,
					      .step = do_step,
					      .context = scene },
			 error);
}

static void all_are_done_and_a_lane_keeps_its_order(void **state)
{
	struct scene scene = { 0 };
	struct via_error error = { 0 };
	size_t next[TARGETS];

	for (size_t i = 0; i < TARGETS; i++)
		next[i] = i;
	assert_int_equal(run(&scene, &error), 0);
	assert_int_equal(scene.count, TARGETS * STEPS);
	for (size_t i = 0; i < scene.count; i++) {
		size_t lane = target_of(scene.done[i]);

		assert_int_equal(scene.done[i], next[lane]);
		next[lane] += TARGETS;
	}
}

static void lanes_run_side_by_side(void **state)
{
	struct scene scene = { .meeting = 32 };
	struct via_error error = { 0 };

	assert_int_equal(run(&scene, &error), 0);
	assert_int_equal(scene.count, TARGETS * STEPS);
}

static void nothing_more_of_a_lane_after_its_failure(void **state)
{
	struct scene scene = { .fails = 7, .with = -EBUSY };
	struct via_error error = { 0 };

	assert_int_equal(run(&scene, &error), -EBUSY);
	assert_string_equal(error.where, "here");
	for (size_t i = 0; i < scene.count; i++)
		assert_true(scene.done[i] == 7 || target_of(scene.done[i]) != 7);
}

static void nothing_to_do_is_no_failure(void **state)
{
	struct via_error error = { 0 };

	assert_int_equal(lanes_run(&(struct via_lanes){ .step = do_step }, &error), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_are_done_and_a_lane_keeps_its_order),
		cmocka_unit_test(lanes_run_side_by_side),
		cmocka_unit_test(nothing_more_of_a_lane_after_its_failure),
		cmocka_unit_test(nothing_to_do_is_no_failure),
	};

	return cmocka_run_group_tests_name("lanes", tests, NULL, NULL);
}
