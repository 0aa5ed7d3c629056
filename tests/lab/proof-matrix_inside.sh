# shellcheck shell=bash disable=SC2016,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# Inside each boot of tests/lab/proof-matrix: WAYS are the interfaces to go by.
# shellcheck source-path=SCRIPTDIR source=expect.sh
. "$(dirname -- "$0")/expect.sh"

readonly RUNGS='driver open attach dma-map dma-real isolation region interrupt reset kvm guest'
read -ra ways <<<"${WAYS:?by which interfaces?}"

# told: each rung of the last proof, with what it took; and of what did not pass, why
told() {
	json '.rungs[] | select(.rung != "return") | "\(.rung) \(.verdict) \(.ms | round) ms" +
		(if .verdict == "pass" then "" else ": \(.errno // "") \(.hint // "")" end)'
}

# climbs NAME ADDRESS RESET: every rung by each way; RESET is what that rung comes to
climbs() {
	local way rung wanted
	for way in "${ways[@]}"; do
		via --json prove --interface "$way" --limit 120 "$2"
		ends 0 "$1 by $way"
		wanted=''
		for rung in $RUNGS; do
			wanted+="$rung:$([[ $rung == reset ]] && echo "$3" || echo pass) "
		done
		is "$(rungs)" "${wanted}return:skip" "$1 by $way: every rung holds"
		like "$(json '.rungs[] | select(.rung == "isolation").evidence.fault')" \
			"DMA Write.*\\[${2#0000:}\\]" "$1 by $way: the fault names it"
		is "$(json '.rungs[] | select(.rung == "guest").evidence.runs_on')" KVM \
			"$1 by $way: the guest runs on KVM"
		note "$1 by $way, kernel $(uname -r):" "$(told | sed 's/^/  /')"
	done
}

# whole NAME ADDRESS RESET: from its driver, and back to it
whole() {
	does "$1 to vfio-pci" apply --yes passthrough --now "$2"
	climbs "$@"
	does "$1 is given back" release "$2"
	is "$(kernel_state)" "$before" "$1: all as before"
}

# part NAME PF RESET: a virtual function of it
part() {
	local vf
	does "$1 is made" apply --yes sriov "$2=1"
	vf=$(virtual_function "$2" 0)
	does "$1 to vfio-pci" apply --yes passthrough "$vf"
	climbs "$1" "$vf" "$3"
	does "$1 is given back" release "$vf"
	does "$1 is gone" rollback
	is "$(kernel_state)" "$before" "$1: all as before"
}

before=$(kernel_state)
# What a reset of the bus leaves is told as a warning: edu's registers; a link that stays down.
whole edu "$EDU" warn
whole 'NVMe PF' "$NVME" warn
part 'NVMe VF' "$NVME" pass
whole 'igb PF' "$IGB" warn
# A virtual function of igb moves data while its PF's interface is up.
ip link set "$(ls "$PCI/$IGB/net")" up
sleep 1
part 'igb VF' "$IGB" pass
finish
