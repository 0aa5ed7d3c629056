/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "prove/child.h"

enum { SHORT_MS = 300, LONG_MS = 10000 };

static int pass(void *context, const struct via_report *report)
{
	report_evidence(report, "saw", "%d", *(int *)context);
	return CLIMB_PASS;
}

static int warn(void *context, const struct via_report *report)
{
	return CLIMB_WARN;
}

static int skip_it(void *context, const struct via_report *report)
{
	report_hint(report, "has no such thing");
	return CLIMB_SKIP;
}

static int refuse(void *context, const struct via_report *report)
{
	return report_fail(report, -EBUSY, "some call", "look at %s", "that");
}

static int hang(void *context, const struct via_report *report)
{
	for (;;)
		pause();
	return CLIMB_PASS;
}

static int hang_deaf(void *context, const struct via_report *report)
{
	signal(SIGTERM, SIG_IGN);
	for (;;)
		pause();
	return CLIMB_PASS;
}

static int crash(void *context, const struct via_report *report)
{
	raise(SIGSEGV);
	return CLIMB_PASS;
}

static int leave_early(void *context, const struct via_report *report)
{
	_exit(0);
}

static int chatter(void *context, const struct via_report *report)
{
	char text[3000];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (int i = 0; i < 500; i++)
		report_evidence(report, "n", "%s", text);
	return CLIMB_PASS;
}

/* Descriptors the child has, but for the one it looks with. */
static int list_descriptors(void *context, const struct via_report *report)
{
	_cleanup_closedir_ DIR *directory = opendir("/proc/self/fd");
	struct dirent *entry;
	int others = 0;

	while (directory && (entry = readdir(directory))) {
		int fd = atoi(entry->d_name);

		if (entry->d_name[0] != '.' && fd != dirfd(directory) && fd != report->fd)
			others += fd > 2;
		if (fd == *(int *)context && entry->d_name[0] != '.')
			report_evidence(report, "kept", "%d", fd);
	}
	report_evidence(report, "others", "%d", others);
	return CLIMB_PASS;
}

static int count_descriptors(void)
{
	_cleanup_closedir_ DIR *directory = opendir("/proc/self/fd");
	int count = 0;

	while (readdir(directory))
		count++;
	return count;
}

/* climb - run steps and check what must hold after any road: no child, no descriptor is left */
static void climb(struct via_proof *proof, const struct via_step *steps, size_t count, int value,
		  int keep_fd, unsigned int limit_ms)
{
	const struct via_road road = { .steps = steps, .count = count };
	int before = count_descriptors();

	proof_init(proof, "test");
	assert_int_equal(child_climb(&road, &value, keep_fd, limit_ms, proof, NULL), 0);
	assert_int_equal(count_descriptors(), before);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	assert_int_equal(proof->rungs.count, count);
}

#define CLIMB(proof, steps, limit_ms) climb(proof, steps, VIA_COUNT(steps), 42, -1, limit_ms)

static const char *evidence(const struct via_proof *proof, const char *name, const char *key)
{
	const struct via_rung *rung = proof_rung(proof, name);

	via_for_each (item, &rung->evidence)
		if (strcmp(item->name, key) == 0)
			return item->value;
	return NULL;
}

static void assert_rung(const struct via_proof *proof, const char *name, enum via_verdict verdict,
			int error)
{
	const struct via_rung *rung = proof_rung(proof, name);

	assert_non_null(rung);
	assert_int_equal(rung->verdict, verdict);
	assert_int_equal(rung->error, error);
}

static void verdicts_come_through(void **state)
{
	static const struct via_step steps[] = { { "a", pass }, { "b", warn }, { "c", skip_it } };
	_cleanup_proof_ struct via_proof proof;

	CLIMB(&proof, steps, LONG_MS);
	assert_rung(&proof, "a", VIA_PASS, 0);
	assert_string_equal(evidence(&proof, "a", "saw"), "42");
	assert_null(proof_rung(&proof, "a")->hint);
	assert_rung(&proof, "b", VIA_WARN, 0);
	assert_rung(&proof, "c", VIA_SKIP, 0);
	assert_string_equal(proof_rung(&proof, "c")->hint, "has no such thing");
	assert_string_equal(proof.highest, "b");
}

static void a_failure_ends_the_road(void **state)
{
	static const struct via_step steps[] = { { "a", pass }, { "b", refuse }, { "c", pass } };
	_cleanup_proof_ struct via_proof proof;

	CLIMB(&proof, steps, LONG_MS);
	assert_rung(&proof, "b", VIA_FAIL, EBUSY);
	assert_string_equal(evidence(&proof, "b", "failed"), "some call");
	assert_string_equal(proof_rung(&proof, "b")->hint, "look at that");
	assert_rung(&proof, "c", VIA_SKIP, 0);
	assert_string_equal(proof_rung(&proof, "c")->hint, "not reached");
	assert_string_equal(proof.highest, "a");
}

