# shellcheck shell=bash disable=SC2016,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# The oldest kernel worth supporting: the road without a guest, for both cards with SR-IOV.
# boot: --kernel 6.1
# shellcheck source-path=SCRIPTDIR source=expect.sh
. "$(dirname -- "$0")/expect.sh"

# road PF STATUS: a VF of it, to vfio-pci, proved, and back; STATUS 5: of igb, whose interface is
# down, so that its VF may move no data
road() {
	local vf
	does "$1: a virtual function" apply --yes sriov "$1=1"
	vf=$(virtual_function "$1" 0)
	does "$1: its VF to vfio-pci" apply --yes passthrough "$vf"
	via --json prove "$vf"
	ends "$2" "$1: proof"
	is "$(json .highest)" guest "$1: proof to the highest rung"
	does "$1: given back" release "$vf"
	does "$1: rolled back" rollback
}

like "$(uname -r)" '^6\.1\.' 'this is Linux 6.1'
look_around 0
expect_layer firmware pass
expect_layer kernel pass
expect_layer devices pass
expect_list_of_kernel
before=$(kernel_state)
road "$IGB" 5
road "$NVME" 0
is "$(kernel_state)" "$before" 'all as before'
finish
