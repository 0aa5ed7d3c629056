/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/commands.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>

#include "apply/release.h"
#include "apply/undo.h"
#include "base/cleanup.h"
#include "cmd/changing.h"
#include "model/select.h"
#include "plan/goal.h"

/* A command on one device: who, what is there now, and the plan it leads to. */
struct binding {
	struct via_arena *arena;
	struct via_host *host;
	const struct via_pci_device *device;
	struct via_plan plan;
	enum via_insistence insistence;
	bool yes, dry_run, group;
};

static int parse(struct via_session *session, const struct via_command *command,
		 struct binding *binding, int argc, char **argv)
{
	static const struct option options[] = { { "yes", no_argument, NULL, 'y' },
						 { "dry-run", no_argument, NULL, 'n' },
						 { "force", no_argument, NULL, 'f' },
						 { "group", no_argument, NULL, 'g' },
						 { 0 } };
	int option;

	/* Naming the device is consent enough; --yes is there for symmetry. */
	binding->yes = true;
	while ((option = command_options(session, command, argc, argv, "ynfg", options)) != -1) {
		if (option == 'h' || option == '?')
			return option == 'h' ? VIA_EXIT_DONE : VIA_EXIT_USAGE;
		binding->dry_run |= option == 'n';
		binding->group |= option == 'g';
		if (option == 'f')
			changing_insist(&binding->insistence);
	}
	return session_may_act(session, command->name) ?: -1;
}

static int find(struct via_session *session, struct binding *binding, const char *name,
		struct via_error *error)
{
	binding->host = session_look_to_plan(session);
	return select_device(&binding->host->pci, name, &binding->device, error);
}

/* Which module a driver is from no file tells before the module is loaded. */
static bool refuse_missing(const struct via_session *session, struct binding *binding,
			   const char *driver)
{
	struct via_fact there = root_exists(&session->world->root, binding->arena,
					    "sys/bus/pci/drivers/%s", driver);

	if (!fact_is(&there, VIA_ABSENT))
		return false;
	plan_refuse(&binding->plan, binding->device->name,
		    arena_printf(binding->arena, "load its module first, for instance: modprobe %s",
				 driver),
		    "there is no driver %s in the running kernel", driver);
	return true;
}

/* The device, or with --group all that a guest must be given with it; bridges stay. */
static size_t members(const struct binding *binding, const char ***ret)
{
	const struct via_pci_device *device = binding->device;
	const struct via_pci_group *group =
		binding->group && fact_is(&device->group, VIA_PRESENT)
			? pci_group(&binding->host->pci, device->group.number)
			: NULL;
	const char **names =
		arena_alloc(binding->arena, (group ? group->devices.count : 1) * sizeof(*names));
	size_t count = 0;

	if (!group)
		names[count++] = device->name;
	else
		via_for_each (member, &group->devices)
			if (!pci_is_bridge(*member))
				names[count++] = (*member)->name;
	*ret = names;
	return count;
}

static int plan_passthrough(struct binding *binding, struct via_error *error)
{
	const char **names, **words;
	size_t count = members(binding, &names);

	words = arena_alloc(binding->arena, (count + 2) * sizeof(*words));
	words[0] = "passthrough";
	words[1] = "--now";
	memcpy(words + 2, names, count * sizeof(*words));
	return plan_new_insisting(binding->arena, binding->host, words, count + 2,
				  binding->insistence, &binding->plan, error);
}

/* The goal passthrough for vfio-pci, with all it refuses; else a plain change of driver. */
static int plan_for(const struct via_session *session, struct binding *binding, const char *driver,
		    struct via_error *error)
{
	if (strcmp(driver, "vfio-pci") == 0)
		return plan_passthrough(binding, error);
	binding->plan = (struct via_plan){
		.arena = binding->arena,
		.goal = arena_printf(binding->arena, "bind %s %s", binding->device->name, driver),
		.insistence = binding->insistence,
	};
	if (refuse_missing(session, binding, driver) ||
	    plan_refuse_holders(&binding->plan, binding->device) ||
	    (fact_text(&binding->device->driver) &&
	     strcmp(binding->device->driver.text, driver) == 0))
		return 0;
	plan_bind(&binding->plan, binding->device, driver, driver);
	plan_seal(&binding->plan);
	return 0;
}

