/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/effect.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/effect_live.h"
#include "sys/watch.h"

bool effects_side_by_side(const struct via_effects *effects)
{
	return effects->ops && effects->ops->side_by_side;
}

int effect_write(const struct via_effects *effects, const char *path, const char *value)
{
	return effects->ops ? effects->ops->write(effects->context, path, value) : -EROFS;
}

int effect_load_module(const struct via_effects *effects, const char *name)
{
	return effects->ops ? effects->ops->load_module(effects->context, name) : -EROFS;
}

int effect_unload_module(const struct via_effects *effects, const char *name, const char *keep)
{
	return effects->ops ? effects->ops->unload_module(effects->context, name, keep) : -EROFS;
}

int effect_nvme_secondary_get(const struct via_effects *effects, const char *controller,
			      unsigned int function, struct via_nvme_secondary *ret)
{
	if (!effects->ops)
		return -EROFS;
	return effects->ops->nvme_secondary_get(effects->context, controller, function, ret);
}

int effect_nvme_secondary_set(const struct via_effects *effects, const char *controller,
			      unsigned int function, const char *function_address,
			      const struct via_nvme_secondary *wanted)
{
	if (!effects->ops)
		return -EROFS;
	return effects->ops->nvme_secondary_set(effects->context, controller, function,
						function_address, wanted);
}

int effect_vdpa_add(const struct via_effects *effects, const struct via_vdpa_wish *wish)
{
	return effects->ops ? effects->ops->vdpa_add(effects->context, wish) : -EROFS;
}

int effect_vdpa_remove(const struct via_effects *effects, const char *name)
{
	return effects->ops ? effects->ops->vdpa_remove(effects->context, name) : -EROFS;
}

int effect_vf_get(const struct via_effects *effects, const char *interface, unsigned int function,
		  enum via_vf_setting setting, char ret[VF_SETTING_TEXT])
{
	return effects->ops
		       ? effects->ops->vf_get(effects->context, interface, function, setting, ret)
		       : -EROFS;
}

int effect_vf_set(const struct via_effects *effects, const char *interface, unsigned int function,
		  enum via_vf_setting setting, const char *value)
{
	return effects->ops
		       ? effects->ops->vf_set(effects->context, interface, function, setting, value)
		       : -EROFS;
}

int effect_eswitch_get(const struct via_effects *effects, const char *address, const char **ret)
{
	return effects->ops ? effects->ops->eswitch_get(effects->context, address, ret) : -EROFS;
}

int effect_eswitch_set(const struct via_effects *effects, const char *address, const char *mode)
{
	return effects->ops ? effects->ops->eswitch_set(effects->context, address, mode) : -EROFS;
}

int live_write(void *context, const char *path, const char *value)
{
	_cleanup_close_ int fd = root_openat(context, path, O_WRONLY | O_NONBLOCK | O_NOCTTY);
	struct stat status;

	if (fd < 0)
		return fd;
	if (fstat(fd, &status) < 0)
		return -errno;
	if (!S_ISREG(status.st_mode))
		return -EINVAL;
	/* A write of no bytes never reaches an attribute: a bare newline clears it. */
	value = *value ? value : "\n";
	return watch_write(fd, value, strlen(value), EFFECT_LIMIT_MS);
}

static const struct via_effect_ops live_ops = {
	.side_by_side = true,
	.write = live_write,
	.load_module = live_load_module,
	.unload_module = live_unload_module,
	.nvme_secondary_get = live_nvme_get,
	.nvme_secondary_set = live_nvme_set,
	.file_put = live_file_put,
	.file_remove = live_file_remove,
	.file_tidy = live_file_tidy,
	.directory_make = live_directory_make,
	.directory_remove = live_directory_remove,
	.program_run = live_program_run,
	.efi_variable = live_efi_variable,
	.vdpa_add = live_vdpa_add,
	.vdpa_remove = live_vdpa_remove,
	.vf_get = live_vf_get,
	.vf_set = live_vf_set,
	.eswitch_get = live_eswitch_get,
	.eswitch_set = live_eswitch_set,
};

struct via_effects effects_live(const struct via_root *root)
{
	return (struct via_effects){ .ops = &live_ops, .context = (void *)root };
}

static int offline_write(void *context, const char *path, const char *value)
{
	return -EROFS;
}

static int offline_load_module(void *context, const char *name)
{
	return -EROFS;
}

static int offline_unload_module(void *context, const char *name, const char *keep)
{
	return -EROFS;
}

static int offline_nvme_get(void *context, const char *controller, unsigned int function,
			    struct via_nvme_secondary *ret)
{
	return -EROFS;
}

static int offline_nvme_set(void *context, const char *controller, unsigned int function,
			    const char *function_address, const struct via_nvme_secondary *wanted)
{
	return -EROFS;
}

static int offline_vdpa_add(void *context, const struct via_vdpa_wish *wish)
{
	return -EROFS;
}

static int offline_vdpa_remove(void *context, const char *name)
{
	return -EROFS;
}

/* An image has no kernel that runs: its files are all there is of it. */
static const struct via_effect_ops offline_ops = {
	.write = offline_write,
	.load_module = offline_load_module,
	.unload_module = offline_unload_module,
	.nvme_secondary_get = offline_nvme_get,
	.nvme_secondary_set = offline_nvme_set,
	.vdpa_add = offline_vdpa_add,
	.vdpa_remove = offline_vdpa_remove,
	.file_put = live_file_put,
	.file_remove = live_file_remove,
	.file_tidy = live_file_tidy,
	.directory_make = live_directory_make,
	.directory_remove = live_directory_remove,
	.program_run = live_program_run,
};

struct via_effects effects_offline(const struct via_root *root)
{
	return (struct via_effects){ .ops = &offline_ops,
				     .context = (void *)root,
				     .files_only = true };
}
