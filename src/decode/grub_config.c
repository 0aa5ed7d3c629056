/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/boot_menu.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"

enum { WORDS = 1024, DEPTH = 64 };

/* A script on its way: its words, one command at a time. */
struct script {
	struct via_arena *arena;
	const char *start, *at, *end;
	struct via_boot_menu *menu;
	struct via_names words; /* of the command at hand */
	int blocks[DEPTH];	/* index of the entry each open brace belongs to; -1: of none */
	int depth;
	int modules; /* of the entry at hand, for Xen: the kernel is the first */
};

static bool ends_word(char c)
{
	return isspace((unsigned char)c) || c == ';' || c == '&' || c == '|' || c == '{' ||
	       c == '}';
}

/* "\\\n" joins lines; a comment runs to the end of its line. */
static void skip_blanks(struct script *script)
{
	for (; script->at < script->end; script->at++) {
		if (*script->at == '\\' && script->end - script->at > 1 && script->at[1] == '\n')
			script->at++;
		else if (*script->at == '#')
			while (script->at + 1 < script->end && script->at[1] != '\n')
				script->at++;
		else if (!strchr(" \t\r\v\f", *script->at) || !*script->at)
			return;
	}
}

/* Inside quotes: up to the closing one. Double quotes know a backslash. */
static size_t take_quoted(struct script *script, char *word, size_t length)
{
	char quote = *script->at++;

	for (; script->at < script->end && *script->at != quote; script->at++) {
		if (quote == '"' && *script->at == '\\' && script->end - script->at > 1 &&
		    strchr("\"\\$\n", script->at[1]) && script->at[1])
			script->at++;
		word[length++] = *script->at;
	}
	if (script->at < script->end)
		script->at++;
	return length;
}

/* ${name} keeps its braces. */
static size_t take_variable(struct script *script, char *word, size_t length)
{
	word[length++] = *script->at++;
	if (script->at >= script->end || *script->at != '{')
		return length;
	while (script->at < script->end && *script->at != '}' && *script->at != '\n')
		word[length++] = *script->at++;
	if (script->at < script->end && *script->at == '}')
		word[length++] = *script->at++;
	return length;
}

static size_t word_room(const struct script *script)
{
	const char *at = script->at;
	char quote = 0;

	for (; at < script->end && (quote || !ends_word(*at) || (at > script->at && at[-1] == '$'));
	     at++) {
		if (quote ? *at == quote : (*at == '"' || *at == '\''))
			quote = quote ? 0 : *at;
		else if (*at == '\\' && quote != '\'' && at + 1 < script->end)
			at++;
		else if (!quote && *at == '$' && at + 1 < script->end && at[1] == '{')
			while (at + 1 < script->end && *at != '}' && *at != '\n')
				at++;
	}
	return (size_t)(at - script->at) + 1;
}

static const char *take_word(struct script *script)
{
	char *word = arena_alloc(script->arena, word_room(script) + 1);
	size_t length = 0;

	while (script->at < script->end && !ends_word(*script->at)) {
		if (*script->at == '"' || *script->at == '\'') {
			length = take_quoted(script, word, length);
		} else if (*script->at == '$') {
			length = take_variable(script, word, length);
		} else {
			bool escape = *script->at == '\\' && script->end - script->at > 1;

			script->at += escape;
			if (!escape || *script->at != '\n')
				word[length++] = *script->at;
			script->at++;
		}
	}
	return word;
}

/* Return: what ended the command: '\n', '{', '}', or 0 at the end of the script */
static char take_command(struct script *script)
{
	script->words.count = 0;
	for (;;) {
		skip_blanks(script);
		if (script->at >= script->end)
			return 0;
		if (*script->at == '{' || *script->at == '}')
			return *script->at++;
		if (ends_word(*script->at)) {
			script->at++;
			return '\n';
		}
		if (script->words.count < WORDS)
			*via_list_add(script->arena, &script->words) = take_word(script);
		else
			take_word(script);
	}
}

static struct via_boot_entry *entry_at_hand(struct script *script)
{
	int index = script->depth ? script->blocks[script->depth - 1] : -1;

	return index < 0 ? NULL : &script->menu->entries.items[index];
}

/* The words behind @first as one text. */
static const char *joined(struct script *script, size_t first)
{
	size_t room = 1, length = 0;
	char *text;

	for (size_t i = first; i < script->words.count; i++)
		room += strlen(script->words.items[i]) + 1;
	text = arena_alloc(script->arena, room);
	for (size_t i = first; i < script->words.count; i++) {
		size_t size = strlen(script->words.items[i]);

		if (length)
			text[length++] = ' ';
		memcpy(text + length, script->words.items[i], size);
		length += size;
	}
	return text;
}

static void set_kernel(struct script *script, struct via_boot_entry *entry)
{
	if (entry->kernel || script->words.count < 2) /* of two branches, the first */
		return;
	entry->kernel = script->words.items[1];
	entry->variables |= strchr(entry->kernel, '$') != NULL;
	boot_entry_add_options(script->arena, entry, joined(script, 2));
}

