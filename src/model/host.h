/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "base/fact.h"
#include "model/boot.h"
#include "model/baseline.h"
#include "model/declared.h"
#include "model/firmware.h"
#include "model/graphics.h"
#include "model/keepers.h"
#include "model/kernel.h"
#include "model/mediated.h"
#include "model/kernel_log.h"
#include "model/pci.h"
#include "model/upgrade.h"
#include "model/vdpa.h"
#include "model/virtfn.h"
#include "model/virtio.h"

/* What reading costs the host; every probe stays at or below the depth it was given. */
enum via_depth {
	VIA_DEPTH_ATTRIBUTES, /* files only: wakes nothing, takes no device lock */
	VIA_DEPTH_CONFIG,     /* also the configuration space of functions that are awake */
	VIA_DEPTH_WAKE,	      /* also of those that sleep */
};

/**
 * struct via_host - everything known of one host; const once probed
 *
 * Owns its arena: host_free() gives back everything, also what rules cite.
 */
struct via_host {
	struct via_arena *arena;
	const char *source; /* "/" or what --from named */
	bool live;
	bool image; /* files that are to become a host: what it will run on nobody can tell */
	enum via_depth depth;
	bool lean;    /* of functions, only what tells how they belong together */
	bool listing; /* and of the rest nothing that only findings rest on */

	struct via_fact kernel_release; /* text: 6.12.0-1-amd64 */
	struct via_fact os_id, os_name; /* text: debian; "Debian GNU/Linux 12" */
	struct via_fact effective_uid;

	struct via_firmware firmware;
	struct via_kernel kernel;
	struct via_host_log log;
	struct via_boot boot; /* see boot_look() */
	struct via_upgrade upgrade;
	struct via_declared declared;
	struct via_host_baseline baseline;
	struct via_keepers keepers;
	struct via_pci pci;
	struct via_lifelines lifelines;
	struct via_graphics graphics;
	struct via_mediated mediated;
	struct via_vdpa vdpa;
	struct via_virtio virtio;
	struct via_virtfns virtfns;
};

struct via_host *host_new(void);
void host_free(struct via_host *host);

static inline void cleanup_host(struct via_host **host)
{
	host_free(*host);
}
#define _cleanup_host_ _cleanup_(cleanup_host)
