# shellcheck shell=bash disable=SC2016,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# Proof, rung by rung, of KVM, of a virtual function, and of a device that only a bus reset
# resets.
# boot: --topology default
# shellcheck source-path=SCRIPTDIR source=expect.sh
. "$(dirname -- "$0")/expect.sh"

readonly LADDER='driver:pass open:pass attach:pass dma-map:pass region:pass interrupt:pass reset:pass'

# proves TEXT TARGET: to the top, with the keys of the contract
proves() {
	via --json prove "$2"
	ends 0 "$1"
	is "$(rungs)" "$LADDER" "$1: every rung holds"
	is "$(json '"\(.schema) \(.target) \(.highest)"')" "viaduct.prove/1 $2 reset" "$1: the whole"
	has_keys "$1: the keys of each rung" '.rungs[]' rung verdict evidence errno ms
}

via --json prove kvm
ends 0 'prove kvm'
is "$(rungs)" 'open:pass vm:pass vcpu:pass run:pass ioeventfd:pass irqfd:pass' \
	'prove kvm: every rung holds'

before=$(kernel_state)
does 'edu to vfio-pci' apply --yes passthrough "$EDU"
proves 'edu' "$EDU"
is "$(json '.rungs[] | select(.rung == "reset").evidence.methods')" bus 'edu: reset by the bus only'
proves 'edu again' "$EDU"
does 'edu is given back' release "$EDU"
is "$(kernel_state)" "$before" 'edu: all as before'

does 'two virtual functions' apply --yes sriov "$IGB=2"
expect_list_of_kernel
vf=$(virtual_function "$IGB" 0)
does 'the first to vfio-pci' apply --yes passthrough "$vf"
expect_list_of_kernel
is "$(json '.devices[] | select(.address == $vf).driver' --arg vf "$vf")" vfio-pci 'it is there'
proves 'igb VF' "$vf"
like "$(json '.rungs[] | select(.rung == "interrupt").evidence | to_entries[] | "\(.key) \(.value)"')" \
	'counter 1 after one trigger' 'igb VF: an interrupt was counted'
does 'the VF is given back' release "$vf"
does 'and the VFs are gone' rollback
is "$(kernel_state)" "$before" 'igb: all as before'
via --json history
is "$(json '[.transactions[].state] | unique' -c)" '["rolled-back"]' 'history: nothing is left'
finish
