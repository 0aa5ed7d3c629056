/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <string.h>
#include <sys/time.h>

#include "base/cleanup.h"
#include "sys/query_text.h"

/* include/uapi/linux/vdpa.h, which older headers lack; stable ABI. */
enum {
	VDPA_COMMAND_MGMTDEV_GET = 2,
	VDPA_COMMAND_DEV_GET = 5,
	VDPA_MGMTDEV_BUS_NAME = 1,
	VDPA_MGMTDEV_DEV_NAME = 2,
	VDPA_MGMTDEV_CLASSES = 3,
	VDPA_DEV_NAME = 4,
	VDPA_DEV_ID = 5,
	VDPA_DEV_MAX_VQS = 7,
	VDPA_MGMTDEV_MAX_VQS = 15,
	VDPA_SUPPORTED_FEATURES = 16,
	VDPA_ATTRIBUTES = 32, /* those above are not read */
	REPLY_BYTES = 16384,
	REPLY_SECONDS = 2,
};

/* One conversation with generic netlink. */
struct talk {
	struct mnl_socket *socket;
	struct via_arena *arena;
	uint16_t family;
	const char *text;
};

static int note_attribute(const struct nlattr *attribute, void *data)
{
	const struct nlattr **attributes = data;
	uint16_t type = mnl_attr_get_type(attribute);

	if (type < VDPA_ATTRIBUTES)
		attributes[type] = attribute;
	return MNL_CB_OK;
}

static const char *text_of(const struct nlattr *attribute)
{
	return attribute && mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING) == 0
		       ? mnl_attr_get_str(attribute)
		       : "-";
}

static uint64_t number_of(const struct nlattr *attribute)
{
	switch (attribute ? mnl_attr_get_payload_len(attribute) : 0) {
	case sizeof(uint16_t):
		return mnl_attr_get_u16(attribute);
	case sizeof(uint32_t):
		return mnl_attr_get_u32(attribute);
	case sizeof(uint64_t):
		return mnl_attr_get_u64(attribute);
	default:
		return 0;
	}
}

static int take_management(const struct nlmsghdr *header, void *data)
{
	const struct nlattr *attributes[VDPA_ATTRIBUTES] = { 0 };
	struct talk *talk = data;

	mnl_attr_parse(header, sizeof(struct genlmsghdr), note_attribute, attributes);
	talk->text =
		arena_printf(talk->arena, "%smgmtdev %s %s %llx %llx %u\n", talk->text,
			     text_of(attributes[VDPA_MGMTDEV_BUS_NAME]),
			     text_of(attributes[VDPA_MGMTDEV_DEV_NAME]),
			     (unsigned long long)number_of(attributes[VDPA_MGMTDEV_CLASSES]),
			     (unsigned long long)number_of(attributes[VDPA_SUPPORTED_FEATURES]),
			     (unsigned int)number_of(attributes[VDPA_MGMTDEV_MAX_VQS]));
	return MNL_CB_OK;
}

static int take_device(const struct nlmsghdr *header, void *data)
{
	const struct nlattr *attributes[VDPA_ATTRIBUTES] = { 0 };
	struct talk *talk = data;

	mnl_attr_parse(header, sizeof(struct genlmsghdr), note_attribute, attributes);
	talk->text = arena_printf(talk->arena, "%sdev %s %s %s %llu %u\n", talk->text,
				  text_of(attributes[VDPA_DEV_NAME]),
				  text_of(attributes[VDPA_MGMTDEV_BUS_NAME]),
				  text_of(attributes[VDPA_MGMTDEV_DEV_NAME]),
				  (unsigned long long)number_of(attributes[VDPA_DEV_ID]),
				  (unsigned int)number_of(attributes[VDPA_DEV_MAX_VQS]));
	return MNL_CB_OK;
}

static int take_family(const struct nlmsghdr *header, void *data)
{
	const struct nlattr *attributes[VDPA_ATTRIBUTES] = { 0 };
	struct talk *talk = data;

	mnl_attr_parse(header, sizeof(struct genlmsghdr), note_attribute, attributes);
	talk->family = (uint16_t)number_of(attributes[CTRL_ATTR_FAMILY_ID]);
	return MNL_CB_OK;
}

static int ask(struct talk *talk, uint16_t family, uint8_t command, uint16_t flags,
	       const char *name, mnl_cb_t take)
{
	static unsigned int sequence;
	char buffer[REPLY_BYTES];
	struct nlmsghdr *header = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *generic;
	ssize_t size;
	int r = MNL_CB_OK;

	header->nlmsg_type = family;
	header->nlmsg_flags = NLM_F_REQUEST | flags;
	header->nlmsg_seq = ++sequence;
	generic = mnl_nlmsg_put_extra_header(header, sizeof(*generic));
	*generic = (struct genlmsghdr){ .cmd = command, .version = 1 };
	if (name)
		mnl_attr_put_strz(header, CTRL_ATTR_FAMILY_NAME, name);
	if (mnl_socket_sendto(talk->socket, header, header->nlmsg_len) < 0)
		return -errno;
	while (r == MNL_CB_OK) {
		size = mnl_socket_recvfrom(talk->socket, buffer, sizeof(buffer));
		if (size < 0)
			return -errno;
		r = mnl_cb_run(buffer, (size_t)size, sequence, mnl_socket_get_portid(talk->socket),
			       take, talk);
	}
	return r < 0 ? -errno : 0;
}

static void close_socket(struct mnl_socket **socket)
{
	if (*socket)
		mnl_socket_close(*socket);
}

int query_live_vdpa(struct via_arena *arena, const char **ret)
{
	const struct timeval limit = { .tv_sec = REPLY_SECONDS };
	_cleanup_(close_socket) struct mnl_socket *socket = mnl_socket_open(NETLINK_GENERIC);
	struct talk talk = { .socket = socket, .arena = arena, .text = "" };
	int r;

	if (!socket || mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    setsockopt(mnl_socket_get_fd(socket), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) <
		    0)
		return -errno;
	/* The acknowledgement ends the wait where a dump's last message would. */
	r = ask(&talk, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, NLM_F_ACK, "vdpa", take_family);
	if (r == 0 && !talk.family)
		r = -ENOENT;
	if (r == 0)
		r = ask(&talk, talk.family, VDPA_COMMAND_MGMTDEV_GET, NLM_F_DUMP, NULL,
			take_management);
	if (r == 0)
		r = ask(&talk, talk.family, VDPA_COMMAND_DEV_GET, NLM_F_DUMP, NULL, take_device);
	if (r == 0)
		*ret = talk.text;
	return r;
}
