/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/line_edit.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "decode/line.h"
#include "decode/line_place.h"

enum { FILE_BYTES = 1024 * 1024 };

static line_finder *const finders[] = {
	[VIA_LINE_WHOLE] = find_whole,		 [VIA_LINE_FIRST] = find_whole,
	[VIA_LINE_SHELL] = find_shell,		 [VIA_LINE_ENTRY] = find_entry,
	[VIA_LINE_EXTLINUX] = find_extlinux,	 [VIA_LINE_LIMINE] = find_limine,
	[VIA_LINE_REFIND] = find_refind,	 [VIA_LINE_REFIND_LINUX] = find_refind_linux,
	[VIA_LINE_UKIFY] = find_ukify,		 [VIA_LINE_YAML] = find_yaml,
	[VIA_LINE_KERNELSTUB] = find_kernelstub, [VIA_LINE_MODULES] = find_modules,
};
_Static_assert(VIA_COUNT(finders) == VIA_LINE_FORMATS, "every format has a finder");

/* A file on its way from one change to the next. */
struct editing {
	struct via_arena *arena;
	const struct via_line_where *where;
	struct via_span text;
	struct via_line_place place;
	struct via_error *error;
};

static int look(struct editing *editing)
{
	int r;

	editing->place = (struct via_line_place){ .separator = " " };
	if (editing->text.size > FILE_BYTES)
		return error_set(editing->error, -E2BIG, "edit", "the file", "over 1 MiB");
	if (editing->text.size && editing->text.data[editing->text.size - 1] == '\r')
		return error_set(editing->error, -EOPNOTSUPP, "edit", "the file",
				 "it ends in the middle of a line end");
	r = finders[editing->where->format](editing->arena, editing->where, editing->text,
					    &editing->place, editing->error);
	if (r < 0)
		return r;
	place_words(editing->arena, &editing->place);
	if (editing->place.open)
		return error_set(editing->error, -EOPNOTSUPP, "edit", "the words",
				 "a quote is never closed");
	return 0;
}

static int splice(struct editing *editing, size_t from, size_t to, const char *put)
{
	struct via_span old = editing->text;
	size_t length = strlen(put);
	uint8_t *text = arena_alloc(editing->arena, old.size - (to - from) + length + 1);

	if (from) /* a file that is not there has no bytes, and no place for them */
		memcpy(text, old.data, from);
	memcpy(text + from, put, length);
	if (old.size > to)
		memcpy(text + from + length, old.data + to, old.size - to);
	editing->text = (struct via_span){ text, old.size - (to - from) + length };
	return look(editing);
}

/* A word as it is written at this place. */
static const char *written(const struct editing *editing, const char *word)
{
	char *out, *at;

	if (!editing->place.bare)
		return word;
	out = at = arena_alloc(editing->arena, 2 * strlen(word) + 1);
	for (; *word; word++) {
		if (!isalnum((unsigned char)*word) && !strchr("_.,:=/@%+^-", *word))
			*at++ = '\\';
		*at++ = *word;
	}
	return out;
}

static int append(struct editing *editing, const char *word)
{
	const struct via_line_place *place = &editing->place;
	const char *put = written(editing, word);

	if (place->lacks)
		put = arena_printf(editing->arena, "%s%s%s", place->before, put, place->behind);
	else if (place->words.count && !place->fresh)
		put = arena_printf(editing->arena, "%s%s", place->separator, put);
	return splice(editing, place->insert, place->insert, put);
}

/* Whether the line above the key's says that we made it. */
static bool is_ours(const struct editing *editing)
{
	struct via_span text = editing->text;
	size_t end = editing->place.line, start = end ? line_starts_at(text, end - 1) : 0;
	const char *at = (const char *)text.data + start;

	while (start < end && isblank((unsigned char)*at)) {
		at++;
		start++;
	}
	return end - start > strlen(line_marker) &&
	       memcmp(at, line_marker, strlen(line_marker)) == 0 &&
	       strchr("\r\n", at[strlen(line_marker)]);
}

/* Whole lines, and the newline that was put before them where none was behind. */
static int cut_lines(struct editing *editing, size_t from, size_t to)
{
	struct via_span text = editing->text;

	if (from && to == text.size && text.data[to - 1] != '\n') {
		from--;
		from -= from && text.data[from - 1] == '\r';
	}
	return splice(editing, from, to, "");
}

