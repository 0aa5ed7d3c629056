/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/lever.h"

#include <errno.h>
#include <string.h>

#include "apply/target.h"
#include "base/address.h"
#include "base/cleanup.h"
#include "base/hugepage_pool.h"
#include "base/parse.h"
#include "base/uuid.h"

static const struct via_lever *const levers[] = {
	[VIA_ACTION_MODULE] = &lever_module,
	[VIA_ACTION_SRIOV_AUTOPROBE] = &lever_sriov_autoprobe,
	[VIA_ACTION_SRIOV_COUNT] = &lever_sriov_count,
	[VIA_ACTION_NVME_SECONDARY] = &lever_nvme_secondary,
	[VIA_ACTION_VF_MAC] = &lever_vf_mac,
	[VIA_ACTION_VF_VLAN] = &lever_vf_vlan,
	[VIA_ACTION_VF_TRUST] = &lever_vf_trust,
	[VIA_ACTION_VF_SPOOFCHK] = &lever_vf_spoofchk,
	[VIA_ACTION_VF_RATE] = &lever_vf_rate,
	[VIA_ACTION_VF_LINK] = &lever_vf_link,
	[VIA_ACTION_VF_MSIX] = &lever_vf_msix,
	[VIA_ACTION_VF_QUANTUM] = &lever_vf_quantum,
	[VIA_ACTION_VF_PREEMPT] = &lever_vf_preempt,
	[VIA_ACTION_ESWITCH] = &lever_eswitch,
	[VIA_ACTION_RESET_METHOD] = &lever_reset_method,
	[VIA_ACTION_D3COLD_ALLOWED] = &lever_d3cold_allowed,
	[VIA_ACTION_POWER_CONTROL] = &lever_power_control,
	[VIA_ACTION_DRIVER_OVERRIDE] = &lever_driver_override,
	[VIA_ACTION_DRIVER] = &lever_driver,
	[VIA_ACTION_FILE] = &lever_file,
	[VIA_ACTION_GENERATE] = &lever_generate,
	[VIA_ACTION_BUS_AUTOPROBE] = &lever_bus_autoprobe,
	[VIA_ACTION_MDEV] = &lever_mdev,
	[VIA_ACTION_VGPU_TYPE] = &lever_vgpu,
	[VIA_ACTION_VDPA] = &lever_vdpa,
	[VIA_ACTION_VDPA_OVERRIDE] = &lever_driver_override,
	[VIA_ACTION_VDPA_DRIVER] = &lever_driver,
	[VIA_ACTION_HUGEPAGES] = &lever_hugepages,
	[VIA_ACTION_GRUB_ONCE] = &lever_grub_once,
	[VIA_ACTION_LOADER_ENTRY] = &lever_loader_entry,
};
_Static_assert(VIA_COUNT(levers) == VIA_ACTION_KINDS, "every kind of action has a lever");

static bool is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_made_of(const char *text, const char *marks)
{
	for (const char *c = text; *c; c++)
		if (!is_letter_or_digit(*c) && !strchr(marks, *c))
			return false;
	return *text;
}

/* Absolute, spelled in one way only, and of no file that is the kernel's or the journal's. */
static bool is_file_path(const char *path)
{
	static const char *const others[] = { "/proc/", "/sys/", "/dev/", "/run/",
					      "/var/lib/viaduct/" };

	for (size_t i = 0; i < VIA_COUNT(others); i++)
		if (text_starts(path, others[i]))
			return false;
	return path[0] == '/' && path[1] && !strstr(path, "//") && !strstr(path, "/./") &&
	       !strstr(path, "/../") && !text_ends(path, "/") && !text_ends(path, "/.") &&
	       !text_ends(path, "/..") && !strpbrk(path, " \n\t");
}

/* A target becomes part of a path, or a command: nothing else gets there. */
static bool target_valid(const struct via_action *action)
{
	struct via_hugepage_pool pool;
	struct via_pci_address address;

	if (target_is_function(action))
		return address_parse(action->target, &address) == 0;
	if (action->kind == VIA_ACTION_FILE || action->kind == VIA_ACTION_GRUB_ONCE)
		return is_file_path(action->target);
	if (action->kind == VIA_ACTION_GENERATE)
		return is_letter_or_digit(action->target[0]) &&
		       is_made_of(action->target, " -_./+:=,@");
	if (action->kind == VIA_ACTION_HUGEPAGES)
		return hugepage_pool_parse(action->target, &pool) == 0;
	if (action->kind == VIA_ACTION_MDEV)
		return uuid_valid(action->target);
	return *action->target != '.' && is_made_of(action->target, "_-.");
}

