/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/fault_log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "decode/kernel_log.h"
#include "prove/clock.h"

void fault_log_open(struct fault_log *ret, const struct via_root *root)
{
	ret->fd = root_openat(root, "dev/kmsg", O_RDONLY | O_NONBLOCK);
	if (ret->fd >= 0)
		lseek(ret->fd, 0, SEEK_END);
}

void fault_log_close(struct fault_log *log)
{
	if (log->fd >= 0)
		close(log->fd);
	log->fd = -1;
}

/* Behind a bridge to conventional PCI, the bridge or device 0 of its bus stands for the function.
 */
static bool stands_for(const struct via_pci_device *function, struct via_pci_address address)
{
	struct via_pci_address first = { function->address.domain, function->address.bus, 0, 0 };

	return address_equal(address, function->address) || address_equal(address, first) ||
	       (function->dma_device && address_equal(address, function->dma_device->address)) ||
	       (function->parent && address_equal(address, function->parent->address));
}

bool fault_line_names(struct via_arena *arena, const char *line,
		      const struct via_pci_device *function)
{
	struct via_span text = { .data = (const uint8_t *)line, .size = strlen(line) };
	struct via_kernel_log log = { 0 };

	kernel_log_decode(arena, text, &log);
	via_for_each (event, &log.events)
		if (event->kind == VIA_LOG_FAULT_DMA && event->has_address &&
		    stands_for(function, event->address))
			return true;
	return false;
}

/* A record is "priority,sequence,time,flags;message" and lines of keys behind it. */
static const char *message_of(char *record)
{
	char *message = strchr(record, ';'), *end;

	if (!message)
		return record;
	end = strchr(++message, '\n');
	if (end)
		*end = '\0';
	return message;
}

/* next_line - the next record's message; NULL where there is none yet */
static const char *next_line(const struct fault_log *log, char *buffer, size_t size)
{
	for (;;) {
		ssize_t n = read(log->fd, buffer, size - 1);

		if (n > 0) {
			buffer[n] = '\0';
			return message_of(buffer);
		}
		if (n == 0 || (errno != EPIPE && errno != EINTR)) /* EPIPE: overwritten, go on */
			return NULL;
	}
}

int fault_log_await(struct fault_log *log, struct via_arena *arena,
		    const struct via_pci_device *function, const char **ret)
{
	double deadline = clock_ms() + FAULT_LOG_PATIENCE_MS;
	char buffer[8192];

	if (log->fd < 0)
		return log->fd;
	while (clock_ms() < deadline) {
		const char *line = next_line(log, buffer, sizeof(buffer));

		if (!line) {
			clock_sleep_ms(5);
			continue;
		}
		if (fault_line_names(arena, line, function)) {
			*ret = arena_strdup(arena, line);
			return 0;
		}
	}
	return -ENOMSG;
}
