/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/arena.h"
#include "base/fact.h"
#include "decode/modprobe_conf.h"

/* A pool of huge pages; @node -1 is the whole host. */
struct via_hugepages {
	uint64_t size_kib;
	int node;
	struct via_fact total, free;
};

/* A line of limits.conf or of systemd's configuration that is about locked memory. */
struct via_limit {
	const char *path; /* etc/security/limits.d/vfio.conf */
	const char *text;
};

/* What sets the host's memory and processors aside for guests. */
struct via_tuning {
	struct via_fact memlock; /* number: bytes, UINT64_MAX without limit; text as read */
	struct via_fact memory;	 /* MemTotal; number: bytes */
	via_list(struct via_limit) limits;
	struct via_fact hugepages_known; /* sys/kernel/mm/hugepages */
	via_list(struct via_hugepages) hugepages;
	struct via_fact processors;	     /* text: those there are, 0-7 */
	struct via_fact isolated, nohz_full; /* text: lists of processors */
	struct via_fact nodes;		     /* text: nodes of memory (NUMA) */
};

/* Who keeps addresses that firmware drew to before any driver came. */
struct via_framebuffer_range {
	const char *owner;  /* BOOTFB, efifb, simple-framebuffer … */
	const char *parent; /* whose range it lies in: "0000:00:02.0"; NULL at the top */
	const char *line;   /* "e0000000-e07fffff : BOOTFB" */
};

struct via_framebuffer {
	struct via_fact iomem; /* proc/iomem; number: ranges of framebuffers */
	via_list(struct via_framebuffer_range) ranges;
	struct via_fact device; /* text: simple-framebuffer.0 of the platform bus */
	struct via_fact driver; /* text: simple-framebuffer (simpledrm), efi-framebuffer … */
	struct via_fact fb;	/* proc/fb */
};

/* A parameter of a module as it is at work, in sys/module/NAME/parameters. */
struct via_live_parameter {
	const char *module, *name;
	struct via_fact value;
};

/* A directive of modprobe.d, and where it stands: "etc/modprobe.d/vfio.conf:3". */
struct via_modprobe_rule {
	enum via_modprobe_kind kind;
	const char *module, *text, *place;
};
