# shellcheck shell=bash disable=SC2016,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# Proof of the kinds of device that no other topology has: Intel's e1000 and e1000e, and virtio.
# boot: --kernel small --topology classes
# shellcheck source-path=SCRIPTDIR source=expect.sh
. "$(dirname -- "$0")/expect.sh"

# seen RUNG KEY: evidence of the last proof
seen() {
	json '.rungs[] | select(.rung == $rung).evidence[$key]' --arg rung "$1" --arg key "$2"
}

# proves TEXT ADDRESS MOVED: every rung holds, or is told as a warning at most
proves() {
	local bad
	does "$1 to vfio-pci" apply --yes passthrough --now "$2"
	via --json prove --interface group --limit 60 "$2"
	bad=$(json '[.rungs[] | select(.verdict == "fail" or .verdict == "unknown" or
		(.verdict == "skip" and .rung != "return")) | "\(.rung) \(.verdict) \(.errno) \(.hint)"] | join("; ")')
	is "$bad" '' "$1: every rung holds"
	is "$(json .highest)" guest "$1: the highest"
	like "$(seen dma-real moved)" "$3" "$1: what it moved"
	is "$(seen isolation page)" unchanged "$1: the page outside is whole"
	like "$(seen isolation fault)" "DMA .*\[${2#0000:}\]" "$1: the fault names it"
	printf '# %s: interrupt %s; reset %s; guest %s\n' "$1" "$(seen interrupt from_device)" \
		"$(json '.rungs[] | select(.rung == "reset").evidence' -c)" "$(seen guest register)"
	does "$1 is given back" release "$2"
}

# the VENDOR DEVICE [N]: address of the first, or the Nth of that kind behind a port
the() {
	grep -l "$2" "$PCI"/*/device | while read -r file; do
		file=${file%/device}
		[[ $(<"$file/vendor") != 0x"$1" || ${file##*/} == 0000:00:* ]] || echo "${file##*/}"
	done | sed -n "${3-1}p"
}

before=$(kernel_state)
proves e1000 "$(the 8086 100e)" '[1-9]'
proves e1000e "$(the 8086 10d3)" '[1-9]'
proves virtio-rng "$(the 1af4 1044)" '^random numbers'
proves virtio-net "$(the 1af4 1041)" '^a command'
proves virtio-blk "$(the 1af4 1042)" '^its first sector'

past=$(the 1af4 1044 2)
does 'past the IOMMU: to vfio-pci' apply --yes passthrough --now "$past"
via --json prove --interface group "$past"
ends 5 'past the IOMMU'
is "$(json '.rungs[] | select(.rung == "dma-real").verdict')" unknown 'past the IOMMU: cannot be told'
like "$(json '.rungs[] | select(.rung == "dma-real").hint')" 'past the IOMMU' 'past the IOMMU: why'
does 'past the IOMMU: given back' release "$past"
is "$(kernel_state)" "$before" 'all as before'
finish
