/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "plan/goal.h"

/*
 * Devices that are made: what the goals `mdev` and `vdpa` and their commands are put together
 * from, by words or by structs. Each adds actions, or refusals, and nothing where the host is
 * as wished.
 */

/**
 * struct via_mdev_wish - a mediated device, or a vGPU on a function of NVIDIA's driver
 * @parent: as the kernel names it, or what select_device() takes
 * @type: its id or its name
 * @uuid: NULL: any of that type will do, and one is made where there is none
 */
struct via_mdev_wish {
	const char *parent, *type, *uuid;
};

/* plan_mdev_wish - PARENT=TYPE[,UUID], in @plan's arena. Return: 0; -EINVAL */
int plan_mdev_wish(struct via_plan *plan, const char *word, struct via_mdev_wish *ret,
		   struct via_error *error);

/* plan_mdev - Return: 0; -EINVAL a UUID that is none; -ENODEV, -ENOTUNIQ from select_device() */
int plan_mdev(const struct via_host *host, const struct via_mdev_wish *wish, struct via_plan *plan,
	      struct via_error *error);

/* plan_refuse_instances - refuse mediated devices of a type that are more, all together, than its
 * parent can still make */
void plan_refuse_instances(const struct via_host *host, struct via_plan *plan);

/**
 * plan_mdev_definition - likewise, and made again at each boot: by mdevctl, in whose format and
 * place it is written. Refused where that is not installed: then it can be declared instead
 */
int plan_mdev_definition(const struct via_host *host, const struct via_mdev_wish *wish,
			 struct via_plan *plan, struct via_error *error);

/* plan_mdev_undefinition - not made again; one that is there stays. Return: 0; -ENODEV */
int plan_mdev_undefinition(const struct via_host *host, const char *uuid, struct via_plan *plan,
			   struct via_error *error);

/* plan_mdev_removal - @name: a UUID, or a function that carries a vGPU. Return: 0; -ENODEV */
int plan_mdev_removal(const struct via_host *host, const char *name, struct via_plan *plan,
		      struct via_error *error);

/**
 * struct via_vdpa_setup - a vDPA device
 * @management: "vdpasim_net", "vduse", "pci/0000:01:00.2", or an address alone
 * @driver: "vhost_vdpa" for guests, "virtio_vdpa" for the host; NULL: any, or none
 * @mac, @mtu, @max_vqp, @features: as words; NULL leaves them to the management device
 */
struct via_vdpa_setup {
	const char *management, *name, *driver;
	const char *mac, *mtu, *max_vqp, *features;
};

/* plan_vdpa - Return: 0; -EINVAL a value that is none */
int plan_vdpa(const struct via_host *host, const struct via_vdpa_setup *setup,
	      struct via_plan *plan, struct via_error *error);

/* plan_vdpa_driver - bind one that is there; @driver "" for none. Return: 0; -ENODEV */
int plan_vdpa_driver(const struct via_host *host, const char *name, const char *driver,
		     struct via_plan *plan, struct via_error *error);

/* plan_vdpa_removal - Return: 0; -ENODEV */
int plan_vdpa_removal(const struct via_host *host, const char *name, struct via_plan *plan,
		      struct via_error *error);

/* plan_module - load one unless it is there; refused where this kernel has it not */
void plan_module(struct via_plan *plan, const struct via_host *host, enum via_module_id id,
		 const char *why);

/**
 * plan_refuse_user - refuse what is in use, unless plan->insistence overrules it
 * @user: in words; NULL for nobody
 * @waits: the kernel would wait for that user, which nobody can overrule
 * @known: why it could not be told who uses it
 * Return: whether it was refused
 */
bool plan_refuse_user(struct via_plan *plan, const char *what, const char *user, bool waits,
		      const struct via_fact *known);
