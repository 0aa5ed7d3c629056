/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/busy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/parse.h"

enum { ANCESTORS = 64 };

struct busy {
	const struct via_root *root;
	struct via_arena *arena;
	pid_t ancestors[ANCESTORS];
	size_t ancestor_count;
	struct via_error *error;
};

static const struct {
	const char *path, *who;
	bool by_being; /* the file itself is the lock */
} locks[] = {
	{ "var/lib/dpkg/lock-frontend", "dpkg or apt" },
	{ "var/lib/dpkg/lock", "dpkg" },
	{ "var/lib/rpm/.rpm.lock", "rpm or dnf" },
	{ "usr/lib/sysimage/rpm/.rpm.lock", "rpm or dnf" },
	{ "var/lib/pacman/db.lck", "pacman", .by_being = true },
	{ "lib/apk/db/lock", "apk" },
};

/* As the kernel keeps them: 15 characters. */
static const char *const programs[] = {
	"update-initramf", "mkinitramfs",    "dracut",	      "dracut-install",	 "mkinitcpio",
	"booster",	   "kernel-install", "grub-mkconfig", "grub2-mkconfig",	 "update-grub",
	"grub-install",	   "grub2-install",  "grubby",	      "proxmox-boot-to", "bootctl",
	"kernelstub",	   "rpm-ostree",     "dkms",	      "ukify",		 "limine-update",
	"sdbootutil",
};

static bool is_ancestor(const struct busy *busy, pid_t pid)
{
	for (size_t i = 0; i < busy->ancestor_count; i++)
		if (busy->ancestors[i] == pid)
			return true;
	return false;
}

/* The number behind the name, which may hold anything: the fourth field. */
static pid_t parent_of(const struct busy *busy, pid_t pid)
{
	struct via_fact stat = root_text(busy->root, busy->arena, "proc/%d/stat", (int)pid);
	const char *end = fact_text(&stat) ? strrchr(stat.text, ')') : NULL;

	return end && strlen(end) > 4 ? (pid_t)strtol(end + 4, NULL, 10) : 0;
}

static void find_ancestors(struct busy *busy)
{
	for (pid_t pid = getpid(); pid > 1 && busy->ancestor_count < ANCESTORS;
	     pid = parent_of(busy, pid))
		busy->ancestors[busy->ancestor_count++] = pid;
}

static int refuse(const struct busy *busy, const char *where, const char *who, pid_t pid)
{
	error_set(busy->error, -EBUSY, "start", where, "%s is at work (process %d)", who, (int)pid);
	return error_hint(busy->error, "nothing was touched: wait until it has ended");
}

static int check_lock(const struct busy *busy, const char *path, const char *who, bool by_being)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	_cleanup_close_ int fd = root_openat(busy->root, path, O_RDONLY | O_NONBLOCK);

	if (fd < 0)
		return 0; /* not installed; as root, nothing else keeps it closed */
	if (by_being) {
		error_set(busy->error, -EBUSY, "start", path, "%s is at work, or was killed", who);
		return error_hint(busy->error, "where no %s runs, remove the file", who);
	}
	if (fcntl(fd, F_GETLK, &lock) < 0 || lock.l_type == F_UNLCK ||
	    is_ancestor(busy, lock.l_pid))
		return 0;
	return refuse(busy, path, who, lock.l_pid);
}

static int check_process(const struct busy *busy, const char *name)
{
	struct via_fact comm;
	uint64_t pid;

	if (parse_u64(name, 10, &pid) < 0 || is_ancestor(busy, (pid_t)pid))
		return 0;
	comm = root_text(busy->root, busy->arena, "proc/%s/comm", name);
	for (size_t i = 0; fact_text(&comm) && i < VIA_COUNT(programs); i++)
		if (strcmp(comm.text, programs[i]) == 0)
			return refuse(busy, comm.path, comm.text, (pid_t)pid);
	return 0;
}

int busy_check(const struct via_root *root, struct via_error *error)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct busy busy = { .root = root, .arena = arena, .error = error };
	struct via_names processes;
	int r = 0;

	find_ancestors(&busy);
	for (size_t i = 0; r == 0 && i < VIA_COUNT(locks); i++)
		r = check_lock(&busy, locks[i].path, locks[i].who, locks[i].by_being);
	root_listing(root, arena, &processes, "proc");
	for (size_t i = 0; r == 0 && i < processes.count; i++)
		r = check_process(&busy, processes.items[i]);
	return r;
}