static bool expected_valid(const struct via_lever *lever, const char *value)
{
	return strcmp(value, VIA_AS_MADE) == 0 || lever->valid(value);
}

static bool goes_with_target(const struct via_action *action)
{
	return action->renewed && strcmp(action->wanted, VIA_AS_MADE) == 0;
}

int lever_check(const struct via_action *action, struct via_error *error)
{
	const struct via_lever *lever = levers[action->kind];
	const char *kind = action_kind_name(action->kind);

	if (!target_valid(action))
		return error_set(error, -EINVAL, "check the plan", action->target,
				 "no target for %s", kind);
	if (!expected_valid(lever, action->expected) ||
	    (!goes_with_target(action) && !lever->valid(action->wanted)))
		return error_set(error, -EINVAL, "check the plan", action->target,
				 "\"%s\" to \"%s\" are no values of %s", action->expected,
				 action->wanted, kind);
	if (lever->one_step && strcmp(action->expected, VIA_AS_MADE) != 0 &&
	    !lever->one_step(action->expected, action->wanted))
		return error_set(error, -EINVAL, "check the plan", action->target,
				 "%s cannot go from \"%s\" to \"%s\" in one step", kind,
				 action->expected, action->wanted);
	return 0;
}

int lever_get(const struct via_world *world, const struct via_action *action,
	      struct via_arena *arena, const char **ret)
{
	int there = target_there(world, action);

	if (there <= 0)
		return there < 0 ? there : -ENODEV;
	return levers[action->kind]->get(world, action, arena, ret);
}

bool lever_goes_alone(const struct via_action *action)
{
	return levers[action->kind]->aim;
}

struct via_write lever_aim(const struct via_action *action, const char *value,
			   struct via_arena *arena)
{
	struct via_write write = levers[action->kind]->aim(action, value, arena);

	write.r = EFFECT_NOT_BEGUN;
	return write;
}

static int set_aimed(const struct via_world *world, const struct via_action *action,
		     const char *value)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_write write = lever_aim(action, value, arena);

	return effect_write(&world->effects, write.path, write.value);
}

int lever_set(const struct via_world *world, const struct via_action *action, const char *value)
{
	const struct via_lever *lever = levers[action->kind];

	if (strcmp(value, VIA_AS_MADE) == 0)
		return 0;
	return lever->set ? lever->set(world, action, value) : set_aimed(world, action, value);
}

const char *lever_beside(const struct via_world *world, const struct via_action *action,
			 struct via_arena *arena)
{
	const struct via_lever *lever = levers[action->kind];

	return lever->beside ? lever->beside(world, action, arena) : NULL;
}

int lever_obstacle(const struct via_world *world, const struct via_action *action,
		   struct via_arena *arena, const char **ret)
{
	const struct via_lever *lever = levers[action->kind];

	*ret = NULL;
	return lever->obstacle ? lever->obstacle(world, action, arena, ret) : 0;
}

int lever_tidy(const struct via_world *world, const struct via_action *action)
{
	const struct via_lever *lever = levers[action->kind];

	return lever->tidy ? lever->tidy(world, action) : 0;
}

const char *lever_verify(const struct via_world *world, const struct via_action *action,
			 const char *value, struct via_arena *arena)
{
	const struct via_lever *lever = levers[action->kind];

	return lever->verify ? lever->verify(world, action, value, arena) : NULL;
}

void lever_explain(const struct via_world *world, const struct via_action *action,
		   const char *value, int code, struct via_error *error)
{
	const struct via_lever *lever = levers[action->kind];

	if (error && lever->explain && code != -ETIMEDOUT)
		lever->explain(world, action, value, code, error);
}

bool lever_between(const struct via_action *action, const char *from, const char *to,
		   const char *present)
{
	const struct via_lever *lever = levers[action->kind];

	return lever->between && lever->between(from, to, present);
}
