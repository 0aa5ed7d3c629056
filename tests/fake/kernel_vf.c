/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/parse.h"
#include "crash.h"

#define DEVICE "sys/bus/pci/devices/%s/"

/* What igb gives a VF that it has just made. */
static const char *const defaults[] = {
	[VIA_VF_MAC] = "00:00:00:00:00:00", [VIA_VF_VLAN] = "none",	   [VIA_VF_TRUST] = "off",
	[VIA_VF_SPOOFCHK] = "on",	    [VIA_VF_RATE] = "min=0 max=0", [VIA_VF_LINK] = "auto",
};

enum { MSIX_AT = 0x40, MSIX_MOST = 8 };

static const char *file_of(const char *physfn, unsigned int function, enum via_vf_setting setting)
{
	return path_of(DEVICE ".vf%u.%s", physfn, function, vf_setting_name(setting));
}

void fake_vf_begin(const struct fake_tree *tree, const char *physfn, unsigned int function)
{
	for (int i = 0; i < VIA_VF_SETTINGS; i++)
		tree_put(tree, file_of(physfn, function, (enum via_vf_setting)i), "%s",
			 defaults[i]);
}

void fake_vf_end(const struct fake_tree *tree, const char *physfn, unsigned int function)
{
	for (int i = 0; i < VIA_VF_SETTINGS; i++)
		tree_remove(tree, file_of(physfn, function, (enum via_vf_setting)i));
}

/* The file of a setting, or NULL: no such interface, no such VF. */
static const char *find(const struct fake_kernel *kernel, const char *interface,
			unsigned int function, enum via_vf_setting setting)
{
	const char *physfn =
		tree_link_name(&kernel->tree, path_of("sys/class/net/%s/device", interface));
	const char *file = physfn ? file_of(physfn, function, setting) : NULL;

	return file && tree_has(&kernel->tree, file) ? file : NULL;
}

int fake_vf_get(void *context, const char *interface, unsigned int function,
		enum via_vf_setting setting, char ret[VF_SETTING_TEXT])
{
	const struct fake_kernel *kernel = context;
	const char *file = find(kernel, interface, function, setting);

	if (!file)
		return -EOPNOTSUPP;
	snprintf(ret, VF_SETTING_TEXT, "%s", tree_text(&kernel->tree, file));
	return 0;
}

int fake_vf_set(void *context, const char *interface, unsigned int function,
		enum via_vf_setting setting, const char *value)
{
	const struct fake_kernel *kernel = context;
	const char *file = find(kernel, interface, function, setting);

	if (!file || !vf_setting_valid(setting, value))
		return -EINVAL;
	/* As igb: no minimum. */
	if (setting == VIA_VF_RATE && !text_starts(value, "min=0 "))
		return -EINVAL;
	crash_point();
	tree_put(&kernel->tree, file, "%s", value);
	crash_point();
	return 0;
}

int fake_eswitch_get(void *context, const char *address, const char **ret)
{
	const struct fake_kernel *kernel = context;
	const char *file = path_of(DEVICE ".eswitch", address);

	if (!tree_has(&kernel->tree, file))
		return -EOPNOTSUPP;
	*ret = strcmp(tree_text(&kernel->tree, file), "switchdev") == 0 ? "switchdev" : "legacy";
	return 0;
}

int fake_eswitch_set(void *context, const char *address, const char *mode)
{
	const struct fake_kernel *kernel = context;
	const char *file = path_of(DEVICE ".eswitch", address);

	if (!tree_has(&kernel->tree, file))
		return -EOPNOTSUPP;
	crash_point();
	tree_put(&kernel->tree, file, "%s", mode);
	crash_point();
	return 0;
}

/* sriov_vf_msix_count_store(): it shows in the table's size in configuration space */
int fake_vf_msix(struct fake_kernel *kernel, const char *address, const char *value)
{
	unsigned char config[256] = { 0 };
	const char *file = path_of(DEVICE "config", address);
	uint64_t count;

	if (parse_u64(value, 10, &count) < 0 || count > MSIX_MOST)
		return -EINVAL;
	if (fake_driver_of(&kernel->tree, address))
		return -EBUSY;
	file = path_of(DEVICE "config", address);
	if (tree_bytes(&kernel->tree, file, config, sizeof(config)) != sizeof(config))
		return -EIO;
	config[MSIX_AT + 2] = (unsigned char)((count ? count : 2) - 1);
	tree_put_bytes(&kernel->tree, path_of(DEVICE "config", address), config, sizeof(config));
	return 0;
}

struct telling {
	const struct fake_kernel *kernel;
	struct via_arena *arena;
	const char *text;
};

static bool tell_interface(void *context, const char *interface)
{
	struct telling *telling = context;
	char value[VF_SETTING_TEXT];

	for (unsigned int n = 0;
	     fake_vf_get((void *)telling->kernel, interface, n, VIA_VF_MAC, value) == 0; n++)
		for (int i = 0; i < VIA_VF_SETTINGS; i++) {
			fake_vf_get((void *)telling->kernel, interface, n, (enum via_vf_setting)i,
				    value);
			telling->text = arena_printf(
				telling->arena, "%s%s %u %s %s\n", telling->text, interface, n,
				vf_setting_name((enum via_vf_setting)i), value);
		}
	return false;
}

const char *fake_vf_lines(const struct fake_kernel *kernel, struct via_arena *arena)
{
	struct telling telling = { kernel, arena, "" };

	tree_each(&kernel->tree, "sys/class/net", tell_interface, &telling);
	return telling.text;
}
