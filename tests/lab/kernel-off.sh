# shellcheck shell=bash disable=SC2016,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# Firmware describes VT-d, and the kernel was told not to use it.
# boot: --kernel-iommu off --topology switch
# shellcheck source-path=SCRIPTDIR source=expect.sh
. "$(dirname -- "$0")/expect.sh"

look_around 1
expect_layer firmware pass
expect_layer kernel fail
expect_finding firmware.iommu-table pass DMAR
expect_finding firmware.iommu pass
expect_finding iommu.in-use fail 'intel_iommu=off.*Remove intel_iommu=off from the kernel command line'
expect_finding iommu.interrupt-remapping skip
expect_finding kernel.command-line warn 'intel_iommu=off'
expect_list_of_kernel
is "$(json .iommu -c)" '{"active":false,"units":[]}' 'list: the IOMMU is not active'
refused 'passthrough with the IOMMU off' 'no IOMMU translates it' apply --yes passthrough "$IGB"
refused 'a proof with the IOMMU off' 'in no IOMMU group.*is the IOMMU on' prove "$IGB"
finish
