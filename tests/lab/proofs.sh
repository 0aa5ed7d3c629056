# shellcheck shell=bash disable=SC2016,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# Proof, rung by rung, by group and container: KVM, NVMe, an igb VF, and a device that only a
# bus reset resets. What else there is: ./test --long proofs.
# boot: --topology default
# shellcheck source-path=SCRIPTDIR source=expect.sh
. "$(dirname -- "$0")/expect.sh"

# proves TEXT TARGET RUNG:VERDICT...: to the top, all rungs but those named passing
proves() {
	local text=$1 target=$2 ladder=" driver:pass open:pass attach:pass dma-map:pass dma-real:pass isolation:pass region:pass interrupt:pass reset:pass kvm:pass guest:pass return:skip "
	local rung
	for rung in "${@:3}"; do
		ladder=${ladder/ "${rung%:*}":pass / "$rung" }
	done
	via --json prove "$target"
	ends 0 "$text"
	is " $(rungs) " "$ladder" "$text: every rung holds"
	is "$(json '"\(.schema) \(.target) \(.highest)"')" "viaduct.prove/1 $target guest" "$text: the whole"
	has_keys "$text: the keys of each rung" '.rungs[]' rung verdict evidence errno ms
}

# seen RUNG KEY: evidence of the last proof
seen() {
	json '.rungs[] | select(.rung == $rung).evidence[$key]' --arg rung "$1" --arg key "$2"
}

# ids_of ADDRESS: as the host shows them; a virtual function's are nowhere else
ids_of() {
	local vendor device
	read -r vendor <"$PCI/$1/vendor"
	read -r device <"$PCI/$1/device"
	echo "${vendor#0x}:${device#0x}"
}

# moves TEXT TARGET: by itself, where it may and not where it may not, and the log names it
moves() {
	like "$(seen dma-real moved)" '[1-9]' "$1: it moved data by itself"
	is "$(seen isolation page)" unchanged "$1: the page outside is whole"
	like "$(seen isolation fault)" "DMA Write.*\[${2#0000:}\]" "$1: the fault names it"
	like "$(seen interrupt from_device)" 'came 1 time' "$1: it raised an interrupt itself"
	like "$(seen kvm bar)" 'guest reads 0x0*[1-9a-f]' "$1: a guest reads it"
	like "$(seen kvm interrupt)" 'taken in the guest' "$1: and takes its interrupt"
	is "$(seen guest runs_on)" KVM "$1: a guest of QEMU's has it"
	like "$(seen guest device)" "^$(ids_of "$2"), class" "$1: and sees what it is"
	like "$(seen guest register)" 'guest reads 0x0*[1-9a-f]' "$1: and reads it"
}

via --json prove kvm
ends 0 'prove kvm'
is "$(rungs)" 'open:pass vm:pass vcpu:pass run:pass memslot:pass ioeventfd:pass irqfd:pass' \
	'prove kvm: every rung holds'

before=$(kernel_state)
does 'edu to vfio-pci' apply --yes passthrough --now "$EDU"
# edu keeps its registers over a reset of its bus, and that is told
proves 'edu' "$EDU" reset:warn
moves 'edu' "$EDU"
is "$(seen reset methods)" bus 'edu: reset by the bus only'
like "$(seen reset bus)" survived 'edu: and that leaves something'
does 'edu is given back' release "$EDU"
is "$(kernel_state)" "$before" 'edu: all as before'

does 'nvme to vfio-pci' apply --yes passthrough --now "$NVME"
# its bus reset does not come to an end under this emulation; FLR does
proves 'nvme' "$NVME" reset:warn
moves 'nvme' "$NVME"
like "$(seen reset flr)" 'CC.EN lost' 'nvme: a reset disables the controller'
is "$(<"$PCI/$NVME/reset_method")" 'flr bus' 'nvme: the reset policy is as before'
does 'nvme is given back' release "$NVME"
is "$(kernel_state)" "$before" 'nvme: all as before'

# a virtual function moves data only while its PF's driver lets it
does 'two virtual functions' apply --yes sriov "$IGB=2"
expect_list_of_kernel
vf=$(virtual_function "$IGB" 0)
does 'the first to vfio-pci' apply --yes passthrough "$vf"
expect_list_of_kernel
is "$(json '.devices[] | select(.address == $vf).driver' --arg vf "$vf")" vfio-pci 'it is there'
via --json prove "$vf"
ends 5 'igb VF below an interface that is down'
is "$(json '.rungs[] | select(.rung == "dma-real").verdict')" unknown 'igb VF: cannot be told'
like "$(json '.rungs[] | select(.rung == "dma-real").hint')" 'ip link set' 'igb VF: what to do'
ip link set "$(ls "$PCI/$IGB/net")" up
sleep 1
proves 'igb VF' "$vf"
moves 'igb VF' "$vf"
ip link set "$(ls "$PCI/$IGB/net")" down
does 'the VF is given back' release "$vf"
does 'and the VFs are gone' rollback
is "$(kernel_state)" "$before" 'igb: all as before'

via --json history
is "$(json '[.transactions[].state] | unique' -c)" '["rolled-back"]' 'history: nothing is left'
finish
