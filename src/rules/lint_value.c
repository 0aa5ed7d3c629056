/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/lint_part.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/parse.h"

int value_says_yes(const char *value)
{
	if (!value)
		return 1;
	if (strchr("yYtT1", *value) && *value)
		return 1;
	if (strchr("nNfF0", *value) && *value)
		return 0;
	if (strncasecmp(value, "on", 2) == 0)
		return 1;
	return strncasecmp(value, "of", 2) == 0 ? 0 : -EINVAL;
}

char *value_part(struct via_arena *arena, const char **at)
{
	size_t length;
	char *part;

	if (!*at)
		return NULL;
	length = strcspn(*at, ",");
	part = arena_strndup(arena, *at, length);
	*at = (*at)[length] ? *at + length + 1 : NULL;
	return part;
}

static bool takes_value(const char *word)
{
	return strchr("=:", word[strlen(word) - 1]);
}

/* The longest option wins: hpmmiosize= is not hpmmio…, "off" is no "of". */
static const struct via_known_option *find_option(const struct via_known_parameter *known,
						  const char *word)
{
	const struct via_known_option *best = NULL;

	for (size_t i = 0; i < known->option_count; i++) {
		const struct via_known_option *option = &known->options[i];
		bool begins = text_starts(word, option->word);

		if (strcmp(word, option->word) == 0)
			return option;
		if (begins && (known->value == VIA_VALUE_PREFIX || takes_value(option->word)) &&
		    (!best || strlen(option->word) > strlen(best->word)))
			best = option;
	}
	return best;
}

static struct via_lint_option *add(struct via_arena *arena, struct via_lint_word *word,
				   const char *text)
{
	struct via_lint_option *option = via_list_add(arena, &word->options);

	option->word = text;
	return option;
}

/* The table knows releases up to its end; what came later it cannot call wrong. */
static void judge_strange_option(struct via_arena *arena, const struct via_lint_kernel *kernel,
				 const struct via_lint_word *word, struct via_lint_option *option)
{
	bool later = !kernel->version || kernel->version > VIA_TABLE_END;

	option->verdict = later ? VIA_LINT_UNKNOWN : VIA_LINT_WRONG;
	option->text = arena_printf(arena,
				    later ? "is no word of %s= that the table knows, which "
					    "ends with Linux 6.18"
					  : "is no word that %s= understands",
				    word->name);
}

static void judge_option(struct via_arena *arena, const struct via_lint_kernel *kernel,
			 struct via_lint_word *word, const char *text)
{
	const struct via_known_option *known = find_option(word->known, text);
	struct via_lint_option *option = add(arena, word, text);

	if (!known) {
		judge_strange_option(arena, kernel, word, option);
		return;
	}
	option->since = known->since;
	option->gone = known->gone;
	option->verdict = kernel_has(arena, kernel, known->since, known->gone, &option->text);
	if (option->verdict != VIA_LINT_OK)
		return;
	option->verdict = known->verdict;
	option->text = known->text;
	if (strcmp(text, known->word) != 0 && !takes_value(known->word)) {
		option->text =
			arena_printf(arena, "is read as \"%s\": %s", known->word, known->text);
		/* "only" switches VT-d on as "on" does; "1" and "on" are nobody's prefix. */
		if (known->verdict == VIA_LINT_NO_EFFECT)
			option->verdict = VIA_LINT_WRONG;
	}
}

/* A value is as bad as its worst word, and says what that one does. */
static void sum_up(struct via_arena *arena, struct via_lint_word *word)
{
	const char *text = NULL;

	via_for_each (option, &word->options)
		if (option->verdict > word->verdict)
			word->verdict = option->verdict;
	if (word->options.count == 1) {
		word->text = word->options.items[0].text;
		word->since = word->options.items[0].since;
		word->gone = word->options.items[0].gone;
		return;
	}
	via_for_each (option, &word->options)
		text = arena_printf(arena, "%s%s%s %s", text ? text : "", text ? "; " : "",
				    option->word, option->text);
	word->text = text ? text : word->known->text;
}

static void judge_list(struct via_arena *arena, const struct via_lint_kernel *kernel,
		       struct via_lint_word *word)
{
	const char *at = word->value, *part;

	while ((part = value_part(arena, &at)))
		if (*part)
			judge_option(arena, kernel, word, part);
	if (word->options.count)
		sum_up(arena, word);
	else
		lint_judge(word, VIA_LINT_WRONG, "needs a value");
}

static void judge_word(struct via_arena *arena, const struct via_lint_kernel *kernel,
		       struct via_lint_word *word)
{
	if (!word->value || !*word->value) {
		lint_judge(word, VIA_LINT_WRONG, "needs a value");
		return;
	}
	judge_option(arena, kernel, word, word->value);
	sum_up(arena, word);
}

