/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/address.h"
#include "base/cleanup.h"
#include "base/parse.h"
#include "crash.h"

#define DEVICES "sys/bus/pci/devices/"
#define DRIVERS "sys/bus/pci/drivers/"

/* A value as the kernel takes it: without the newline that may end it. */
static const char *trimmed(const char *value, char text[128])
{
	snprintf(text, 128, "%.*s", (int)strcspn(value, "\n"), value);
	return text;
}

/* Splits "PREFIX/NAME/ATTRIBUTE"; false when @path is none. */
static bool split(const char *path, const char *prefix, char name[64], const char **ret_attribute)
{
	size_t length;

	if (!text_starts(path, prefix))
		return false;
	path += strlen(prefix);
	length = strcspn(path, "/");
	if (length >= 64 || !path[length])
		return false;
	memcpy(name, path, length);
	name[length] = '\0';
	*ret_attribute = path + length + 1;
	return true;
}

static int write_switch(struct fake_kernel *kernel, const char *path, const char *value)
{
	if (strcmp(value, "0") != 0 && strcmp(value, "1") != 0)
		return -EINVAL;
	tree_put(&kernel->tree, path, "%s", value);
	return 0;
}

static int write_device(struct fake_kernel *kernel, const char *path, const char *address,
			const char *attribute, const char *value)
{
	const char *driver;

	if (!tree_has(&kernel->tree, path) && strcmp(attribute, "driver/unbind") != 0)
		return -ENOENT;
	if (strcmp(attribute, "driver_override") == 0) {
		tree_put(&kernel->tree, path, "%s", *value ? value : "(null)");
		return 0;
	}
	if (strcmp(attribute, "sriov_drivers_autoprobe") == 0)
		return write_switch(kernel, path, value);
	if (strcmp(attribute, "d3cold_allowed") == 0)
		return write_switch(kernel, path, value);
	if (strcmp(attribute, "power/control") == 0 || strcmp(attribute, "reset_method") == 0) {
		tree_put(&kernel->tree, path, "%s", value);
		return 0;
	}
	if (strcmp(attribute, "sriov_vf_msix_count") == 0)
		return fake_vf_msix(kernel, address, value);
	if (strcmp(attribute, "sriov_numvfs") == 0)
		return fake_set_vfs(kernel, address, value);
	driver = fake_driver_of(&kernel->tree, address);
	if (strcmp(attribute, "driver/unbind") == 0)
		return driver ? fake_unbind(kernel, driver, value) : -ENOENT;
	return strcmp(attribute, "reset") == 0 ? 0 : -EACCES;
}

static int write_driver(struct fake_kernel *kernel, const char *driver, const char *attribute,
			const char *value)
{
	if (strcmp(attribute, "bind") == 0)
		return fake_bind(kernel, driver, value);
	if (strcmp(attribute, "unbind") == 0)
		return fake_unbind(kernel, driver, value);
	return -EACCES;
}

/* nr_hugepages_store_common(): as many as there are, and no word of the rest. ".most": those */
static int write_hugepages(struct fake_kernel *kernel, const char *path, const char *value)
{
	const char *folder = path_of("%.*s", (int)(path_name(path) - path - 1), path);
	const char *limit = path_of("%s/.most", folder);
	uint64_t wanted, most = UINT64_MAX;

	if (!tree_has(&kernel->tree, path))
		return -ENOENT;
	if (parse_u64(value, 10, &wanted) < 0)
		return -EINVAL;
	if (tree_has(&kernel->tree, limit))
		parse_u64(tree_text(&kernel->tree, limit), 10, &most);
	tree_put(&kernel->tree, path, "%llu", (unsigned long long)(wanted < most ? wanted : most));
	return 0;
}

static int obey(struct fake_kernel *kernel, const char *path, const char *value)
{
	const char *attribute;
	char name[64];

	if (split(path, DEVICES, name, &attribute))
		return tree_has(&kernel->tree, path_of(DEVICES "%s", name))
			       ? write_device(kernel, path, name, attribute, value)
			       : -ENOENT;
	if (text_ends(path, "/nr_hugepages"))
		return write_hugepages(kernel, path, value);
	if (strcmp(path, "sys/bus/pci/drivers_probe") == 0)
		return fake_probe(kernel, value);
	if (split(path, DRIVERS, name, &attribute))
		return tree_has(&kernel->tree, path) ? write_driver(kernel, name, attribute, value)
						     : -ENOENT;
	return -ENOENT;
}

static bool told_to_fail(struct fake_kernel *kernel, const char *path)
{
	if (!kernel->fail_path || !text_ends(path, kernel->fail_path))
		return false;
	if (kernel->fail_after == 0)
		return true;
	kernel->fail_after--;
	return false;
}

static int fake_write(void *context, const char *path, const char *value)
{
	struct fake_kernel *kernel = context;
	char text[128];
	int r;

	if (!*value)
		return 0; /* no attribute ever sees a write of no bytes */
	if (told_to_fail(kernel, path))
		return kernel->fail_error;
	crash_point();
	r = fake_virtual_write(kernel, path, trimmed(value, text));
	if (r > 0)
		r = obey(kernel, path, text);
	crash_point();
	return r;
}

const struct via_effect_ops fake_effect_ops = {
	.write = fake_write,
	.load_module = fake_load_module,
	.unload_module = fake_unload_module,
	.nvme_secondary_get = fake_nvme_get,
	.nvme_secondary_set = fake_nvme_set,
	.file_put = fake_file_put,
	.file_remove = fake_file_remove,
	.file_tidy = fake_file_tidy,
	.directory_make = fake_directory_make,
	.directory_remove = fake_directory_remove,
	.program_run = fake_program_run,
	.efi_variable = fake_efi_variable,
	.vdpa_add = fake_vdpa_add,
	.vdpa_remove = fake_vdpa_remove,
	.vf_get = fake_vf_get,
	.vf_set = fake_vf_set,
	.eswitch_get = fake_eswitch_get,
	.eswitch_set = fake_eswitch_set,
};
