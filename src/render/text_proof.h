/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "model/proof.h"
#include "render/paper.h"

/* text_proof - a proof for a person: a rung and what it saw, what failed first */
void text_proof(const struct via_paper *paper, const struct via_proof *proof);