static void add_initrds(struct script *script, struct via_boot_entry *entry, size_t first)
{
	for (size_t i = first; i < script->words.count; i++) {
		if (names_have(&entry->initrds, script->words.items[i]))
			continue;
		*via_list_add(script->arena, &entry->initrds) = script->words.items[i];
		entry->variables |= strchr(script->words.items[i], '$') != NULL;
	}
}

/* Of Xen's modules the first is the kernel, the rest are its initramfs. */
static void take_module(struct script *script, struct via_boot_entry *entry)
{
	if (script->words.count > 1 && text_starts(script->words.items[1], "--")) {
		script->words.items++;
		script->words.count--;
		script->words.capacity--;
	}
	if (script->modules++ == 0)
		set_kernel(script, entry);
	else if (script->words.count > 1)
		add_initrds(script, entry, 1);
}

static void take_in_entry(struct script *script, struct via_boot_entry *entry)
{
	const char *name = script->words.items[0];

	if (text_starts(name, "linux"))
		set_kernel(script, entry);
	else if (text_starts(name, "initrd"))
		add_initrds(script, entry, 1);
	else if (text_starts(name, "module"))
		take_module(script, entry);
	else if (strcmp(name, "chainloader") == 0 && !entry->kernel && script->words.count > 1)
		entry->efi = true;
}

static void take_setting(struct script *script)
{
	const char *name = script->words.items[0];
	const char *word = script->words.count > 1 ? script->words.items[1] : "";

	if (strcmp(name, "set") == 0 && text_starts(word, "default="))
		*via_list_add(script->arena, &script->menu->defaults) =
			arena_strdup(script->arena, word + strlen("default="));
	if (strcmp(name, "blscfg") == 0)
		script->menu->reads_entries = true;
	if (strcmp(name, "source") == 0 || strcmp(name, "configfile") == 0 ||
	    strcmp(name, ".") == 0)
		script->menu->by_script = true;
}

static bool takes_value(const char *option)
{
	return strcmp(option, "--class") == 0 || strcmp(option, "--users") == 0 ||
	       strcmp(option, "--hotkey") == 0 || strcmp(option, "--source") == 0;
}

/* menuentry 'title' --class os $menuentry_id_option 'id' { */
static void name_entry(struct script *script, struct via_boot_entry *entry)
{
	for (size_t i = 1; i < script->words.count; i++) {
		const char *word = script->words.items[i];
		const char *next = i + 1 < script->words.count ? script->words.items[i + 1] : NULL;

		if (strcmp(word, "--id") == 0 || strstr(word, "menuentry_id_option")) {
			entry->id = next;
			i++;
		} else if (text_starts(word, "--")) {
			i += takes_value(word);
		} else if (!entry->title) {
			entry->title = word;
		}
	}
}

static int inner_entry(const struct script *script)
{
	return script->depth ? script->blocks[script->depth - 1] : -1;
}

static int open_block(struct script *script)
{
	const char *name = script->words.count ? script->words.items[0] : "";
	int block = inner_entry(script);

	if (script->depth >= DEPTH)
		return -E2BIG;
	if (strcmp(name, "menuentry") == 0 || strcmp(name, "submenu") == 0) {
		struct via_boot_entry *entry = boot_menu_add(script->arena, script->menu);

		if (!entry)
			return -E2BIG;
		entry->parent = block;
		entry->submenu = *name == 's';
		name_entry(script, entry);
		entry->body = (size_t)(script->at - script->start);
		block = (int)script->menu->entries.count - 1;
		script->modules = 0;
	} else if (strcmp(name, "function") == 0) {
		block = -1;
	}
	script->blocks[script->depth++] = block;
	return 0;
}

static void close_block(struct script *script)
{
	int block = script->blocks[--script->depth];

	/* The braces of what stands inside an entry are not its own. */
	if (block >= 0 && block != inner_entry(script))
		script->menu->entries.items[block].body_end =
			(size_t)(script->at - script->start) - 1;
}

/* "then linux …" on one line */
static void drop_keywords(struct script *script)
{
	static const char *const keywords[] = { "then", "else", "do", "!" };

	for (size_t i = 0; script->words.count && i < VIA_COUNT(keywords); i++)
		if (strcmp(script->words.items[0], keywords[i]) == 0) {
			script->words.items++;
			script->words.count--;
			script->words.capacity--;
		}
}

static void take_words(struct script *script)
{
	struct via_boot_entry *entry = entry_at_hand(script);

	drop_keywords(script);

	if (script->words.count && entry && !entry->submenu)
		take_in_entry(script, entry);
	else if (script->words.count)
		take_setting(script);
}

int grub_config_decode(struct via_arena *arena, struct via_span text, struct via_boot_menu *menu)
{
	const char *start = (const char *)text.data;
	struct script script = { .arena = arena, .start = start, .at = start, .menu = menu };
	char end;

	script.end = script.at + text.size;
	while ((end = take_command(&script)) || script.words.count) {
		if (end == '{') {
			int r = open_block(&script);

			if (r < 0)
				return r;
			continue;
		}
		take_words(&script);
		if (end == '}' && script.depth)
			close_block(&script);
		script.words = (struct via_names){ 0 };
	}
	return 0;
}
