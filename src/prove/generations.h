/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "prove/prove.h"

/* A row of the line of descent that can be proved without naming a device. */
struct via_prove_target {
	const char *name;
	int (*prove)(const struct via_root *root, const struct via_prove_options *options,
		     struct via_proof *ret, struct via_error *error);
};

/* prove_target - the row of that name; NULL when there is none */
const struct via_prove_target *prove_target(const char *name);

/*
 * Each of these: the live host's; rungs as told; 0 whatever the verdicts, else as prove_kvm().
 *
 * prove_iommu:  units, domains, interrupts, container, ioas, device
 * prove_vhost:  nodes, net, net-ring, transmit, receive, vsock, vsock-ring, scsi,
 *               scsi-ring
 *               Effect: a tap in a network namespace of the child's own; a context id of vsock;
 *               a target of 64 KiB of memory in configfs, gone again when it returns
 * prove_vdpa:   device, open, status, memory, ring
 *               Effect: resets the simulator that it uses; no other device is taken
 * prove_vduse:  control, create, node, queues, destroy
 *               Effect: a device that nothing is attached to, for a moment
 * prove_nested: parameter, capability, vcpu, run
 *
 * Source: include/uapi/linux/{vhost,vduse,iommufd,kvm}.h; AMD64 Architecture Programmer's
 *         Manual, volume 2, 15
 */
int prove_iommu(const struct via_root *root, const struct via_prove_options *options,
		struct via_proof *ret, struct via_error *error);
int prove_vhost(const struct via_root *root, const struct via_prove_options *options,
		struct via_proof *ret, struct via_error *error);
int prove_vdpa(const struct via_root *root, const struct via_prove_options *options,
	       struct via_proof *ret, struct via_error *error);
int prove_vduse(const struct via_root *root, const struct via_prove_options *options,
		struct via_proof *ret, struct via_error *error);
int prove_nested(const struct via_root *root, const struct via_prove_options *options,
		 struct via_proof *ret, struct via_error *error);

/**
 * prove_vhost_user - what answers at a vhost-user socket; likewise
 * @path: of the socket, which is connected to: a back end that takes one front end at a time is
 *        then this one's until the proof ends
 *
 * Rungs: connect, features, protocol, queues. No memory is shared, and no queue started.
 */
int prove_vhost_user(const struct via_root *root, const struct via_prove_options *options,
		     const char *path, struct via_proof *ret, struct via_error *error);
