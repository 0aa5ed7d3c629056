/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/vduse_disk.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fact.h"
#include "prove/clock.h"
#include "vduse/device.h"
#include "vduse/disk.h"
#include "vduse/serve.h"

enum { BYTES = 1 << 20, OPEN_MS = 2000, END_MS = 2000, LOOK_MS = 5 };

struct serving {
	const struct bench_context *context;
	const char *name;
};

#define AUTOPROBE "sys/bus/vdpa/drivers_autoprobe"

static int write_to(const struct serving *serving, const char *path, const char *value)
{
	return effect_write(serving->context->options->effects, path, value);
}

/* Else the first driver that happens to be loaded would take it. */
static int attach(void *context)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	const struct serving *serving = context;
	const struct via_effects *effects = serving->context->options->effects;
	struct via_fact before = root_text(serving->context->root, arena, AUTOPROBE);
	const struct via_vdpa_wish wish = { .name = serving->name,
					    .bus = "",
					    .management = "vduse" };
	char path[128];
	int r;

	if (!fact_is(&before, VIA_PRESENT))
		return before.error ? -before.error : -ENOENT;
	write_to(serving, AUTOPROBE, "0");
	r = effect_vdpa_add(effects, &wish);
	snprintf(path, sizeof(path), "sys/bus/vdpa/devices/%s/driver_override", serving->name);
	if (r == 0)
		r = write_to(serving, path, "vhost_vdpa");
	if (r == 0)
		r = write_to(serving, "sys/bus/vdpa/drivers/vhost_vdpa/bind", serving->name);
	write_to(serving, AUTOPROBE, before.text);
	return r;
}

static int detach(void *context, bool insist)
{
	const struct serving *serving = context;
	int r = effect_vdpa_remove(serving->context->options->effects, serving->name);

	return r == -ENODEV ? 0 : r;
}

static int open_disk(struct disk *ret)
{
	_cleanup_close_ int fd = memfd_create("disk", MFD_CLOEXEC);
	char path[64];

	if (fd < 0 || ftruncate(fd, BYTES) < 0)
		return -errno;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return disk_open(ret, path, false, "viaduct", NULL);
}

/* devtmpfs or udev makes the node, in its own time. */
static int open_device(const char *name)
{
	double deadline = clock_ms() + OPEN_MS;
	int fd;

	while ((fd = vduse_open(name)) == -ENOENT && clock_ms() < deadline)
		clock_sleep_ms(LOOK_MS);
	return fd;
}

static int serve(const struct serving *serving, struct disk *disk)
{
	const struct via_serve_road road = { .attach = attach,
					     .detach = detach,
					     .context = (void *)serving };
	int device = open_device(serving->name);
	int r = device < 0 ? device : vduse_set_up(device, 1, SERVE_QUEUE_SIZE);

	if (r == 0)
		r = serve_disk(device, disk, false, &road);
	if (device >= 0)
		close(device);
	return r;
}

/* It outlives a measurement that is killed just long enough to take the device away. */
static _Noreturn void be_server(const struct bench_context *context, const char *name, pid_t parent)
{
	struct serving serving = { context, name };
	struct disk disk = { .fd = -1 };
	sigset_t set;
	int r;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(0);
	r = open_disk(&disk);
	if (r == 0)
		r = vduse_create_disk(name, &disk);
	if (r == 0) {
		r = serve(&serving, &disk);
		vduse_destroy(name);
	}
	_exit(r < -255 ? EIO : -r);
}

int vduse_disk_begin(const struct bench_context *context, struct vduse_disk *ret)
{
	pid_t parent = getpid();

	snprintf(ret->name, sizeof(ret->name), "viaduct-bench-%d", (int)parent);
	ret->server = fork();
	if (ret->server == 0)
		be_server(context, ret->name, parent);
	return ret->server < 0 ? -errno : 0;
}

bool vduse_disk_failed(struct vduse_disk *disk, int *ret_code)
{
	int status = 0;

	if (disk->server > 0 && waitpid(disk->server, &status, WNOHANG) != disk->server)
		return false;
	disk->server = -1;
	*ret_code = WIFEXITED(status) && WEXITSTATUS(status) ? -WEXITSTATUS(status) : -EIO;
	return true;
}

void vduse_disk_end(struct vduse_disk *disk)
{
	double deadline = clock_ms() + END_MS;
	int code;

	if (disk->server <= 0)
		return;
	kill(disk->server, SIGTERM);
	while (!vduse_disk_failed(disk, &code) && clock_ms() < deadline)
		clock_sleep_ms(LOOK_MS);
}
