/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"
#include "base/vf_setting.h"
#include "sys/root.h"

/*
 * The only place that changes a host. Everything that is written goes through one of
 * these, on the live host (effects_live) or on a fake kernel in tests.
 */
struct via_effect_ops;
struct via_file_put;

struct via_effects {
	const struct via_effect_ops *ops;
	void *context;
	bool files_only; /* of an image: there is no kernel to be told anything */
};

/* Queue resources of an NVMe virtual function (NVM Express base specification, 8.26). */
struct via_nvme_secondary {
	bool online;
	unsigned int queues;	 /* VQ resources */
	unsigned int interrupts; /* VI resources */
};

/**
 * struct via_vdpa_wish - a vDPA device to be made
 * @bus: of the management device; "" for simulators and VDUSE
 * @mtu, @max_vqp: 0 leaves it to the management device
 */
struct via_vdpa_wish {
	const char *name, *bus, *management;
	bool has_mac, has_features;
	uint8_t mac[6];
	uint16_t mtu, max_vqp;
	uint64_t features;
};

/**
 * struct via_write - one attribute of several that are written side by side
 * @path, @value: as of effect_write()
 * @r: what effect_write() would have returned; EFFECT_NOT_BEGUN where another failed before
 */
struct via_write {
	const char *path, *value;
	int r;
};

enum { EFFECT_NOT_BEGUN = 1 };

/* @write_all: NULL writes one after another */
struct via_effect_ops {
	int (*write)(void *context, const char *path, const char *value);
	int (*write_all)(void *context, struct via_write *writes, size_t count);
	int (*load_module)(void *context, const char *name);
	int (*unload_module)(void *context, const char *name, const char *keep);
	int (*nvme_secondary_get)(void *context, const char *controller, unsigned int function,
				  struct via_nvme_secondary *ret);
	int (*nvme_secondary_set)(void *context, const char *controller, unsigned int function,
				  const char *function_address,
				  const struct via_nvme_secondary *wanted);
	/* Files, and programs that make files: sys/effect_file.h, sys/effect_program.h */
	int (*file_put)(void *context, const struct via_file_put *put);
	int (*file_remove)(void *context, const char *path);
	int (*file_tidy)(void *context, const char *path);
	int (*directory_make)(void *context, const char *path);
	int (*directory_remove)(void *context, const char *path);
	int (*program_run)(void *context, const char *const *words, const char *scratch,
			   struct via_arena *arena, const char **ret_said);
	/* A variable of the firmware: sys/effect_efi.h */
	int (*efi_variable)(void *context, const char *path, struct via_span bytes);
	int (*vdpa_add)(void *context, const struct via_vdpa_wish *wish);
	int (*vdpa_remove)(void *context, const char *name);
	int (*vf_get)(void *context, const char *interface, unsigned int function,
		      enum via_vf_setting setting, char ret[VF_SETTING_TEXT]);
	int (*vf_set)(void *context, const char *interface, unsigned int function,
		      enum via_vf_setting setting, const char *value);
	int (*eswitch_get)(void *context, const char *address, const char **ret);
	int (*eswitch_set)(void *context, const char *address, const char *mode);
};

/**
 * effect_write - write one attribute in one write(2), as sysfs wants it
 * @path: relative to the root
 *
 * The live host does it in a child with a time limit of 30 s: an unbind can sleep for as
 * long as a driver waits for its users, and viaduct must survive that.
 *
 * Return: 0; -ETIMEDOUT when the child still hangs; else the kernel's negative errno
 */
int effect_write(const struct via_effects *effects, const char *path, const char *value);

/**
 * effect_write_all - as effect_write(), attributes that do not depend on each other
 *
 * After a failure no further write is begun; those under way come to their end.
 *
 * Return: 0 all were written; -ETIMEDOUT before any other failure; else that of the first
 */
int effect_write_all(const struct via_effects *effects, struct via_write *writes, size_t count);

/**
 * effect_load_module - load a module and what it depends on, by libkmod
 * Return: 0, also when it is loaded or built in; -ENOENT when there is no such module
 */
int effect_load_module(const struct via_effects *effects, const char *name);

/**
 * effect_unload_module - unload a module and, where unused, what loading it brought along
 * @keep: names, separated by blanks, of modules that stay; NULL for none
 *
 * Return: 0; -EBUSY while it is used; -ENOENT when it is not loaded
 */
int effect_unload_module(const struct via_effects *effects, const char *name, const char *keep);

/**
 * effect_nvme_secondary_get/set - an NVMe VF's flexible resources and its state
 * @controller: the PF's character device ("nvme0")
 * @function: VF number, from 1
 * @function_address: the VF's PCI address, reset between assigning and going online
 *
 * Needs:  root; the nvme driver on the PF; for set also CAP_SYS_ADMIN
 * Source: NVM Express base specification 2.0, Virtualization Management command (1Ch),
 *         Identify CNS 15h
 * Return: 0; -ENODEV no such secondary controller; -EIO the controller refused
 */
int effect_nvme_secondary_get(const struct via_effects *effects, const char *controller,
			      unsigned int function, struct via_nvme_secondary *ret);
int effect_nvme_secondary_set(const struct via_effects *effects, const char *controller,
			      unsigned int function, const char *function_address,
			      const struct via_nvme_secondary *wanted);

/**
 * effect_vdpa_add - make a vDPA device; the bus binds it to a driver where autoprobe is on
 * effect_vdpa_remove - take one away
 *
 * Needs:  CAP_NET_ADMIN; the bus vdpa
 * Source: drivers/vdpa/vdpa.c
 * Return: 0; -ENODEV no such management device, or device; -EEXIST; -EOPNOTSUPP it cannot be
 *         given one of these attributes, or built without libmnl; -EINVAL only who made it
 *         can take it away; -ETIMEDOUT somebody has it open
 */
int effect_vdpa_add(const struct via_effects *effects, const struct via_vdpa_wish *wish);
int effect_vdpa_remove(const struct via_effects *effects, const char *name);

/**
 * effect_vf_get/set - what a network PF's driver keeps for one of its VFs
 * @interface: of the PF
 * @function: VF number, from 0
 *
 * Needs:  for set CAP_NET_ADMIN
 * Source: rtnetlink, IFLA_VFINFO_LIST; do_setvfinfo() in net/core/rtnetlink.c
 * Return: 0; -EOPNOTSUPP the driver has no such setting; -ENODEV no such interface;
 *         -EINVAL no such VF, or no value that the driver takes
 */
int effect_vf_get(const struct via_effects *effects, const char *interface, unsigned int function,
		  enum via_vf_setting setting, char ret[VF_SETTING_TEXT]);
int effect_vf_set(const struct via_effects *effects, const char *interface, unsigned int function,
		  enum via_vf_setting setting, const char *value);

/**
 * effect_eswitch_get/set - how a PF's switch forwards: "legacy" or "switchdev"
 * @address: of the PF
 *
 * Needs:  for set CAP_NET_ADMIN
 * Source: generic netlink family devlink, DEVLINK_CMD_ESWITCH_GET
 * Return: 0; -EOPNOTSUPP its driver has no such switch; the driver's negative errno
 */
int effect_eswitch_get(const struct via_effects *effects, const char *address, const char **ret);
int effect_eswitch_set(const struct via_effects *effects, const char *address, const char *mode);

/* effects_live - the running host */
struct via_effects effects_live(const struct via_root *root);

/* effects_offline - a mounted image: its files alone, and programs inside it */
struct via_effects effects_offline(const struct via_root *root);
