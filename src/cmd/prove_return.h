/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "cmd/command.h"
#include "model/proof.h"

/*
 * A function taken from its own driver for a proof, and given back: journalled, and undone
 * exactly. An interrupt waits until it is given back; where viaduct itself is killed in between,
 * the transaction is still open, and `recover` gives it back.
 */
struct prove_loan {
	const struct via_session *session;
	struct via_arena *arena;
	const char *name;
	const char *driver; /* its own, before */
	const char *made;   /* what that driver had made of it: names and identities */
	uint64_t transaction;
};

/**
 * loan_take - from its own driver to vfio-pci
 * @ret: strings in @ret->arena, which the caller has set, as @session and @name
 *
 * Effect: as the goal passthrough
 * Return: 0; -EALREADY it has a VFIO driver already; -EPERM the plan is refused; as
 *         apply_run()
 */
int loan_take(struct prove_loan *ret, struct via_error *error);

/**
 * loan_return - give it back, and see that it works: the rung "return", added to @proof
 *
 * It works when its driver is bound and has made what it had made before: interfaces with
 * the same address, controllers with the same serial number, disks of the same size that can
 * be read.
 */
void loan_return(const struct prove_loan *loan, struct via_proof *proof);
