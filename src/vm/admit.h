/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "base/error.h"
#include "model/host.h"
#include "vm/spec.h"

/**
 * spec_admit - whether this host, as it is now, can run that guest
 *
 * Return: 0; -EINVAL no memory, no processor, or a function given twice; -ENODEV no such
 *         function, not bound to a VFIO driver, or in no group; -EBUSY somebody uses it;
 *         -EPERM its group holds functions of other drivers; -EOPNOTSUPP KVM is asked for
 *         and not usable; -ENODATA what decides could not be told
 */
int spec_admit(const struct via_vm_spec *spec, const struct via_host *host,
	       struct via_error *error);
