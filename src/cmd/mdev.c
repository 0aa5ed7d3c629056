/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/commands.h"

#include "cmd/making.h"
#include "plan/virtual.h"
#include "render/virtual.h"

static int list(const struct via_session *session, const struct via_host *host)
{
	const struct via_mediated *mediated = &host->mediated;
	bool untold = fact_is(&mediated->parents_known, VIA_UNKNOWN) ||
		      fact_is(&mediated->devices_known, VIA_UNKNOWN) ||
		      fact_is(&mediated->definitions_known, VIA_UNKNOWN);

	if (session->json)
		session_print_json(json_mediated_list(host));
	else
		text_mediated(&session->paper, host);
	return untold ? VIA_EXIT_CANNOT_TELL : VIA_EXIT_DONE;
}

static int plan_create(const struct via_host *host, char **words, int count, struct via_plan *plan,
		       struct via_error *error)
{
	return goal_mdev.plan(host, (const char *const *)words, (size_t)count, plan, error);
}

static int plan_remove(const struct via_host *host, char **words, int count, struct via_plan *plan,
		       struct via_error *error)
{
	int r = 0;

	for (int i = 0; i < count && r == 0; i++)
		r = plan_mdev_removal(host, words[i], plan, error);
	return r;
}

static int plan_define(const struct via_host *host, char **words, int count, struct via_plan *plan,
		       struct via_error *error)
{
	struct via_mdev_wish wish;
	int r = 0;

	for (int i = 0; i < count && r == 0; i++) {
		r = plan_mdev_wish(plan, words[i], &wish, error);
		if (r == 0)
			r = plan_mdev_definition(host, &wish, plan, error);
	}
	return r;
}

static int plan_undefine(const struct via_host *host, char **words, int count,
			 struct via_plan *plan, struct via_error *error)
{
	int r = 0;

	for (int i = 0; i < count && r == 0; i++)
		r = plan_mdev_undefinition(host, words[i], plan, error);
	return r;
}

static int run(struct via_session *session, int argc, char **argv)
{
	static const struct via_making makings[] = { { "create", 1, 64, plan_create },
						     { "remove", 1, 64, plan_remove },
						     { "define", 1, 64, plan_define },
						     { "undefine", 1, 64, plan_undefine },
						     { 0 } };

	return making_run(session, &command_mdev, argc, argv, makings, list);
}

const struct via_command command_mdev = {
	.name = "mdev",
	.usage = "[--dry-run] [--force] [ACTION [WORD...]]",
	.summary = "Mediated devices, vGPUs: list, make, take away",
	.help = "  list                  what makes them, of which types; those that are there,\n"
		"                        and those that mdevctl defines\n"
		"  create PARENT=TYPE[,UUID]...\n"
		"                        have one of that type; without a UUID, one that is there\n"
		"                        will do\n"
		"  remove UUID...        take it away; for a vGPU, name its function. Refused\n"
		"                        while a guest has it\n"
		"  define PARENT=TYPE[,UUID]...\n"
		"                        have one, and mdevctl make it again at each boot\n"
		"  undefine UUID...      it is not made again; one that is there stays\n"
		"\n"
		"  -n, --dry-run         check everything, change nothing\n"
		"  -f, --force           also where it could not be told who uses it\n"
		"\n"
		"PARENT is an address, or a name as listed; TYPE an id, or a name as listed.\n"
		"viaduct rollback undoes each. What is only created is gone at the next boot;\n"
		"without mdevctl, declare it (mediated: in /etc/viaduct/host.yaml).\n",
	.run = run,
};
