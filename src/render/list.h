/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <jansson.h>

#include "model/host.h"
#include "model/prediction.h"
#include "render/names.h"
#include "render/paper.h"

/* Which devices are listed; a zeroed filter takes all. */
struct via_list_filter {
	bool has_class, has_group, assignable;
	uint32_t class_code, class_mask;
	uint64_t group;
	const char *driver;  /* "" or "none": no driver */
	const char *address; /* one device only */
};

bool filter_takes(const struct via_list_filter *filter, const struct via_host *host,
		  const struct via_pci_device *device);

/**
 * struct via_list_detail - where a lean host's functions are completed, one at a time
 * @fill: adds to a copy what a lean look left out, in @arena; NULL: there is nothing to add
 * @untold: whether something of a completed function could not be told; may be NULL
 * @in_threads: @fill may run in several threads at once
 */
struct via_list_detail {
	void (*fill)(void *context, struct via_arena *arena, struct via_pci_device *device);
	bool (*untold)(const struct via_pci_device *device);
	void *context;
	bool in_threads;
};

/* print_json_list - viaduct.list/1; returns whether any function was @untold */
bool print_json_list(FILE *file, const struct via_host *host, struct via_pci_names *names,
		     const struct via_list_filter *filter, const struct via_list_detail *detail);

/**
 * struct via_device_context - what functions are printed with
 * @prediction: of @host
 * @kept: texts that many of them have; NULL: each is made anew
 */
struct via_json_kept;
struct via_device_context {
	const struct via_host *host;
	const struct via_prediction *prediction;
	struct via_pci_names *names;
	struct via_json_kept *kept;
};

/* write_device - one element of "devices"; @arena for what is needed meanwhile
 * @predicted: by its place among the host's, which a copy of @device has not */
struct via_json_writer;
void write_device(struct via_json_writer *to, struct via_arena *arena,
		  const struct via_device_context *context, const struct via_predicted *predicted,
		  const struct via_pci_device *device);

/* json_device - the same as a tree; a new reference */
json_t *json_device(const struct via_host *host, const struct via_prediction *prediction,
		    struct via_pci_names *names, const struct via_pci_device *device);

/**
 * text_list - a table of devices
 * @columns: comma-separated names, or NULL for the usual ones
 *
 * Return: 0; -EINVAL when @columns names one that is none (text_list_columns() lists them)
 */
int text_list(const struct via_paper *paper, const struct via_host *host,
	      struct via_pci_names *names, const struct via_list_filter *filter,
	      const char *columns);
const char *text_list_columns(struct via_arena *arena);

/* text_list_check - 0, or -EINVAL when @columns names one that is none */
int text_list_check(const char *columns);

void text_tree(const struct via_paper *paper, const struct via_host *host,
	       struct via_pci_names *names, const struct via_list_filter *filter);
void text_groups(const struct via_paper *paper, const struct via_host *host,
		 struct via_pci_names *names, const struct via_list_filter *filter);

/* group_why - why a group is as it is, in a clause; @prediction is of the same host */
const char *group_why(const struct via_host *host, const struct via_prediction *prediction,
		      const struct via_pci_group *group, struct via_arena *arena);

/* prediction_because - why a function's group would be as predicted, or is not predicted */
const char *prediction_because(const struct via_host *host, const struct via_prediction *prediction,
			       const struct via_predicted *predicted, struct via_arena *arena);

/* device_label - "Vendor Device", or "[8086:10c9]" where pci.ids has no name */
const char *device_label(struct via_pci_names *names, struct via_arena *arena,
			 const struct via_pci_device *device);
