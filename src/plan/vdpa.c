/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/virtual.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"

/* Bits of virtio-net that a device must have to be given such a setting (virtio 1.2, 5.1.3). */
enum { NET_F_MTU = 3, NET_F_MAC = 5, NET_F_MQ = 22, ID_NET = 1 };

static const char vhost_vdpa[] = "vhost_vdpa", virtio_vdpa[] = "virtio_vdpa";

/* Who makes devices, and the module that brings it; with hardware the driver does. */
static const struct {
	const char *management;
	enum via_module_id module;
} simulators[] = {
	{ "vdpasim_net", VIA_MODULE_VDPA_SIM_NET },
	{ "vdpasim_blk", VIA_MODULE_VDPA_SIM_BLK },
	{ "vduse", VIA_MODULE_VDUSE },
};

void plan_module(struct via_plan *plan, const struct via_host *host, enum via_module_id id,
		 const char *why)
{
	const struct via_module *module = &host->kernel.modules[id];
	const char *name = module_kind(id)->name;

	if (module_is_here(module))
		return;
	if (module_state(module) != VIA_MODULE_STATE_UNKNOWN && !module_can_be_here(module))
		plan_refuse(plan, name, "a kernel that has it", "%s",
			    module_state_words(module_state(module)));
	else
		plan_act(plan, VIA_ACTION_MODULE, name, "absent", "loaded", why);
}

static const struct via_vdpa_management *management_named(const struct via_vdpa *vdpa,
							  const char *name)
{
	const char *slash = strchr(name, '/');

	via_for_each (management, &vdpa->management)
		if (strcmp(management->name, slash ? slash + 1 : name) == 0 &&
		    (!slash || (strncmp(management->bus, name, (size_t)(slash - name)) == 0 &&
				!management->bus[slash - name])))
			return management;
	return NULL;
}

static const struct via_vdpa_device *device_named(const struct via_host *host, const char *name)
{
	via_for_each (device, &host->vdpa.devices)
		if (strcmp(device->name, name) == 0)
			return device;
	return NULL;
}

static bool is_number(const char *text, int base, uint64_t most)
{
	uint64_t number;

	return parse_u64(text, base, &number) == 0 && number && number <= most;
}

static bool is_mac(const char *text)
{
	if (strlen(text) != 17)
		return false;
	for (unsigned int i = 0; i < 17; i++)
		if (i % 3 == 2 ? text[i] != ':' : !strchr("0123456789abcdef", text[i]))
			return false;
	return true;
}

static bool is_plain(const char *name)
{
	return *name && strlen(name) < 64 && *name != '.' &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") ==
		       strlen(name);
}

static int check_setup(const struct via_vdpa_setup *setup, struct via_error *error)
{
	const struct {
		bool wrong;
		const char *value, *why;
	} rows[] = {
		{ !is_plain(setup->name), setup->name, "a name is letters, digits, - and _" },
		{ setup->mac && !is_mac(setup->mac), setup->mac,
		  "a MAC address is 02:00:00:00:00:01, lower case" },
		{ setup->mtu && !is_number(setup->mtu, 10, UINT16_MAX), setup->mtu,
		  "an MTU is a number up to 65535" },
		{ setup->max_vqp && !is_number(setup->max_vqp, 10, UINT16_MAX), setup->max_vqp,
		  "a count of queue pairs is a number up to 65535" },
		{ setup->features && (!text_starts(setup->features, "0x") ||
				      !is_number(setup->features, 16, UINT64_MAX)),
		  setup->features, "features are bits, as 0x followed by hex" },
		{ setup->driver && strcmp(setup->driver, vhost_vdpa) != 0 &&
			  strcmp(setup->driver, virtio_vdpa) != 0,
		  setup->driver, "drivers are vhost_vdpa (for guests) and virtio_vdpa (the host)" },
	};

	for (size_t i = 0; i < VIA_COUNT(rows); i++)
		if (rows[i].wrong)
			return error_usage(error, "plan vdpa", rows[i].value, "%s", rows[i].why);
	return 0;
}

