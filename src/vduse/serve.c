/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "vduse/serve.h"

#include <errno.h>
#include <linux/vduse.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ring.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "vduse/memory.h"

enum { RETRY_MS = 1, AGAIN_MS = 1000 };

/* What a child of ours is at. */
enum errand { ERRAND_NONE, ERRAND_ATTACH, ERRAND_DETACH };

struct server {
	int device, kick, signals;
	struct via_vduse_memory memory;
	uint64_t features; /* as agreed on */
	struct ring_place place;
	struct ring_device ring;
	struct ring_chain chain;
	struct disk *disk;
	const struct via_serve_road *road;
	bool running;	    /* the driver has set the queue up */
	bool found;	    /* where the ring is in our memory */
	bool interrupt_due; /* told to nobody yet */
	bool more;	    /* requests are left, without a kick to come */
	bool told_busy, try_now;
	bool attached, wanted_off, insists, off;
	enum errand errand;
	pid_t child;
	int failure;
};

static void say(const struct server *server, const char *line)
{
	if (server->road->say)
		server->road->say(server->road->context, line);
}

/* Just after the driver said it is ready, the kernel may not have heard our answer yet. */
static void interrupt(struct server *server)
{
	uint32_t index = 0;

	server->interrupt_due = ioctl(server->device, VDUSE_VQ_INJECT_IRQ, &index) < 0 &&
				errno == EINVAL && server->running;
}

static void stand_still(struct server *server, int error)
{
	say(server, error == -EFAULT ? "the driver broke the ring: what it names is not its memory"
				     : "the driver broke the ring: its requests make no sense");
	server->running = false;
}

/* Its memory may lie elsewhere than a moment ago; where in the ring we are stays. */
static int find_ring(struct server *server)
{
	const struct ring_memory *memory = &server->memory.ring;
	int r;

	if (vduse_memory_trim(&server->memory))
		server->found = false;
	if (server->found)
		return 0;
	r = ring_device_start(&server->ring, memory, memory, &server->place, server->features,
			      server->ring.next_available);
	server->found = r == 0;
	return r;
}

/*
 * One request. Return: 1; 0 when there is none; negative errno: the driver broke the ring.
 * Its memory may be away for a moment, while the kernel replaces what is mapped: then there is
 * nothing to do before the kernel has something new to say.
 */
static int work_once(struct server *server)
{
	int r;

	if (find_ring(server) < 0)
		return 0;
	r = ring_device_take(&server->ring, &server->chain);
	if (r <= 0)
		return r;
	ring_device_give(&server->ring, server->chain.head,
			 disk_serve(server->disk, &server->chain));
	return 1;
}

static void work(struct server *server)
{
	unsigned int done = 0;
	int r = 0;

	while (server->running && done < server->place.size && (r = work_once(server)) > 0)
		done++;
	server->more = r > 0; /* others are heard in between */
	if (done && (!server->found || ring_device_must_interrupt(&server->ring)))
		interrupt(server);
	if (server->running && r < 0)
		stand_still(server, r);
	else if (server->running && server->found && !server->more)
		server->more = ring_device_want_kicks(&server->ring, true);
}

static int listen_to_kicks(struct server *server)
{
	struct vduse_vq_eventfd kick = { .index = 0, .fd = server->kick };

	return ioctl(server->device, VDUSE_VQ_SETUP_KICKFD, &kick) < 0 ? -errno : 0;
}

static int agreed_features(const struct server *server, uint64_t *ret)
{
	return ioctl(server->device, VDUSE_DEV_GET_FEATURES, ret) < 0 ? -errno : 0;
}

static int start(struct server *server, bool resume)
{
	struct vduse_vq_info info = { .index = 0 };
	int r = agreed_features(server, &server->features);

	if (r < 0 || ioctl(server->device, VDUSE_VQ_GET_INFO, &info) < 0)
		return r < 0 ? r : -errno;
	if (!info.ready)
		return resume ? 0 : -EINVAL;
	if (!ring_size_is_legal(info.num))
		return -EINVAL;
	disk_agree(server->disk, server->features);
	server->place = (struct ring_place){ .size = (uint16_t)info.num,
					     .descriptors = info.desc_addr,
					     .available = info.driver_addr,
					     .used = info.device_addr };
	server->ring.next_available = info.split.avail_index;
	server->found = false;
	if (resume) {
		r = find_ring(server);
		if (r < 0)
			return r;
		ring_device_resume(&server->ring);
	}
	r = listen_to_kicks(server);
	server->running = r == 0;
	return r;
}

/* The ring may lie in it. */
static void forget(struct server *server, uint64_t first, uint64_t last)
{
	vduse_memory_forget(&server->memory, first, last);
	server->found = false;
}

static void stop(struct server *server)
{
	server->running = server->interrupt_due = server->more = false;
	forget(server, 0, UINT64_MAX);
}

/* Whether the status that the driver sets is one that we go along with. */
static bool take_status(struct server *server, uint8_t status)
{
	uint64_t features;

	if (!status)
		stop(server);
	else if ((status & VIRTIO_CONFIG_S_DRIVER_OK) && !server->running)
		return start(server, false) == 0;
	else if (status & VIRTIO_CONFIG_S_FEATURES_OK)
		return agreed_features(server, &features) == 0 &&
		       (features >> VIRTIO_F_VERSION_1 & 1);
	return true;
}

