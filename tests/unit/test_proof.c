/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/proof.h"
#include "render/json_proof.h"
#include "render/text_proof.h"

/* A road of three where the second rung has the given verdict, and the third is reached or not. */
static void make_proof(struct via_proof *proof, enum via_verdict second, enum via_verdict third)
{
	proof_init(proof, "0000:01:00.0");
	proof_add(proof, "driver");
	proof_add(proof, "open");
	proof_add(proof, "attach");
	proof->rungs.items[0].verdict = VIA_PASS;
	proof->rungs.items[1].verdict = second;
	proof->rungs.items[2].verdict = third;
	proof_settle(proof);
}

static void starts_with_nothing_reached(void **state)
{
	_cleanup_proof_ struct via_proof proof;

	proof_init(&proof, "kvm");
	proof_add(&proof, "open");
	proof_settle(&proof);
	assert_int_equal(proof_rung(&proof, "open")->verdict, VIA_SKIP);
	assert_string_equal(proof_rung(&proof, "open")->hint, "not reached");
	assert_null(proof_rung(&proof, "vm"));
	assert_null(proof.highest);
}

static void highest_ends_below_the_first_failure(void **state)
{
	static const struct {
		enum via_verdict second, third;
		const char *highest;
	} cases[] = {
		{ VIA_PASS, VIA_PASS, "attach" }, { VIA_PASS, VIA_SKIP, "open" },
		{ VIA_FAIL, VIA_SKIP, "driver" }, { VIA_FAIL, VIA_PASS, "driver" },
		{ VIA_WARN, VIA_SKIP, "open" },	  { VIA_SKIP, VIA_PASS, "attach" },
		{ VIA_PASS, VIA_FAIL, "open" },	  { VIA_CANNOT_TELL, VIA_SKIP, "driver" },
	};

	for (size_t i = 0; i < VIA_COUNT(cases); i++) {
		_cleanup_proof_ struct via_proof proof;

		make_proof(&proof, cases[i].second, cases[i].third);
		assert_string_equal(proof.highest, cases[i].highest);
	}
}

static void json_is_as_promised(void **state)
{
	_cleanup_proof_ struct via_proof proof;
	_cleanup_free_ char *text = NULL;
	json_t *json;

	make_proof(&proof, VIA_FAIL, VIA_SKIP);
	proof.rungs.items[0].ms = 1.25;
	proof_cite(&proof, &proof.rungs.items[0], "group", "%d", 9);
	proof.rungs.items[0].hint = NULL;
	proof.rungs.items[1].error = EBUSY;
	json = json_proof(&proof);
	text = json_dumps(json, JSON_PRESERVE_ORDER | JSON_COMPACT);
	json_decref(json);
	assert_string_equal(
		text, "{\"schema\":\"viaduct.prove/1\",\"target\":\"0000:01:00.0\",\"rungs\":["
		      "{\"rung\":\"driver\",\"verdict\":\"pass\",\"evidence\":{\"group\":\"9\"},"
		      "\"errno\":null,\"ms\":1.25},"
		      "{\"rung\":\"open\",\"verdict\":\"fail\",\"evidence\":{},\"errno\":\"EBUSY\","
		      "\"ms\":0.0,\"hint\":\"not reached\"},"
		      "{\"rung\":\"attach\",\"verdict\":\"skip\",\"evidence\":{},\"errno\":null,"
		      "\"ms\":0.0,\"hint\":\"not reached\"}],\"highest\":\"driver\"}");
}

static void text_says_which_rung_failed_and_why(void **state)
{
	_cleanup_proof_ struct via_proof proof;
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	make_proof(&proof, VIA_FAIL, VIA_SKIP);
	proof.rungs.items[0].hint = NULL;
	proof_cite(&proof, &proof.rungs.items[0], "api_version", "12");
	proof.rungs.items[1].error = EBUSY;
	proof_cite(&proof, &proof.rungs.items[1], "node", "/dev/vfio/9");
	proof_cite(&proof, &proof.rungs.items[1], "failed", "open of it");
	proof.rungs.items[1].hint = "somebody else has it open";
	text_proof(&(struct via_paper){ .file = out, .width = 80 }, &proof);
	fclose(out);
	assert_non_null(strstr(text, "  + driver        0.0 ms  api version 12\n"));
	assert_non_null(
		strstr(text, "  x open          0.0 ms  open of it: EBUSY; node /dev/vfio/9\n"));
	assert_non_null(strstr(text, "-> somebody else has it open\n"));
	assert_non_null(strstr(text, "  - attach                not reached\n"));
	assert_null(strstr(text, "\033"));
}

static void text_stays_within_80_columns(void **state)
{
	_cleanup_proof_ struct via_proof proof;
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	make_proof(&proof, VIA_PASS, VIA_PASS);
	for (int i = 0; i < 40; i++)
		proof_cite(&proof, &proof.rungs.items[0], "some_name", "%d of a long list", i);
	text_proof(&(struct via_paper){ .file = out, .width = 80 }, &proof);
	fclose(out);
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		assert_in_range(strlen(line), 1, 80);
}

