# shellcheck shell=bash disable=SC2016,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# AMD-Vi, without interrupt remapping; two conventional devices behind a bridge.
# boot: --iommu amd --topology bridge
# shellcheck source-path=SCRIPTDIR source=expect.sh
. "$(dirname -- "$0")/expect.sh"

look_around 1
expect_layer firmware fail
expect_finding firmware.iommu-bugs warn IOAPIC
expect_layer kernel fail
expect_finding firmware.iommu-table pass 'AMD-Vi.*IVRS'
expect_finding firmware.iommu pass 'AMD-Vi with 1 unit'
expect_finding firmware.interrupt-remapping fail "IVRS names no IOAPIC"
expect_finding iommu.in-use pass 'AMD-Vi: 1 unit'
expect_finding iommu.interrupt-remapping fail 'not remapped.*EPERM.*setup menu'
expect_list_of_kernel
is "$(json .iommu -c)" '{"active":true,"units":["ivhd0"]}' 'list: the unit'
is "$(json '[.devices[] | select(.iommu_group == null) | .class] | unique' -c)" '["080600"]' \
	'list: only the IOMMU itself has no group'
finish
