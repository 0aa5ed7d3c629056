/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/commands.h"

#include <string.h>

#include "cmd/making.h"
#include "plan/virtual.h"
#include "render/virtual.h"

static int list(const struct via_session *session, const struct via_host *host)
{
	bool untold = fact_is(&host->vdpa.bus, VIA_UNKNOWN) ||
		      fact_is(&host->vdpa.management_known, VIA_UNKNOWN);

	if (session->json)
		session_print_json(json_vdpa_list(host));
	else
		text_vdpa(&session->paper, host);
	return untold ? VIA_EXIT_CANNOT_TELL : VIA_EXIT_DONE;
}

static int plan_add(const struct via_host *host, char **words, int count, struct via_plan *plan,
		    struct via_error *error)
{
	return goal_vdpa.plan(host, (const char *const *)words, (size_t)count, plan, error);
}

static int plan_bind_vdpa(const struct via_host *host, char **words, int count,
			  struct via_plan *plan, struct via_error *error)
{
	const char *driver = count > 1 ? words[1] : "vhost_vdpa";

	return plan_vdpa_driver(host, words[0], strcmp(driver, "none") == 0 ? "" : driver, plan,
				error);
}

static int plan_remove(const struct via_host *host, char **words, int count, struct via_plan *plan,
		       struct via_error *error)
{
	return plan_vdpa_removal(host, words[0], plan, error);
}

static int run(struct via_session *session, int argc, char **argv)
{
	static const struct via_making makings[] = { { "add", 1, 64, plan_add },
						     { "bind", 1, 2, plan_bind_vdpa },
						     { "remove", 1, 1, plan_remove },
						     { 0 } };

	return making_run(session, &command_vdpa, argc, argv, makings, list);
}

const struct via_command command_vdpa = {
	.name = "vdpa",
	.usage = "[--dry-run] [--force] [ACTION [WORD...]]",
	.summary = "vDPA devices: list, make, bind, take away",
	.help = "  list                  management devices, vDPA devices, who uses them\n"
		"  add MGMT=NAME[,KEY=VALUE...]...\n"
		"                        have one; keys: driver, mac, mtu, max_vqp, features\n"
		"  bind NAME [DRIVER]    to vhost_vdpa (for guests, the default), virtio_vdpa (it\n"
		"                        becomes a disk or an interface of the host), or none\n"
		"  remove NAME           take it away. Refused while somebody uses it: the kernel\n"
		"                        would wait, and with it all who ask for vDPA devices\n"
		"\n"
		"  -n, --dry-run         check everything, change nothing\n"
		"  -f, --force           also where it could not be told who uses it\n"
		"\n"
		"MGMT is a name as listed (pci/0000:01:00.2, vdpasim_net, vdpasim_blk, vduse).\n"
		"viaduct rollback undoes each; what was made is gone at the next boot.\n",
	.run = run,
};
