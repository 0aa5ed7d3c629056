/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sys/effect.h"
#include "sys/watch.h"

struct place {
	char path[64];
	struct via_root root;
	struct via_effects effects;
};

static int begin(void **state)
{
	static struct place place;

	strcpy(place.path, "/tmp/viaduct-effect-XXXXXX");
	if (!mkdtemp(place.path) || root_open(&place.root, place.path, NULL) < 0)
		return -1;
	place.effects = effects_live(&place.root);
	*state = &place;
	return 0;
}

static int end(void **state)
{
	struct place *place = *state;
	char path[128];

	snprintf(path, sizeof(path), "%s/attribute", place->path);
	unlink(path);
	snprintf(path, sizeof(path), "%s/pipe", place->path);
	unlink(path);
	root_close(&place->root);
	return rmdir(place->path);
}

/* What the file holds after @value was written to it, empty before. */
static const char *after_write(const struct place *place, const char *value, int expected)
{
	static char text[64];
	char path[128];
	_cleanup_close_ int fd = -1;
	ssize_t n;

	snprintf(path, sizeof(path), "%s/attribute", place->path);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(effect_write(&place->effects, "attribute", value), expected);
	n = read(fd, text, sizeof(text) - 1);
	assert_true(n >= 0);
	text[n] = '\0';
	return text;
}

static void writes_a_value_and_clears_one(void **state)
{
	const struct place *place = *state;

	assert_string_equal(after_write(place, "vfio-pci", 0), "vfio-pci");
	assert_string_equal(after_write(place, "", 0), "\n");
	assert_int_equal(effect_write(&place->effects, "missing", "1"), -ENOENT);
	assert_int_equal(effect_write(&place->effects, "../../../../dev/null", "1"), -ENOENT);
}

static void writes_to_plain_files_only(void **state)
{
	const struct place *place = *state;
	char path[128];

	snprintf(path, sizeof(path), "%s/pipe", place->path);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(effect_write(&place->effects, "pipe", "1"), -ENXIO);
	assert_int_equal(effect_write(&place->effects, ".", "1"), -EISDIR);
}

static void does_nothing_without_effects(void **state)
{
	const struct via_effects none = { 0 };
	struct via_nvme_secondary setting;

	assert_int_equal(effect_write(&none, "x", "1"), -EROFS);
	assert_int_equal(effect_load_module(&none, "x"), -EROFS);
	assert_int_equal(effect_unload_module(&none, "x", NULL), -EROFS);
	assert_int_equal(effect_nvme_secondary_get(&none, "nvme0", 1, &setting), -EROFS);
	assert_int_equal(effect_nvme_secondary_set(&none, "nvme0", 1, "", &setting), -EROFS);
}

static void names_what_is_not_there(void **state)
{
	const struct place *place = *state;
	struct via_nvme_secondary setting;

	assert_int_equal(effect_load_module(&place->effects, "no_such_module"), -ENOENT);
	assert_int_equal(effect_unload_module(&place->effects, "no_such_module", NULL), -ENOENT);
	assert_int_equal(effect_nvme_secondary_get(&place->effects, "nvme0", 1, &setting), -ENOENT);
	assert_int_equal(effect_nvme_secondary_get(&place->effects, "nvme0/../x", 1, &setting),
			 -EINVAL);
}

static int answer(void *argument)
{
	return *(const int *)argument;
}

static int die(void *argument)
{
	abort();
}

static int sleep_long(void *argument)
{
	const struct timespec time = { .tv_sec = 20 };

	nanosleep(&time, NULL);
	return 0;
}

static void hands_an_answer_back(void **state)
{
	int codes[] = { 0, -EBUSY, -ENODEV, -ERANGE };
	int timed_out = -ETIMEDOUT;

	for (size_t i = 0; i < VIA_COUNT(codes); i++)
		assert_int_equal(watch_call(answer, &codes[i], 10000), codes[i]);
	assert_int_equal(watch_call(answer, &timed_out, 10000), -ETIME);
	assert_int_equal(watch_call(die, NULL, 10000), -EIO);
}

static struct via_writing writing(int fd, const char *data, size_t size)
{
	return (struct via_writing){ .fd = fd, .data = data, .size = size };
}

static int write_one(int fd, const char *data, size_t size, unsigned int limit_ms)
{
	struct via_writing one = writing(fd, data, size);
	int r = watch_writes(&one, 1, limit_ms);

	assert_int_equal(one.r, r);
	return r;
}

static void writes_and_says_what_the_kernel_said(void **state)
{
	int ends[2], full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	char got[8] = "";

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write_one(ends[1], "0000", 4, 10000), 0);
	assert_int_equal(read(ends[0], got, sizeof(got)), 4);
	assert_string_equal(got, "0000");
	assert_int_equal(write_one(-1, "0", 1, 10000), -EBADF);
	assert_int_equal(write_one(full, "0", 1, 10000), -ENOSPC);
	close(full);
	close(ends[0]);
	close(ends[1]);
}

static char much[1 << 20]; /* more than a pipe holds */

static void gives_up_on_a_write_that_hangs(void **state)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write_one(ends[1], much, sizeof(much), 50), -ETIMEDOUT);
	close(ends[0]);
	close(ends[1]);
}

