/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "cmd/commands.h"
#include "model/proof.h"

/**
 * prove_record - compare a proof with the last one of the same target, and keep it for the next
 * @proof: gets what it was had on, and what its rungs came to before
 * @keep: leave it in var/lib/viaduct/results/prove/TARGET
 *
 * What was kept and cannot be read, and what cannot be kept, is worth a word on stderr and no more.
 */
void prove_record(const struct via_session *session, struct via_proof *proof, bool keep);
