/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/lint_part.h"

#include <string.h>

#include "base/cleanup.h"

/* Words that cannot both be meant. @value NULL: a flag; "1" and "0" stand for yes and no. */
static const struct {
	struct {
		const char *name, *value;
	} one, other;
	const char *text;
} opposites[] = {
	{ { "intel_iommu", "on" }, { "intel_iommu", "off" }, NULL },
	{ { "intel_iommu", "sm_on" }, { "intel_iommu", "sm_off" }, NULL },
	{ { "amd_iommu", "force_enable" },
	  { "amd_iommu", "off" },
	  "off wins, in whichever order they stand" },
	{ { "amd_iommu", "pgtbl_v1" }, { "amd_iommu", "pgtbl_v2" }, NULL },
	{ { "amd_iommu", "nohugepages" }, { "amd_iommu", "v2_pgsizes_only" }, NULL },
	{ { "iommu", "pt" }, { "iommu", "nopt" }, NULL },
	{ { "iommu", "force" }, { "iommu", "noforce" }, NULL },
	{ { "iommu", "merge" }, { "iommu", "nomerge" }, NULL },
	{ { "iommu", "panic" }, { "iommu", "nopanic" }, NULL },
	{ { "iommu", "force" }, { "iommu", "off" }, NULL },
	{ { "iommu", "pt" }, { "iommu", "off" }, "off leaves no IOMMU for pt to set" },
	{ { "iommu", "pt" }, { "iommu.passthrough", "0" }, NULL },
	{ { "iommu", "nopt" }, { "iommu.passthrough", "1" }, NULL },
	{ { "intel_iommu", "on" }, { "iommu", "off" }, "iommu=off wins: it switches all off" },
	{ { "amd_iommu", "force_enable" },
	  { "iommu", "off" },
	  "iommu=off wins: it switches all off" },
	{ { "intel_iommu", "strict" }, { "iommu.strict", "0" }, NULL },
	{ { "amd_iommu", "fullflush" }, { "iommu.strict", "0" }, NULL },
	{ { "intremap", "on" }, { "intremap", "off" }, NULL },
	{ { "intremap", "on" }, { "nointremap", NULL }, NULL },
	{ { "intremap", "posted_msi" }, { "intremap", "nopost" }, NULL },
	{ { "pci", "use_crs" }, { "pci", "nocrs" }, NULL },
	{ { "pci", "use_e820" }, { "pci", "no_e820" }, NULL },
	{ { "pci", "realloc" }, { "pci", "realloc=off" }, NULL },
	{ { "mem_encrypt", "on" }, { "mem_encrypt", "off" }, NULL },
	{ { "ro", NULL }, { "rw", NULL }, NULL },
};

/* Lists of modules that one parameter takes in and another keeps out. */
static const char *const loads[] = { "rd.driver.pre", "rd.driver.post", "modules_load",
				     "rd.modules_load" };
static const char *const keeps_out[] = { "module_blacklist", "rd.driver.blacklist" };

static bool same(const struct via_lint_word *word, const char *name)
{
	const struct via_parameter parameter = { .name = word->name };

	return parameter_is(&parameter, name);
}

static bool says(const struct via_lint_word *word, const char *name, const char *value)
{
	if (!same(word, name))
		return false;
	if (!value)
		return true;
	if (word->known && word->known->value == VIA_VALUE_BOOL)
		return value_says_yes(word->value) == (*value == '1');
	via_for_each (option, &word->options)
		if (strcmp(option->word, value) == 0)
			return true;
	return word->value && strcmp(word->value, value) == 0;
}

static const struct via_lint_word *find(const struct via_lint *lint, const char *name,
					const char *value)
{
	via_for_each (word, &lint->words)
		if (says(word, name, value))
			return word;
	return NULL;
}

static const char *spelled(struct via_arena *arena, const char *name, const char *value)
{
	return value ? arena_printf(arena, "%s=%s", name, value) : name;
}

static void clash(struct via_arena *arena, struct via_lint *lint, const char *one,
		  const char *other, bool contradiction, const char *text)
{
	struct via_lint_clash *item = via_list_add(arena, &lint->clashes);

	item->parameters = arena_printf(arena, "%s, %s", one, other);
	item->text = text;
	item->contradiction = contradiction;
	lint->contradictions += contradiction;
}

static void find_opposites(struct via_arena *arena, struct via_lint *lint)
{
	for (size_t i = 0; i < VIA_COUNT(opposites); i++) {
		if (!find(lint, opposites[i].one.name, opposites[i].one.value) ||
		    !find(lint, opposites[i].other.name, opposites[i].other.value))
			continue;
		clash(arena, lint, spelled(arena, opposites[i].one.name, opposites[i].one.value),
		      spelled(arena, opposites[i].other.name, opposites[i].other.value), true,
		      opposites[i].text ? opposites[i].text
					: "say the opposite of each other; the last one wins");
	}
}

