/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/genetlink.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>

enum { REPLY_BYTES = 16384, REPLY_SECONDS = 2 };

struct attribute_index {
	const struct nlattr **attributes;
	size_t count;
};

static int note_attribute(const struct nlattr *attribute, void *data)
{
	const struct attribute_index *index = data;
	uint16_t type = mnl_attr_get_type(attribute);

	if (type < index->count)
		index->attributes[type] = attribute;
	return MNL_CB_OK;
}

void genetlink_index(const struct nlmsghdr *header, const struct nlattr **attributes, size_t count)
{
	struct attribute_index index = { attributes, count };

	memset(attributes, 0, count * sizeof(const struct nlattr *));
	mnl_attr_parse(header, sizeof(struct genlmsghdr), note_attribute, &index);
}

const char *genetlink_text(const struct nlattr *attribute)
{
	return attribute && mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING) == 0
		       ? mnl_attr_get_str(attribute)
		       : NULL;
}

uint64_t genetlink_number(const struct nlattr *attribute)
{
	switch (attribute ? mnl_attr_get_payload_len(attribute) : 0) {
	case sizeof(uint8_t):
		return mnl_attr_get_u8(attribute);
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

/* The kernel's own words follow the request that it refused. */
static void note_complaint(struct via_genetlink *talk, const struct nlmsghdr *header)
{
	const struct nlmsgerr *refusal = mnl_nlmsg_get_payload(header);
	const struct nlattr *attributes[NLMSGERR_ATTR_MAX + 1] = { 0 };
	struct attribute_index index = { attributes, NLMSGERR_ATTR_MAX + 1 };
	unsigned int skip = sizeof(*refusal);

	if (!(header->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(header->nlmsg_flags & NLM_F_CAPPED))
		skip += refusal->msg.nlmsg_len - sizeof(struct nlmsghdr);
	mnl_attr_parse(header, skip, note_attribute, &index);
	snprintf(talk->complaint, sizeof(talk->complaint), "%s",
		 genetlink_text(attributes[NLMSGERR_ATTR_MSG]) ?: "");
}

static int take_error(const struct nlmsghdr *header, void *data)
{
	const struct nlmsgerr *refusal = mnl_nlmsg_get_payload(header);

	if (header->nlmsg_len < mnl_nlmsg_size(sizeof(*refusal))) {
		errno = EBADMSG;
		return MNL_CB_ERROR;
	}
	if (!refusal->error)
		return MNL_CB_STOP;
	errno = refusal->error < 0 ? -refusal->error : refusal->error;
	return MNL_CB_ERROR;
}

static void look_for_complaint(struct via_genetlink *talk, const char *buffer, ssize_t size)
{
	const struct nlmsghdr *header = (const struct nlmsghdr *)buffer;

	for (int left = (int)size; mnl_nlmsg_ok(header, left);
	     header = mnl_nlmsg_next(header, &left))
		if (header->nlmsg_type == NLMSG_ERROR)
			note_complaint(talk, header);
}

static int hear(struct via_genetlink *talk, unsigned int sequence, mnl_cb_t take, void *data)
{
	mnl_cb_t control[] = { [NLMSG_ERROR] = take_error };
	char buffer[REPLY_BYTES];
	int r = MNL_CB_OK;

	while (r == MNL_CB_OK) {
		ssize_t size = mnl_socket_recvfrom(talk->socket, buffer, sizeof(buffer));

		if (size < 0)
			return -errno;
		look_for_complaint(talk, buffer, size);
		r = mnl_cb_run2(buffer, (size_t)size, sequence, mnl_socket_get_portid(talk->socket),
				take, data, control, MNL_ARRAY_SIZE(control));
	}
	return r < 0 ? -errno : 0;
}

int genetlink_ask(struct via_genetlink *talk, uint8_t command, uint16_t flags,
		  void (*fill)(struct nlmsghdr *header, void *data), mnl_cb_t take, void *data)
{
	static unsigned int sequence;
	char buffer[REPLY_BYTES];
	struct nlmsghdr *header = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *generic;

	*talk->complaint = '\0';
	header->nlmsg_type = talk->family;
	header->nlmsg_flags = NLM_F_REQUEST | flags;
	header->nlmsg_seq = ++sequence;
	generic = mnl_nlmsg_put_extra_header(header, sizeof(*generic));
	*generic = (struct genlmsghdr){ .cmd = command, .version = talk->version };
	if (fill)
		fill(header, data);
	if (mnl_socket_sendto(talk->socket, header, header->nlmsg_len) < 0)
		return -errno;
	return hear(talk, sequence, take, data);
}

void genetlink_close(struct via_genetlink *talk)
{
	if (talk->socket)
		mnl_socket_close(talk->socket);
	talk->socket = NULL;
}

struct search {
	const char *name;
	uint16_t id;
};

static void fill_name(struct nlmsghdr *header, void *data)
{
	const struct search *search = data;

	mnl_attr_put_strz(header, CTRL_ATTR_FAMILY_NAME, search->name);
}

static int take_family(const struct nlmsghdr *header, void *data)
{
	const struct nlattr *attributes[CTRL_ATTR_MAX + 1];
	struct search *search = data;

	genetlink_index(header, attributes, MNL_ARRAY_SIZE(attributes));
	search->id = (uint16_t)genetlink_number(attributes[CTRL_ATTR_FAMILY_ID]);
	return MNL_CB_OK;
}

static int prepare(struct mnl_socket *socket)
{
	const struct timeval limit = { .tv_sec = REPLY_SECONDS };
	int on = 1;

	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    setsockopt(mnl_socket_get_fd(socket), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) <
		    0)
		return -errno;
	/* Without them there is only an errno: nothing is lost on a kernel that has none. */
	mnl_socket_setsockopt(socket, NETLINK_EXT_ACK, &on, sizeof(on));
	return 0;
}

int genetlink_open(struct via_genetlink *ret, const char *family, uint8_t version)
{
	struct via_genetlink talk = { .socket = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC),
				      .family = GENL_ID_CTRL,
				      .version = 1 };
	struct search search = { .name = family };
	int r;

	if (!talk.socket)
		return -errno;
	r = prepare(talk.socket);
	/* The acknowledgement ends the wait where a dump's last message would. */
	if (r == 0)
		r = genetlink_ask(&talk, CTRL_CMD_GETFAMILY, NLM_F_ACK, fill_name, take_family,
				  &search);
	if (r == 0 && !search.id)
		r = -ENOENT;
	if (r < 0) {
		genetlink_close(&talk);
		return r;
	}
	talk.family = search.id;
	talk.version = version;
	*ret = talk;
	return 0;
}