static bool is_number(const char *value)
{
	char *end;

	if (!value || !*value)
		return false;
	strtol(value, &end, 0);
	return !*end;
}

static bool is_cpu_list(const char *value)
{
	static const char *const flags[] = { "nohz", "domain", "managed_irq", "all" };

	if (!*value)
		return false;
	for (size_t i = 0; i < VIA_COUNT(flags); i++) {
		size_t length = strlen(flags[i]);

		if (text_starts(value, flags[i]) && (!value[length] || value[length] == ','))
			return !value[length] || is_cpu_list(value + length + 1);
	}
	return strspn(value, "0123456789,-:/N") == strlen(value);
}

/* 2M, 1G, as memparse() reads a size. */
static uint64_t size_bytes(const char *value)
{
	static const char units[] = "KMGTPE";
	char *end;
	uint64_t number = strtoull(value, &end, 0);
	const char *unit = *end ? strchr(units, toupper((unsigned char)*end)) : NULL;

	for (const char *at = units; unit && at <= unit; at++)
		number *= 1024;
	return number;
}

static void judge_size(struct via_arena *arena, const struct via_lint_kernel *kernel,
		       struct via_lint_word *word)
{
	const char *flags = fact_text(&kernel->host->firmware.cpu.flags);
	uint64_t size = word->value ? size_bytes(word->value) : 0;
	bool x86 = flags && !kernel_is_other_machine(kernel);

	if (!size || (x86 && size != 2ULL << 20 && size != 1ULL << 30))
		lint_judge(word, VIA_LINT_WRONG,
			   x86 ? "is no size of huge pages here: 2M and 1G are"
			       : "is no size of huge pages");
	else if (x86 && size == 1ULL << 30 && !text_has_word(flags, "pdpe1gb"))
		lint_judge(word, VIA_LINT_NOT_HERE, "this processor has no pages of 1 GiB");
	else
		lint_judge(word, VIA_LINT_OK, word->known->text);
	(void)arena;
}

static void judge_pages(struct via_arena *arena, const struct via_lint_kernel *kernel,
			struct via_lint_word *word)
{
	const char *value = word->value;

	if (!value || !*value || strspn(value, "0123456789,:") != strlen(value)) {
		lint_judge(word, VIA_LINT_WRONG,
			   "needs a number of pages, or NODE:PAGES behind commas");
		return;
	}
	lint_judge(word, VIA_LINT_OK, word->known->text);
	if (!strchr(value, ':'))
		return;
	word->since = VIA_KERNEL(5, 16);
	word->verdict = kernel_has(arena, kernel, word->since, 0, &word->text);
}

static void judge_bool(struct via_arena *arena, struct via_lint_word *word)
{
	int yes = value_says_yes(word->value);

	if (yes < 0)
		lint_judge(word, VIA_LINT_WRONG, "needs 1 or 0 (Y or N, on or off)");
	else if (yes)
		lint_judge(word, word->known->when_on, word->known->text);
	else
		lint_judge(word, VIA_LINT_OK,
			   arena_printf(arena, "is switched off by this; on, it %s",
					word->known->text));
}

/* A whole value that some options single out: video=efifb:off, acpi=off. */
static void judge_free(struct via_arena *arena, const struct via_lint_kernel *kernel,
		       struct via_lint_word *word)
{
	if (word->value && find_option(word->known, word->value))
		judge_word(arena, kernel, word);
	else
		lint_judge(word, word->known->verdict, word->known->text);
}

static void judge_plain(struct via_lint_word *word, bool good, const char *why)
{
	lint_judge(word, good ? word->known->verdict : VIA_LINT_WRONG,
		   good ? word->known->text : why);
}

void lint_value(struct via_arena *arena, const struct via_lint_kernel *kernel,
		struct via_lint_word *word)
{
	switch (word->known->value) {
	case VIA_VALUE_LIST:
	case VIA_VALUE_PREFIX:
		judge_list(arena, kernel, word);
		break;
	case VIA_VALUE_WORD:
		judge_word(arena, kernel, word);
		break;
	case VIA_VALUE_BOOL:
		judge_bool(arena, word);
		break;
	case VIA_VALUE_NUMBER:
		judge_plain(word, is_number(word->value), "needs a number");
		break;
	case VIA_VALUE_CPUS:
		judge_plain(word, !word->value || is_cpu_list(word->value),
			    "needs a list of processors (2-7,10)");
		break;
	case VIA_VALUE_SIZE:
		judge_size(arena, kernel, word);
		break;
	case VIA_VALUE_PAGES:
		judge_pages(arena, kernel, word);
		break;
	case VIA_VALUE_IDS:
	case VIA_VALUE_MODULES:
		judge_plain(word, word->value && *word->value, "needs a value");
		break;
	default:
		judge_free(arena, kernel, word);
	}
}
