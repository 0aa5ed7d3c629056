/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/boot_part.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "decode/boot_words.h"
#include "decode/line.h"
#include "decode/line_edit.h"
#include "plan/file.h"
#include "plan/generate.h"
#include "plan/goal.h"

static const char ours[] = "made by viaduct";

void plan_expect(struct via_plan *plan, const char *format, ...)
{
	const char *what;
	va_list arguments;

	va_start(arguments, format);
	what = arena_vprintf(plan->arena, format, arguments);
	va_end(arguments);
	if (!names_have(&plan->expect, what))
		*via_list_add(plan->arena, &plan->expect) = what;
}

static bool is_ours(struct via_span content)
{
	return content.size && memmem(content.data, content.size, ours, strlen(ours));
}

/* Of a source that does not hold it, which nothing acts on, a file of ours is shown as a new one.
 */
static bool may_be_new(struct via_plan *plan, const struct via_boot_state *state)
{
	if (!fact_is(&state->fact, VIA_UNKNOWN) || state->fact.error != ENODATA)
		return false;
	plan_risk(plan, "whether %s is there already this source does not tell: it is shown as new",
		  state->path);
	return true;
}

bool boot_readable(struct via_plan *plan, const struct via_boot_state *state)
{
	if (fact_is(&state->fact, VIA_PRESENT) || fact_is(&state->fact, VIA_ABSENT))
		return true;
	plan_refuse(plan, state->path, "look at it as root", "it could not be read (%s)",
		    errno_name(state->fact.error ? state->fact.error : ENODATA));
	return false;
}

void plan_text_file(struct via_plan *plan, const struct via_boot_state *state, unsigned int mode,
		    const char *text, const char *why)
{
	struct via_file *before = arena_memdup(plan->arena, &state->file, sizeof(state->file));
	struct via_file after = { .there = true, .content = span_of_text(text), .mode = mode };

	if (!may_be_new(plan, state) && !boot_readable(plan, state))
		return;
	if (before->there && !is_ours(before->content)) {
		plan_refuse(plan, state->path, "move it away, if it is no longer needed",
			    "a file of that name is there, and viaduct did not make it");
		return;
	}
	plan_file(plan, state->path, before, &after, why);
}

/* The words of a whole line after a change: what would be there. */
static const char *changed_line(struct via_plan *plan, const char *line,
				const struct via_names *add, const struct via_names *remove)
{
	static const struct via_line_where where = { .format = VIA_LINE_WHOLE };
	/* A word of our own keeps an empty line a line. */
	struct via_span text = span_of_text(arena_printf(plan->arena, "%s ", line));

	if (!*line)
		text = span_of_text("-");
	if (line_remove(plan->arena, &where, text, remove, &text, NULL) < 0 ||
	    line_add(plan->arena, &where, text, add, &text, NULL) < 0)
		return line;
	return arena_strndup(plan->arena, (const char *)text.data, text.size);
}

bool plan_line_has(struct via_plan *plan, const struct via_host *host, const char *word)
{
	const char *line = fact_text(&host->boot.configured);
	const char *one[] = { word };
	const struct via_names add = { one, 1, 1 }, none = { 0 };

	return line && !*words_missing(plan->arena, changed_line(plan, line, &add, &none), line);
}

const char *boot_joined(struct via_plan *plan, const struct via_names *words)
{
	const char *text = "";

	via_for_each (word, words)
		text = arena_printf(plan->arena, "%s%s%s", text, *text ? " " : "", *word);
	return text;
}

/* Why this host's boot is not changed; NULL: it may be. */
static const char *boot_untold(struct via_plan *plan, const struct via_boot *boot)
{
	if (!boot->looked)
		return "how it boots was not looked at";
	if (boot->confidence == VIA_BOOT_AMBIGUOUS)
		return arena_printf(plan->arena,
				    "%s and %s both left their traces: which of them boots "
				    "it is not certain",
				    boot->loader_name, boot->rival_name);
	if (boot->confidence < VIA_BOOT_LIKELY || boot->loader == VIA_LOADER_UNKNOWN)
		return boot->loader_name && boot->confidence == VIA_BOOT_SURE
			       ? arena_printf(plan->arena,
					      "it is booted by %s, which viaduct does not "
					      "know",
					      boot->loader_name)
			       : "which loader boots it could not be told";
	if (boot->line_change.way == VIA_BOOT_ADVICE)
		return arena_printf(plan->arena, "%s keeps its boot configuration, and %s",
				    boot->keeper_name,
				    boot->line_change.advice ? "only its owner changes that"
							     : "where the line stands is untold");
	return NULL;
}

