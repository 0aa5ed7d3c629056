/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "base/uuid.h"
#include "crash.h"

#define TYPES	"sys/devices/virtual/mtty/mtty/mdev_supported_types/"
#define MDEVS	"sys/bus/mdev/devices/"
#define VDPA	"sys/bus/vdpa/"
#define SIMDEVS "sys/devices/vdpasim_net/"

static void mtty_load(const struct fake_tree *tree)
{
	static const char *const counts[] = { "24", "12" };

	for (int i = 1; i <= 2; i++) {
		tree_put(tree, path_of(TYPES "mtty-%d/name", i), "%s port serial",
			 i == 1 ? "Single" : "Dual");
		tree_put(tree, path_of(TYPES "mtty-%d/device_api", i), "vfio-pci");
		tree_put(tree, path_of(TYPES "mtty-%d/available_instances", i), "%s",
			 counts[i - 1]);
		tree_put(tree, path_of(TYPES "mtty-%d/create", i), "write-only");
	}
	tree_link(tree, "sys/class/mdev_bus/mtty", "sys/devices/virtual/mtty/mtty");
}

void fake_virtual_load(struct fake_kernel *kernel, const char *module)
{
	const struct fake_tree *tree = &kernel->tree;

	if (strcmp(module, "mdev") == 0)
		tree_directory(tree, "sys/bus/mdev/devices");
	else if (strcmp(module, "mtty") == 0)
		mtty_load(tree);
	else if (strcmp(module, "vdpa") == 0) {
		tree_directory(tree, VDPA "devices");
		tree_directory(tree, VDPA "drivers");
		tree_put(tree, VDPA "drivers_autoprobe", "1");
	} else if (text_ends(module, "t_vdpa") || text_ends(module, "o_vdpa"))
		tree_put(tree, path_of(VDPA "drivers/%s/bind", module), "write-only");
}

void fake_virtual_unload(struct fake_kernel *kernel, const char *module)
{
	const struct fake_tree *tree = &kernel->tree;

	if (strcmp(module, "mdev") == 0)
		tree_remove(tree, "sys/bus/mdev");
	else if (strcmp(module, "mtty") == 0) {
		tree_remove(tree, "sys/class/mdev_bus");
		tree_remove(tree, "sys/devices/virtual/mtty");
	} else if (strcmp(module, "vdpa") == 0)
		tree_remove(tree, "sys/bus/vdpa");
	else if (strcmp(module, "vdpa_sim_net") == 0)
		tree_remove(tree, "sys/devices/vdpasim_net");
	else if (text_ends(module, "t_vdpa") || text_ends(module, "o_vdpa"))
		tree_remove(tree, path_of(VDPA "drivers/%s", module));
}

static void count_instances(const struct fake_tree *tree, const char *type, int change)
{
	const char *path = path_of(TYPES "%s/available_instances", type);

	tree_put(tree, path, "%d", atoi(tree_text(tree, path)) + change);
}

/* create_store() of drivers/vfio/mdev/mdev_sysfs.c */
static int mdev_create(const struct fake_tree *tree, const char *type, const char *uuid)
{
	if (!uuid_valid(uuid))
		return -EINVAL;
	if (tree_has(tree, path_of(MDEVS "%s", uuid)))
		return -EEXIST;
	if (strcmp(tree_text(tree, path_of(TYPES "%s/available_instances", type)), "0") == 0)
		return -EUSERS;
	count_instances(tree, type, -1);
	tree_put(tree, path_of("sys/devices/virtual/mtty/mtty/%s/remove", uuid), "write-only");
	tree_link(tree, path_of("sys/devices/virtual/mtty/mtty/%s/mdev_type", uuid),
		  path_of(TYPES "%s", type));
	tree_link(tree, path_of(MDEVS "%s", uuid),
		  path_of("sys/devices/virtual/mtty/mtty/%s", uuid));
	return 0;
}

static int mdev_remove(const struct fake_tree *tree, const char *uuid)
{
	const char *type = tree_link_name(tree, path_of(MDEVS "%s/mdev_type", uuid));

	count_instances(tree, type, 1);
	tree_remove(tree, path_of(MDEVS "%s", uuid));
	tree_remove(tree, path_of("sys/devices/virtual/mtty/mtty/%s", uuid));
	return 0;
}

static const char *vdpa_driver(const struct fake_tree *tree, const char *name)
{
	return tree_link_name(tree, path_of(VDPA "devices/%s/driver", name));
}

static int vdpa_bind(const struct fake_tree *tree, const char *driver, const char *name)
{
	const char *override;

	if (!tree_has(tree, path_of(VDPA "devices/%s", name)) || vdpa_driver(tree, name))
		return -ENODEV;
	override = tree_text(tree, path_of(VDPA "devices/%s/driver_override", name));
	if (strcmp(override, "(null)") != 0 && strcmp(override, driver) != 0)
		return -ENODEV;
	tree_link(tree, path_of(SIMDEVS "%s/driver", name), path_of(VDPA "drivers/%s", driver));
	return 0;
}

/* The part of a path behind @prefix up to @suffix, or NULL when it is not of that form. */
static const char *between(const char *path, const char *prefix, const char *suffix)
{
	size_t length = strlen(path), taken = strlen(prefix) + strlen(suffix);

	if (!text_starts(path, prefix) || !text_ends(path, suffix) || length <= taken)
		return NULL;
	return path_of("%.*s", (int)(length - taken), path + strlen(prefix));
}