static bool equal_values(const struct via_lint_word *one, const struct via_lint_word *other)
{
	if (!one->value || !other->value)
		return one->value == other->value;
	return strcmp(one->value, other->value) == 0;
}

/* The kinds of isolation that a value asks for, a bit each; no flag at all stands for domain. */
static unsigned int isolation_kinds(const char *value)
{
	static const char *const flags[] = { "domain,", "nohz,", "managed_irq," };
	unsigned int kinds = 0;

	for (size_t i = 0; value && i < VIA_COUNT(flags); i++)
		if (strstr(value, flags[i]))
			kinds |= 1U << i;
	return kinds ? kinds : 1;
}

/* housekeeping_setup() drops a second list that differs for a kind it has a list of already. */
static bool drops_later(const struct via_lint_word *word, const struct via_lint_word *later)
{
	return word->known->repeat == VIA_REPEAT_FIRST &&
	       isolation_kinds(word->value) & isolation_kinds(later->value);
}

/* A later word of the same name: the first or the last wins, or both count. */
static void compare(struct via_arena *arena, struct via_lint *lint,
		    const struct via_lint_word *word, const struct via_lint_word *later)
{
	const char *one = spelled(arena, word->name, word->value);
	const char *other = spelled(arena, later->name, later->value);

	if (equal_values(word, later))
		clash(arena, lint, one, other, false, "says the same twice");
	else if (word->known->repeat == VIA_REPEAT_LAST)
		clash(arena, lint, one, other, true, "only the last one counts; the first is lost");
	else if (drops_later(word, later))
		clash(arena, lint, one, other, true, "only the first one counts; the last is lost");
}

static void find_repeated(struct via_arena *arena, struct via_lint *lint)
{
	for (size_t i = 0; i < lint->words.count; i++) {
		const struct via_lint_word *word = &lint->words.items[i];

		if (!word->known || word->known->foreign ||
		    word->known->value == VIA_VALUE_FAMILY ||
		    word->known->value == VIA_VALUE_SIZE || word->known->value == VIA_VALUE_PAGES)
			continue;
		for (size_t j = i + 1; j < lint->words.count; j++) {
			if (!same(&lint->words.items[j], word->name))
				continue;
			compare(arena, lint, word, &lint->words.items[j]);
			break;
		}
	}
}

static bool lists_module(const struct via_lint_word *word, const char *module)
{
	struct via_parameter wanted = { .name = module };

	via_for_each (option, &word->options)
		if (option->verdict != VIA_LINT_WRONG && parameter_is(&wanted, option->word))
			return true;
	return false;
}

static bool among(const struct via_lint_word *word, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (same(word, names[i]))
			return true;
	return false;
}

/* Who keeps out a module that @word asks for. */
static void find_kept_out(struct via_arena *arena, struct via_lint *lint,
			  const struct via_lint_word *word, const char *module)
{
	via_for_each (other, &lint->words)
		if (among(other, keeps_out, VIA_COUNT(keeps_out)) && lists_module(other, module))
			clash(arena, lint, spelled(arena, word->name, word->value),
			      spelled(arena, other->name, other->value), true,
			      arena_printf(arena, "%s is wanted and kept out at once", module));
}

static void find_unwanted_modules(struct via_arena *arena, struct via_lint *lint)
{
	via_for_each (word, &lint->words) {
		if (word->known && word->known->value == VIA_VALUE_IDS)
			find_kept_out(arena, lint, word, word->known->module);
		if (among(word, loads, VIA_COUNT(loads)))
			via_for_each (option, &word->options)
				find_kept_out(arena, lint, word, option->word);
	}
}

/* Devices for VFIO, and no IOMMU to give them by. */
static void find_ids_without_iommu(struct via_arena *arena, struct via_lint *lint)
{
	static const char *const switches[] = { "iommu", "intel_iommu", "amd_iommu" };
	const struct via_lint_word *ids = find(lint, "vfio_pci.ids", NULL);

	for (size_t i = 0; ids && i < VIA_COUNT(switches); i++) {
		const struct via_lint_word *off = find(lint, switches[i], "off");

		if (off && off->verdict != VIA_LINT_NOT_HERE)
			clash(arena, lint, "vfio-pci.ids", spelled(arena, switches[i], "off"), true,
			      "vfio-pci refuses devices that no IOMMU translates");
	}
}

void lint_clashes(struct via_arena *arena, struct via_lint *lint)
{
	find_opposites(arena, lint);
	find_repeated(arena, lint);
	find_unwanted_modules(arena, lint);
	find_ids_without_iommu(arena, lint);
}
