/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/probe.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "decode/unix_sockets.h"
#include "decode/vdpa_answer.h"

static const char base[] = "sys/bus/vdpa/devices";

/* Its folder vhost-vdpa-N names the node that a hypervisor opens. */
static void probe_node(const struct via_root *root, struct via_host *host,
		       struct via_vdpa_device *device)
{
	struct via_names entries;

	root_entries(root, host->arena, &entries, "%s/%s", base, device->name);
	via_for_each (entry, &entries)
		if (text_starts(*entry, "vhost-vdpa-"))
			device->node = *entry;
	if (device->node)
		device->node_there = root_exists(root, host->arena, "dev/%s", device->node);
}

/* The driver virtio_vdpa makes a virtio device of it, and that a disk or an interface. */
static const char *made_of(const struct via_root *root, struct via_arena *arena, const char *name,
			   const char *virtio, const char *class)
{
	struct via_names names;

	root_entries(root, arena, &names, "%s/%s/%s/%s", base, name, virtio, class);
	return names.count ? names.items[0] : NULL;
}

static void probe_made(const struct via_root *root, struct via_host *host,
		       struct via_vdpa_device *device)
{
	struct via_names entries;

	root_entries(root, host->arena, &entries, "%s/%s", base, device->name);
	via_for_each (entry, &entries) {
		if (!text_starts(*entry, "virtio"))
			continue;
		device->disk = made_of(root, host->arena, device->name, *entry, "block");
		device->interface = made_of(root, host->arena, device->name, *entry, "net");
	}
}

static void probe_vdpa_devices(const struct via_root *root, struct via_host *host)
{
	struct via_arena *arena = host->arena;
	struct via_names names;

	host->vdpa.bus = probe_entries(root, arena, &names, base);
	host->vdpa.autoprobe = root_text(root, arena, "sys/bus/vdpa/drivers_autoprobe");
	via_for_each (name, &names) {
		struct via_vdpa_device *device = via_list_add(arena, &host->vdpa.devices);

		device->name = *name;
		device->driver = root_link(root, arena, "%s/%s/driver", base, *name);
		device->override = root_text(root, arena, "%s/%s/driver_override", base, *name);
		if (fact_text(&device->override) && strcmp(device->override.text, "(null)") == 0)
			device->override.text = "";
		probe_node(root, host, device);
		probe_made(root, host, device);
	}
}

static void take_line(struct via_host *host, const struct via_vdpa_line *line)
{
	if (line->kind == VIA_VDPA_LINE_MANAGEMENT) {
		*via_list_add(host->arena, &host->vdpa.management) =
			(struct via_vdpa_management){ .bus = line->bus,
						      .name = line->name,
						      .classes = line->classes,
						      .features = line->features,
						      .max_queues = line->max_queues };
		return;
	}
	via_for_each (device, &host->vdpa.devices) {
		if (strcmp(device->name, line->device) != 0)
			continue;
		if (line->kind == VIA_VDPA_LINE_CONFIG) {
			device->config = line->config;
			continue;
		}
		device->management = line->name;
		device->bus = line->bus;
		device->id = line->id;
		device->max_queues = line->max_queues;
	}
}

/* Asking for the family by name would load the module: no bus, no question. */
static void probe_management(const struct via_queries *queries, struct via_host *host)
{
	struct via_vdpa *vdpa = &host->vdpa;
	struct via_vdpa_line line;
	const char *at;

	if (!fact_is(&vdpa->bus, VIA_PRESENT)) {
		vdpa->management_known = vdpa->bus;
		return;
	}
	vdpa->management_known = query_text(queries, VIA_ASK_VDPA, host->arena);
	at = fact_text(&vdpa->management_known);
	while (vdpa_answer_next(host->arena, &at, &line))
		take_line(host, &line);
	vdpa->management_known.number = vdpa->management.count;
}

static void probe_vhost_sockets(const struct via_queries *queries, struct via_host *host)
{
	struct via_vdpa *vdpa = &host->vdpa;
	const char *text;

	vdpa->vhost_sockets_known = query_text(queries, VIA_ASK_VHOST_SOCKETS, host->arena);
	text = fact_text(&vdpa->vhost_sockets_known);
	if (text)
		unix_sockets_listening(
			host->arena,
			(struct via_span){ .data = (const uint8_t *)text, .size = strlen(text) },
			"vhost", &vdpa->vhost_sockets);
	vdpa->vhost_sockets_known.number = vdpa->vhost_sockets.count;
}

/* The class holds the control node as well. */
static void probe_vduse(const struct via_root *root, struct via_host *host)
{
	struct via_vdpa *vdpa = &host->vdpa;
	struct via_names names;

	vdpa->vduse_control = root_exists(root, host->arena, "dev/vduse/control");
	vdpa->vduse_known = probe_entries(root, host->arena, &names, "sys/class/vduse");
	via_for_each (name, &names)
		if (strcmp(*name, "control") != 0)
			*via_list_add(host->arena, &vdpa->vduse) = *name;
	vdpa->vduse_known.number = vdpa->vduse.count;
	vdpa->vduse_servers =
		arena_alloc(host->arena, (vdpa->vduse.count + 1) * sizeof(*vdpa->vduse_servers));
}

void probe_vdpa(const struct via_root *root, const struct via_queries *queries,
		struct via_host *host)
{
	probe_vdpa_devices(root, host);
	probe_management(queries, host);
	probe_vduse(root, host);
	probe_vhost_sockets(queries, host);
}
