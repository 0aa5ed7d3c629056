/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/virtual.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "base/uuid.h"
#include "model/select.h"
#include "plan/boot.h"

static const struct via_mdev_parent *parent_named(const struct via_mediated *mediated,
						  const char *name)
{
	via_for_each (parent, &mediated->parents)
		if (strcmp(parent->name, name) == 0)
			return parent;
	return NULL;
}

static const struct via_vgpu *vgpu_on(const struct via_mediated *mediated, const char *name)
{
	via_for_each (vgpu, &mediated->vgpus)
		if (strcmp(vgpu->name, name) == 0)
			return vgpu;
	return NULL;
}

static const struct via_mdev *mdev_named(const struct via_mediated *mediated, const char *uuid)
{
	via_for_each (device, &mediated->devices)
		if (strcmp(device->uuid, uuid) == 0)
			return device;
	return NULL;
}

/* By its id, or by its name where only one type has it. */
static const struct via_mdev_type *type_named(const struct via_mdev_parent *parent,
					      const char *name)
{
	const struct via_mdev_type *found = NULL;

	via_for_each (type, &parent->types)
		if (strcmp(type->id, name) == 0)
			return type;
	via_for_each (type, &parent->types) {
		const char *title = fact_text(&type->name);

		if (!title || strcmp(title, name) != 0)
			continue;
		if (found)
			return NULL;
		found = type;
	}
	return found;
}

static const char *types_of(struct via_plan *plan, const struct via_mdev_parent *parent)
{
	const char *text = "";

	via_for_each (type, &parent->types)
		text = arena_printf(plan->arena, "%s%s%s", text,
				    *text ? ", " : "it makes: ", type->id);
	return text;
}

static void mix(uint64_t *hash, const char *text)
{
	for (; *text; text++)
		*hash = (*hash ^ (unsigned char)*text) * 0x100000001b3;
}

/* The same wish gives the same UUID as long as nobody has it: a plan has no dice. */
static const char *own_uuid(struct via_plan *plan, const struct via_host *host, const char *parent,
			    const char *type)
{
	uint64_t hash = 0xcbf29ce484222325, halves[2];
	uint8_t bytes[UUID_BYTES];
	char text[UUID_TEXT];

	mix(&hash, parent);
	mix(&hash, "/");
	mix(&hash, type);
	do {
		mix(&hash, "1");
		halves[0] = hash;
		mix(&hash, "2");
		halves[1] = hash;
		memcpy(bytes, halves, sizeof(bytes));
		uuid_format(bytes, 8, text);
	} while (mdev_named(&host->mediated, text));
	return arena_strdup(plan->arena, text);
}

static bool is_of(const struct via_mdev *device, const char *parent, const char *type)
{
	const char *present = fact_text(&device->type);

	return device->parent && strcmp(device->parent, parent) == 0 && present &&
	       strcmp(present, type) == 0;
}

/* Whether there is one as wished; a UUID that is something else is refused. */
static bool is_there(struct via_plan *plan, const struct via_host *host,
		     const struct via_mdev_wish *wish, const char *parent, const char *type)
{
	const struct via_mdev *device;

	if (wish->uuid) {
		device = mdev_named(&host->mediated, wish->uuid);
		if (device && !is_of(device, parent, type))
			plan_refuse(plan, wish->uuid, "remove it first, or choose another UUID",
				    "it is of type %s on %s", fact_text(&device->type) ?: "unknown",
				    device->parent ?: "an unknown parent");
		return device;
	}
	via_for_each (mdev, &host->mediated.devices)
		if (is_of(mdev, parent, type))
			return true;
	return false;
}

/* One UUID is made by one program: at the next boot mdevctl's definition would come first. */
static bool refuse_definition(struct via_plan *plan, const struct via_mediated *mediated,
			      const char *uuid, const char *parent, const char *type)
{
	via_for_each (definition, &mediated->definitions) {
		if (strcmp(definition->uuid, uuid) != 0 ||
		    (strcmp(definition->parent, parent) == 0 && definition->type &&
		     strcmp(definition->type, type) == 0))
			continue;
		plan_refuse(plan, uuid, "viaduct mdev undefine, or choose another UUID",
			    "mdevctl defines it otherwise: %s on %s (/etc/mdevctl.d/%s/%s)",
			    definition->type ?: "a type that was not told", definition->parent,
			    definition->parent, uuid);
		return true;
	}
	if (fact_is(&mediated->definitions_known, VIA_UNKNOWN))
		plan_risk(plan,
			  "what mdevctl defines could not be told (%s): it may make %s otherwise",
			  errno_name(mediated->definitions_known.error), uuid);
	return false;
}

static void make(struct via_plan *plan, const struct via_host *host,
		 const struct via_mdev_wish *wish, const char *parent, const char *type)
{
	if (wish->uuid && refuse_definition(plan, &host->mediated, wish->uuid, parent, type))
		return;
	if (is_there(plan, host, wish, parent, type))
		return;
	plan_act(plan, VIA_ACTION_MDEV, wish->uuid ?: own_uuid(plan, host, parent, type), "",
		 arena_printf(plan->arena, "%s/%s", parent, type), "its parent's driver makes it");
}

