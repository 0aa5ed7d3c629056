/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/vhost.h>
#include <linux/virtio_vsock.h>
#include <linux/vm_sockets.h>

#include "base/cleanup.h"
#include "prove/child.h"
#include "prove/vhost.h"

/* A guest without a processor: the host connects to it, and we answer in its place. */
enum {
	RECEIVE,
	TRANSMIT,
	DATA = 0x10000,
	ROOM = 4096,
	PORT = 7,
	TRIES = 64,
	FIRST_CID = 0x7fff0000, /* far from those that people give their guests */
	WAIT_MS = 3000,
};

int climb_vhost_vsock(void *context, const struct via_report *report)
{
	struct vhost_proof *proof = context;
	int r = vhost_open(proof->root, report, "vhost-vsock", &proof->vsock);

	if (r != CLIMB_PASS)
		return r;
	r = vhost_begin(proof->vsock, report, 1ULL << RING_F_VERSION_1, &proof->vsock_features,
			&proof->vsock_area);
	if (r != CLIMB_PASS)
		return r;
	for (unsigned int i = 0; i < TRIES; i++) {
		proof->cid = FIRST_CID + ((unsigned int)getpid() + i) % 0xffff;
		if (ioctl(proof->vsock, VHOST_VSOCK_SET_GUEST_CID, &proof->cid) == 0) {
			report_evidence(report, "cid", "%" PRIu64, proof->cid);
			return CLIMB_PASS;
		}
		if (errno != EADDRINUSE)
			break;
	}
	return report_fail(report, -errno, "VHOST_VSOCK_SET_GUEST_CID", NULL);
}

static int start(struct vhost_proof *proof, struct vhost_ring rings[2], const char **ret_call)
{
	int on = 1, r = 0;

	for (unsigned int i = RECEIVE; i <= TRANSMIT && r == 0; i++)
		r = vhost_ring_start(&rings[i], proof->vsock, i, &proof->vsock_area,
				     proof->vsock_features, ret_call);
	if (r < 0)
		return r;
	*ret_call = "VHOST_VSOCK_SET_RUNNING";
	return ioctl(proof->vsock, VHOST_VSOCK_SET_RUNNING, &on) < 0 ? -errno : 0;
}

static int connect_to(uint64_t cid)
{
	_cleanup_close_ int fd = socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct sockaddr_vm address = { .svm_family = AF_VSOCK,
				       .svm_cid = (unsigned int)cid,
				       .svm_port = PORT };

	if (fd < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0 && errno != EINPROGRESS)
		return -errno;
	return steal_fd(&fd);
}

/* The answer that turns a request down goes back the way it came. */
static struct virtio_vsock_hdr refusal_of(const struct virtio_vsock_hdr *request)
{
	return (struct virtio_vsock_hdr){
		.src_cid = request->dst_cid,
		.dst_cid = request->src_cid,
		.src_port = request->dst_port,
		.dst_port = request->src_port,
		.type = request->type,
		.op = VIRTIO_VSOCK_OP_RST,
	};
}

static int refused(int fd)
{
	struct pollfd told = { .fd = fd, .events = POLLOUT };
	socklen_t size = sizeof(int);
	int error = 0;

	if (poll(&told, 1, WAIT_MS) <= 0)
		return -ETIMEDOUT;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
		return -errno;
	return error == ECONNRESET ? 0 : -EPROTO;
}

static int answer(struct vhost_proof *proof, struct vhost_ring rings[2], int socket,
		  const char **ret_call)
{
	struct vhost_memory_area *area = &proof->vsock_area;
	struct ring_buffer in = { area->data + DATA, ROOM };
	struct ring_buffer out = { area->data + DATA + ROOM, sizeof(struct virtio_vsock_hdr) };
	struct virtio_vsock_hdr *request = (struct virtio_vsock_hdr *)(area->host + DATA);
	struct virtio_vsock_hdr reply;
	int r = vhost_ring_offer(&rings[RECEIVE], &in, 0, 1);

	*ret_call = "the host's request in the ring";
	if (r == 0)
		r = vhost_ring_await(&rings[RECEIVE], WAIT_MS);
	if (r < 0)
		return r;
	if (r < (int)sizeof(*request) || request->op != VIRTIO_VSOCK_OP_REQUEST ||
	    request->dst_cid != proof->cid || request->dst_port != PORT)
		return -EPROTO;
	reply = refusal_of(request);
	memcpy(area->host + DATA + ROOM, &reply, sizeof(reply));
	*ret_call = "our answer at the host's socket";
	r = vhost_ring_offer(&rings[TRANSMIT], &out, 1, 0);
	return r < 0 ? r : refused(socket);
}

int climb_vhost_vsock_ring(void *context, const struct via_report *report)
{
	struct vhost_proof *proof = context;
	struct vhost_ring rings[2];
	_cleanup_close_ int socket = -1;
	const char *call = "";
	int r;

	if (proof->vsock < 0) {
		report_hint(report, "there is no vhost-vsock");
		return CLIMB_SKIP;
	}
	r = start(proof, rings, &call);
	if (r < 0)
		return report_fail(report, r, call, NULL);
	socket = connect_to(proof->cid);
	if (socket < 0)
		return report_fail(report, socket, "connecting to the guest", NULL);
	r = answer(proof, rings, socket, &call);
	if (r < 0)
		return report_fail(report, r, call, NULL);
	report_evidence(report, "request", "of the host, seen in the ring");
	report_evidence(report, "answer", "through the ring, seen by the host: ECONNRESET");
	return CLIMB_PASS;
}

void vhost_vsock_end(struct vhost_proof *proof)
{
	cleanup_close(&proof->vsock);
	area_free(&proof->vsock_area);
}
