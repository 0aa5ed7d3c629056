/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "base/names.h"
#include "base/span.h"

/**
 * unix_sockets_listening - paths of sockets of proc/net/unix that somebody listens on
 * @part: only paths that hold this text
 * @names: added to, each once
 *
 * Source: unix_seq_show() in net/unix/af_unix.c: flag 0x10000 of a socket that accepts
 */
void unix_sockets_listening(struct via_arena *arena, struct via_span file, const char *part,
			    struct via_names *names);