static int run_bind(struct via_session *session, int argc, char **argv)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct binding binding = { .arena = arena };
	struct via_error error;
	int status = parse(session, &command_bind, &binding, argc, argv), r;

	if (status >= 0)
		return status;
	if (argc - optind < 1 || argc - optind > 2)
		return session_usage(session, "bind", "it takes a device and at most one driver");
	if (binding.group && argc - optind == 2 && strcmp(argv[optind + 1], "vfio-pci") != 0)
		return session_usage(session, "bind", "--group goes with vfio-pci");
	r = find(session, &binding, argv[optind], &error);
	if (r == 0)
		r = plan_for(session, &binding, argc - optind == 2 ? argv[optind + 1] : "vfio-pci",
			     &error);
	status = r < 0 ? session_fail(session, &error)
		       : changing_apply(session, &binding.plan, binding.yes, binding.dry_run);
	host_free(binding.host);
	return status;
}

/* Where the journal does not know, a driver that claims the device and is there. */
static const char *claimed_driver(const struct via_pci_device *device)
{
	return device->modules.count == 1 ? *device->modules.items : "";
}

static int plan_release(struct via_session *session, struct binding *binding,
			struct via_error *error)
{
	const struct via_pci_device *device = binding->device;
	struct via_former former = { "", "" };
	int r = apply_former_driver(session->world, binding->arena, device->name, &former);

	if (r == -ENOENT)
		former.driver = claimed_driver(device);
	else if (r < 0)
		return error_set(error, r, "find former driver", device->name, NULL);
	binding->plan = (struct via_plan){
		.arena = binding->arena,
		.goal = arena_printf(binding->arena, "release %s", device->name),
		.insistence = binding->insistence,
	};
	if (!fact_text(&device->driver) || !pci_driver_shares_group(device->driver.text)) {
		if (!fact_text(&device->override) || !*device->override.text)
			return 0; /* it is the host's already */
	}
	if (plan_refuse_holders(&binding->plan, device))
		return 0;
	plan_bind(&binding->plan, device, former.override, former.driver);
	plan_seal(&binding->plan);
	return 0;
}

/* Undo what took the device: modules that were loaded for it go as well. */
static int undo_taking(struct via_session *session, const struct binding *binding, uint64_t id)
{
	struct via_changing changing = { .session = session };
	struct via_apply_options options = changing_options(&changing, binding->dry_run);
	struct via_error error = { 0 };

	options.insistence = binding->insistence;
	return changing_finish(&changing, "given back, and read back as before",
			       apply_rollback(session->world, id, &options, &error), &error);
}

static int release(struct via_session *session, struct binding *binding)
{
	struct via_error error;
	uint64_t id;

	if (plan_release(session, binding, &error) < 0)
		return session_fail(session, &error);
	if (!binding->plan.refused.count && binding->plan.actions.count &&
	    apply_taking_transaction(session->world, binding->arena, binding->device->name, &id) ==
		    0)
		return undo_taking(session, binding, id);
	return changing_apply(session, &binding->plan, binding->yes, binding->dry_run);
}

static int run_release(struct via_session *session, int argc, char **argv)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct binding binding = { .arena = arena };
	struct via_error error;
	int status = parse(session, &command_release, &binding, argc, argv), r;

	if (status >= 0)
		return status;
	if (argc - optind != 1 || binding.group)
		return session_usage(session, "release", "it takes one device");
	r = find(session, &binding, argv[optind], &error);
	status = r < 0 ? session_fail(session, &error) : release(session, &binding);
	host_free(binding.host);
	return status;
}

const struct via_command command_bind = {
	.name = "bind",
	.usage = "[-n] [-f [-f]] [--group] DEVICE [DRIVER]",
	.summary = "Bind a device to a driver now (vfio-pci unless named)",
	.help = "By driver_override, so that no twin of the device is taken along; until the next\n"
		"boot only. Refuses what the host uses, and says what it would lose.\n"
		"  -n, --dry-run   check everything, change nothing\n"
		"  -f, --force     take it although the host uses it; twice, although the host\n"
		"                  cannot do without it\n"
		"  -g, --group     take all of its IOMMU group, but for bridges\n",
	.run = run_bind,
};

const struct via_command command_release = {
	.name = "release",
	.usage = "[--dry-run] [--force [--force]] DEVICE",
	.summary = "Give a device back to the driver it had",
	.help = "The journal knows which driver and driver_override it had before viaduct took\n"
		"it. Refuses while a guest has the device, which --force cannot change.\n"
		"  -n, --dry-run   check everything, change nothing\n"
		"  -f, --force     take it although the host uses it; twice, although the host\n"
		"                  cannot do without it\n",
	.run = run_release,
};