static void what_a_hanging_child_saw_is_kept(void **state)
{
	static const struct via_step steps[] = {
		{ "a", pass }, { "b", pass }, { "c", warn }, { "d", hang_deaf }, { "e", pass }
	};
	_cleanup_proof_ struct via_proof proof;

	CLIMB(&proof, steps, SHORT_MS);
	assert_string_equal(evidence(&proof, "b", "saw"), "42");
	assert_string_equal(proof.highest, "c");
	assert_rung(&proof, "d", VIA_FAIL, ETIMEDOUT);
	assert_non_null(evidence(&proof, "d", "stopped"));
	assert_true(proof_rung(&proof, "d")->ms > 0);
	assert_rung(&proof, "e", VIA_SKIP, 0);
}

static void a_hang_at_once_is_blamed_on_the_first(void **state)
{
	static const struct via_step steps[] = { { "a", hang } };
	_cleanup_proof_ struct via_proof proof;

	CLIMB(&proof, steps, SHORT_MS);
	assert_rung(&proof, "a", VIA_FAIL, ETIMEDOUT);
	assert_null(proof.highest);
}

static void a_crash_is_told_with_its_signal(void **state)
{
	static const struct via_step steps[] = { { "a", pass }, { "b", crash }, { "c", pass } };
	_cleanup_proof_ struct via_proof proof;

	CLIMB(&proof, steps, LONG_MS);
	assert_rung(&proof, "b", VIA_FAIL, EIO);
	assert_int_equal(atoi(evidence(&proof, "b", "signal")), SIGSEGV);
	assert_rung(&proof, "c", VIA_SKIP, 0);
}

static void an_early_end_is_a_failure(void **state)
{
	static const struct via_step steps[] = { { "a", pass }, { "b", leave_early } };
	_cleanup_proof_ struct via_proof proof;

	CLIMB(&proof, steps, LONG_MS);
	assert_rung(&proof, "a", VIA_PASS, 0);
	assert_rung(&proof, "b", VIA_FAIL, EIO);
}

static void hang_for_ever(void *context)
{
	for (;;)
		pause();
}

static void hanging_while_giving_back_is_a_warning(void **state)
{
	static const struct via_step steps[] = { { "a", pass } };
	static const struct via_road road = { .steps = steps, .count = 1, .leave = hang_for_ever };
	_cleanup_proof_ struct via_proof proof;
	int value = 1;

	proof_init(&proof, "test");
	assert_int_equal(child_climb(&road, &value, -1, SHORT_MS, &proof, NULL), 0);
	assert_rung(&proof, "a", VIA_WARN, ETIMEDOUT);
	assert_non_null(evidence(&proof, "a", "giving_back"));
	assert_string_equal(proof.highest, "a");
}

static void long_reports_are_cut_not_lost(void **state)
{
	static const struct via_step steps[] = { { "a", chatter } };
	_cleanup_proof_ struct via_proof proof;

	CLIMB(&proof, steps, LONG_MS);
	assert_rung(&proof, "a", VIA_PASS, 0);
	assert_int_equal(proof_rung(&proof, "a")->evidence.count, 500);
	assert_int_equal(strlen(evidence(&proof, "a", "n")), RECORD_TEXT - 1);
}

static void the_child_has_only_what_it_is_given(void **state)
{
	static const struct via_step steps[] = { { "a", list_descriptors } };
	_cleanup_close_ int leaking = open("/dev/null", O_RDONLY);
	_cleanup_close_ int wanted = open("/dev/null", O_RDONLY | O_CLOEXEC);
	_cleanup_close_ int far = fcntl(leaking, F_DUPFD, 200);
	_cleanup_proof_ struct via_proof none, one;

	assert_true(far >= 200);
	climb(&none, steps, 1, wanted, -1, LONG_MS);
	assert_string_equal(evidence(&none, "a", "others"), "0");
	assert_null(evidence(&none, "a", "kept"));
	climb(&one, steps, 1, wanted, wanted, LONG_MS);
	assert_string_equal(evidence(&one, "a", "others"), "1");
	assert_non_null(evidence(&one, "a", "kept"));
}

