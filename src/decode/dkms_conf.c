/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode/dkms_conf.h"

#include <ctype.h>
#include <regex.h>
#include <string.h>

#include "base/parse.h"

enum { EXPRESSION_LIMIT = 256, DOUBLINGS_LIMIT = 8 };

/* The value of an assignment, its quotes and what follows it taken off. */
static const char *value_of(struct via_arena *arena, const char *text)
{
	const char *end;

	if (*text == '"' || *text == '\'') {
		end = strchr(text + 1, *text);
		return end ? arena_strndup(arena, text + 1, (size_t)(end - text) - 1) : "";
	}
	return arena_strndup(arena, text, strcspn(text, " \t#;"));
}

static bool is_computed(const char *text)
{
	/* A dollar at the end of an expression is its own. */
	for (const char *at = text; (at = strpbrk(at, "$`")); at++)
		if (*at == '`' || isalpha((unsigned char)at[1]) ||
		    strchr("_({", at[1] ? at[1] : ' '))
			return true;
	return false;
}

static void take_module(struct via_arena *arena, const char *value, struct via_dkms_conf *conf)
{
	char *name = arena_strdup(arena, value);

	if (is_computed(name) || !*name)
		return;
	for (char *c = name; *c; c++)
		if (*c == '-')
			*c = '_';
	if (!names_have(&conf->modules, name))
		*via_list_add(arena, &conf->modules) = name;
}

static void take_line(struct via_arena *arena, const char *line, struct via_dkms_conf *conf)
{
	const struct {
		const char *key;
		const char **to;
	} keys[] = {
		{ "BUILD_EXCLUSIVE_KERNEL=", &conf->only },
		{ "BUILD_EXCLUSIVE_KERNEL_MIN=", &conf->least },
		{ "BUILD_EXCLUSIVE_KERNEL_MAX=", &conf->most },
		{ "BUILD_EXCLUSIVE_ARCH=", &conf->arch },
		{ "BUILD_EXCLUSIVE_CONFIG=", &conf->config },
	};

	line += strspn(line, " \t");
	if (text_starts(line, "AUTOINSTALL="))
		conf->autoinstall = *value_of(arena, line + strlen("AUTOINSTALL="));
	if (text_starts(line, "BUILT_MODULE_NAME")) {
		const char *value = strchr(line, '=');

		if (value)
			take_module(arena, value_of(arena, value + 1), conf);
	}
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *value;

		if (!text_starts(line, keys[i].key))
			continue;
		value = value_of(arena, line + strlen(keys[i].key));
		conf->untold |= is_computed(value);
		*keys[i].to = *value ? value : NULL;
	}
}

void dkms_conf_decode(struct via_arena *arena, struct via_span file, struct via_dkms_conf *ret)
{
	char *text = arena_strndup(arena, file.data ? (const char *)file.data : "", file.size);
	struct via_dkms_conf conf = { 0 };
	char *save = NULL;

	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		take_line(arena, line, &conf);
	*ret = conf;
}

/* A repetition doubles what is repeated, or more with a count: a short expression can be huge. */
static bool may_be_huge(const char *expression)
{
	size_t doublings = 0;

	for (const char *c = expression; *c; c++)
		doublings += *c == '+';
	return strlen(expression) > EXPRESSION_LIMIT || strchr(expression, '{') ||
	       doublings > DOUBLINGS_LIMIT;
}

static int matches(const char *expression, const char *release)
{
	regex_t compiled;
	int r;

	if (may_be_huge(expression) ||
	    regcomp(&compiled, expression, REG_EXTENDED | REG_NOSUB) != 0)
		return -1;
	r = regexec(&compiled, release, 0, NULL, 0) == 0;
	regfree(&compiled);
	return r;
}

int dkms_conf_excludes(const struct via_dkms_conf *conf, const char *release, const char *machine)
{
	int arch = 1, kernel;

	if (conf->untold)
		return -1;
	if (conf->least && strverscmp(release, conf->least) < 0)
		return 1;
	if (conf->most && strverscmp(release, conf->most) > 0 && !text_starts(release, conf->most))
		return 1;
	if (conf->arch)
		arch = machine ? matches(conf->arch, machine) : -1;
	kernel = conf->only ? matches(conf->only, release) : 1;
	if (arch == 0 || kernel == 0)
		return 1;
	return arch < 0 || kernel < 0 ? -1 : 0;
}

/* "CONFIG_A=y" or "=m" at the start of a line */
static bool is_set(struct via_span kernel, const char *option)
{
	const char *at = (const char *)kernel.data, *end = at + kernel.size;
	size_t length = strlen(option);

	while (at && at < end) {
		if ((size_t)(end - at) > length + 1 && memcmp(at, option, length) == 0 &&
		    at[length] == '=' && at[length + 1] != 'n')
			return true;
		at = memchr(at, '\n', (size_t)(end - at));
		at = at ? at + 1 : NULL;
	}
	return false;
}

const char *dkms_conf_lacks(struct via_arena *arena, const struct via_dkms_conf *conf,
			    struct via_span kernel)
{
	char *words = arena_strdup(arena, conf->config ? conf->config : ""), *save = NULL;

	for (char *word = strtok_r(words, " \t", &save); word;
	     word = strtok_r(NULL, " \t", &save)) {
		bool inverted = *word == '!';

		if (is_set(kernel, word + inverted) == inverted)
			return word;
	}
	return NULL;
}
