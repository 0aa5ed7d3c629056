/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fuzz.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/cleanup.h"
#include "decode/blacklist.h"
#include "decode/dkms_conf.h"
#include "decode/module_signature.h"
#include "decode/unix_sockets.h"
#include "decode/vdpa_answer.h"

static void read_answer(struct via_arena *arena, struct via_span text)
{
	const char *at = arena_strndup(arena, (const char *)text.data, text.size);
	struct via_vdpa_line line;

	while (vdpa_answer_next(arena, &at, &line))
		;
}

static void read_dkms(struct via_arena *arena, struct via_span text)
{
	struct via_dkms_conf conf;

	dkms_conf_decode(arena, text, &conf);
	dkms_conf_excludes(&conf, "6.12.0-1-amd64", "x86_64");
}

/* The first byte chooses who reads the rest. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct via_arena *arena = arena_new();
	struct via_module_signature signature;
	struct via_names names = { 0 };
	struct via_span text;

	if (!size)
		return 0;
	text = (struct via_span){ .data = data + 1, .size = size - 1 };
	switch (data[0]) {
	case 'b':
		blacklist_of_file(arena, text, &names);
		break;
	case 'c':
		blacklist_of_cmdline(
			arena, arena_strndup(arena, (const char *)text.data, text.size), &names);
		break;
	case 'd':
		read_dkms(arena, text);
		break;
	case 's':
		module_signature_decode(arena, text, &signature);
		break;
	case 'u':
		unix_sockets_listening(arena, text, "vhost", &names);
		break;
	case 'v':
		read_answer(arena, text);
		break;
	default:
		break;
	}
	return 0;
}