static bool refuse_boot(struct via_plan *plan, const struct via_boot *boot,
			const struct via_names *add, const struct via_names *remove)
{
	const char *why = boot_untold(plan, boot), *step;

	if (!why)
		return false;
	step = boot->line_change.advice ? boot->line_change.advice
					: "do it by the loader's own means, make its menu anew if "
					  "that is generated, and reboot";
	plan_refuse(plan, "the kernel's command line",
		    arena_printf(plan->arena, "by hand: %s%s%s%s%s: %s", add->count ? "add " : "",
				 boot_joined(plan, add), add->count && remove->count ? ", " : "",
				 remove->count ? "take out " : "", boot_joined(plan, remove), step),
		    "%s", why);
	return true;
}

/* Of a text of which only the last counts, all items: the owner's too. */
static struct via_names whole_words(struct via_plan *plan, const struct via_boot *boot,
				    const struct via_names *add, const struct via_names *remove)
{
	const char *line = fact_text(&boot->configured);
	struct via_names after, words = { 0 };

	words_split(plan->arena, changed_line(plan, line ? line : "", add, remove), &after);
	via_for_each (word, add) {
		const char *whole = *word;

		via_for_each (other, &after)
			if (word_is_list(*word) && word_same_name(*word, *other))
				whole = *other;
		*via_list_add(plan->arena, &words) = whole;
	}
	return words;
}

static void drop_in(struct via_plan *plan, const struct via_boot *boot, const struct via_names *add,
		    const struct via_names *remove, const char *why)
{
	const struct via_boot_change *change = &boot->line_change;
	struct via_line_where where = { .format =
						change->variable ? VIA_LINE_SHELL : VIA_LINE_WHOLE,
					.key = change->variable };
	struct via_names words = whole_words(plan, boot, add, remove);
	struct via_span text = change->drop_in.file.content;
	struct via_error error = { 0 };
	int r = 0;

	if (!words.count && !change->drop_in.file.there)
		return;
	if (!change->drop_in.file.there && change->variable)
		text = span_of_text(arena_printf(plan->arena, "# %s\n%s=\"$%s\"\n", ours,
						 change->variable, change->variable));
	else if (!change->drop_in.file.there)
		text = span_of_text(
			arena_printf(plan->arena, "# %s\n%s\n", ours, boot_joined(plan, &words)));
	r = line_remove(plan->arena, &where, text, remove, &text, &error);
	if (r == 0)
		r = line_add(plan->arena, &where, text, &words, &text, &error);
	if (r < 0)
		plan_refuse(plan, change->drop_in.path, NULL, "%s: %s", error.where, error.why);
	else
		plan_text_file(plan, &change->drop_in, 0644,
			       arena_strndup(plan->arena, (const char *)text.data, text.size), why);
}

/* What the entry that boots next will have, and has not; and the other way round. */
static const char *claims(struct via_plan *plan, const struct via_boot *boot,
			  const struct via_names *add, const struct via_names *remove)
{
	const char *now = fact_text(&boot->generated), *line = fact_text(&boot->configured);
	const char *next = changed_line(plan, line ? line : "", add, remove), *text = "";
	struct via_names before, after;

	if (!boot->line_change.read_back || !now)
		return "";
	words_split(plan->arena, now, &before);
	words_split(plan->arena, next, &after);
	via_for_each (word, &after)
		if (strcmp(*word, "-") != 0 && !names_have(&before, *word) &&
		    *words_missing(plan->arena, *word, line ? line : ""))
			text = arena_printf(plan->arena, "%s%scmdline+%s", text, *text ? " " : "",
					    *word);
	via_for_each (word, &before)
		if (line && !names_have(&after, *word) && !*words_missing(plan->arena, *word, line))
			text = arena_printf(plan->arena, "%s%scmdline-%s", text, *text ? " " : "",
					    *word);
	return text;
}

static void generate(struct via_plan *plan, const struct via_boot *boot, const char *claimed)
{
	size_t left = boot->line_change.commands.count;

	via_for_each (command, &boot->line_change.commands)
		plan_generate(plan, *command, --left ? "" : claimed,
			      "makes what the loader reads from it");
}

/* What a line, as it is, would gain and lose by a change: cmdline+WORD, cmdline-WORD. */
static const char *still_to_come(struct via_plan *plan, const char *line,
				 const struct via_names *add, const struct via_names *remove)
{
	const char *next = changed_line(plan, line, add, remove), *text = "";
	struct via_names before, after;

	words_split(plan->arena, line, &before);
	words_split(plan->arena, next, &after);
	via_for_each (word, &after)
		if (strcmp(*word, "-") != 0 && !names_have(&before, *word))
			text = arena_printf(plan->arena, "%s%scmdline+%s", text, *text ? " " : "",
					    *word);
	via_for_each (word, &before)
		if (!names_have(&after, *word))
			text = arena_printf(plan->arena, "%s%scmdline-%s", text, *text ? " " : "",
					    *word);
	return text;
}