static int vdpa_write(const struct fake_tree *tree, const char *path, const char *value)
{
	const char *name = between(path, VDPA "devices/", "/driver_override");

	if (name) {
		tree_put(tree, path, "%s", *value ? value : "(null)");
		return 0;
	}
	name = between(path, VDPA "devices/", "/driver/unbind");
	if (name) {
		tree_remove(tree, path_of(SIMDEVS "%s/driver", name));
		return 0;
	}
	name = between(path, VDPA "drivers/", "/bind");
	if (name)
		return vdpa_bind(tree, name, value);
	if (strcmp(path, VDPA "drivers_autoprobe") != 0)
		return 1;
	tree_put(tree, path, "%s", value);
	return 0;
}

int fake_virtual_write(struct fake_kernel *kernel, const char *path, const char *value)
{
	const struct fake_tree *tree = &kernel->tree;
	const char *name =
		between(path, "sys/class/mdev_bus/mtty/mdev_supported_types/", "/create");

	if (name && tree_has(tree, path_of(TYPES "%s/create", name)))
		return mdev_create(tree, name, value);
	name = between(path, MDEVS, "/remove");
	if (name && tree_has(tree, path_of(MDEVS "%s", name)))
		return mdev_remove(tree, name);
	if (text_starts(path, VDPA) &&
	    (tree_has(tree, path) ||
	     (text_ends(path, "/driver/unbind") &&
	      tree_has(tree, path_of("%.*s", (int)(strlen(path) - strlen("/unbind")), path)))))
		return vdpa_write(tree, path, value);
	return 1;
}

/* vdpasim_net: MAC, MTU and features can be given, and nothing else. */
int fake_vdpa_add(void *context, const struct via_vdpa_wish *wish)
{
	struct fake_kernel *kernel = context;
	const struct fake_tree *tree = &kernel->tree;

	if (strcmp(wish->management, "vdpasim_net") != 0 ||
	    !tree_has(tree, "sys/module/vdpa_sim_net"))
		return -ENODEV;
	if (wish->max_vqp)
		return -EOPNOTSUPP;
	if (tree_has(tree, path_of(VDPA "devices/%s", wish->name)))
		return -EEXIST;
	crash_point();
	tree_put(tree, path_of(SIMDEVS "%s/driver_override", wish->name), "(null)");
	tree_put(tree, path_of(SIMDEVS "%s/.config", wish->name),
		 "mac=%02x:%02x:%02x:%02x:%02x:%02x mtu=%u max_vqp=1 features=0x%llx", wish->mac[0],
		 wish->mac[1], wish->mac[2], wish->mac[3], wish->mac[4], wish->mac[5],
		 wish->mtu ? wish->mtu : 1500,
		 wish->has_features ? (unsigned long long)wish->features : 0x308830028ULL);
	tree_link(tree, path_of(VDPA "devices/%s", wish->name), path_of(SIMDEVS "%s", wish->name));
	if (strcmp(tree_text(tree, VDPA "drivers_autoprobe"), "1") == 0 &&
	    tree_has(tree, VDPA "drivers/virtio_vdpa"))
		vdpa_bind(tree, "virtio_vdpa", wish->name);
	crash_point();
	return 0;
}

int fake_vdpa_remove(void *context, const char *name)
{
	struct fake_kernel *kernel = context;

	if (!tree_has(&kernel->tree, path_of(VDPA "devices/%s", name)))
		return -ENODEV;
	crash_point();
	tree_remove(&kernel->tree, path_of(VDPA "devices/%s", name));
	tree_remove(&kernel->tree, path_of(SIMDEVS "%s", name));
	crash_point();
	return 0;
}

struct answer {
	const struct fake_tree *tree;
	struct via_arena *arena;
	char *text;
};

static bool add_device(void *context, const char *name)
{
	struct answer *answer = context;

	answer->text = arena_printf(answer->arena, "%sdev %s - vdpasim_net 1 3\nconfig %s %s\n",
				    answer->text, name, name,
				    tree_text(answer->tree, path_of(SIMDEVS "%s/.config", name)));
	return false;
}

static int answer_text(void *context, enum via_question question, struct via_arena *arena,
		       const char **ret)
{
	const struct fake_kernel *kernel = context;
	struct answer answer = { &kernel->tree, arena, arena_strdup(arena, "") };

	if (question != VIA_ASK_VDPA)
		return -ENODATA;
	if (tree_has(&kernel->tree, "sys/module/vdpa_sim_net"))
		answer.text = arena_strdup(arena, "mgmtdev - vdpasim_net 2 308830028 3\n");
	tree_each(&kernel->tree, VDPA "devices", add_device, &answer);
	*ret = answer.text;
	return 0;
}

static void answer_ways(void *context, struct via_arena *arena, struct via_ways *ret)
{
	*ret = (struct via_ways){ .routes_known = fact_unknown("routes", ENODATA),
				  .sessions_known = fact_unknown("sessions", ENODATA) };
}

/* Enough for who plans and undoes. */
const struct via_query_ops fake_query_ops = {
	.text = answer_text,
	.ways = answer_ways,
};