/* The drivers of the bus are modules; the bus comes with them. */
static void load_driver(struct via_plan *plan, const struct via_host *host, const char *driver)
{
	if (driver && *driver)
		plan_module(plan, host,
			    strcmp(driver, vhost_vdpa) == 0 ? VIA_MODULE_VHOST_VDPA
							    : VIA_MODULE_VIRTIO_VDPA,
			    "the driver of the bus vdpa that is asked for");
}

static void refuse_settings(struct via_plan *plan, const struct via_vdpa_management *management,
			    const struct via_vdpa_setup *setup)
{
	const struct {
		const char *value, *what;
		unsigned int bit;
	} rows[] = {
		{ setup->mac, "a MAC address", NET_F_MAC },
		{ setup->mtu, "an MTU", NET_F_MTU },
		{ setup->max_vqp && strcmp(setup->max_vqp, "1") != 0 ? setup->max_vqp : NULL,
		  "queue pairs", NET_F_MQ },
	};

	for (size_t i = 0; i < VIA_COUNT(rows); i++)
		if (rows[i].value && (!(management->classes >> ID_NET & 1) ||
				      !(management->features >> rows[i].bit & 1)))
			plan_refuse(plan, management->name, "leave that out",
				    "what it makes cannot be given %s", rows[i].what);
}

/* Its full name, "BUS/NAME" or "NAME"; NULL after a refusal. */
static const char *find_management(struct via_plan *plan, const struct via_host *host,
				   const struct via_vdpa_setup *setup)
{
	const struct via_vdpa_management *management =
		management_named(&host->vdpa, setup->management);

	if (management) {
		refuse_settings(plan, management, setup);
		return *management->bus ? arena_printf(plan->arena, "%s/%s", management->bus,
						       management->name)
					: management->name;
	}
	if (fact_is(&host->vdpa.management_known, VIA_UNKNOWN)) {
		plan_refuse(plan, setup->management, NULL,
			    "who makes vDPA devices could not be told (%s)",
			    errno_name(host->vdpa.management_known.error));
		return NULL;
	}
	for (size_t i = 0; i < VIA_COUNT(simulators); i++)
		if (strcmp(simulators[i].management, setup->management) == 0) {
			plan_module(plan, host, simulators[i].module, "it makes the device");
			return setup->management;
		}
	plan_refuse(plan, setup->management,
		    "viaduct vdpa lists those that are there; a network "
		    "card's appears with its driver's vDPA module",
		    "there is no such management device");
	return NULL;
}

static const char *word(struct via_plan *plan, const char *key, const char *value)
{
	return value ? arena_printf(plan->arena, " %s=%s", key, value) : "";
}

static const char *described(struct via_plan *plan, const char *management,
			     const struct via_vdpa_config *config)
{
	return arena_printf(plan->arena, "%s%s%s%s%s", management, word(plan, "mac", config->mac),
			    word(plan, "mtu", config->mtu), word(plan, "max_vqp", config->max_vqp),
			    word(plan, "features", config->features));
}

static bool same(const char *wanted, const char *present)
{
	return !wanted || (present && strcmp(wanted, present) == 0);
}

static bool is_as_wished(const struct via_vdpa_device *device, const struct via_host *host,
			 const struct via_vdpa_setup *setup)
{
	const struct via_vdpa_management *management =
		management_named(&host->vdpa, setup->management);

	return management && same(management->name, device->management) &&
	       same(management->bus, device->bus) && same(setup->mac, device->config.mac) &&
	       same(setup->mtu, device->config.mtu) &&
	       same(setup->max_vqp, device->config.max_vqp) &&
	       same(setup->features, device->config.features);
}

