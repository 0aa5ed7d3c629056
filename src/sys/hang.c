/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sys/hang.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"

enum { TEXT_BYTES = 4096 };

/* An empty text where it cannot be read. */
static void read_file(pid_t pid, const char *name, char text[TEXT_BYTES])
{
	char path[64];
	_cleanup_close_ int fd = -1;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, TEXT_BYTES - 1);
	text[n > 0 ? n : 0] = '\0';
}

/* "lab_hang_wait+0x1e/0x30 [lab_hang]" without the offsets */
static void append_frame(const char *frame, size_t length, char *ret, size_t size)
{
	const char *module = memchr(frame, '[', length);
	size_t name = strcspn(frame, "+ \n"), used = strlen(ret);

	if (!name || name > length)
		return;
	snprintf(ret + used, size - used, "%s%.*s%s%.*s", used ? " < " : "", (int)name, frame,
		 module ? " " : "", module ? (int)(frame + length - module) : 0,
		 module ? module : "");
}

void hang_frames(const char *text, char *ret, size_t size)
{
	*ret = '\0';
	for (const char *line = text; *line;) {
		size_t length = strcspn(line, "\n");
		const char *frame = memchr(line, ']', length);

		if (frame && frame[1] == ' ')
			append_frame(frame + 2, length - (size_t)(frame + 2 - line), ret, size);
		line += length;
		line += *line == '\n';
	}
}

/* "1234 (viaduct) D 1 …": the name may hold a parenthesis, so from the last one on */
static char state_of(pid_t pid)
{
	char text[TEXT_BYTES];
	const char *end;

	read_file(pid, "stat", text);
	end = strrchr(text, ')');
	return end && end[1] == ' ' && end[2] ? end[2] : '?';
}

void hang_look(pid_t pid, struct via_hang *ret)
{
	struct via_hang hang = { .pid = pid, .state = state_of(pid) };
	char text[TEXT_BYTES];

	read_file(pid, "wchan", text);
	if (strcmp(text, "0") != 0)
		snprintf(hang.where, sizeof(hang.where), "%.*s", (int)strcspn(text, "\n"), text);
	read_file(pid, "stack", text);
	hang_frames(text, hang.stack, sizeof(hang.stack));
	*ret = hang;
}