/* A child that outlives its parent would be handed to us, the reaper. */
static void the_child_dies_with_its_parent(void **state)
{
	static const struct via_step steps[] = { { "a", hang } };
	static const struct via_road road = { .steps = steps, .count = 1 };
	pid_t parent;
	int value = 0, status;

	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	parent = fork();
	if (parent == 0) {
		struct via_proof proof;

		proof_init(&proof, "test");
		child_climb(&road, &value, -1, LONG_MS, &proof, NULL);
		_exit(0);
	}
	usleep(100000);
	kill(parent, SIGKILL);
	assert_int_equal(waitpid(parent, NULL, 0), parent);
	assert_true(waitpid(-1, &status, 0) > 0);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	prctl(PR_SET_CHILD_SUBREAPER, 0);
}

static void a_rung_that_goes_on_fails_alone(void **state)
{
	static const struct via_step steps[] = { { "a", pass },
						 { "b", refuse, .goes_on = true },
						 { "c", pass } };
	_cleanup_proof_ struct via_proof proof;

	CLIMB(&proof, steps, LONG_MS);
	assert_rung(&proof, "b", VIA_FAIL, EBUSY);
	assert_rung(&proof, "c", VIA_PASS, 0);
	assert_string_equal(proof.highest, "a");
}

static void count_restoring(void *context)
{
	(*(int *)context)++;
}

static int *shared_number(void)
{
	int *number = mmap(NULL, sizeof(*number), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(number, MAP_FAILED);
	return number;
}

static void what_outlives_a_child_is_put_back(void **state)
{
	static const struct via_step ways[] = { { "a", pass }, { "a", crash }, { "a", hang } };
	int *restored = shared_number();

	for (size_t i = 0; i < VIA_COUNT(ways); i++) {
		const struct via_road road = { .steps = &ways[i],
					       .count = 1,
					       .restore = count_restoring };
		_cleanup_proof_ struct via_proof proof;
		int before = count_descriptors();

		proof_init(&proof, "test");
		*restored = 41;
		assert_int_equal(child_climb(&road, restored, -1, SHORT_MS, &proof, NULL), 0);
		assert_int_equal(*restored, 42);
		assert_int_equal(count_descriptors(), before);
		assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	}
	munmap(restored, sizeof(*restored));
}

static void it_is_put_back_also_when_the_parent_is_killed(void **state)
{
	static const struct via_step steps[] = { { "a", hang } };
	static const struct via_road road = { .steps = steps,
					      .count = 1,
					      .restore = count_restoring };
	int *restored = shared_number();
	pid_t parent;

	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	parent = fork();
	if (parent == 0) {
		struct via_proof proof;

		proof_init(&proof, "test");
		child_climb(&road, restored, -1, LONG_MS, &proof, NULL);
		_exit(0);
	}
	usleep(100000);
	kill(parent, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0) /* parent, child and guard */
		;
	assert_int_equal(*restored, 1);
	prctl(PR_SET_CHILD_SUBREAPER, 0);
	munmap(restored, sizeof(*restored));
}

static int dawdle(void *context, const struct via_report *report)
{
	usleep(2 * SHORT_MS * 1000);
	return CLIMB_PASS;
}

static void a_rung_may_have_time_of_its_own(void **state)
{
	static const struct via_step patient[] = { { "a", pass },
						   { "b", dawdle, .extra_ms = LONG_MS } };
	static const struct via_step hasty[] = { { "a", dawdle },
						 { "b", pass, .extra_ms = LONG_MS } };
	_cleanup_proof_ struct via_proof proof, other;

	CLIMB(&proof, patient, SHORT_MS);
	assert_rung(&proof, "b", VIA_PASS, 0);
	CLIMB(&other, hasty, SHORT_MS); /* only from when it begins */
	assert_rung(&other, "a", VIA_FAIL, ETIMEDOUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_come_through),
		cmocka_unit_test(a_failure_ends_the_road),
		cmocka_unit_test(what_a_hanging_child_saw_is_kept),
		cmocka_unit_test(a_hang_at_once_is_blamed_on_the_first),
		cmocka_unit_test(a_crash_is_told_with_its_signal),
		cmocka_unit_test(an_early_end_is_a_failure),
		cmocka_unit_test(hanging_while_giving_back_is_a_warning),
		cmocka_unit_test(long_reports_are_cut_not_lost),
		cmocka_unit_test(the_child_has_only_what_it_is_given),
		cmocka_unit_test(the_child_dies_with_its_parent),
		cmocka_unit_test(a_rung_that_goes_on_fails_alone),
		cmocka_unit_test(what_outlives_a_child_is_put_back),
		cmocka_unit_test(it_is_put_back_also_when_the_parent_is_killed),
		cmocka_unit_test(a_rung_may_have_time_of_its_own),
	};

	return cmocka_run_group_tests_name("child", tests, NULL, NULL);
}
