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

struct devices {
	const struct via_pci_device **items;
	size_t count, capacity;
};

/* A command on one device: who, what is there now, and the plan it leads to. */
struct binding {
	struct via_arena *arena;
	struct via_host *host;
	const struct via_pci_device *device;
	struct via_plan plan;
	enum via_insistence insistence;
	const char *reset_method;
	unsigned int revert_after_s;
	bool yes, dry_run, group, companions, no_d3cold;
};

enum { OPTION_RESET_METHOD = 256, OPTION_NO_D3COLD, OPTION_REVERT_AFTER };

static void take(struct binding *binding, int option)
{
	binding->dry_run |= option == 'n';
	binding->group |= option == 'g';
	binding->companions |= option == 'c';
	binding->no_d3cold |= option == OPTION_NO_D3COLD;
	if (option == OPTION_RESET_METHOD)
		binding->reset_method = optarg;
	if (option == 'f')
		changing_insist(&binding->insistence);
}

static int parse(struct via_session *session, const struct via_command *command,
		 struct binding *binding, const struct option *options, int argc, char **argv)
{
	int option;

	/* Naming the device is consent enough; --yes is there for symmetry. */
	binding->yes = true;
	while ((option = command_options(session, command, argc, argv, "ynfgc", options)) != -1) {
		if (option == 'h' || option == '?')
			return option == 'h' ? VIA_EXIT_DONE : VIA_EXIT_USAGE;
		if (option == OPTION_REVERT_AFTER &&
		    changing_timer(session, command->name, optarg, &binding->revert_after_s))
			return VIA_EXIT_USAGE;
		take(binding, option);
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

static bool belongs(const struct binding *binding, const struct via_pci_device *other)
{
	const struct via_pci_device *device = binding->device;

	if (other == device)
		return true;
	if (pci_is_bridge(other))
		return false;
	/* What is behind VMD goes with it. */
	if (other->dma_device == device)
		return false;
	return (binding->companions && pci_same_card(device, other)) ||
	       (binding->group && fact_is(&device->group, VIA_PRESENT) &&
		fact_is(&other->group, VIA_PRESENT) && other->group.number == device->group.number);
}

/* The device; with --group all that a guest must be given with it, bridges stay; with
 * --companions the other functions of its card. */
static struct devices members(const struct binding *binding)
{
	struct devices devices = { 0 };

	via_for_each (other, &binding->host->pci.devices)
		if (belongs(binding, other))
			*via_list_add(binding->arena, &devices) = other;
	return devices;
}

/* @driver: NULL for the one that is made for each */
static int plan_passthrough(struct binding *binding, const char *driver, struct via_error *error)
{
	struct devices devices = members(binding);
	struct via_names words = { 0 };

	*via_list_add(binding->arena, &words) = "passthrough";
	*via_list_add(binding->arena, &words) = "--now";
	if (driver) {
		*via_list_add(binding->arena, &words) = "--driver";
		*via_list_add(binding->arena, &words) = driver;
	}
	if (binding->reset_method) {
		*via_list_add(binding->arena, &words) = "--reset-method";
		*via_list_add(binding->arena, &words) = binding->reset_method;
	}
	if (binding->no_d3cold)
		*via_list_add(binding->arena, &words) = "--no-d3cold";
	via_for_each (device, &devices)
		*via_list_add(binding->arena, &words) = (*device)->name;
	return plan_new_insisting(binding->arena, binding->host, words.items, words.count,
				  binding->insistence, &binding->plan, error);
}

/* The goal passthrough for VFIO's drivers, with all it refuses; else a plain change of driver. */
static int plan_for(const struct via_session *session, struct binding *binding, const char *driver,
		    struct via_error *error)
{
	if (!driver || pci_driver_is_vfio(driver))
		return plan_passthrough(binding, driver, error);
	binding->plan = (struct via_plan){
		.arena = binding->arena,
		.goal = arena_printf(binding->arena, "bind %s %s", binding->device->name, driver),
		.insistence = binding->insistence,
	};
	if (fact_text(&binding->device->driver) &&
	    strcmp(binding->device->driver.text, driver) == 0)
		return 0;
	if (refuse_missing(session, binding, driver) ||
	    plan_refuse_functions(&binding->plan, binding->device) ||
	    plan_refuse_holders(&binding->plan, binding->device))
		return 0;
	plan_bind(&binding->plan, binding->device, driver, driver);
	plan_seal(&binding->plan);
	return 0;
}

static int run_bind(struct via_session *session, int argc, char **argv)
{
	static const struct option options[] = {
		{ "yes", no_argument, NULL, 'y' },
		{ "dry-run", no_argument, NULL, 'n' },
		{ "force", no_argument, NULL, 'f' },
		{ "group", no_argument, NULL, 'g' },
		{ "companions", no_argument, NULL, 'c' },
		{ "reset-method", required_argument, NULL, OPTION_RESET_METHOD },
		{ "no-d3cold", no_argument, NULL, OPTION_NO_D3COLD },
		{ "revert-after", required_argument, NULL, OPTION_REVERT_AFTER },
		{ 0 }
	};
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct binding binding = { .arena = arena };
	int status = parse(session, &command_bind, &binding, options, argc, argv), r;
	const char *driver = argc - optind == 2 ? argv[optind + 1] : NULL;
	struct via_error error;

	if (status >= 0)
		return status;
	if (argc - optind < 1 || argc - optind > 2)
		return session_usage(session, "bind", "it takes a device and at most one driver");
	if (driver && !pci_driver_is_vfio(driver) &&
	    (binding.group || binding.companions || binding.reset_method || binding.no_d3cold))
		return session_usage(session, "bind",
				     "--group, --companions, --reset-method and --no-d3cold go "
				     "with VFIO's drivers");
	r = find(session, &binding, argv[optind], &error);
	if (r == 0)
		r = plan_for(session, &binding, driver, &error);
	binding.plan.revert_after_s = binding.revert_after_s;
	status = r < 0 ? session_fail(session, &error)
		       : changing_apply(session, &binding.plan, binding.yes, binding.dry_run);
	host_free(binding.host);
	return status;
}

/* A module and its driver often have two names: xhci_pci and xhci_hcd. */
static const char *driver_of(const struct via_session *session, const struct binding *binding,
			     const char *module)
{
	const struct via_root *root = &session->world->root;

	via_for_each (driver, &binding->host->pci.drivers) {
		struct via_fact link =
			root_link(root, binding->arena, "sys/bus/pci/drivers/%s/module", *driver);
		const char *of = fact_is(&link, VIA_ABSENT) ? *driver : fact_text(&link);

		if (of && strcmp(of, module) == 0)
			return *driver;
	}
	return NULL;
}

static const char *claiming_driver(const struct via_session *session, struct binding *binding,
				   const struct via_pci_device *device)
{
	via_for_each (module, &device->modules) {
		const char *driver = driver_of(session, binding, *module);

		if (driver)
			return driver;
	}
	return NULL;
}

static void tell_left_alone(struct binding *binding, const struct via_pci_device *device)
{
	const struct via_fact *known = &device->modules_known;
	const char *names = "";

	via_for_each (module, &device->modules)
		names = arena_printf(binding->arena, "%s%s%s", names, *names ? " or " : "",
				     *module);
	if (fact_is(known, VIA_UNKNOWN))
		names = arena_printf(binding->arena,
				     "which driver claims it could not be told (%s: %s)",
				     known->path, errno_name(known->error));
	else
		names = *names ? arena_printf(binding->arena, "%s is not loaded", names)
			       : "no driver of this kernel claims it";
	plan_risk(&binding->plan,
		  "%s is left without a driver: %s; viaduct bind %s DRIVER gives it one",
		  device->name, names, device->name);
}

/*
 * Where this boot's journal does not know: the driver it was taken from in an earlier boot, or one
 * that claims it; both only where they are registered. What the driver of a module that is not
 * loaded is called is not known before.
 */
static const char *hosts_driver(const struct via_session *session, struct binding *binding,
				const struct via_pci_device *device)
{
	const char *driver;

	if (apply_last_host_driver(session->world, binding->arena, device->name, &driver) < 0 ||
	    !names_have(&binding->host->pci.drivers, driver))
		driver = claiming_driver(session, binding, device);
	if (!driver)
		tell_left_alone(binding, device);
	return driver ?: "";
}

/* Not for VFIO, and for anybody: the host's already. */
static bool is_hosts(const struct via_pci_device *device)
{
	const char *driver = fact_text(&device->driver),
		   *override = fact_text(&pci_handover(device)->override);

	return (!driver || !pci_driver_shares_group(driver)) && (!override || !*override);
}

static int plan_release_of(struct via_session *session, struct binding *binding,
			   const struct via_pci_device *device, struct via_error *error)
{
	struct via_former former = { "", "" };
	int r;

	if (is_hosts(device))
		return 0;
	r = apply_former_driver(session->world, binding->arena, device->name, &former);
	if (r == -ENOENT)
		former.driver = hosts_driver(session, binding, device);
	else if (r < 0)
		return error_set(error, r, "find former driver", device->name, NULL);
	if (!plan_refuse_functions(&binding->plan, device) &&
	    !plan_refuse_holders(&binding->plan, device))
		plan_bind(&binding->plan, device, former.override, former.driver);
	return 0;
}

static int plan_release(struct via_session *session, struct binding *binding,
			const struct devices *devices, struct via_error *error)
{
	int r = 0;

	binding->plan = (struct via_plan){
		.arena = binding->arena,
		.goal = arena_printf(binding->arena, "release %s", binding->device->name),
		.insistence = binding->insistence,
	};
	for (size_t i = 0; r == 0 && i < devices->count; i++)
		r = plan_release_of(session, binding, devices->items[i], error);
	plan_seal(&binding->plan);
	return r;
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
	struct devices devices = members(binding);
	struct via_names names = { 0 };
	struct via_error error;
	uint64_t id;

	if (plan_release(session, binding, &devices, &error) < 0)
		return session_fail(session, &error);
	via_for_each (device, &devices)
		if (!is_hosts(*device))
			*via_list_add(binding->arena, &names) = (*device)->name;
	if (!binding->plan.refused.count && binding->plan.actions.count &&
	    apply_taking_transaction(session->world, binding->arena, &names, &id) == 0)
		return undo_taking(session, binding, id);
	return changing_apply(session, &binding->plan, binding->yes, binding->dry_run);
}

static int run_release(struct via_session *session, int argc, char **argv)
{
	static const struct option options[] = {
		{ "yes", no_argument, NULL, 'y' },	  { "dry-run", no_argument, NULL, 'n' },
		{ "force", no_argument, NULL, 'f' },	  { "group", no_argument, NULL, 'g' },
		{ "companions", no_argument, NULL, 'c' }, { 0 }
	};
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct binding binding = { .arena = arena };
	struct via_error error;
	int status = parse(session, &command_release, &binding, options, argc, argv), r;

	if (status >= 0)
		return status;
	if (argc - optind != 1)
		return session_usage(session, "release", "it takes one device");
	r = find(session, &binding, argv[optind], &error);
	status = r < 0 ? session_fail(session, &error) : release(session, &binding);
	host_free(binding.host);
	return status;
}

const struct via_command command_bind = {
	.name = "bind",
	.usage = "[-n] [-f [-f]] [-g] [-c] [OPTIONS] DEVICE [DRIVER]",
	.summary = "Bind a device to a driver now (VFIO's unless named)",
	.help = "By driver_override, so that no twin of the device is taken along; until the next\n"
		"boot only. Refuses what the host uses, and says what it would lose. Without a\n"
		"driver it goes to the one of VFIO's that is made for it (mlx5_vfio_pci), else to\n"
		"vfio-pci; one that is named is obeyed.\n"
		"  -n, --dry-run   check everything, change nothing\n"
		"  -f, --force     take it although the host uses it; twice, although the host\n"
		"                  cannot do without it\n"
		"  -g, --group     take all of its IOMMU group, but for bridges\n"
		"  -c, --companions  and the other functions of its card: a graphics card's sound\n"
		"                  and USB\n"
		"  --reset-method LIST  reset it by these alone, in this order: flr,bus; or none\n"
		"  --no-d3cold     keep it from losing all power in its sleep\n"
		"  --revert-after SECONDS  give it back by itself, unless viaduct confirm comes\n"
		"                  first, whatever becomes of the session\n",
	.run = run_bind,
};

const struct via_command command_release = {
	.name = "release",
	.usage = "[-n] [-f [-f]] [-g] [-c] DEVICE",
	.summary = "Give a device back to the driver it had",
	.help = "The journal knows which driver, driver_override, reset methods and power policy\n"
		"it had before viaduct took it. Refuses while a guest has the device, which\n"
		"--force cannot change.\n"
		"  -n, --dry-run   check everything, change nothing\n"
		"  -f, --force     take it although the host uses it; twice, although the host\n"
		"                  cannot do without it\n"
		"  -g, --group     and all of its IOMMU group\n"
		"  -c, --companions  and the other functions of its card\n",
	.run = run_release,
};
