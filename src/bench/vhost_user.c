/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "bench/measure.h"
#include "bench/ring.h"
#include "serve/vhost_user_back.h"
#include "serve/vhost_user_front.h"

enum { RING = 256, BUFFER = 4096 };

/* The device takes in what it is given, as one that sends it on would. */
static uint32_t swallow(void *context, struct ring_chain *chain)
{
	ring_chain_read(chain, 0, context, BUFFER);
	return 0;
}

static _Noreturn void be_back_end(int socket, pid_t parent)
{
	static struct vhost_user_session session;
	static uint8_t sink[BUFFER];
	static const struct vhost_user_device device = {
		.features = 1ULL << RING_F_VERSION_1 | 1ULL << RING_F_EVENT_IDX,
		.queues = 1,
		.serve = swallow,
		.context = sink,
	};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	session_begin(&session, &device);
	session_run(&session, socket, -1);
	_exit(0);
}

static int measure(const struct bench_context *context, const struct via_report *report,
		   int (*batch)(void *, uint64_t))
{
	uint64_t wanted = 1ULL << RING_F_VERSION_1 | 1ULL << RING_F_EVENT_IDX;
	struct vhost_user_front front;
	struct bench_ring ring;
	pid_t parent = getpid(), pid;
	int sockets[2], r;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) < 0)
		return report_fail(report, -errno, "socketpair", NULL);
	pid = fork();
	if (pid == 0)
		be_back_end(sockets[1], parent);
	close(sockets[1]);
	if (pid < 0)
		return report_fail(report, -errno, "fork", NULL);
	r = front_open(&front, sockets[0], wanted, RING, (size_t)RING * BUFFER);
	if (r < 0)
		return report_fail(report, r, "vhost-user negotiation", NULL);
	ring = (struct bench_ring){ .driver = &front.ring,
				    .kick = front.kick,
				    .call = front.call,
				    .data = front.data,
				    .buffer = BUFFER };
	r = meter_run(context->meter, 0, batch, &ring);
	front_close(&front);
	/* the other process ends with its socket */
	return r < 0 ? report_fail(report, r, "the ring", NULL) : CLIMB_PASS;
}

static int measure_round_trip(const struct bench_context *context, const struct via_report *report)
{
	return measure(context, report, ring_ask);
}

static int measure_stream(const struct bench_context *context, const struct via_report *report)
{
	context->meter->bytes = BUFFER;
	return measure(context, report, ring_stream);
}

const struct bench_item bench_vhost_user_items[] = {
	{ "vhost-user", "request to another process, which wakes, and back",
	  VIA_GENERATION_VHOST_USER, measure_round_trip, NULL },
	{ "vhost-user-stream", "4 KiB to another process, a full ring of them",
	  VIA_GENERATION_VHOST_USER, measure_stream, NULL },
	{ 0 },
};
