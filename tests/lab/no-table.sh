# shellcheck shell=bash disable=SC2016,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# Firmware that describes no IOMMU; five devices in conventional slots besides.
# boot: --iommu none --topology multifunction
# shellcheck source-path=SCRIPTDIR source=expect.sh
. "$(dirname -- "$0")/expect.sh"

look_around 1
expect_layer firmware fail
expect_layer kernel pass
expect_layer devices pass
expect_finding firmware.iommu-table fail 'guest.*virtual machine has no IOMMU.*-device intel-iommu'
expect_finding firmware.iommu skip
expect_finding iommu.in-use skip 'firmware.iommu-table'
expect_finding iommu.interrupt-remapping skip
expect_finding devices.groups skip
expect_finding kernel.kvm pass
expect_list_of_kernel
is "$(json .iommu -c)" '{"active":false,"units":[]}' 'list: the IOMMU is not active'
is "$(json '[.devices[].iommu_group] | unique' -c)" '[null]' 'list: no function has a group'
is "$(json .groups -c)" '[]' 'list: there are no groups'
does 'list --groups' list --groups
like "$out" 'no IOMMU' 'list --groups: says why there are none'
refused 'passthrough without an IOMMU' 'no IOMMU translates it.*viaduct check' \
	apply --yes passthrough "$IGB"
via --json plan passthrough "$IGB"
ends 3 'plan passthrough without an IOMMU'
like "$(json '.refused[].why')" 'no IOMMU' 'plan passthrough without an IOMMU: refused as data'
does 'virtual functions need no IOMMU' plan sriov "$IGB=1"
via_as_user --json check
ends 1 'an ordinary user: what fails outweighs what could not be told'
finish
