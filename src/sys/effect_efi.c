/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/effect_efi.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/effect_live.h"
#include "sys/file_state.h"

int effect_efi_variable(const struct via_effects *effects, const char *path, struct via_span bytes)
{
	if (!effects->ops || !effects->ops->efi_variable)
		return -EROFS;
	return effects->ops->efi_variable(effects->context, path, bytes);
}

/* Source: Documentation/filesystems/efivarfs.rst */
static int make_mutable(const struct via_file_place *place)
{
	_cleanup_close_ int fd = openat(place->directory, place->name,
					O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	int flags = 0;

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	if (ioctl(fd, FS_IOC_GETFLAGS, &flags) < 0 || !(flags & FS_IMMUTABLE_FL))
		return 0;
	flags &= ~FS_IMMUTABLE_FL;
	return ioctl(fd, FS_IOC_SETFLAGS, &flags) < 0 ? -errno : 0;
}

/* One write is one call of the firmware's: nobody ever finds half of it. */
static int write_variable(const struct via_file_place *place, struct via_span bytes)
{
	_cleanup_close_ int fd =
		openat(place->directory, place->name,
		       O_WRONLY | O_CREAT | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC, 0644);
	ssize_t n = fd < 0 ? -1 : write(fd, bytes.data, bytes.size);

	if (n < 0)
		return -errno;
	return (size_t)n == bytes.size ? 0 : -EIO;
}

int live_efi_variable(void *context, const char *path, struct via_span bytes)
{
	_cleanup_file_place_ struct via_file_place place = VIA_FILE_NOWHERE;
	int r = file_locate(context, path, &place);

	if (r == 0)
		r = make_mutable(&place);
	if (r < 0)
		return r;
	if (bytes.size)
		return write_variable(&place, bytes);
	return unlinkat(place.directory, place.name, 0) < 0 && errno != ENOENT ? -errno : 0;
}