static int cut(struct editing *editing, const struct via_word *word)
{
	const struct via_line_place *place = &editing->place;
	bool first = word == place->words.items, only = place->words.count == 1;
	size_t from = word->gap, to = word->to;

	if (only && place->line_end > place->line && is_ours(editing))
		return cut_lines(editing, line_starts_at(editing->text, place->line - 1),
				 place->line_end);
	if (place->lines)
		return cut_lines(editing, line_starts_at(editing->text, word->from),
				 line_ends_behind(editing->text, word->to));
	if (only && place->alone_end > place->alone)
		return splice(editing, place->alone, place->alone_end, "");
	if (first) {
		from = word->from;
		to = only ? word->to : word->gap_behind;
	}
	return splice(editing, from, to, "");
}

static int refuse_split(struct editing *editing, const struct via_word *word)
{
	return error_set(editing->error, -EOPNOTSUPP, "edit", word->text,
			 "quotes open or close inside this word");
}

/* The last word of that name, or the last that is the same. */
static struct via_word *find_last(const struct editing *editing, const char *word, bool whole)
{
	struct via_word *found = NULL;

	via_for_each (at, &editing->place.words)
		if (whole ? word_same(at->text, word) : word_same_name(at->text, word))
			found = at;
	return found;
}

/* Where the item stands in NAME=A,B,C: its offset in the text, or 0. */
static size_t find_item(const char *word, const char *item, size_t length)
{
	for (const char *at = strchr(word, '='); at; at = strchr(at, ',')) {
		at++;
		if (strcspn(at, ",") == length && strncmp(at, item, length) == 0)
			return (size_t)(at - word);
	}
	return 0;
}

static int add_items(struct editing *editing, const char *word)
{
	const char *item = strchr(word, '=') + 1;
	int r = 0;

	for (size_t length; r == 0 && *item; item += length + (item[length] == ',')) {
		const struct via_word *last = find_last(editing, word, false);

		length = strcspn(item, ",");
		via_for_each (at, &editing->place.words)
			if (word_same_name(at->text, word) && find_item(at->text, item, length))
				last = NULL;
		if (!last || !length)
			continue;
		r = splice(editing, last->to, last->to,
			   arena_printf(editing->arena, "%s%.*s",
					last->text[strlen(last->text) - 1] == '=' ? "" : ",",
					(int)length, item));
	}
	return r;
}

static int replace(struct editing *editing, const struct via_word *old, const char *word)
{
	if (!old->whole)
		return refuse_split(editing, old);
	return splice(editing, old->from, old->to, written(editing, word));
}

/* Parameters of which each stands for itself, and whose order counts. */
static bool is_repeated(const char *word)
{
	static const char *const names[] = { "console=",   "earlycon=", "hugepagesz=",
					     "hugepages=", "rd.",	"systemd." };

	for (size_t i = 0; i < VIA_COUNT(names); i++)
		if (text_starts(word, names[i]))
			return true;
	return false;
}

static int add_word(struct editing *editing, const char *word)
{
	const struct via_word *same = find_last(editing, word, false);

	if (find_last(editing, word, true))
		return 0;
	if (same && word_is_list(word) && strchr(same->text, '='))
		return add_items(editing, word);
	if (same && strchr(word, '=') && !is_repeated(word))
		return replace(editing, same, word);
	return append(editing, word);
}

/* Words that belong together, "hugepagesz=1G hugepages=2": there only one behind the other. */
static int add_phrase(struct editing *editing, const char *phrase)
{
	char *rest = arena_strdup(editing->arena, phrase), *part;
	struct via_names parts = { 0 };
	const struct via_line_place *place = &editing->place;
	int r = 0;

	while ((part = line_word(&rest)))
		*via_list_add(editing->arena, &parts) = part;
	if (parts.count < 2)
		return parts.count ? add_word(editing, parts.items[0]) : 0;
	for (size_t i = 0; i + parts.count <= place->words.count; i++) {
		size_t same = 0;

		while (same < parts.count &&
		       word_same(place->words.items[i + same].text, parts.items[same]))
			same++;
		if (same == parts.count)
			return 0;
	}
	for (size_t i = 0; i < parts.count && r == 0; i++)
		r = append(editing, parts.items[i]);
	return r;
}

static int cut_item(struct editing *editing, const struct via_word *word, size_t at, size_t length)
{
	size_t value = (size_t)(strchr(word->text, '=') + 1 - word->text);
	bool first = at == value, last = !word->text[at + length];

	if (!word->whole)
		return refuse_split(editing, word);
	if (first && last)
		return cut(editing, word);
	if (first)
		length++;
	return splice(editing, word->ends[first ? at - 1 : at - 2], word->ends[at + length - 1],
		      "");
}

