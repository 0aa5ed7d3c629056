/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "serve/vhost_user_back.h"

/**
 * memory_map - map what SET_MEM_TABLE shares, in place of what was mapped before
 *
 * Rings that run go on in the new memory, or stop where they are not in it.
 *
 * Return: 0; -EINVAL regions that are empty, overflow, overlap or are longer than their file;
 *         -ENOMEM
 */
int memory_map(struct vhost_user_session *session, struct vhost_user_message *message);
void memory_unmap(struct vhost_user_session *session);
