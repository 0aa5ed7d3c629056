# shellcheck shell=bash disable=SC2016,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# Proof by both ways to the IOMMU, group and iommufd, where the kernel has both.
# boot: --kernel small --topology default
# shellcheck source-path=SCRIPTDIR source=expect.sh
. "$(dirname -- "$0")/expect.sh"

readonly RUNGS='driver open attach dma-map dma-real isolation region interrupt reset kvm guest'

# by WAY RUNG KEY: evidence of the last proof
by() {
	json '.rungs[] | select(.interface == $way and .rung == $rung).evidence[$key]' \
		--arg way "$1" --arg rung "$2" --arg key "$3"
}

# proves_both TEXT DEVICE RESET [OPTION...]: all rungs by each way; RESET is what that rung
# comes to
proves_both() {
	local way rung wanted=''
	via --json prove "${@:4}" "$2"
	ends 0 "$1"
	for way in group iommufd; do
		for rung in $RUNGS; do
			wanted+="$way/$rung:$([[ $rung == reset ]] && echo "$3" || echo pass) "
		done
	done
	is "$(json '[.rungs[] | select(.interface) | "\(.interface)/\(.rung):\(.verdict)"] | join(" ")')" \
		"${wanted% }" "$1: every rung holds, by both"
	for way in group iommufd; do
		like "$(by $way dma-real moved)" '[1-9]' "$1 by $way: it moved data"
		is "$(by $way isolation page)" unchanged "$1 by $way: the page outside is whole"
		like "$(by $way isolation fault)" "DMA Write.*\\[${2#0000:}\\]" \
			"$1 by $way: the fault names it"
	done
	is "$(by iommufd dma-map range_0)" "$(by group dma-map range_0)" "$1: the same addresses"
}

before=$(kernel_state)
# edu has no driver of its own, and its registers outlive a reset of its bus
proves_both edu "$EDU" warn --rounds 1
is "$(json .highest)" return 'edu: it came back'
is "$(kernel_state)" "$before" 'edu: all as before'
via --json prove --interface group --rounds 1 "$NVME"
ends 0 'nvme in a round'
is "$(json '.rungs[] | select(.rung == "return") | "\(.round) \(.verdict) \(.evidence.driver)"')" \
	'1 pass nvme' 'nvme: its driver has it back'
like "$(json '.rungs[] | select(.rung == "return").evidence.read')" 'of nvme0n1' \
	'nvme: its disk is read'
is "$(kernel_state)" "$before" 'nvme: all as before'
does 'an NVMe virtual function' apply --yes sriov "$NVME=1"
vf=$(virtual_function "$NVME" 0)
does 'to vfio-pci' apply --yes passthrough "$vf"
proves_both 'nvme VF' "$vf" pass
is "$(json .highest)" guest 'nvme VF: the highest'
refused 'rounds of what is given away' 'bound to vfio-pci.*viaduct release' prove --rounds 1 "$vf"
does 'it is given back' release "$vf"
does 'and it is gone' rollback
is "$(kernel_state)" "$before" 'all as before'
finish
