/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/timer.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "apply/journal.h"
#include "apply/undo.h"
#include "apply/writer.h"
#include "base/cleanup.h"
#include "base/parse.h"

#define DIRECTORY "run/viaduct-timers"
#define DUE	  ".due"

enum { LOOK_MS = 500, AGAIN_MS = 1000, AGAIN_LIMIT_MS = 600 * 1000, NAME_BYTES = 32 };

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void pause_ms(int64_t ms)
{
	nanosleep(&(struct timespec){ .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 }, NULL);
}

static void name_of(uint64_t id, const char *suffix, char ret[NAME_BYTES])
{
	snprintf(ret, NAME_BYTES, "%06" PRIu64 "%s", id, suffix);
}

static int failed(const char *what, int code, struct via_error *error)
{
	return error_set(error, code, what, "/" DIRECTORY, NULL);
}

int timer_set(const struct via_root *root, uint64_t id, unsigned int seconds,
	      struct via_error *error)
{
	_cleanup_close_ int directory = writer_directory(root, DIRECTORY, 0700);
	_cleanup_close_ int fd = -1;
	char name[NAME_BYTES], text[32];
	int size, r;

	if (directory < 0)
		return failed("set a timer", directory, error);
	name_of(id, "", name);
	fd = writer_create(directory, name);
	if (fd < 0)
		return failed("set a timer", fd, error);
	size = snprintf(text, sizeof(text), "%" PRId64 "\n", now_ms() + (int64_t)seconds * 1000);
	r = writer_append(fd, text, (size_t)size);
	return r < 0 ? failed("set a timer", r, error) : 0;
}

int64_t timer_left_ms(const struct via_root *root, uint64_t id)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	char name[NAME_BYTES];
	struct via_fact fact;
	uint64_t at;

	name_of(id, DUE, name);
	fact = root_exists(root, arena, DIRECTORY "/%s", name);
	if (fact_is(&fact, VIA_PRESENT))
		return 0;
	name_of(id, "", name);
	fact = root_text(root, arena, DIRECTORY "/%s", name);
	if (!fact_is(&fact, VIA_PRESENT))
		return fact_is(&fact, VIA_ABSENT) ? -ENOENT : -fact.error;
	/* Half a line is one whose writer died before it changed anything. */
	if (parse_u64(fact.text, 10, &at) < 0 || (int64_t)at <= now_ms())
		return 0;
	return (int64_t)at - now_ms();
}

void timer_drop(const struct via_root *root, uint64_t id)
{
	_cleanup_close_ int directory = root_openat(root, DIRECTORY, O_RDONLY | O_DIRECTORY);
	static const char *const suffixes[] = { "", DUE };
	char name[NAME_BYTES];

	for (size_t i = 0; directory >= 0 && i < VIA_COUNT(suffixes); i++) {
		name_of(id, suffixes[i], name);
		unlinkat(directory, name, 0);
	}
}

/* Whoever comes first has it: the one who keeps it takes the name away. */
static bool claim(const struct via_root *root, uint64_t id)
{
	_cleanup_close_ int directory = root_openat(root, DIRECTORY, O_RDONLY | O_DIRECTORY);
	char name[NAME_BYTES], due[NAME_BYTES];

	name_of(id, "", name);
	name_of(id, DUE, due);
	return directory >= 0 && (renameat(directory, name, directory, due) == 0 ||
				  faccessat(directory, due, F_OK, 0) == 0);
}

static int undo(const struct via_world *world, uint64_t id, const struct via_apply_options *options,
		struct via_error *error)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_transaction transaction;
	int r = journal_read(&world->root, arena, id, &transaction, error);

	if (r < 0)
		return r;
	r = transaction_unfinished(&transaction) ? apply_recover(world, options, error)
						 : apply_rollback(world, id, options, error);
	return r == -EALREADY ? 0 : r;
}

int timer_wait(const struct via_world *world, uint64_t id, const struct via_apply_options *options,
	       struct via_error *error)
{
	int64_t left, tries = AGAIN_LIMIT_MS / AGAIN_MS;
	int r;

	while ((left = timer_left_ms(&world->root, id)) > 0)
		pause_ms(left < LOOK_MS ? left : LOOK_MS);
	if (left < 0 || !claim(&world->root, id))
		return left == -ENOENT || left == 0 ? 0 : (int)left;
	/* Somebody else changes this host, or a guest has the device. */
	while ((r = undo(world, id, options, error)) == -EBUSY && tries-- > 0)
		pause_ms(AGAIN_MS);
	if (r == 0)
		timer_drop(&world->root, id);
	return r < 0 ? r : 1;
}

static bool is_timer(const char *name, uint64_t *ret)
{
	return strspn(name, "0123456789") == strlen(name) && parse_u64(name, 10, ret) == 0;
}

int timer_keep(const struct via_world *world, struct via_arena *arena, struct via_timers *ret,
	       struct via_error *error)
{
	_cleanup_close_ int directory =
		root_openat(&world->root, DIRECTORY, O_RDONLY | O_DIRECTORY);
	struct via_names names;
	struct via_fact fact;
	uint64_t id;

	*ret = (struct via_timers){ 0 };
	if (directory == -ENOENT)
		return 0;
	if (directory < 0)
		return failed("keep a change", directory, error);
	fact = root_entries(&world->root, arena, &names, DIRECTORY);
	if (!fact_is(&fact, VIA_PRESENT))
		return failed("keep a change", -fact.error, error);
	via_for_each (name, &names) {
		if (!is_timer(*name, &id) || timer_left_ms(&world->root, id) == 0)
			continue;
		if (unlinkat(directory, *name, 0) == 0)
			*via_list_add(arena, ret) = id;
		else if (errno != ENOENT)
			return failed("keep a change", -errno, error);
	}
	return 0;
}
