# shellcheck shell=bash disable=SC2016,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# A kernel that is locked down, as under Secure Boot, forbids the host much, and VFIO nothing.
# boot: --append lockdown=confidentiality --topology default
# shellcheck source-path=SCRIPTDIR source=expect.sh
. "$(dirname -- "$0")/expect.sh"

like "$(cat /sys/kernel/security/lockdown 2>&1)" '\[confidentiality\]' 'the kernel is locked down'
head -c 4 "$PCI/$EDU/resource0" >/dev/null 2>&1 && allowed=yes || allowed=no
is "$allowed" no 'a register cannot be reached by sysfs'
before=$(kernel_state)
does 'edu to vfio-pci' apply --yes passthrough --now "$EDU"
via --json prove "$EDU"
ends 0 'prove'
is "$(rungs)" 'driver:pass open:pass attach:pass dma-map:pass dma-real:pass isolation:pass region:pass interrupt:pass reset:warn kvm:pass guest:pass return:skip' \
	'every rung holds under lockdown'
does 'edu is given back' release "$EDU"
is "$(kernel_state)" "$before" 'all as before'
finish
