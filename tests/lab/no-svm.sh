# shellcheck shell=bash disable=SC2016,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# A guest of software emulation that gives it no virtualization of its own.
# boot: --cpu max,-svm --topology multifunction
# shellcheck source-path=SCRIPTDIR source=expect.sh
. "$(dirname -- "$0")/expect.sh"

look_around 1
expect_layer firmware fail
expect_layer kernel warn
expect_finding firmware.cpu-virtualization fail \
	'guest of QEMU TCG.*no nested virtualization.*-cpu max,.svm'
expect_finding kernel.kvm skip 'firmware.cpu-virtualization'
expect_finding iommu.in-use pass
expect_list_of_kernel
like "$(json '.groups[] | select(.devices | length == 2 and index("0000:03:00.0")).why')" \
	'functions of one slot' 'list: why the two functions share a group'
via --json prove kvm
ends 1 'prove kvm'
is "$(json '.rungs[0] | "\(.rung) \(.verdict) \(.errno)"')" 'open fail ENOENT' \
	'prove kvm: the rung that failed, and its errno'
like "$(json '.rungs[0].hint')" 'VT-x or AMD-V' 'prove kvm: the reason'
is "$(json .highest)" null 'prove kvm: no rung held'
refused 'a guest without KVM' 'KVM is not usable' vm run
finish
