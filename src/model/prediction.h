/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "model/host.h"

/* What made a function's group what it is. */
enum via_prediction_step_kind {
	VIA_STEP_ALONE,	  /* nothing joins it to another function */
	VIA_STEP_QUIRK,	  /* a port above it isolates by the kernel's table, not its registers */
	VIA_STEP_STANDIN, /* its DMA carries the requester id of another function */
	VIA_STEP_PORT,	  /* a port above it does not isolate */
	VIA_STEP_SLOT,	  /* functions of its slot reach each other */
	VIA_STEP_ALIAS,	  /* a function of its bus poses as another */
	VIA_STEP_UNREAD,  /* what decides was not read */
	VIA_STEP_SPECIAL, /* no group at all */
};

struct via_prediction_step {
	enum via_prediction_step_kind kind;
	const struct via_pci_device *at; /* the port, bridge or function that decides */
	const char *text;		 /* in a clause */
};

/* No function is in two of them. */
struct via_predicted_group {
	via_list(const struct via_pci_device *) devices; /* in the host's order */
};

/**
 * struct via_predicted - what is to be expected for one function
 * @fact: VIA_PRESENT: @group is its group. VIA_ABSENT: it will be in none. VIA_UNKNOWN:
 *        path and error of what would have to be read; never a guess
 * @steps: hop by hop from the function upwards
 */
struct via_predicted {
	struct via_fact fact;
	size_t group; /* of via_prediction's groups */
	via_list(struct via_prediction_step) steps;
};

/**
 * struct via_prediction - the groups that form where an IOMMU is switched on
 * @functions: one for each of the host's functions, in their order
 * @notes: what of this host is not modelled, in sentences
 */
struct via_prediction {
	via_list(struct via_predicted) functions;
	via_list(struct via_predicted_group) groups;
	struct via_names notes;
};

/**
 * prediction_new - apply the kernel's rules of grouping to a host
 *
 * With an IOMMU driven, isolation is judged by the registers as they are, and the result
 * explains the groups that the kernel has formed. Not modelled: functions that no unit of
 * the IOMMU covers, and the parameters that @notes names.
 *
 * Depth:  needs the configuration space of bridges, and of functions that share a slot
 * Source: pci_device_group() in drivers/iommu/iommu.c and pci_for_each_dma_alias() in
 *         drivers/pci/search.c, Linux 6.12
 * Return: in @arena; it points into @host
 */
const struct via_prediction *prediction_new(struct via_arena *arena, const struct via_host *host);

/* prediction_of - that of one function of the host it was made from */
const struct via_predicted *prediction_of(const struct via_prediction *prediction,
					  const struct via_host *host,
					  const struct via_pci_device *device);

/* prediction_group - its group, or NULL when it has none or that cannot be told */
const struct via_predicted_group *prediction_group(const struct via_prediction *prediction,
						   const struct via_predicted *predicted);

/* prediction_why - the steps of all members, each said once */
const char *prediction_why(const struct via_prediction *prediction, const struct via_host *host,
			   const struct via_predicted_group *group, struct via_arena *arena);

/* prediction_why_one - the steps of one function */
const char *prediction_why_one(const struct via_predicted *predicted, struct via_arena *arena);