enum { PIPES = 40 };

static void read_all_of(int fd)
{
	static char portion[1 << 16];
	size_t left = sizeof(much);

	while (left) {
		ssize_t n = read(fd, portion, sizeof(portion));

		if (n <= 0)
			_exit(1);
		left -= (size_t)n;
	}
}

/* Nobody reads the first one before all behind it are read: one after another they never end. */
static void writes_side_by_side(void **state)
{
	struct via_writing all[PIPES];
	int ends[PIPES][2], status;
	pid_t reader;

	for (size_t i = 0; i < PIPES; i++) {
		assert_int_equal(pipe(ends[i]), 0);
		all[i] = writing(ends[i][1], much, sizeof(much));
	}
	reader = fork();
	for (size_t i = PIPES; reader == 0 && i-- > 0;)
		read_all_of(ends[i][0]);
	if (reader == 0)
		_exit(0);
	assert_int_equal(watch_writes(all, PIPES, 60000), 0);
	for (size_t i = 0; i < PIPES; i++) {
		assert_int_equal(all[i].r, 0);
		close(ends[i][0]);
		close(ends[i][1]);
	}
	assert_int_equal(waitpid(reader, &status, 0), reader);
	assert_int_equal(status, 0);
}

static void begins_no_more_after_a_failure(void **state)
{
	struct via_writing all[3];
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	for (size_t i = 0; i < VIA_COUNT(all); i++)
		all[i] = writing(i == 0 ? -1 : ends[1], "0", 1);
	assert_int_equal(watch_writes(all, VIA_COUNT(all), 10000), -EBADF);
	assert_int_equal(all[0].r, -EBADF);
	for (size_t i = 1; i < VIA_COUNT(all); i++)
		assert_true(all[i].r == WATCH_NOT_BEGUN || all[i].r == 0);
	assert_int_equal(watch_writes(all, 0, 10000), 0);
	close(ends[0]);
	close(ends[1]);
}

/* What hangs is told before what fails. */
static void tells_which_one_hangs(void **state)
{
	struct via_writing all[2];
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	all[0] = writing(ends[1], much, sizeof(much));
	all[1] = writing(-1, "0", 1);
	assert_int_equal(watch_writes(all, VIA_COUNT(all), 200), -ETIMEDOUT);
	assert_int_equal(all[0].r, -ETIMEDOUT);
	assert_true(all[1].r == -EBADF || all[1].r == WATCH_NOT_BEGUN);
	close(ends[0]);
	close(ends[1]);
}

static void writes_several_attributes(void **state)
{
	const struct place *place = *state;
	struct via_write writes[] = { { .path = "attribute", .value = "one" },
				      { .path = "none", .value = "two" },
				      { .path = "attribute", .value = "three" } };
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/attribute", place->path);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	close(fd);
	assert_int_equal(effect_write_all(&place->effects, writes, 1), 0);
	assert_int_equal(effect_write_all(&place->effects, writes, VIA_COUNT(writes)), -ENOENT);
	assert_int_equal(writes[0].r, 0);
	assert_int_equal(writes[1].r, -ENOENT);
	assert_int_equal(writes[2].r, EFFECT_NOT_BEGUN);
}

static void gives_up_on_what_hangs(void **state)
{
	assert_int_equal(watch_call(sleep_long, NULL, 50), -ETIMEDOUT);
}

static void a_stack_is_told_without_offsets(void **state)
{
	char text[64];

	hang_frames("[<0>] msleep+0x2d/0x40\n[<0>] lab_hang_wait+0x1e/0x30 [lab_hang]\n"
		    "[<0>] pci_device_remove+0x3e/0xb0\n",
		    text, sizeof(text));
	assert_string_equal(text, "msleep < lab_hang_wait [lab_hang] < pci_device_remove");
	hang_frames("[<0>] msleep+0x2d/0x40\n[<0>] a_function_with_a_name_that_is_long+0x1/0x2\n",
		    text, 16);
	assert_string_equal(text, "msleep < a_func");
	hang_frames("nonsense\n\n[<0>]\n[<0>] \n]", text, sizeof(text));
	assert_string_equal(text, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(writes_a_value_and_clears_one, begin, end),
		cmocka_unit_test_setup_teardown(writes_to_plain_files_only, begin, end),
		cmocka_unit_test_setup_teardown(names_what_is_not_there, begin, end),
		cmocka_unit_test(does_nothing_without_effects),
		cmocka_unit_test(hands_an_answer_back),
		cmocka_unit_test(gives_up_on_what_hangs),
		cmocka_unit_test(a_stack_is_told_without_offsets),
		cmocka_unit_test(writes_and_says_what_the_kernel_said),
		cmocka_unit_test(gives_up_on_a_write_that_hangs),
		cmocka_unit_test(writes_side_by_side),
		cmocka_unit_test(begins_no_more_after_a_failure),
		cmocka_unit_test(tells_which_one_hangs),
		cmocka_unit_test_setup_teardown(writes_several_attributes, begin, end),
	};

	return cmocka_run_group_tests_name("effect", tests, NULL, NULL);
}
