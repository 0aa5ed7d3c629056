/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <libmnl/libmnl.h>

#include "base/arena.h"
#include "base/vf_setting.h"

/* What rtnetlink says of a PF's interface and its VFs; for what speaks it in src/sys. */

enum { VF_LINK_REQUEST = 512 };

/**
 * vf_link_request - begin a request about one interface
 * @buffer: of VF_LINK_REQUEST bytes
 * @interface: NULL: about all of them
 *
 * Return: 0; -ENODEV no such interface
 */
int vf_link_request(char *buffer, uint16_t type, uint16_t flags, const char *interface,
		    struct nlmsghdr **ret);

/* Called for each setting that the driver tells. */
typedef void vf_link_take(void *data, const char *interface, unsigned int function,
			  enum via_vf_setting setting, const char *value);

/**
 * vf_link_read - ask what is set for the VFs of one interface, or of all
 * Source: rtnl_fill_vfinfo() in net/core/rtnetlink.c
 * Return: 0; -ENODEV; other negative errno
 */
int vf_link_read(const char *interface, vf_link_take *take, void *data);