/* While a device comes or goes, the bus hands it to no driver of its own choice. */
static bool hold_bus(struct via_plan *plan, const struct via_host *host)
{
	const char *autoprobe = fact_text(&host->vdpa.autoprobe);

	if (autoprobe && strcmp(autoprobe, "0") == 0)
		return false;
	plan_act(plan, VIA_ACTION_BUS_AUTOPROBE, "vdpa", "1", "0",
		 "no driver takes it before it is told which");
	return true;
}

static void let_bus_go(struct via_plan *plan, bool held)
{
	if (held)
		plan_act(plan, VIA_ACTION_BUS_AUTOPROBE, "vdpa", "0", "1", "as before");
}

static void make(struct via_plan *plan, const struct via_host *host, const char *management,
		 const struct via_vdpa_setup *setup)
{
	const struct via_vdpa_config config = { .mac = setup->mac,
						.mtu = setup->mtu,
						.max_vqp = setup->max_vqp,
						.features = setup->features };
	bool held = setup->driver && hold_bus(plan, host);

	plan_act(plan, VIA_ACTION_VDPA, setup->name, "", described(plan, management, &config),
		 "its management device makes it");
	if (setup->driver) {
		plan_act(plan, VIA_ACTION_VDPA_OVERRIDE, setup->name, "", setup->driver,
			 "only that driver may take it");
		plan_act(plan, VIA_ACTION_VDPA_DRIVER, setup->name, "", setup->driver,
			 "the driver takes it");
	}
	let_bus_go(plan, held);
}

static void rebind(struct via_plan *plan, const struct via_host *host,
		   const struct via_vdpa_device *device, const char *driver)
{
	const char *present = fact_text(&device->driver) ?: "";
	const char *override = fact_text(&device->override) ?: "";

	if (strcmp(present, driver) == 0 ||
	    plan_refuse_user(plan, device->name, device->user, device->node != NULL,
			     &device->users_known))
		return;
	load_driver(plan, host, driver);
	if (*present)
		plan_act(plan, VIA_ACTION_VDPA_DRIVER, device->name, present, "",
			 "its present driver lets go");
	if (strcmp(override, driver) != 0)
		plan_act(plan, VIA_ACTION_VDPA_OVERRIDE, device->name, override, driver,
			 *driver ? "only that driver may take it" : "any driver may take it");
	if (*driver)
		plan_act(plan, VIA_ACTION_VDPA_DRIVER, device->name, "", driver,
			 "the driver takes it");
}

int plan_vdpa(const struct via_host *host, const struct via_vdpa_setup *setup,
	      struct via_plan *plan, struct via_error *error)
{
	const struct via_vdpa_device *device = device_named(host, setup->name);
	const char *management;
	int r = check_setup(setup, error);

	if (r < 0)
		return r;
	if (device && !is_as_wished(device, host, setup)) {
		plan_refuse(plan, setup->name, "viaduct vdpa remove, or another name",
			    "there is one of that name, made by %s, and set up otherwise",
			    device->management ?: "its driver");
		return 0;
	}
	if (device) {
		if (setup->driver)
			rebind(plan, host, device, setup->driver);
		return 0;
	}
	management = find_management(plan, host, setup);
	load_driver(plan, host, setup->driver);
	if (management)
		make(plan, host, management, setup);
	return 0;
}

static int find(const struct via_host *host, const char *name, const struct via_vdpa_device **ret,
		struct via_error *error)
{
	*ret = device_named(host, name);
	if (*ret)
		return 0;
	error_set(error, -ENODEV, "plan", name, "there is no vDPA device of that name");
	return error_hint(error, "viaduct vdpa lists them");
}

int plan_vdpa_driver(const struct via_host *host, const char *name, const char *driver,
		     struct via_plan *plan, struct via_error *error)
{
	const struct via_vdpa_device *device;
	const struct via_vdpa_setup setup = { .name = name, .driver = *driver ? driver : NULL };
	int r = check_setup(&setup, error);

	if (r == 0)
		r = find(host, name, &device, error);
	if (r == 0)
		rebind(plan, host, device, driver);
	return r;
}

