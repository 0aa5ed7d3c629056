/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "model/proof.h"

/**
 * text_proof - a proof for a person: a line a rung, its evidence folded at 80 columns
 * @color: mark verdicts with terminal colours
 */
void text_proof(FILE *out, const struct via_proof *proof, bool color);
