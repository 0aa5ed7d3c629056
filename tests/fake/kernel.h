/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "files.h"
#include "sys/world.h"

/*
 * A fake kernel: it obeys writes to a tree laid out like /sys as the real one does
 * (drivers/base/bus.c, drivers/pci/pci-driver.c, drivers/pci/iov.c of Linux 6.12), with
 * the same errors. It has no time: whatever is asked is done when the call returns.
 *
 * @fail_path: the end of a path whose write is refused with @fail_error; NULL: none
 * @fail_after: that many writes to it are let through first
 * @short_count: enable no more VFs than this, as hardware may; 0: as asked
 */
struct fake_kernel {
	struct fake_tree tree;
	const char *fail_path;
	int fail_error;
	unsigned int fail_after;
	unsigned int short_count;
};

/**
 * fake_world_new - a host in a directory of its own: root ports with pcieport, an igb PF
 * (8 VFs), an NVMe PF (4 VFs), edu, a GPU with its audio function in one group, the ICH9
 * functions in one group, an active VT-d; modules vfio* are there but not loaded
 */
void fake_world_new(struct fake_kernel *kernel, struct via_world *ret);
void fake_world_delete(struct fake_kernel *kernel, struct via_world *world);

/* The two halves of fake_world_new(), for a directory that the caller names in tree.base:
 * build the host there; look at and change what is there. Failing to is fatal. */
void fake_world_fill(struct fake_kernel *kernel);
void fake_world_open(struct fake_kernel *kernel, struct via_world *ret);

extern const struct via_effect_ops fake_effect_ops;

/* What the parts of the fake kernel need of each other. */

struct fake_function {
	const char *address, *parent; /* parent: directory below sys/devices */
	unsigned int vendor, device, class_code, header_type, group;
	const char *driver; /* that it boots with, or NULL */
	unsigned int total_vfs, vf_offset, vf_stride, vf_device;
	const char *physfn; /* PF's address when it is a VF */
};

void fake_function_add(const struct fake_tree *tree, const struct fake_function *function);
/* fake_function_remove - with its group, when it was the last in it */
void fake_function_remove(const struct fake_tree *tree, const char *address);

/* Each returns 0 or the negative errno of the real one. */
int fake_bind(struct fake_kernel *kernel, const char *driver, const char *address);
int fake_unbind(struct fake_kernel *kernel, const char *driver, const char *address);
int fake_probe(struct fake_kernel *kernel, const char *address);
const char *fake_driver_of(const struct fake_tree *tree, const char *address);
/* fake_driver_register/unregister - as loading and unloading its module does */
void fake_driver_register(struct fake_kernel *kernel, const char *driver, const char *module);
void fake_driver_unregister(struct fake_kernel *kernel, const char *driver);

int fake_set_vfs(struct fake_kernel *kernel, const char *physfn, const char *value);
int fake_nvme_get(void *context, const char *controller, unsigned int function,
		  struct via_nvme_secondary *ret);
int fake_nvme_set(void *context, const char *controller, unsigned int function, const char *address,
		  const struct via_nvme_secondary *wanted);

/*
 * Files are changed as on a real host. Programs (kernel_files.c): update-grub, from the words
 * of etc/default/grub.d; update-initramfs, from etc/modprobe.d, which also removes
 * boot/initrd.img.bak; proxmox-boot-tool, as update-grub, but esp/grub.cfg, in place.
 */
int fake_file_put(void *context, const struct via_file_put *put);
int fake_file_remove(void *context, const char *path);
int fake_file_tidy(void *context, const char *path);
int fake_directory_make(void *context, const char *path);
int fake_directory_remove(void *context, const char *path);
int fake_efi_variable(void *context, const char *path, struct via_span bytes);
int fake_program_run(void *context, const char *const *words, const char *scratch,
		     struct via_arena *arena, const char **ret_said);
/* Settings of VFs, as igb keeps them; fake_vf_lines() is what rtnetlink would tell of all. */
void fake_vf_begin(const struct fake_tree *tree, const char *physfn, unsigned int function);
void fake_vf_end(const struct fake_tree *tree, const char *physfn, unsigned int function);
int fake_vf_get(void *context, const char *interface, unsigned int function,
		enum via_vf_setting setting, char ret[VF_SETTING_TEXT]);
int fake_vf_set(void *context, const char *interface, unsigned int function,
		enum via_vf_setting setting, const char *value);
int fake_vf_msix(struct fake_kernel *kernel, const char *address, const char *value);
int fake_eswitch_get(void *context, const char *address, const char **ret);
int fake_eswitch_set(void *context, const char *address, const char *mode);
const char *fake_vf_lines(const struct fake_kernel *kernel, struct via_arena *arena);

/* What is made rather than found: the sample mtty, the bus vdpa and its simulator of networks.
 * fake_virtual_load/unload - as inserting and removing such a module does */
void fake_virtual_load(struct fake_kernel *kernel, const char *module);
void fake_virtual_unload(struct fake_kernel *kernel, const char *module);
/* fake_virtual_write - a write below them; 1 when the path is none of theirs */
int fake_virtual_write(struct fake_kernel *kernel, const char *path, const char *value);
int fake_vdpa_add(void *context, const struct via_vdpa_wish *wish);
int fake_vdpa_remove(void *context, const char *name);
extern const struct via_query_ops fake_query_ops;

int fake_load_module(void *context, const char *name);
int fake_unload_module(void *context, const char *name, const char *keep);

/* fake_grub_config - what GRUB's program makes of some words, in that file */
void fake_grub_config(const struct fake_kernel *kernel, const char *output, const char *words);
