/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"

/* Where a host says what it wants to be, without a leading slash. */
#define DECLARATION_PATH "etc/viaduct/host.yaml"

/*
 * What a host declares itself to be, as its file says it: words are not yet devices, and a
 * member that the file leaves out is NULL. All of it belongs to an arena.
 */

enum via_declared_switch { VIA_DECLARED_OFF, VIA_DECLARED_ON };

/* A device by as many of its marks as the file gives; all of them must fit one function. */
struct via_declared_device {
	const char *device; /* an address, a net or block name, a class */
	const char *id;	    /* vendor:device */
	const char *slot;
	const char *serial; /* the Device Serial Number capability's, as lspci prints it */
};

struct via_declared_passthrough {
	struct via_declared_device which;
	const char *driver; /* vfio-pci, or a variant of it; NULL: the one that is made for it */
	const char **reset; /* methods, in the order in which they are tried */
	uint32_t reset_count;
	const enum via_declared_switch *d3cold;
};

enum via_declared_link { VIA_LINK_AUTO, VIA_LINK_ENABLE, VIA_LINK_DISABLE };

/* Settings of one virtual function, or of a range of them. */
struct via_declared_vf {
	const char *index; /* "0", "0-3,7" */
	const char *mac, *driver;
	const uint32_t *vlan, *qos;
	const uint32_t *min_rate_mbps, *max_rate_mbps;
	const uint32_t *msix_count;
	const enum via_declared_switch *trust;
	const enum via_declared_switch *spoof_check, *spoofchk; /* one, however it is spelt */
	const enum via_declared_link *link;
};

struct via_declared_sriov {
	struct via_declared_device which;
	uint32_t vfs;
	const enum via_declared_switch *autoprobe;
	const char *eswitch; /* legacy, switchdev */
	struct via_declared_vf *vf;
	uint32_t vf_count;
};

struct via_declared_mediated {
	const char *parent, *type, *uuid;
};

struct via_declared_vdpa {
	const char *management, *name, *mac, *driver;
	const uint32_t *mtu, *max_queue_pairs;
};

struct via_declared_hugepages {
	const char *size; /* 2M, 1G */
	uint64_t count;
	const uint32_t *node;
};

enum via_declared_iommu { VIA_DECLARED_IOMMU_TRANSLATED, VIA_DECLARED_IOMMU_PASSTHROUGH };

struct via_declaration {
	const enum via_declared_iommu *iommu;
	const enum via_declared_switch *nested;
	const char *isolate; /* a list of processors */
	struct via_declared_passthrough *passthrough;
	struct via_declared_sriov *sriov;
	struct via_declared_mediated *mediated;
	struct via_declared_vdpa *vdpa;
	struct via_declared_hugepages *hugepages;
	uint32_t passthrough_count, sriov_count, mediated_count, vdpa_count, hugepages_count;
};

/**
 * declaration_read - a host's declaration from YAML
 * @text: all of the file; at most 1 MiB
 * @name: of the file, for errors
 *
 * What is not known, given twice or of the wrong kind is an error that names the line: a key
 * that is passed over would be a setting that is silently not made.
 *
 * Return: 0; -EBADMSG with the line and the reason; -EOPNOTSUPP without libcyaml;
 *         -EFBIG
 */
int declaration_read(struct via_arena *arena, struct via_span text, const char *name,
		     struct via_declaration **ret, struct via_error *error);