static const char *present_setup(struct via_plan *plan, const struct via_vdpa_device *device)
{
	const char *management = device->management;

	if (*device->bus)
		management = arena_printf(plan->arena, "%s/%s", device->bus, management);
	return described(plan, management, &device->config);
}

int plan_vdpa_removal(const struct via_host *host, const char *name, struct via_plan *plan,
		      struct via_error *error)
{
	const struct via_vdpa_device *device;
	const char *driver, *override;
	int r = find(host, name, &device, error);
	bool held;

	if (r < 0 ||
	    plan_refuse_user(plan, name, device->user, device->node != NULL, &device->users_known))
		return r;
	if (!device->management) {
		plan_refuse(plan, name, "its driver makes and removes it",
			    "no management device made it");
		return 0;
	}
	driver = fact_text(&device->driver) ?: "";
	override = fact_text(&device->override) ?: "";
	held = hold_bus(plan, host);
	if (*driver)
		plan_act(plan, VIA_ACTION_VDPA_DRIVER, device->name, driver, "",
			 "its driver lets go");
	if (*override)
		plan_act(plan, VIA_ACTION_VDPA_OVERRIDE, device->name, override, "",
			 "noted, to be put back");
	plan_act(plan, VIA_ACTION_VDPA, device->name, present_setup(plan, device), "",
		 "its management device takes it away");
	let_bus_go(plan, held);
	return 0;
}

static const char **setup_member(struct via_vdpa_setup *setup, const char *key)
{
	const struct {
		const char *key;
		const char **value;
	} members[] = {
		{ "mac", &setup->mac },		{ "mtu", &setup->mtu },
		{ "max_vqp", &setup->max_vqp }, { "features", &setup->features },
		{ "driver", &setup->driver },
	};

	for (size_t i = 0; i < VIA_COUNT(members); i++)
		if (strcmp(members[i].key, key) == 0)
			return members[i].value;
	return NULL;
}

static int take_settings(struct via_vdpa_setup *setup, char *rest, struct via_error *error)
{
	char *setting;

	while ((setting = strsep(&rest, ","))) {
		char *equals = strchr(setting, '=');
		const char **member;

		if (equals)
			*equals = '\0';
		member = setup_member(setup, setting);
		if (!member || !equals) {
			error_usage(error, "plan vdpa", setting, "that is no setting");
			return error_hint(error,
					  "settings: mac=, mtu=, max_vqp=, features=, driver=");
		}
		*member = equals + 1;
	}
	return 0;
}

/* MANAGEMENT=NAME[,KEY=VALUE...] */
static int plan_word(const struct via_host *host, const char *text, struct via_plan *plan,
		     struct via_error *error)
{
	char *management = arena_strdup(plan->arena, text), *name = strchr(management, '='), *rest;
	struct via_vdpa_setup setup;
	int r;

	if (!name || name == management) {
		error_usage(error, "plan vdpa", text, "that is not MANAGEMENT=NAME");
		return error_hint(error, "for instance: vdpa vdpasim_net=vdpa0,driver=vhost_vdpa");
	}
	*name++ = '\0';
	rest = name;
	setup = (struct via_vdpa_setup){ .management = management, .name = strsep(&rest, ",") };
	r = rest ? take_settings(&setup, rest, error) : 0;
	return r < 0 ? r : plan_vdpa(host, &setup, plan, error);
}

static int plan_words(const struct via_host *host, const char *const *words, size_t count,
		      struct via_plan *plan, struct via_error *error)
{
	int r = count ? 0 : error_usage(error, "plan", "vdpa", "no MANAGEMENT=NAME named");

	for (size_t i = 0; i < count && r == 0; i++)
		r = plan_word(host, words[i], plan, error);
	if (plan->refused.count)
		plan->actions.count = 0;
	return r;
}

const struct via_goal_kind goal_vdpa = {
	.name = "vdpa",
	.arguments = "MGMT=NAME[,KEY=VALUE...]...",
	.summary = "have a vDPA device, bound to the driver asked for",
	.plan = plan_words,
};
