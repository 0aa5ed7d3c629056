/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <libmnl/libmnl.h>
#include <stdint.h>

/* A conversation with one family of generic netlink. For src/sys alone. */
struct via_genetlink {
	struct mnl_socket *socket;
	uint16_t family;
	uint8_t version;
	char complaint[128]; /* what the kernel said to the last refusal; "" for nothing */
};

/**
 * genetlink_open - find a family
 * Effect: the kernel loads the module of a family that it does not know
 * Return: 0; -ENOENT no such family; other negative errno
 */
int genetlink_open(struct via_genetlink *ret, const char *family, uint8_t version);
void genetlink_close(struct via_genetlink *talk);
#define _cleanup_genetlink_ _cleanup_(genetlink_close)

/**
 * genetlink_ask - one command and its answers
 * @flags: NLM_F_DUMP or NLM_F_ACK: something must end the wait
 * @fill: adds attributes to the request; may be NULL
 * @take: called for each answer; may be NULL
 * Return: 0; the kernel's negative errno, with its words in @talk->complaint; -EAGAIN after
 *         2 s without an answer
 */
int genetlink_ask(struct via_genetlink *talk, uint8_t command, uint16_t flags,
		  void (*fill)(struct nlmsghdr *header, void *data), mnl_cb_t take, void *data);

/* genetlink_index - the attributes of an answer, by their type; types from @count on are left
 * out */
void genetlink_index(const struct nlmsghdr *header, const struct nlattr **attributes, size_t count);

/* genetlink_text - a text, or NULL; genetlink_number - a number of whatever size, or 0 */
const char *genetlink_text(const struct nlattr *attribute);
uint64_t genetlink_number(const struct nlattr *attribute);
