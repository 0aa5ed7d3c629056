/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/vhost.h>

#include "base/cleanup.h"
#include "prove/child.h"
#include "prove/vhost.h"

/*
 * The tap is made in a network namespace of the child's own: nothing of the host's network sees
 * it, and it is gone with the process.
 */
enum {
	RECEIVE,
	TRANSMIT,
	HEADER = 12, /* struct virtio_net_hdr_v1 */
	FRAME = 128,
	ETHER_TYPE = 0x88b5, /* IEEE 802: for local experiments */
	DATA = 0x10000,	     /* of the area: behind the rings */
	ROOM = 2048,
	WAIT_MS = 3000,
};

static const char name[] = "viaduct0";

int climb_vhost_net(void *context, const struct via_report *report)
{
	struct vhost_proof *proof = context;
	int r = vhost_open(proof->root, report, "vhost-net", &proof->net);

	if (r != CLIMB_PASS)
		return r;
	return vhost_begin(proof->net, report, 1ULL << RING_F_VERSION_1, &proof->net_features,
			   &proof->net_area);
}

static int make_tap(const struct via_root *root, const char **ret_call)
{
	struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
	_cleanup_close_ int fd = -1, control = -1;
	int header = HEADER;

	*ret_call = "a network namespace";
	if (unshare(CLONE_NEWNET) < 0)
		return -errno;
	*ret_call = "/dev/net/tun";
	fd = root_openat(root, "dev/net/tun", O_RDWR | O_NONBLOCK);
	if (fd < 0)
		return fd;
	*ret_call = "making a tap";
	strcpy(request.ifr_name, name);
	if (ioctl(fd, TUNSETIFF, &request) < 0 || ioctl(fd, TUNSETVNETHDRSZ, &header) < 0)
		return -errno;
	*ret_call = "bringing the tap up";
	control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (control < 0 || ioctl(control, SIOCGIFFLAGS, &request) < 0)
		return -errno;
	request.ifr_flags |= IFF_UP;
	return ioctl(control, SIOCSIFFLAGS, &request) < 0 ? -errno : steal_fd(&fd);
}

static int open_packet_socket(void)
{
	_cleanup_close_ int fd =
		socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, htons(ETHER_TYPE));
	struct sockaddr_ll address = { .sll_family = AF_PACKET,
				       .sll_protocol = htons(ETHER_TYPE),
				       .sll_ifindex = (int)if_nametoindex(name) };

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return -errno;
	return steal_fd(&fd);
}

static int give_back_end(struct vhost_proof *proof, struct vhost_ring *ring, unsigned int index,
			 const char **ret_call)
{
	struct vhost_vring_file file = { index, proof->tap };
	int r = vhost_ring_start(ring, proof->net, index, &proof->net_area, proof->net_features,
				 ret_call);

	if (r < 0)
		return r;
	*ret_call = "VHOST_NET_SET_BACKEND";
	return ioctl(proof->net, VHOST_NET_SET_BACKEND, &file) < 0 ? -errno : 0;
}

int climb_vhost_net_ring(void *context, const struct via_report *report)
{
	struct vhost_proof *proof = context;
	const char *call = "";
	int r;

	if (proof->net < 0) {
		report_hint(report, "there is no vhost-net");
		return CLIMB_SKIP;
	}
	proof->tap = make_tap(proof->root, &call);
	if (proof->tap < 0)
		return report_fail(report, proof->tap, call,
				   proof->tap == -EPERM ? "run it as root" : "modprobe tun");
	r = give_back_end(proof, &proof->receive, RECEIVE, &call);
	if (r == 0)
		r = give_back_end(proof, &proof->transmit, TRANSMIT, &call);
	if (r < 0)
		return report_fail(report, r, call, NULL);
	report_evidence(report, "rings", "2 of %d entries", VHOST_RING_SIZE);
	report_evidence(report, "back_end", "tap %s in a network namespace of its own", name);
	proof->packet = open_packet_socket();
	if (proof->packet < 0)
		report_hint(report, "this kernel has no packet sockets to look at frames with");
	return CLIMB_PASS;
}

/* A frame to everybody on a wire that nobody else is on. */
static void fill_frame(uint8_t *frame, uint8_t seed)
{
	static const uint8_t head[] = { 0xff,
					0xff,
					0xff,
					0xff,
					0xff,
					0xff,
					0x02,
					0,
					0,
					0,
					0,
					1,
					ETHER_TYPE >> 8,
					ETHER_TYPE & 0xff };

	memcpy(frame, head, sizeof(head));
	for (unsigned int i = sizeof(head); i < FRAME; i++)
		frame[i] = (uint8_t)(seed + i * 7);
}

int climb_vhost_net_transmit(void *context, const struct via_report *report)
{
	struct vhost_proof *proof = context;
	struct vhost_memory_area *area = &proof->net_area;
	struct ring_buffer buffer = { area->data + DATA, HEADER + FRAME };
	struct pollfd arrived = { .fd = proof->packet, .events = POLLIN };
	uint8_t expected[FRAME], frame[ROOM];
	ssize_t n = 0;
	int r;

	if (proof->packet < 0) {
		report_hint(report, "there is nothing to look at frames with");
		return CLIMB_SKIP;
	}
	fill_frame(expected, 1);
	memset(area->host + DATA, 0, HEADER);
	memcpy(area->host + DATA + HEADER, expected, FRAME);
	r = vhost_ring_offer(&proof->transmit, &buffer, 1, 0);
	if (r == 0)
		r = vhost_ring_await(&proof->transmit, WAIT_MS);
	if (r < 0)
		return report_fail(report, r, "the ring", "vhost did not take the frame");
	if (poll(&arrived, 1, WAIT_MS) > 0)
		n = recv(proof->packet, frame, sizeof(frame), 0);
	if (n != FRAME || memcmp(frame, expected, FRAME) != 0)
		return report_fail(report, -EIO, "the frame did not arrive as it was sent", NULL);
	report_evidence(report, "frame", "%d bytes from the ring, the same at the tap", FRAME);
	return CLIMB_PASS;
}

int climb_vhost_net_receive(void *context, const struct via_report *report)
{
	struct vhost_proof *proof = context;
	struct vhost_memory_area *area = &proof->net_area;
	struct ring_buffer buffer = { area->data + DATA + ROOM, ROOM };
	const uint8_t *frame = area->host + DATA + ROOM + HEADER;
	uint8_t expected[FRAME];
	int r;

	if (proof->packet < 0) {
		report_hint(report, "there is nothing to look at frames with");
		return CLIMB_SKIP;
	}
	fill_frame(expected, 2);
	if (send(proof->packet, expected, FRAME, 0) != FRAME)
		return report_fail(report, -errno, "sending to the tap", NULL);
	/* the kernel itself may say something on a new interface first */
	for (int others = 0; others < 16; others++) {
		r = vhost_ring_offer(&proof->receive, &buffer, 0, 1);
		if (r == 0)
			r = vhost_ring_await(&proof->receive, WAIT_MS);
		if (r < 0)
			return report_fail(report, r, "the ring",
					   "vhost did not hand the frame on");
		if (r == HEADER + FRAME && memcmp(frame, expected, FRAME) == 0) {
			report_evidence(report, "frame",
					"%d bytes to the tap, the same in the ring", FRAME);
			return CLIMB_PASS;
		}
	}
	return report_fail(report, -EIO, "the frame did not arrive as it was sent", NULL);
}

void vhost_net_end(struct vhost_proof *proof)
{
	cleanup_close(&proof->packet);
	cleanup_close(&proof->tap);
	cleanup_close(&proof->net);
	area_free(&proof->net_area);
}
