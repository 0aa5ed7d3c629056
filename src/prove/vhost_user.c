/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "prove/generations.h"
#include "prove/road.h"
#include "serve/vhost_user_front.h"

struct vhost_user_proof {
	const char *path;
	int socket;
	uint64_t features, protocol;
};

struct bit {
	unsigned int bit;
	const char *name;
};

/* Source: QEMU docs/interop/vhost-user.rst; include/uapi/linux/virtio_config.h, virtio_ring.h */
static const struct bit feature_bits[] = {
	{ 26, "log-all" },   { 28, "indirect" },
	{ 29, "event-idx" }, { 30, "protocol-features" },
	{ 32, "version-1" }, { 33, "access-platform" },
	{ 34, "packed" },    { 35, "in-order" },
};

static const struct bit protocol_bits[] = {
	{ 0, "mq" },
	{ 1, "log-shmfd" },
	{ 2, "rarp" },
	{ 3, "reply-ack" },
	{ 4, "mtu" },
	{ 5, "backend-req" },
	{ 6, "cross-endian" },
	{ 7, "crypto-session" },
	{ 8, "pagefault" },
	{ 9, "config" },
	{ 10, "backend-send-fd" },
	{ 11, "host-notifier" },
	{ 12, "inflight-shmfd" },
	{ 13, "reset-device" },
	{ 14, "inband-notifications" },
	{ 15, "configure-mem-slots" },
	{ 16, "status" },
	{ 17, "xen-mmap" },
	{ 18, "shared-object" },
	{ 19, "device-state" },
};

static void report_bits(const struct via_report *report, const char *name, uint64_t value,
			const struct bit *bits, size_t count)
{
	char text[512] = "";
	size_t used = 0;

	for (size_t i = 0; i < count && used < sizeof(text); i++)
		if (value >> bits[i].bit & 1)
			used += (size_t)snprintf(text + used, sizeof(text) - used, " %s",
						 bits[i].name);
	report_evidence(report, name, "0x%llx%s%s", (unsigned long long)value, *text ? ":" : "",
			text);
}

static const char *why_no_connection(int error)
{
	switch (error) {
	case ECONNREFUSED:
		return "the socket is left over: nobody listens there";
	case ENOENT:
		return "start the back end first";
	case EACCES:
		return "be root, or give your user access to the socket";
	default:
		return "is it a vhost-user socket?";
	}
}

static int climb_connect(void *context, const struct via_report *report)
{
	struct vhost_user_proof *proof = context;
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	if (strlen(proof->path) >= sizeof(address.sun_path))
		return report_fail(report, -ENAMETOOLONG, "connect", NULL);
	memcpy(address.sun_path, proof->path, strlen(proof->path));
	proof->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (proof->socket < 0)
		return report_fail(report, -errno, "socket", NULL);
	if (connect(proof->socket, (const struct sockaddr *)&address, sizeof(address)) < 0)
		return report_fail(report, -errno, "connect", "%s", why_no_connection(errno));
	report_evidence(report, "socket", "%s", proof->path);
	return CLIMB_PASS;
}

static int climb_features(void *context, const struct via_report *report)
{
	struct vhost_user_proof *proof = context;
	int r = front_ask(proof->socket, VHOST_USER_GET_FEATURES, &proof->features);

	if (r < 0)
		return report_fail(report, r, "GET_FEATURES",
				   r == -EPROTO ? "whoever listens there speaks something else"
						: "whoever listens there has hung up");
	report_bits(report, "features", proof->features, feature_bits, VIA_COUNT(feature_bits));
	if (!(proof->features & 1ULL << 32))
		report_hint(report, "no version 1: a legacy device, which few drivers still take");
	return CLIMB_PASS;
}

static int climb_protocol(void *context, const struct via_report *report)
{
	struct vhost_user_proof *proof = context;
	int r;

	if (!(proof->features & 1ULL << VHOST_USER_F_PROTOCOL_FEATURES)) {
		report_hint(report, "it knows no features of the protocol");
		return CLIMB_SKIP;
	}
	r = front_ask(proof->socket, VHOST_USER_GET_PROTOCOL_FEATURES, &proof->protocol);
	if (r < 0)
		return report_fail(report, r, "GET_PROTOCOL_FEATURES", NULL);
	report_bits(report, "protocol", proof->protocol, protocol_bits, VIA_COUNT(protocol_bits));
	return CLIMB_PASS;
}

/* Nothing but that one feature is agreed on, and with the connection it is forgotten. */
static int climb_queues(void *context, const struct via_report *report)
{
	struct vhost_user_proof *proof = context;
	struct vhost_user_message message = {
		.header = { .request = VHOST_USER_SET_PROTOCOL_FEATURES,
			    .flags = VHOST_USER_VERSION,
			    .size = sizeof(message.number) },
		.number = 1ULL << VHOST_USER_PROTOCOL_MQ,
	};
	uint64_t queues = 0;
	int r;

	if (!(proof->protocol & 1ULL << VHOST_USER_PROTOCOL_MQ)) {
		report_hint(report, "it has one queue, or one pair of them");
		return CLIMB_SKIP;
	}
	r = message_send(proof->socket, &message);
	if (r == 0)
		r = front_ask(proof->socket, VHOST_USER_GET_QUEUE_NUM, &queues);
	if (r < 0)
		return report_fail(report, r, "GET_QUEUE_NUM", NULL);
	report_evidence(report, "queues", "%llu", (unsigned long long)queues);
	return CLIMB_PASS;
}

static void leave(void *context)
{
	struct vhost_user_proof *proof = context;

	cleanup_close(&proof->socket);
}

static const struct via_step steps[] = {
	{ "connect", climb_connect },
	{ "features", climb_features },
	{ "protocol", climb_protocol },
	{ "queues", climb_queues },
};

int prove_vhost_user(const struct via_root *root, const struct via_prove_options *options,
		     const char *path, struct via_proof *ret, struct via_error *error)
{
	static const struct via_road road = { steps, VIA_COUNT(steps), leave };
	struct vhost_user_proof proof = { .path = path, .socket = -1 };

	return prove_road(path, &road, &proof, root, options, ret, error);
}