static void ladders_are_put_together_with_the_lower_highest(void **state)
{
	_cleanup_proof_ struct via_proof whole, good, bad, after;
	_cleanup_free_ char *text = NULL, *words = NULL;
	size_t size;
	FILE *out = open_memstream(&words, &size);
	json_t *json;

	proof_init(&whole, "0000:01:00.0");
	make_proof(&good, VIA_PASS, VIA_PASS);
	make_proof(&bad, VIA_FAIL, VIA_SKIP);
	proof_cite(&bad, &bad.rungs.items[1], "node", "/dev/iommu");
	proof_append(&whole, &good, "group", 1);
	assert_string_equal(whole.highest, "attach");
	proof_init(&after, "0000:01:00.0");
	proof_add(&after, "return");
	proof_settle(&after);
	proof_append(&whole, &after, NULL, 1);
	assert_string_equal(whole.highest, "attach"); /* skipped: no further, no lower */
	after.rungs.items[0].verdict = VIA_PASS;
	proof_settle(&after);
	proof_append(&whole, &after, NULL, 1);
	assert_string_equal(whole.highest, "return");
	proof_append(&whole, &bad, "iommufd", 1);
	assert_string_equal(whole.highest, "driver");
	proof_append(&whole, &good, "group", 2);
	assert_string_equal(whole.highest, "driver");
	assert_int_equal(whole.rungs.count, 11);
	assert_string_equal(whole.rungs.items[6].evidence.items[0].value, "/dev/iommu");
	json = json_proof(&whole);
	text = json_dumps(json_array_get(json_object_get(json, "rungs"), 8),
			  JSON_PRESERVE_ORDER | JSON_COMPACT);
	json_decref(json);
	assert_non_null(strstr(text, "\"interface\":\"group\",\"round\":2"));
	text_proof(&(struct via_paper){ .file = out, .width = 80 }, &whole);
	fclose(out);
	assert_non_null(strstr(words, " Round 1, by iommufd\n  + driver"));
	assert_non_null(strstr(words, " Round 2, by group\n  + driver"));
}

/* through_json - as a later run finds it */
static void through_json(const struct via_proof *proof, struct via_proof *ret)
{
	json_t *json = json_proof(proof);

	assert_int_equal(proof_from_json(json, "test", ret, NULL), 0);
	json_decref(json);
}

static void what_came_out_otherwise_is_told(void **state)
{
	_cleanup_proof_ struct via_proof then, kept, now;
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	make_proof(&then, VIA_PASS, VIA_PASS);
	then.host = (struct via_occasion){ .time = "2026-01-01T00:00:00Z", .kernel = "6.1" };
	then.identity = "8086:10ca";
	through_json(&then, &kept);
	make_proof(&now, VIA_FAIL, VIA_SKIP);
	now.host = (struct via_occasion){ .time = "2026-01-02T00:00:00Z", .kernel = "6.12" };
	proof_compare(&now, &kept);
	assert_null(now.earlier); /* another device had that address */
	now.identity = "8086:10ca";
	proof_compare(&now, &kept);
	assert_string_equal(now.earlier, "2026-01-01T00:00:00Z, kernel 6.1");
	assert_false(proof_changed(&now.rungs.items[0]));
	assert_true(proof_changed(&now.rungs.items[1]));
	assert_false(now.rungs.items[2].was_known);
	text_proof(&(struct via_paper){ .file = out, .width = 80 }, &now);
	fclose(out);
	assert_non_null(strstr(text, "open: pass on 2026-01-01T00:00:00Z, kernel 6.1; now fail\n"));
	assert_null(strstr(text, "each rung as on"));
}

static void of_rounds_the_worst_counts(void **state)
{
	_cleanup_proof_ struct via_proof then, now;
	struct via_proof round;

	proof_init(&then, "0000:01:00.0");
	make_proof(&round, VIA_PASS, VIA_PASS);
	proof_append(&then, &round, "group", 1);
	round.rungs.items[1].verdict = VIA_WARN;
	proof_append(&then, &round, "group", 2);
	proof_init(&now, "0000:01:00.0");
	round.rungs.items[1].verdict = VIA_PASS;
	proof_append(&now, &round, "group", 0);
	proof_append(&now, &round, "iommufd", 0);
	proof_compare(&now, &then);
	assert_true(proof_changed(&now.rungs.items[1]));
	assert_int_equal(now.rungs.items[1].was, VIA_WARN);
	assert_false(now.rungs.items[4].was_known); /* not tried by that way */
	proof_free(&round);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(starts_with_nothing_reached),
		cmocka_unit_test(highest_ends_below_the_first_failure),
		cmocka_unit_test(json_is_as_promised),
		cmocka_unit_test(text_says_which_rung_failed_and_why),
		cmocka_unit_test(text_stays_within_80_columns),
		cmocka_unit_test(ladders_are_put_together_with_the_lower_highest),
		cmocka_unit_test(what_came_out_otherwise_is_told),
		cmocka_unit_test(of_rounds_the_worst_counts),
	};

	return cmocka_run_group_tests_name("proof", tests, NULL, NULL);
}
