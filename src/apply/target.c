/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/target.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "apply/step.h"
#include "base/cleanup.h"

#define DEVICE "sys/bus/pci/devices/%s"

enum { POLL_MS = 20 };

const char *target_bus(const struct via_action *action)
{
	switch (action->kind) {
	case VIA_ACTION_FILE:
	case VIA_ACTION_GENERATE:
	case VIA_ACTION_MODULE:
	case VIA_ACTION_BUS_AUTOPROBE:
	case VIA_ACTION_HUGEPAGES:
	case VIA_ACTION_MDEV:
	case VIA_ACTION_VDPA:
	case VIA_ACTION_GRUB_ONCE:
	case VIA_ACTION_LOADER_ENTRY:
		return NULL;
	case VIA_ACTION_VDPA_OVERRIDE:
	case VIA_ACTION_VDPA_DRIVER:
		return "vdpa";
	default:
		return "pci";
	}
}

bool target_is_function(const struct via_action *action)
{
	const char *bus = target_bus(action);

	return bus && strcmp(bus, "pci") == 0;
}

int target_there(const struct via_world *world, const struct via_action *action)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const char *bus = target_bus(action);
	struct via_fact fact;

	if (bus)
		fact = root_exists(&world->root, arena, "sys/bus/%s/devices/%s", bus,
				   action->target);
	else if (action->kind == VIA_ACTION_BUS_AUTOPROBE)
		fact = root_exists(&world->root, arena, "sys/bus/%s", action->target);
	else
		return 1;
	if (fact.known == VIA_UNKNOWN)
		return -fact.error;
	return fact.known == VIA_PRESENT;
}

int target_wait(const struct via_world *world, const struct via_action *action,
		unsigned int limit_ms)
{
	const struct timespec pause = { .tv_nsec = POLL_MS * 1000000L };
	uint64_t end = step_clock_ms() + limit_ms;
	int there;

	while ((there = target_there(world, action)) == 0) {
		if (step_clock_ms() >= end)
			return -ETIMEDOUT;
		nanosleep(&pause, NULL);
	}
	return there < 0 ? there : 0;
}

/* pci:v00008086d000010C9…: both ids in one attribute */
static bool ids_of_modalias(const struct via_fact *modalias, unsigned int *ret_vendor,
			    unsigned int *ret_device)
{
	return fact_text(modalias) &&
	       sscanf(modalias->text, "pci:v%8xd%8xsv", ret_vendor, ret_device) == 2;
}

int target_identity(const struct via_world *world, const struct via_action *action,
		    struct via_arena *arena, const char **ret)
{
	struct via_fact modalias, vendor, device;
	unsigned int ids[2];

	if (!target_is_function(action)) {
		*ret = "";
		return 0;
	}
	modalias = root_text(&world->root, arena, DEVICE "/modalias", action->target);
	if (ids_of_modalias(&modalias, &ids[0], &ids[1])) {
		*ret = arena_printf(arena, "%04x:%04x", ids[0], ids[1]);
		return 0;
	}
	vendor = root_hex(&world->root, arena, DEVICE "/vendor", action->target);
	device = root_hex(&world->root, arena, DEVICE "/device", action->target);
	if (vendor.known == VIA_PRESENT && device.known == VIA_PRESENT) {
		*ret = arena_printf(arena, "%04x:%04x", (unsigned int)vendor.number,
				    (unsigned int)device.number);
		return 0;
	}
	if (vendor.known == VIA_ABSENT || device.known == VIA_ABSENT ||
	    target_there(world, action) == 0)
		return -ENODEV;
	return vendor.known == VIA_UNKNOWN ? -vendor.error : -device.error;
}

/* Source: kernfs_new_node() in fs/kernfs/dir.c: the inode's number has a generation in it */
int target_instance(const struct via_world *world, const struct via_action *action, uint64_t *ret)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct stat status;
	int r;

	if (!target_is_function(action)) {
		*ret = 0;
		return 0;
	}
	r = root_status(&world->root, arena_printf(arena, DEVICE, action->target), &status);
	if (r < 0)
		return r == -ENOENT ? -ENODEV : r;
	*ret = status.st_ino;
	return 0;
}

const char *target_physfn(const struct via_world *world, const char *address,
			  struct via_arena *arena)
{
	struct via_fact physfn = root_link(&world->root, arena, DEVICE "/physfn", address);

	return fact_text(&physfn);
}