static int remove_items(struct editing *editing, const char *wanted)
{
	const char *item = strchr(wanted, '=') + 1;
	int r = 0;

	for (size_t length; r == 0 && *item; item += length + (item[length] == ',')) {
		const struct via_word *found = NULL;

		length = strcspn(item, ",");
		via_for_each (word, &editing->place.words)
			if (length && word_same_name(word->text, wanted) &&
			    find_item(word->text, item, length))
				found = word;
		if (found)
			r = cut_item(editing, found, find_item(found->text, item, length), length);
	}
	return r;
}

static int remove_word(struct editing *editing, const char *wanted)
{
	const struct via_word *found = find_last(editing, wanted, true);

	if (found)
		return found->whole ? cut(editing, found) : refuse_split(editing, found);
	return word_is_list(wanted) ? remove_items(editing, wanted) : 0;
}

static int remove_phrase(struct editing *editing, const char *phrase)
{
	size_t end = strlen(phrase);
	int r = 0;

	/* From behind: what was added last goes first. */
	while (r == 0 && end) {
		size_t start = end;

		while (start && phrase[start - 1] != ' ')
			start--;
		if (end > start)
			r = remove_word(editing,
					arena_strndup(editing->arena, phrase + start, end - start));
		end = start - (start > 0);
	}
	return r;
}

static int refuse_letters(const struct via_line_where *where, const struct via_names *words,
			  struct via_error *error)
{
	const char *special = where->format == VIA_LINE_YAML ? "\"'\\$`#,:" : "\"'\\$`#";

	via_for_each (word, words) {
		for (const char *at = *word; *at; at++)
			if (*at < ' ' || *at > '~' || strchr(special, *at))
				return error_usage(error, "edit", *word,
						   "this word would need quoting");
		if (!**word)
			return error_usage(error, "edit", "a word", "it is empty");
	}
	return 0;
}

/* Whether a word is there, or every item of it where it is a list. */
static bool reads_back(const struct editing *editing, const char *word)
{
	const char *item = word_is_list(word) ? strchr(word, '=') + 1 : "";
	bool all = *item;

	if (find_last(editing, word, true))
		return true;
	for (size_t length; *item; item += length + (item[length] == ',')) {
		bool found = false;

		length = strcspn(item, ",");
		via_for_each (at, &editing->place.words)
			found |=
				word_same_name(at->text, word) && find_item(at->text, item, length);
		all &= found;
	}
	return all;
}

/* A file may be broken in ways that show only now, by a quote left open far above. */
static int check_words(struct editing *editing, const struct via_names *words)
{
	via_for_each (phrase, words) {
		char *rest = arena_strdup(editing->arena, *phrase), *word;

		while ((word = line_word(&rest)))
			if (!reads_back(editing, word))
				return error_set(editing->error, -EOPNOTSUPP, "edit", word,
						 "once put in it does not read back");
	}
	return 0;
}

int line_words(struct via_arena *arena, const struct via_line_where *where, struct via_span text,
	       struct via_names *ret, struct via_error *error)
{
	struct editing editing = { .arena = arena, .where = where, .text = text, .error = error };
	int r = look(&editing);

	if (r < 0)
		return r;
	*ret = (struct via_names){ 0 };
	via_for_each (word, &editing.place.words)
		*via_list_add(arena, ret) = word->text;
	return 0;
}

int line_add(struct via_arena *arena, const struct via_line_where *where, struct via_span text,
	     const struct via_names *words, struct via_span *ret, struct via_error *error)
{
	struct editing editing = { .arena = arena, .where = where, .text = text, .error = error };
	int r = refuse_letters(where, words, error);

	if (r == 0)
		r = look(&editing);
	for (size_t i = 0; i < words->count && r == 0; i++)
		r = add_phrase(&editing, words->items[i]);
	if (r == 0)
		r = check_words(&editing, words);
	if (r == 0)
		*ret = editing.text;
	return r;
}

int line_remove(struct via_arena *arena, const struct via_line_where *where, struct via_span text,
		const struct via_names *words, struct via_span *ret, struct via_error *error)
{
	struct editing editing = { .arena = arena, .where = where, .text = text, .error = error };
	int r = look(&editing);

	for (size_t i = words->count; i-- > 0 && r == 0;)
		r = remove_phrase(&editing, words->items[i]);
	if (r == 0)
		*ret = editing.text;
	return r;
}
