/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "model/isolation.h"
#include "model/prediction.h"

/* One function as the rules of grouping see it. */
struct via_walk_function {
	const struct via_pci_device *device;
	const struct via_walk_function *parent, *stand_in;
	enum via_known express, multifunction;
	enum via_pcie_type type;
	struct via_isolation_judgement judgement;
	size_t bus_first, bus_end; /* of its bus, in via_walk's by_bus */
	bool poser;    /* a quirk: its DMA may carry the id of another function of its bus */
	bool outside;  /* the IOMMU itself: it is in no group */
	bool unplaced; /* what is above it could not be told */
};

/**
 * struct via_walk - the functions of a host, and how doubts are taken
 * @suspicious: what could not be read joins; else it isolates
 *
 * A group that both ways of taking doubts give alike is certain: to join more can only make
 * groups larger.
 */
struct via_walk {
	struct via_walk_function *functions;
	size_t *by_bus; /* functions, those of a bus together */
	size_t count;
	bool suspicious;
};

void walk_prepare(struct via_walk *walk, const struct via_host *host, struct via_arena *arena);

/**
 * walk_up - the function whose group @from joins: the bridge its DMA poses as, or the port
 * up to which nothing isolates, or itself
 * @steps: the reasons are added when not NULL
 */
const struct via_walk_function *walk_up(const struct via_walk *walk, struct via_arena *arena,
					const struct via_walk_function *from,
					struct via_predicted *steps);

/* walk_joins_slot - whether @from reaches other functions of its slot */
bool walk_joins_slot(const struct via_walk *walk, const struct via_walk_function *from);

/* walk_shares_slot - whether the two, one of which does so, can reach each other */
bool walk_shares_slot(const struct via_walk *walk, const struct via_walk_function *from,
		      const struct via_walk_function *other);

/* walk_doubt - whether a function could not be read so far as to decide about groups */
bool walk_doubt(const struct via_walk_function *function);

void walk_say(struct via_arena *arena, struct via_predicted *steps,
	      enum via_prediction_step_kind kind, const struct via_walk_function *at,
	      const char *format, ...) __attribute__((format(printf, 5, 6)));
