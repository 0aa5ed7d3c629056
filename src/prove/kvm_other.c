/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/prove.h"

#include <errno.h>

#include "prove/child.h"
#include "prove/vfio_guest.h"
#include "prove/vfio_session.h"
#include "prove/generations.h"

int prove_kvm(const struct via_root *root, const struct via_prove_options *options,
	      struct via_proof *ret, struct via_error *error)
{
	return error_set(error, -EOPNOTSUPP, "cannot prove", "kvm",
			 "the proof's guest is written for x86");
}

int climb_in_kvm(void *session, const struct via_report *report)
{
	report_hint(report, "the proof's guest is written for x86");
	return CLIMB_SKIP;
}

int climb_guest(void *session, const struct via_report *report)
{
	report_hint(report, "the proof's guest is written for x86");
	return CLIMB_SKIP;
}

unsigned int guest_extra_ms(bool linux_kernel)
{
	return 0;
}

int prove_nested(const struct via_root *root, const struct via_prove_options *options,
		 struct via_proof *ret, struct via_error *error)
{
	return error_set(error, -EOPNOTSUPP, "cannot prove", "nested",
			 "the proof's guests are written for x86");
}