static void plan_on_parent(const struct via_host *host, const struct via_mdev_parent *parent,
			   const struct via_mdev_wish *wish, struct via_plan *plan)
{
	const struct via_mdev_type *type = type_named(parent, wish->type);
	size_t before = plan->actions.count;

	if (fact_is(&parent->types_known, VIA_UNKNOWN) || !type) {
		plan_refuse(plan, parent->name, parent->types.count ? types_of(plan, parent) : NULL,
			    "it has no type %s", wish->type);
		return;
	}
	make(plan, host, wish, parent->name, type->id);
	if (plan->actions.count == before)
		return;
	if (fact_is(&type->available, VIA_PRESENT) && !type->available.number)
		plan_refuse(plan, parent->name,
			    "remove one first; types may share what they are made of",
			    "no instance of %s is left", type->id);
}

/* Lines "ID : name". */
static const char *vgpu_type(struct via_plan *plan, const struct via_vgpu *vgpu, const char *wanted)
{
	char *rest = arena_strdup(plan->arena, fact_text(&vgpu->creatable) ?: ""), *line;

	while ((line = strsep(&rest, "\n"))) {
		char *colon = strstr(line, ":");
		char *end;
		unsigned long id = strtoul(line, &end, 10);

		if (end == line || !colon)
			continue;
		colon += 1 + strspn(colon + 1, " ");
		if (strcmp(colon, wanted) == 0 ||
		    strcmp(arena_printf(plan->arena, "%lu", id), wanted) == 0 ||
		    strcmp(arena_printf(plan->arena, "nvidia-%lu", id), wanted) == 0)
			return arena_printf(plan->arena, "%lu", id);
	}
	return NULL;
}

static const char *present_vgpu(struct via_plan *plan, const struct via_vgpu *vgpu)
{
	return arena_printf(plan->arena, "%llu", (unsigned long long)vgpu->current.number);
}

static void plan_vgpu(const struct via_vgpu *vgpu, const struct via_mdev_wish *wish,
		      struct via_plan *plan)
{
	const char *type = vgpu_type(plan, vgpu, wish->type);

	if (!fact_is(&vgpu->current, VIA_PRESENT)) {
		plan_refuse(plan, vgpu->name, NULL, "which vGPU it carries could not be told (%s)",
			    errno_name(vgpu->current.error));
		return;
	}
	if (type && strcmp(present_vgpu(plan, vgpu), type) == 0)
		return;
	if (vgpu->current.number)
		plan_refuse(plan, vgpu->name, "take that away first: viaduct mdev remove",
			    "it carries a vGPU of type %llu",
			    (unsigned long long)vgpu->current.number);
	else if (!type)
		plan_refuse(plan, vgpu->name,
			    arena_printf(plan->arena, "it can carry: %s",
					 fact_text(&vgpu->creatable) ?: "nothing that is told"),
			    "it cannot carry a vGPU of type %s", wish->type);
	else
		plan_act(plan, VIA_ACTION_VGPU_TYPE, vgpu->name, "0", type,
			 "NVIDIA's driver puts that vGPU on the function")
			->identity = plan_identity(plan->arena, vgpu->device);
}

/* The kernel's samples, which are their own parents. */
static bool plan_sample(const struct via_host *host, const struct via_mdev_wish *wish,
			struct via_plan *plan)
{
	static const char *const samples[] = { "mtty", "mdpy", "mbochs" };

	for (size_t i = 0; i < VIA_COUNT(samples); i++) {
		if (strcmp(samples[i], wish->parent) != 0)
			continue;
		plan_act(plan, VIA_ACTION_MODULE, wish->parent, "absent", "loaded",
			 "the sample driver is its own parent");
		make(plan, host, wish, wish->parent, wish->type);
		return true;
	}
	return false;
}

static int plan_on_function(const struct via_host *host, const struct via_mdev_wish *wish,
			    struct via_plan *plan, struct via_error *error)
{
	const struct via_pci_device *device;
	const struct via_vgpu *vgpu;
	int r = select_device(&host->pci, wish->parent, &device, error);

	if (r < 0)
		return r;
	via_for_each (parent, &host->mediated.parents)
		if (parent->device == device) {
			plan_on_parent(host, parent, wish, plan);
			return 0;
		}
	vgpu = vgpu_on(&host->mediated, device->name);
	if (vgpu)
		plan_vgpu(vgpu, wish, plan);
	else
		plan_refuse(
			plan, device->name,
			pci_class_is(device, 0x030000, 0xff0000) &&
					fact_number(&device->vendor, 0) == 0x8086
				? "Broadwell to Ice Lake: i915.enable_gvt=1 and the module kvmgt"
				: "its driver must offer types: see viaduct mdev",
			"its driver makes no mediated devices");
	return 0;
}

int plan_mdev(const struct via_host *host, const struct via_mdev_wish *wish, struct via_plan *plan,
	      struct via_error *error)
{
	const struct via_mdev_parent *parent = parent_named(&host->mediated, wish->parent);