static void answer(struct server *server, const struct vduse_dev_request *request)
{
	struct vduse_dev_response response = { .request_id = request->request_id };

	switch (request->type) {
	case VDUSE_GET_VQ_STATE:
		response.vq_state.index = request->vq_state.index;
		response.vq_state.split.avail_index = server->ring.next_available;
		break;
	case VDUSE_SET_STATUS:
		if (!take_status(server, request->s.status))
			response.result = VDUSE_REQ_RESULT_FAILED;
		break;
	case VDUSE_UPDATE_IOTLB:
		forget(server, request->iova.start, request->iova.last);
		break;
	default:
		response.result = VDUSE_REQ_RESULT_FAILED;
	}
	if (write(server->device, &response, sizeof(response)) < 0 && errno != ENOENT)
		server->failure = -errno;
}

static void hear_kernel(struct server *server)
{
	struct vduse_dev_request request;

	while (read(server->device, &request, sizeof(request)) == (ssize_t)sizeof(request))
		answer(server, &request);
	work(server);
}

static void hear_kick(struct server *server)
{
	uint64_t count;

	if (read(server->kick, &count, sizeof(count)) > 0)
		work(server);
}

static void send(struct server *server, enum errand errand)
{
	pid_t pid = fork();

	if (pid == 0) {
		int r;

		/* Whoever holds it counts as a server, also when this one is killed. */
		close(server->device);
		r = errand == ERRAND_ATTACH
			    ? server->road->attach(server->road->context)
			    : server->road->detach(server->road->context, server->insists);

		_exit(r >= 0 ? 0 : r < -255 ? EIO : -r);
	}
	if (pid < 0)
		server->failure = -errno;
	else
		server->child = pid;
	server->errand = pid < 0 ? ERRAND_NONE : errand;
}

static void came_back(struct server *server, int code)
{
	enum errand errand = server->errand;

	server->errand = ERRAND_NONE;
	server->child = 0;
	if (errand == ERRAND_ATTACH) {
		server->attached = code == 0;
		if (code)
			server->failure = -code;
		else if (server->road->ready)
			server->road->ready(server->road->context);
		return;
	}
	server->off = code == 0;
	if (code && code != EBUSY)
		server->failure = -code;
	if (code == EBUSY && !server->told_busy)
		say(server, "in use: it is served until it is free; once more to insist");
	server->told_busy = true;
}

static void hear_child(struct server *server)
{
	int status;

	if (server->child <= 0 || waitpid(server->child, &status, WNOHANG) != server->child)
		return;
	came_back(server, WIFEXITED(status) ? WEXITSTATUS(status) : EIO);
}

static void hear_signal(struct server *server)
{
	struct signalfd_siginfo info;

	while (read(server->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGCHLD) {
			hear_child(server);
			continue;
		}
		server->insists |= server->wanted_off;
		server->wanted_off = server->try_now = true;
	}
}

/* Off the bus first; what is in use is asked again until it is free. */
static void go_off(struct server *server)
{
	if (!server->try_now || server->errand != ERRAND_NONE || server->off)
		return;
	server->try_now = false;
	if (!server->attached)
		server->off = true;
	else
		send(server, ERRAND_DETACH);
}

static int wait_for_news(struct server *server)
{
	struct pollfd news[] = { { server->device, POLLIN, 0 },
				 { server->kick, POLLIN, 0 },
				 { server->signals, POLLIN, 0 } };
	int limit = server->more	    ? 0
		    : server->interrupt_due ? RETRY_MS
		    : server->wanted_off    ? AGAIN_MS
					    : -1;

	int r = poll(news, VIA_COUNT(news), limit);

	if (r < 0)
		return errno == EINTR ? 0 : -errno;
	server->try_now |= r == 0 && limit == AGAIN_MS;
	if (news[0].revents & (POLLERR | POLLHUP))
		return -EIO; /* the kernel waited too long for an answer, and gave the device up */
	if (news[0].revents)
		hear_kernel(server);
	if (news[1].revents)
		hear_kick(server);
	if (news[2].revents)
		hear_signal(server);
	if (server->interrupt_due)
		interrupt(server);
	if (server->more)
		work(server);
	return 0;
}

static int loop(struct server *server)
{
	int r = 0;

	while (r == 0 && !server->off && (!server->failure || server->errand != ERRAND_NONE)) {
		r = wait_for_news(server);
		if (r == 0 && !server->failure)
			go_off(server);
	}
	return r ?: server->failure;
}

static int take_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int run(struct server *server, bool resume)
{
	_cleanup_close_ int signals = take_signals();
	_cleanup_close_ int kick = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	int r = 0;

	if (signals < 0 || kick < 0)
		return -errno;
	vduse_memory_guard();
	server->signals = signals;
	server->kick = kick;
	vduse_memory_begin(&server->memory, server->device);
	/* Where the driver cannot be gone on with, it can still be taken off the bus. */
	if (resume && start(server, true) < 0)
		say(server, "what the driver had asked for cannot be answered");
	if (server->running)
		work(server);
	if (server->road->attach)
		send(server, ERRAND_ATTACH);
	else
		server->attached = true;
	r = loop(server);
	stop(server);
	return r;
}

int serve_disk(int device, struct disk *disk, bool resume, const struct via_serve_road *road)
{
	_cleanup_free_ struct server *server = calloc(1, sizeof(*server));

	if (!server)
		return -ENOMEM;
	server->device = device;
	server->disk = disk;
	server->road = road;
	return run(server, resume);
}

int serve_end(int device, const struct via_serve_road *road)
{
	_cleanup_free_ struct server *server = calloc(1, sizeof(*server));
	struct disk disk = { .fd = -1, .failing = true };

	if (!server)
		return -ENOMEM;
	server->device = device;
	server->disk = &disk;
	server->road = road;
	server->wanted_off = server->insists = server->try_now = true;
	return run(server, true);
}
