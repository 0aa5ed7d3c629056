# shellcheck shell=bash disable=SC2016,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# VT-d on, interrupt remapping switched off: VFIO attaches nothing.
# boot: --append intremap=off --topology conventional
# shellcheck source-path=SCRIPTDIR source=expect.sh
. "$(dirname -- "$0")/expect.sh"

look_around 1
expect_layer firmware pass
expect_layer kernel fail
expect_finding firmware.interrupt-remapping pass
expect_finding iommu.in-use pass
expect_finding iommu.interrupt-remapping fail 'not remapped.*Remove intremap=off'
expect_finding kernel.command-line warn 'intremap=off'
expect_list_of_kernel
does 'a virtual function is made' apply --yes sriov "$IGB=1"
vf=$(virtual_function "$IGB" 0)
does 'and bound to vfio-pci' apply --yes passthrough "$vf"
via --json prove "$vf"
ends 1 'prove'
is "$(json '.rungs[] | select(.rung == "attach") | "\(.verdict) \(.errno)"')" 'fail EPERM' \
	'prove: attach fails with EPERM'
like "$(json '.rungs[] | select(.rung == "attach").hint')" 'interrupts are not remapped' \
	'prove: the reason'
is "$(json .highest)" open 'prove: the highest rung'
does 'the VF is given back' release "$vf"
finish
