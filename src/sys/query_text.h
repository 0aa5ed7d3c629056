/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"

/* Answers of the live host to what query_text() asks; for query_live.c. */

/**
 * query_live_vdpa - dump management devices and devices of generic netlink's family vdpa
 * Return: 0; -EOPNOTSUPP without libmnl; -ENOENT no such family; other negative errno
 */
int query_live_vdpa(struct via_arena *arena, const char **ret);

/* query_live_vhost_sockets - lines of /proc/net/unix whose path has "vhost" in it */
int query_live_vhost_sockets(struct via_arena *arena, const char **ret);

/**
 * query_live_vfs - "INTERFACE NUMBER SETTING VALUE", one line each (base/vf_setting.h)
 * Return: 0; -EOPNOTSUPP without libmnl; other negative errno
 */
int query_live_vfs(struct via_arena *arena, const char **ret);
