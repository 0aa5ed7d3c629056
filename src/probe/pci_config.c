/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/pci_part.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"

/* Where a window looks: an open file, or bytes that a source holds. */
struct source {
	int fd;
	struct via_span blob;
	int error;
};

static size_t load(void *context, uint8_t *bytes, size_t offset, size_t size)
{
	struct source *source = context;
	ssize_t n;

	if (source->fd < 0) {
		size_t here = offset < source->blob.size ? source->blob.size - offset : 0;

		size = size < here ? size : here;
		memcpy(bytes, source->blob.data + offset, size);
		return size;
	}
	do
		n = pread(source->fd, bytes, size, (off_t)offset);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		source->error = errno;
	return n < 0 ? 0 : (size_t)n;
}

/* Reading the configuration space resumes a sleeping function; power_state does not. */
static bool may_read(const struct via_place *place, const struct via_host *host,
		     const struct via_pci_device *device)
{
	const char *state = fact_text(&device->power_state);
	bool awake = !state || strcmp(state, "D0") == 0 || strcmp(state, "unknown") == 0;

	if (!root_as_live(place->root) || host->depth == VIA_DEPTH_WAKE)
		return true;
	if (!awake)
		return false;
	return host->depth >= VIA_DEPTH_CONFIG || pci_is_bridge(device);
}

static struct via_fact open_source(const struct via_place *place, struct via_arena *arena,
				   struct via_pci_window *window, struct source *ret)
{
	struct via_blob blob;
	int fd = place_open(place, "config");

	window->size = PCI_WINDOW_BYTES;
	ret->fd = fd;
	if (fd >= 0)
		return place_spell(place, arena, fact_present("config", NULL, 0));
	if (fd == -ENOENT)
		return place_spell(place, arena, fact_absent("config"));
	if (fd != -EOPNOTSUPP)
		return place_spell(place, arena, fact_unknown("config", -fd));
	blob = root_blob(place->root, arena, PCI_WINDOW_BYTES, "%s/config", place->path);
	ret->blob = blob.span;
	window->size = blob.span.size;
	return blob.fact;
}

static void decode(struct via_arena *arena, struct via_pci_window *window, bool survey,
		   struct via_pci_device *device)
{
	size_t size;

	if (survey)
		capabilities_survey(arena, window, &device->capabilities);
	else
		capabilities_decode_window(arena, window, &device->capabilities);
	pci_window_forget(window);
	/* What lies behind the last byte read was not asked for. */
	size = window->end < window->size && window->size == PCI_WINDOW_BYTES ? window->end
									      : window->size;
	device->config.fact.number = window->size;
	device->config.span = (struct via_span){ arena_memdup(arena, window->bytes, size), size };
}

/*
 * Functions of one kind mostly have the same capabilities at the same places, one after another
 * in a list. What the last one of a kind was asked for is read of the next in fewer calls; where
 * that one differs, a few dwords more are read, and no less.
 */
struct habit {
	uint64_t kind;
	uint8_t asked[PCI_WINDOW_BYTES / 4 / 8];
};

enum { HABITS = 64 };

static struct habit *habit_of(const struct via_pci_device *device, bool survey)
{
	static _Thread_local struct habit habits[HABITS];
	uint64_t kind = fact_number(&device->vendor, 0) << 33 |
			fact_number(&device->device, 0) << 17 |
			(fact_number(&device->class_code, 0) >> 8 & 0xffff) << 1 | survey;
	struct habit *habit = &habits[(kind * 0x9e3779b97f4a7c15) >> 58];

	if (habit->kind != kind)
		*habit = (struct habit){ .kind = kind };
	return habit;
}

void pci_probe_config(const struct via_place *place, struct via_arena *arena,
		      const struct via_host *host, bool survey, struct via_pci_device *device)
{
	struct source source = { .fd = -1 };
	struct via_pci_window window = { .load = load, .context = &source };
	struct habit *habit = NULL;

	if (!may_read(place, host, device)) {
		if (host->depth >= VIA_DEPTH_CONFIG)
			device->config.fact = fact_unknown(
				arena_printf(arena, "%s/config (asleep: %s)", place->path,
					     fact_text(&device->power_state)),
				EAGAIN);
		return;
	}
	device->config.fact = open_source(place, arena, &window, &source);
	if (source.fd >= 0) {
		habit = habit_of(device, survey);
		window.likely = habit->asked;
	}
	if (fact_is(&device->config.fact, VIA_PRESENT))
		decode(arena, &window, survey, device);
	if (habit)
		memcpy(habit->asked, window.asked, sizeof(habit->asked));
	if (source.fd >= 0)
		close(source.fd);
	if (source.error) {
		device->config = (struct via_blob){ .fact = fact_unknown(device->config.fact.path,
									 source.error) };
		device->capabilities = (struct via_capabilities){ 0 };
	}
}
