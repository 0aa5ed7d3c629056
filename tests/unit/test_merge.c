/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Contents of files: told apart, shown as differences, and edits taken back out of them. */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/sha256.h"
#include "decode/line.h"
#include "plan/diff.h"
#include "plan/generate.h"
#include "plan/file.h"
#include "plan/merge.h"

/* Source: FIPS 180-4, the first two examples */
static void hashes_as_the_standard_says(void **state)
{
	char digest[SHA256_HEX + 1];

	sha256_of("abc", 3, digest);
	assert_string_equal(digest,
			    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	sha256_of("", 0, digest);
	assert_string_equal(digest,
			    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void shows_differences(void **state)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const char *old = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n",
		   *new = "1\n2\n3\n4\nfive\n6\n7\n8\n9\n10\n11\n12\nend";

	assert_string_equal(diff_texts(arena, "a", "b", span_of_text(old), span_of_text(new)),
			    "--- a\n+++ b\n"
			    "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n"
			    "@@ -10,3 +10,4 @@\n 10\n 11\n 12\n+end\n"
			    "\\ No newline at end of file\n");
	assert_string_equal(diff_texts(arena, "a", "b", span_of_text(old), span_of_text(old)), "");
	assert_string_equal(diff_texts(arena, "a", "b", span_of_text(""), span_of_text("x\n")),
			    "--- a\n+++ b\n@@ -0,0 +1 @@\n+x\n");
}

/* Any two lists: what the changes say, done to the old one, gives the new one. */
static void finds_a_way_between_any_two(void **state)
{
	static char words[2][400][2];
	_cleanup_arena_ struct via_arena *arena = arena_new();

	srandom(1);
	for (int round = 0; round < 300; round++) {
		struct via_pieces lists[2] = { 0 };
		struct via_changes changes;
		size_t at = 0, made = 0;
		long alphabet = 2 + random() % 20;

		for (size_t side = 0; side < 2; side++)
			for (long n = random() % 400, i = 0; i < n; i++) {
				words[side][i][0] = (char)('a' + random() % alphabet);
				*via_list_add(arena, &lists[side]) =
					(struct via_piece){ words[side][i], 1 };
			}
		changes = diff_pieces(arena, &lists[0], &lists[1]);
		via_for_each (change, &changes) {
			for (; at < change->old_at; at++, made++)
				assert_int_equal(*lists[0].items[at].text,
						 *lists[1].items[made].text);
			at += change->old_count;
			assert_int_equal(made, change->new_at);
			made += change->new_count;
		}
		assert_int_equal(lists[0].count - at, lists[1].count - made);
		for (; at < lists[0].count; at++, made++)
			assert_int_equal(*lists[0].items[at].text, *lists[1].items[made].text);
	}
}

#define LINE "GRUB_CMDLINE_LINUX_DEFAULT="

static void takes_its_own_words_back(void **state)
{
	static const struct {
		const char *old, *ours, *present, *merged; /* NULL: a clash */
	} rows[] = {
		/* untouched, and undone by hand already */
		{ LINE "\"quiet\"\n", LINE "\"quiet a=1 b\"\n", LINE "\"quiet a=1 b\"\n",
		  LINE "\"quiet\"\n" },
		{ LINE "\"quiet\"\n", LINE "\"quiet a=1 b\"\n", LINE "\"quiet\"\n",
		  LINE "\"quiet\"\n" },
		/* words before and behind ours, in place of the one before, without it */
		{ LINE "\"quiet\"\n", LINE "\"quiet a=1 b\"\n", LINE "\"quiet a=1 b c\"\n",
		  LINE "\"quiet c\"\n" },
		{ LINE "\"quiet\"\n", LINE "\"quiet a=1 b\"\n", LINE "\"c quiet a=1 b\"\n",
		  LINE "\"c quiet\"\n" },
		{ LINE "\"quiet\"\n", LINE "\"quiet a=1 b\"\n", LINE "\"splash a=1 b\"\n",
		  LINE "\"splash\"\n" },
		{ LINE "\"quiet\"\n", LINE "\"quiet a=1 b\"\n", LINE "\"a=1 b\"\n", LINE "\"\"\n" },
		/* one of ours taken out by its owner; other lines, CRLF, no final newline */
		{ LINE "\"quiet\"\n", LINE "\"quiet a=1 b\"\n", LINE "\"quiet b\"\n",
		  LINE "\"quiet\"\n" },
		{ "x\r\n" LINE "'q'\r\n# end", "x\r\n" LINE "'q a'\r\n# end",
		  "y\r\n" LINE "'q a'\r\n# other end\r\n", "y\r\n" LINE "'q'\r\n# other end\r\n" },
		/* lines of ours */
		{ "one\ntwo\n", "one\nours\ntwo\n", "one\nours\ntwo\nthree\n",
		  "one\ntwo\nthree\n" },
		{ "", "ours\n", "ours\ntheirs\n", "theirs\n" },
		/* what we had taken away comes back */
		{ "one\ntwo\nthree\n", "one\nthree\n", "zero\none\nthree\n",
		  "zero\none\ntwo\nthree\n" },
		/* the same words, changed by both */
		{ LINE "\"quiet\"\n", LINE "\"quiet a=1\"\n", LINE "\"quiet a=2\"\n", NULL },
		{ "a=1\n", "a=2\n", "a=3\n", NULL },
		{ "one\ntwo\n", "one\n2\ntwo\n", "gone\n", NULL },
	};
	_cleanup_arena_ struct via_arena *arena = arena_new();

	for (size_t i = 0; i < VIA_COUNT(rows); i++) {
		struct via_span merged;
		int r = merge_take_back(arena, span_of_text(rows[i].old),
					span_of_text(rows[i].ours), span_of_text(rows[i].present),
					&merged);

		if (r != (rows[i].merged ? 0 : -EEXIST))
			print_message("# row %zu: %d %.*s\n", i, r, r ? 0 : (int)merged.size,
				      merged.data);
		assert_int_equal(r, rows[i].merged ? 0 : -EEXIST);
		if (rows[i].merged)
			assert_string_equal(
				arena_strndup(arena, (const char *)merged.data, merged.size),
				rows[i].merged);
	}
}

static void reads_values_and_claims(void **state)
{
	static const char *const bad[] = {
		"",
		"absent ",
		"0644",
		"0644 0:0 3 abc",
		"99999 0:0 1 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b"
		"934ca495991b7852b855",
		"0644 -1:0 1 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b"
		"934ca495991b7852b855"
	};
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const struct via_file file = { .there = true, .mode = 0600, .uid = 3, .gid = 4 };
	const char *text = file_value_of(&file, arena);
	struct via_file_value value;
	struct via_claims claims;

	assert_int_equal(file_value_parse(text, &value), 0);
	assert_string_equal(file_value_text(&value, arena), text);
	for (size_t i = 0; i < VIA_COUNT(bad); i++)
		assert_int_equal(file_value_parse(bad[i], &value), -EINVAL);
	assert_int_equal(claims_parse(arena, "cmdline+a%20b%25 image-etc/x", &claims), 0);
	assert_string_equal(claims.items[0].thing, "a b%");
	assert_string_equal(claims_text(arena, &claims), "cmdline+a%20b%25 image-etc/x");
	assert_int_equal(claims_parse(arena, "cmdline", &claims), -EINVAL);
	assert_int_equal(claims_parse(arena, "disk+x", &claims), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashes_as_the_standard_says),
		cmocka_unit_test(shows_differences),
		cmocka_unit_test(finds_a_way_between_any_two),
		cmocka_unit_test(takes_its_own_words_back),
		cmocka_unit_test(reads_values_and_claims),
	};

	return cmocka_run_group_tests_name("merge", tests, NULL, NULL);
}
