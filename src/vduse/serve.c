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

enum { RETRY_MS = 1, AGAIN_MS = 1000 };

/* What a child of ours is at. */
enum errand { ERRAND_NONE, ERRAND_ATTACH, ERRAND_DETACH };

struct server {
	int device, kick, signals;
	struct via_vduse_memory memory;
	struct via_ring_memory ring_memory;
	struct via_ring ring;
	struct via_chain chain;
	struct via_block *block;
	const struct via_serve_road *road;
	bool running;	    /* the driver has set the queue up */
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

static void stand_still(struct server *server)
{
	char line[160];

	snprintf(line, sizeof(line), "the driver broke the ring: %s", server->ring.broken);
	say(server, line);
	server->running = false;
}

/* One request. Return: 1; 0 when there is none; -EBADMSG, and why in the ring */
static int work_once(struct server *server)
{
	int64_t written;
	int r;

	vduse_memory_trim(&server->memory);
	r = ring_next(&server->ring, &server->chain);
	if (r <= 0)
		return r;
	written = block_do(server->block, &server->chain);
	if (written < 0) {
		server->ring.broken = "a request without room for an answer";
		return -EBADMSG;
	}
	r = ring_finish(&server->ring, &server->chain, (uint32_t)written);
	return r < 0 ? r : 1;
}

static void work(struct server *server)
{
	unsigned int done = 0;
	int r = 0;

	while (server->running && done < server->ring.size && (r = work_once(server)) > 0)
		done++;
	server->more = r > 0; /* others are heard in between */
	if (done && ring_wants_interrupt(&server->ring))
		interrupt(server);
	if (server->running && r < 0)
		stand_still(server);
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
	uint64_t features;
	int r = agreed_features(server, &features);

	if (r < 0 || ioctl(server->device, VDUSE_VQ_GET_INFO, &info) < 0)
		return r < 0 ? r : -errno;
	if (!info.ready)
		return resume ? 0 : -EINVAL;
	server->block->write_back = features >> 9 & 1; /* VIRTIO_BLK_F_FLUSH */
	server->ring.indirect = features >> VIRTIO_RING_F_INDIRECT_DESC & 1;
	r = ring_begin(&server->ring, &server->ring_memory, info.num, info.desc_addr,
		       info.driver_addr, info.device_addr, info.split.avail_index);
	if (r == 0 && resume)
		r = ring_resume(&server->ring);
	if (r == 0)
		r = listen_to_kicks(server);
	server->running = r == 0;
	return r;
}

static void stop(struct server *server)
{
	server->running = server->interrupt_due = server->more = false;
	server->ring.broken = NULL;
	vduse_memory_forget(&server->memory, 0, UINT64_MAX);
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
		response.vq_state.split.avail_index = server->ring.next;
		break;
	case VDUSE_SET_STATUS:
		if (!take_status(server, request->s.status))
			response.result = VDUSE_REQ_RESULT_FAILED;
		break;
	case VDUSE_UPDATE_IOTLB:
		vduse_memory_forget(&server->memory, request->iova.start, request->iova.last);
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
	server->memory.device = server->device;
	server->ring_memory =
		(struct via_ring_memory){ .map = vduse_memory_map, .context = &server->memory };
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

int serve_block(int device, struct via_block *block, bool resume, const struct via_serve_road *road)
{
	_cleanup_free_ struct server *server = calloc(1, sizeof(*server));

	if (!server)
		return -ENOMEM;
	server->device = device;
	server->block = block;
	server->road = road;
	return run(server, resume);
}

int serve_end(int device, const struct via_serve_road *road)
{
	_cleanup_free_ struct server *server = calloc(1, sizeof(*server));
	struct via_block block = { .fd = -1, .failing = true };

	if (!server)
		return -ENOMEM;
	server->device = device;
	server->block = &block;
	server->road = road;
	server->wanted_off = server->insists = server->try_now = true;
	return run(server, true);
}
