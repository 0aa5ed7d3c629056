/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/fact.h"
#include "base/names.h"

enum via_dkms_state {
	VIA_DKMS_ADDED,	    /* DKMS has the source, and nothing for this kernel */
	VIA_DKMS_BUILT,	    /* built, and not in the kernel's folder */
	VIA_DKMS_INSTALLED, /* what the kernel would load */
	VIA_DKMS_SHADOWED,  /* there, but the kernel's own module of that name is loaded instead */
};

/* One package for one installed kernel. */
struct via_dkms_build {
	const char *kernel;
	enum via_dkms_state state;
	bool excluded;	   /* its dkms.conf leaves this kernel out, and DKMS says nothing */
	const char *lacks; /* what of BUILD_EXCLUSIVE_CONFIG this kernel does not fulfil, or NULL */
	bool is_running, is_newer;
	struct via_fact headers; /* lib/modules/KERNEL/build */
	struct via_fact signer;	 /* text: who signed the module; absent: nobody did */
	struct via_fact untold;	 /* unknown: what of this could not be read */
};

/* One out-of-tree module that DKMS keeps. */
struct via_dkms_package {
	const char *name, *version;
	const char *kernels; /* those it is built for, in words */
	bool built_for_running;

	struct via_fact conf;	  /* source/dkms.conf */
	struct via_names links;	  /* of all its versions: kernel-RELEASE-MACHINE, as installed */
	struct via_names modules; /* names of what it builds, with underscores */
	bool autoinstall;	  /* new kernels get it without being asked */
	const char *only;	  /* the expression a kernel's release must match; NULL for none */
	via_list(struct via_dkms_build) builds;
};

struct via_dkms {
	struct via_fact kernels_known; /* lib/modules; number: kernels that are installed */
	struct via_names kernels;
	struct via_fact key;	  /* the key that DKMS signs with */
	struct via_fact enrolled; /* whether firmware's list of machine owner keys has it */
};

/* dkms_state_name - "not built", "built", "installed", "shadowed" */
const char *dkms_state_name(enum via_dkms_state state);
