/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/place.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/parse.h"

/* A sysfs attribute is a page at most, and one read gives all of it. */
enum { PAGE_BYTES = PLACE_PAGE_BYTES - 1 };

bool place_is_quick(const struct via_root *root)
{
	return !root->tree && !root->recorder;
}

int place_open_directory(const struct via_root *root, const char *path)
{
	int fd = root->live && place_is_quick(root) ? root_openat(root, path, O_PATH | O_DIRECTORY)
						    : -1;

	return fd < 0 ? -1 : fd;
}

struct via_place place_enter(const struct via_root *root, int at, const char *name,
			     const char *path)
{
	struct via_place place = { .root = root, .path = path, .fd = -1 };

	if (!place_is_quick(root))
		return place;
	if (at >= 0 && root->live)
		place.fd = openat(at, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	else
		place.fd = root_openat(root, path, O_PATH | O_DIRECTORY);
	if (place.fd < 0)
		place.fd = -1;
	return place;
}

void place_leave(struct via_place *place)
{
	if (place->fd >= 0)
		close(place->fd);
	place->fd = -1;
}

struct via_fact place_spell(const struct via_place *place, struct via_arena *arena,
			    struct via_fact fact)
{
	if (fact.path && !strchr(fact.path, '/'))
		fact.path = arena_paste(arena, place->path, "/", fact.path);
	return fact;
}

/* What the root said by path, as the handle would have said it. */
static struct via_fact bare(struct via_fact fact, const char *name)
{
	if (!fact_is(&fact, VIA_UNKNOWN))
		fact.path = name;
	return fact;
}

static struct via_fact failed(const struct via_place *place, struct via_arena *arena,
			      const char *name, int error)
{
	if (error == ENOENT)
		return fact_absent(name);
	return place_spell(place, arena, fact_unknown(name, error));
}

/* What could be no attribute (a link, a device node) is left to the root. */
int place_open(const struct via_place *place, const char *name)
{
	_cleanup_close_ int fd = -1;
	struct stat status;

	if (place->fd < 0)
		return -EOPNOTSUPP;
	fd = openat(place->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return errno == ELOOP ? -EOPNOTSUPP : -errno;
	if (!place->root->live && (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode)))
		return -EOPNOTSUPP;
	return steal_fd(&fd);
}

/* Return: bytes read; -EOPNOTSUPP: the root has to */
static ssize_t read_page(const struct via_place *place, const char *name, char page[PAGE_BYTES + 1])
{
	_cleanup_close_ int fd = place_open(place, name);
	ssize_t n;

	if (fd < 0)
		return fd;
	n = read(fd, page, PAGE_BYTES + 1);
	if (n > PAGE_BYTES || (n < 0 && errno == EINTR))
		return -EOPNOTSUPP;
	if (n < 0) /* it was opened, so it is there */
		return errno == ENOENT || errno == ENOTDIR ? -EIO : -errno;
	while (n && isspace((unsigned char)page[n - 1]))
		n--;
	page[n] = '\0';
	return n;
}

struct via_fact place_text_in(const struct via_place *place, struct via_arena *arena,
			      const char *name, char page[PLACE_PAGE_BYTES])
{
	ssize_t n = read_page(place, name, page);

	if (n == -EOPNOTSUPP)
		return bare(root_text(place->root, arena, "%s/%s", place->path, name), name);
	if (n < 0)
		return failed(place, arena, name, (int)-n);
	return fact_present(name, page, 0);
}

struct via_fact place_text(const struct via_place *place, struct via_arena *arena, const char *name)
{
	char page[PAGE_BYTES + 1];
	struct via_fact fact = place_text_in(place, arena, name, page);

	if (fact.text == page)
		fact.text = arena_share(arena, page);
	return fact;
}

static struct via_fact number(const struct via_place *place, struct via_arena *arena,
			      const char *name, int base)
{
	struct via_fact fact = place_text(place, arena, name);
	int64_t value;

	if (!fact_is(&fact, VIA_PRESENT) || parse_u64(fact.text, base, &fact.number) == 0)
		return fact;
	if (parse_s64(fact.text, base, &value) == 0) {
		fact.number = (uint64_t)value;
		return fact;
	}
	fact.known = VIA_UNKNOWN;
	fact.error = EBADMSG;
	return place_spell(place, arena, fact);
}

struct via_fact place_number(const struct via_place *place, struct via_arena *arena,
			     const char *name)
{
	return number(place, arena, name, 0);
}

struct via_fact place_hex(const struct via_place *place, struct via_arena *arena, const char *name)
{
	return number(place, arena, name, 16);
}

struct via_fact place_link(const struct via_place *place, struct via_arena *arena, const char *name)
{
	char target[PATH_MAX];
	ssize_t n;

	if (place->fd < 0)
		return bare(root_link(place->root, arena, "%s/%s", place->path, name), name);
	n = readlinkat(place->fd, name, target, sizeof(target) - 1);
	if (n < 0)
		return failed(place, arena, name, errno);
	target[n] = '\0';
	return fact_present(name, arena_share(arena, path_name(target)), 0);
}

struct via_fact place_exists(const struct via_place *place, struct via_arena *arena,
			     const char *name)
{
	struct stat status;

	if (place->fd < 0)
		return bare(root_exists(place->root, arena, "%s/%s", place->path, name), name);
	if (fstatat(place->fd, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return failed(place, arena, name, errno);
	return fact_present(name, NULL, 1);
}