	if (wish->uuid && !uuid_valid(wish->uuid))
		return error_usage(error, "plan mdev", wish->uuid,
				   "that is no UUID: 36 characters, lower case");
	if (fact_is(&host->mediated.parents_known, VIA_UNKNOWN))
		plan_refuse(plan, wish->parent, NULL,
			    "who makes mediated devices could not be told (%s)",
			    errno_name(host->mediated.parents_known.error));
	else if (parent)
		plan_on_parent(host, parent, wish, plan);
	else if (!plan_sample(host, wish, plan))
		return plan_on_function(host, wish, plan, error);
	return 0;
}

bool plan_refuse_user(struct via_plan *plan, const char *what, const char *user, bool waits,
		      const struct via_fact *known)
{
	if (plan->insistence != VIA_INSIST_NOT && !(user && waits))
		return false;
	if (user)
		plan_refuse(plan, what,
			    waits ? "end that use first: the kernel would wait for it"
				  : "end that use first, or --force",
			    "%s", user);
	else if (fact_is(known, VIA_UNKNOWN))
		plan_refuse(plan, what, "as root, outside of containers; or --force",
			    "who uses it could not be told (%s)", errno_name(known->error));
	return user || fact_is(known, VIA_UNKNOWN);
}

int plan_mdev_removal(const struct via_host *host, const char *name, struct via_plan *plan,
		      struct via_error *error)
{
	const struct via_mdev *device = mdev_named(&host->mediated, name);
	const struct via_vgpu *vgpu = vgpu_on(&host->mediated, name);

	if (vgpu && fact_number(&vgpu->current, 0)) {
		plan_act(plan, VIA_ACTION_VGPU_TYPE, vgpu->name, present_vgpu(plan, vgpu), "0",
			 "the function carries no vGPU then")
			->identity = plan_identity(plan->arena, vgpu->device);
		return 0;
	}
	if (!device)
		return error_set(error, -ENODEV, "plan", name,
				 "no mediated device, and no function with a vGPU, has that name");
	if (!device->parent || !fact_text(&device->type))
		plan_refuse(plan, name, NULL, "its parent or type could not be told");
	else if (!plan_refuse_user(plan, name, device->user, true, &device->users_known))
		plan_act(plan, VIA_ACTION_MDEV, name,
			 arena_printf(plan->arena, "%s/%s", device->parent, device->type.text), "",
			 "its parent's driver takes it away");
	return 0;
}

int plan_mdev_wish(struct via_plan *plan, const char *word, struct via_mdev_wish *ret,
		   struct via_error *error)
{
	char *parent = arena_strdup(plan->arena, word), *type = strchr(parent, '='), *uuid;

	if (!type || type == parent || !type[1]) {
		error_usage(error, "plan mdev", word, "that is not PARENT=TYPE");
		error_hint(error, "for instance: mdev 0000:00:02.0=i915-GVTg_V5_4");
		return -EINVAL;
	}
	*type++ = '\0';
	uuid = strrchr(type, ',');
	if (uuid)
		*uuid++ = '\0';
	*ret = (struct via_mdev_wish){ .parent = parent, .type = type, .uuid = uuid };
	return 0;
}

static void refuse_instances(struct via_plan *plan, const struct via_mdev_parent *parent,
			     const struct via_mdev_type *type)
{
	const char *made = arena_printf(plan->arena, "%s/%s", parent->name, type->id);
	const char *names = "";
	size_t count = 0;

	via_for_each (action, &plan->actions) {
		if (action->kind != VIA_ACTION_MDEV || strcmp(action->wanted, made) != 0)
			continue;
		names = arena_printf(plan->arena, "%s%s%s", names, count ? ", " : "",
				     action->target);
		count++;
	}
	if (count > type->available.number)
		plan_refuse(plan, parent->name, "types may share what they are made of",
			    "%zu of type %s are wanted (%s), and %llu can be made", count, type->id,
			    names, (unsigned long long)type->available.number);
}

void plan_refuse_instances(const struct via_host *host, struct via_plan *plan)
{
	via_for_each (parent, &host->mediated.parents)
		via_for_each (type, &parent->types)
			if (fact_number(&type->available, 0))
				refuse_instances(plan, parent, type);
}

static int plan_word(const struct via_host *host, const char *word, struct via_plan *plan,
		     struct via_error *error)
{
	struct via_mdev_wish wish;
	int r = plan_mdev_wish(plan, word, &wish, error);

	return r < 0 ? r : plan_mdev(host, &wish, plan, error);
}

static int plan_mdevs(const struct via_host *host, const char *const *words, size_t count,
		      struct via_plan *plan, struct via_error *error)
{
	int r = count ? 0 : error_usage(error, "plan", "mdev", "no PARENT=TYPE named");

	for (size_t i = 0; i < count && r == 0; i++)
		r = plan_word(host, words[i], plan, error);
	plan_refuse_instances(host, plan);
	if (plan->refused.count)
		plan->actions.count = 0;
	return r;
}

const struct via_goal_kind goal_mdev = {
	.name = "mdev",
	.arguments = "PARENT=TYPE[,UUID]...",
	.summary = "have a mediated device, or a vGPU, of that type",
	.plan = plan_mdevs,
};
