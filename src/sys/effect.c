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

/* As many files are open together; most processes may have 1,024. */
enum { WRITES_AT_ONCE = 256 };

_Static_assert((int)EFFECT_NOT_BEGUN == (int)WATCH_NOT_BEGUN, "not begun is one value");

int effect_write(const struct via_effects *effects, const char *path, const char *value)
{
	return effects->ops ? effects->ops->write(effects->context, path, value) : -EROFS;
}

static int write_in_turn(const struct via_effects *effects, struct via_write *writes, size_t count)
{
	int r = 0;

	for (size_t i = 0; i < count; i++) {
		writes[i].r = r < 0 ? EFFECT_NOT_BEGUN
				    : effect_write(effects, writes[i].path, writes[i].value);
		r = r < 0 ? r : writes[i].r;
	}
	return r;
}

int effect_write_all(const struct via_effects *effects, struct via_write *writes, size_t count)
{
	if (effects->ops && effects->ops->write_all)
		return effects->ops->write_all(effects->context, writes, count);
	return write_in_turn(effects, writes, count);
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

static int open_attribute(const struct via_root *root, const char *path)
{
	_cleanup_close_ int fd = root_openat(root, path, O_WRONLY | O_NONBLOCK | O_NOCTTY);
	struct stat status;

	if (fd < 0)
		return fd;
	if (fstat(fd, &status) < 0)
		return -errno;
	return S_ISREG(status.st_mode) ? steal_fd(&fd) : -EINVAL;
}

static struct via_writing writing_of(int fd, const char *value)
{
	/* A write of no bytes never reaches an attribute: a bare newline clears it. */
	value = *value ? value : "\n";
	return (struct via_writing){
		.fd = fd, .data = value, .size = strlen(value), .r = WATCH_NOT_BEGUN
	};
}

int live_write(void *context, const char *path, const char *value)
{
	_cleanup_close_ int fd = open_attribute(context, path);
	struct via_writing writing;

	if (fd < 0)
		return fd;
	writing = writing_of(fd, value);
	return watch_writes(&writing, 1, EFFECT_LIMIT_MS);
}

/* Return: how many could be opened; fewer than @count, if any failed, whose failure is in its r */
static size_t open_attributes(const struct via_root *root, struct via_write *writes, size_t count,
			      struct via_writing *ret)
{
	for (size_t i = 0; i < count; i++) {
		int fd = open_attribute(root, writes[i].path);

		if (fd < 0) {
			writes[i].r = fd;
			return i;
		}
		ret[i] = writing_of(fd, writes[i].value);
	}
	return count;
}

static int write_portion(const struct via_root *root, struct via_write *writes, size_t count)
{
	struct via_writing writings[WRITES_AT_ONCE];
	size_t open = open_attributes(root, writes, count, writings);
	int r = watch_writes(writings, open, EFFECT_LIMIT_MS);

	for (size_t i = 0; i < open; i++) {
		writes[i].r = writings[i].r;
		close(writings[i].fd);
	}
	return r == 0 && open < count ? writes[open].r : r;
}

static int live_write_all(void *context, struct via_write *writes, size_t count)
{
	int r = 0;

	for (size_t i = 0; i < count; i++)
		writes[i].r = EFFECT_NOT_BEGUN;
	for (size_t at = 0; r == 0 && at < count; at += WRITES_AT_ONCE) {
		size_t left = count - at;

		r = write_portion(context, writes + at,
				  left < WRITES_AT_ONCE ? left : WRITES_AT_ONCE);
	}
	return r;
}

static const struct via_effect_ops live_ops = {
	.write = live_write,
	.write_all = live_write_all,
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
