/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/planning.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/parse.h"
#include "apply/check.h"
#include "cmd/user_file.h"
#include "plan/boot_unit.h"
#include "plan/declared.h"
#include "plan/goal.h"
#include "sys/file_state.h"

enum { DECLARATION_LIMIT = 1 << 20, UNIT_LIMIT = 1 << 16 };

/* How many words a command's own option is: 0 for what is none. */
static int option_words(const char *word, const struct option *options)
{
	for (; options->name; options++) {
		size_t length = strlen(options->name);
		const char *value = word + 2 + length;

		if (word[0] == '-' && word[1] == options->val && !word[2])
			return 1 + options->has_arg;
		if (!text_starts(word, "--") || strncmp(word + 2, options->name, length) != 0)
			continue;
		if (!*value)
			return 1 + options->has_arg;
		if (*value == '=')
			return 1;
	}
	return 0;
}

void planning_words_last(int argc, char **argv, const struct option *options)
{
	int first = 1;

	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0;) {
		int words = option_words(argv[i], options);

		if (i + words > argc)
			return; /* it lacks its value: getopt says so */
		for (int end = i + words; i < end; i++, first++) {
			char *word = argv[i];

			memmove(&argv[first + 1], &argv[first],
				(size_t)(i - first) * sizeof(*argv));
			argv[first] = word;
		}
		i += !words;
	}
}

int planning_declaration(struct via_arena *arena, const char *file, struct via_declaration **ret,
			 struct via_error *error)
{
	struct via_span text;
	int r = user_file_read(arena, "declaration", file, DECLARATION_LIMIT, &text, error);

	return r < 0 ? r : declaration_read(arena, text, file, ret, error);
}

/* A serial number stands in configuration space, which is else left alone. */
static bool names_serials(const struct via_declaration *declaration)
{
	for (uint32_t i = 0; i < declaration->passthrough_count; i++)
		if (declaration->passthrough[i].which.serial)
			return true;
	for (uint32_t i = 0; i < declaration->sriov_count; i++)
		if (declaration->sriov[i].which.serial)
			return true;
	return false;
}

/* Only the declaration that the boot reads has the boot read it. */
bool planning_is_of_host(const struct via_planning *planning)
{
	return planning->file && strcmp(planning->file, "/" DECLARATION_PATH) == 0;
}

const char *planning_program(const struct via_session *session, struct via_arena *arena)
{
	char path[PATH_MAX];
	ssize_t length = -1;

	if (session->world->root.live)
		length = readlink("/proc/self/exe", path, sizeof(path) - 1);
	return length > 0 ? arena_strndup(arena, path, (size_t)length) : "/usr/bin/viaduct";
}

static int add_boot_unit(const struct via_session *session, struct via_plan *plan,
			 struct via_error *error)
{
	const struct via_root *root = &session->world->root;
	struct via_boot_unit present = { .program = planning_program(session, plan->arena) };
	struct via_fact unit =
		root_file(root, plan->arena, UNIT_LIMIT, &BOOT_UNIT_PATH[1], &present.unit);
	struct via_fact wants =
		root_file(root, plan->arena, UNIT_LIMIT, &BOOT_WANTS_PATH[1], &present.wants);

	if (fact_is(&unit, VIA_UNKNOWN) || fact_is(&wants, VIA_UNKNOWN))
		return error_set(error, -EIO, "read unit", BOOT_UNIT_PATH, "%s",
				 errno_name(unit.error ?: wants.error));
	plan_boot_unit(plan, &present);
	plan_seal(plan);
	return 0;
}

static int plan_declaration(const struct via_session *session, struct via_arena *arena,
			    const struct via_planning *planning, struct via_host **ret_host,
			    struct via_plan *ret, struct via_error *error)
{
	struct via_declaration *declaration;
	int r = planning_declaration(arena, planning->file, &declaration, error);

	if (r < 0)
		return r;
	*ret_host = names_serials(declaration) ? session_look_to_plan_by_serial(session)
					       : session_look_to_plan(session);
	plan_declared(arena, *ret_host, declaration, planning->insistence, ret);
	if (ret->refused.count || !planning_is_of_host(planning))
		return 0;
	return add_boot_unit(session, ret, error);
}

/* Some option of the goal passthrough may be about how functions are reset or sleep. */
static bool asks_for_policy(const struct via_planning *planning)
{
	for (size_t i = 1; i < planning->count; i++)
		if (text_starts(planning->words[i], "--"))
			return true;
	return false;
}

static int plan_words_of(const struct via_session *session, struct via_arena *arena,
			 const struct via_planning *planning, struct via_host **ret_host,
			 struct via_plan *ret, struct via_error *error)
{
	*ret_host = planning->count && strcmp(planning->words[0], "passthrough") == 0
			    ? session_look_to_give(session, asks_for_policy(planning))
			    : session_look_to_plan(session);
	return plan_new_insisting(arena, *ret_host, planning->words, planning->count,
				  planning->insistence, ret, error);
}

int planning_make(const struct via_session *session, struct via_arena *arena,
		  const struct via_planning *planning, struct via_host **ret_host,
		  struct via_plan *ret, struct via_error *error)
{
	int r;

	if (planning->file && planning->count)
		return error_usage(error, "plan", planning->words[0], "a goal and --file at once");
	if (planning->file)
		r = plan_declaration(session, arena, planning, ret_host, ret, error);
	else
		r = plan_words_of(session, arena, planning, ret_host, ret, error);
	if (r == 0)
		check_settle(session->world, ret);
	return r;
}

int planning_refused(const struct via_session *session, const struct via_plan *plan)
{
	struct via_session quiet = *session;

	via_for_each (refusal, &plan->refused) {
		struct via_error error;

		error_set(&error, -EPERM, "refused", refusal->what, "%s", refusal->why);
		if (refusal->hint)
			error_hint(&error, "%s", refusal->hint);
		session_fail(&quiet, &error);
		quiet.json = false; /* one object, with the first reason */
	}
	return VIA_EXIT_COULD_NOT;
}
