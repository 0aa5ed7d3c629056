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

/*
 * Reading the configuration space resumes a sleeping function; power_state does not. Nothing
 * sleeps behind a plain file.
 */
static bool may_read(const struct via_pci_look *look, const struct via_place *place,
		     const struct via_pci_device *device)
{
	const struct via_host *host = look->host;
	const char *state = fact_text(&device->power_state);
	bool awake = !state || strcmp(state, "D0") == 0 || strcmp(state, "unknown") == 0;

	if (!root_as_live(place->root) || host->depth == VIA_DEPTH_WAKE)
		return true;
	if (!awake && !look->plain)
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
		return fact_present("config", NULL, 0);
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
	if (survey)
		capabilities_survey(arena, window, &device->capabilities);
	else
		capabilities_decode_window(arena, window, &device->capabilities);
	pci_window_forget(window);
	device->config.fact.number = window->size;
	device->config.span = pci_window_kept(arena, window);
}

/* A dword of hardware costs microseconds; all of a plain file costs what one of them does. */
static void foresee(const struct via_pci_look *look, const struct source *source,
		    struct via_pci_window *window, bool survey, const struct via_pci_device *device)
{
	const uint8_t *likely = pci_twins_likely(look->twins, device, survey);

	if (look->plain || source->fd < 0)
		pci_window_foresee_all(window);
	else if (likely)
		pci_window_foresee(window, likely);
}

static void read_source(const struct via_pci_look *look, struct via_arena *arena,
			struct source *source, struct via_pci_window *window, bool survey,
			struct via_pci_device *device)
{
	foresee(look, source, window, survey, device);
	if (pci_twins_take(look->twins, arena, window, survey, device))
		return;
	decode(arena, window, survey, device);
	if (!source->error)
		pci_twins_add(look->twins, arena, window, survey, device);
}

/* The path of what was read is told of ports, and where it did not say all. */
static bool is_cited(const struct via_pci_device *device)
{
	return pci_is_bridge(device) || !device->capabilities.standard_read ||
	       !device->capabilities.extended_read;
}

void pci_probe_config(const struct via_pci_look *look, const struct via_place *place,
		      struct via_arena *arena, bool survey, struct via_pci_device *device)
{
	struct source source = { .fd = -1 };
	struct via_pci_window window = { .load = load, .context = &source };

	device->surveyed = survey;
	if (!may_read(look, place, device)) {
		if (look->host->depth >= VIA_DEPTH_CONFIG)
			device->config.fact = fact_unknown(
				arena_printf(arena, "%s/config (asleep: %s)", place->path,
					     fact_text(&device->power_state)),
				EAGAIN);
		return;
	}
	device->config.fact = open_source(place, arena, &window, &source);
	if (fact_is(&device->config.fact, VIA_PRESENT))
		read_source(look, arena, &source, &window, survey, device);
	if (source.fd >= 0)
		close(source.fd);
	if (source.error) {
		device->config = (struct via_blob){ .fact = fact_unknown("config", source.error) };
		device->capabilities = (struct via_capabilities){ 0 };
	}
	if (source.error || is_cited(device))
		device->config.fact = place_spell(place, arena, device->config.fact);
}