/* What the line of the next boot has, and has not, when it did its work. */
static void expect_line(struct via_plan *plan, const struct via_boot *boot,
			const struct via_names *add, const struct via_names *remove)
{
	struct via_names words;

	words_split(plan->arena,
		    still_to_come(plan, fact_text(&boot->configured) ?: "", add, remove), &words);
	via_for_each (word, &words)
		plan_expect(plan, "%s", *word);
}

static void tell_way_back(struct via_plan *plan, const struct via_boot *boot,
			  const struct via_names *add)
{
	plan_risk(plan, "the next boot has another command line; %s (%s)",
		  boot->confidence == VIA_BOOT_SURE
			  ? arena_printf(plan->arena, "that it is booted by %s is certain",
					 boot->loader_name)
			  : arena_printf(plan->arena,
					 "that it is booted by %s is likely, by its files",
					 boot->loader_name),
		  boot->variant ? boot->variant : boot->keeper_name);
	if (!boot->line_change.read_back)
		plan_risk(plan,
			  "what the loader will read is on partitions that are not mounted, and "
			  "is not read back");
	if (boot->loader == VIA_LOADER_GRUB || boot->loader == VIA_LOADER_SYSTEMD_BOOT ||
	    boot->loader == VIA_LOADER_LIMINE)
		plan_by_hand(plan,
			     "if it does not boot: press e on the entry in %s's menu and take %s "
			     "out of the line, for that boot",
			     boot->loader_name,
			     add->count ? boot_joined(plan, add) : "what was changed");
	plan_by_hand(plan, "afterwards: viaduct rollback, or take the difference above back%s%s",
		     boot->line_change.commands.count ? " and run " : "",
		     boot_joined(plan, &boot->line_change.commands));
}

static void gather(struct via_plan *plan, struct via_names *into, const struct via_names *words)
{
	via_for_each (word, words)
		if (!names_have(into, *word))
			*via_list_add(plan->arena, into) = *word;
}

bool plan_does_nothing(const struct via_plan *plan)
{
	return !plan->actions.count &&
	       !(plan->gather && (plan->gather->add.count || plan->gather->remove.count));
}

/* It is configured: what the loader reads may be older than that, and what runs than both. */
static void follow_up(struct via_plan *plan, const struct via_boot *boot,
		      const struct via_names *add, const struct via_names *remove)
{
	const char *read = fact_text(&boot->generated), *runs = fact_text(&boot->booted);
	const char *claimed = read ? still_to_come(plan, read, add, remove) : "";
	/* Made anew it is as it is configured, whatever it was. */
	bool unread = boot->generated.path && fact_is(&boot->generated, VIA_UNKNOWN) && runs &&
		      *still_to_come(plan, runs, add, remove);

	if ((*claimed || unread) && boot->line_change.commands.count &&
	    !plan_refuse_in_place(plan, boot)) {
		generate(plan, boot, boot->line_change.read_back ? claimed : "");
		tell_way_back(plan, boot, add);
	}
	if (!plan->refused.count && runs && *still_to_come(plan, runs, add, remove))
		plan->reboot_needed = true;
}

void plan_words(struct via_plan *plan, const struct via_host *host, const struct via_names *add,
		const struct via_names *remove, const char *why)
{
	const struct via_boot *boot = &host->boot;
	struct via_names lacking = { 0 }, present = { 0 };
	size_t before = plan->actions.count;

	via_for_each (word, add)
		if (!plan_line_has(plan, host, *word))
			*via_list_add(plan->arena, &lacking) = *word;
	via_for_each (word, remove) {
		/* Where that line could not be told, the running kernel's says as much. */
		const char *line = fact_text(&boot->configured) ?: fact_text(&boot->booted);
		const char *one[] = { *word };
		const struct via_names out = { one, 1, 1 }, none = { 0 };

		if (!line ||
		    *words_missing(plan->arena, line, changed_line(plan, line, &none, &out)))
			*via_list_add(plan->arena, &present) = *word;
	}
	if (plan->gather) {
		gather(plan, &plan->gather->add, &lacking);
		gather(plan, &plan->gather->remove, &present);
		return;
	}
	if (!lacking.count && !present.count && fact_text(&boot->configured))
		follow_up(plan, boot, add, remove);
	if ((!lacking.count && !present.count) || refuse_boot(plan, boot, &lacking, &present) ||
	    plan_refuse_in_place(plan, boot))
		return;
	boot_edit_lines(plan, &boot->line_change, &lacking, &present, why);
	if (boot->line_change.way == VIA_BOOT_DROP_IN && !plan->refused.count)
		drop_in(plan, boot, &lacking, &present, why);
	if (plan->refused.count || plan->actions.count == before)
		return;
	generate(plan, boot, claims(plan, boot, &lacking, &present));
	expect_line(plan, boot, &lacking, &present);
	tell_way_back(plan, boot, &lacking);
}
