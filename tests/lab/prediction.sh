#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# tests/lab/prediction.sh VIADUCT [TOPOLOGY...] - boots each machine with the IOMMU off and
# lets viaduct predict the groups; boots it with the IOMMU on and compares, function by
# function, with those that the kernel has formed. Prints TAP; skips where there can be no
# emulated host.
# shellcheck disable=SC2153 # VIADUCT comes with the boot
set -euo pipefail

readonly LAB_CANNOT=3
here=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" && pwd)
lab=$here/../../lab
asserted=0
failed=0

# inside: on the emulated host, with virtual functions where there can be any
look() {
	local device file target
	for file in /sys/bus/pci/devices/*/sriov_numvfs; do
		[[ ! -e $file ]] || echo 2 >"$file" 2>/dev/null || true
	done
	"$VIADUCT" --json list >"/out/list.$1"
	for device in /sys/bus/pci/devices/*; do
		target=$(readlink "$device/iommu_group" || true)
		printf '%s: ' "${device##*/}"
		[[ -z $target ]] || ls -x -w 0 "$device/iommu_group/devices"
		[[ -n $target ]] || echo
	done | tr -s ' ' | sed 's/ *$//' >"/out/kernel.$1"
}

# is GOT WANTED TEXT
is() {
	asserted=$((asserted + 1))
	if [[ $1 == "$2" ]]; then
		printf 'ok %d - %s\n' "$asserted" "$3"
		return
	fi
	failed=$((failed + 1))
	printf 'not ok %d - %s\n' "$asserted" "$3"
	diff -U 0 <(printf '%s\n' "$2") <(printf '%s\n' "$1") | tail -n +4 | sed 's/^/# /' || true
}

# predicted FILE: one line for each function, as look() writes the kernel's
predicted() {
	jq -r '.devices[] | "\(.address): \(.predicted_group // ["could not be told"] |
		sort | join(" "))"' "$1" | sed 's/ *$//' | sort
}

# boot IOMMU NAME TOPOLOGY on|off
boot() {
	local status=0
	"$lab/lab" boot --iommu "$1" --topology "$3" --kernel-iommu "$4" --share "$out" \
		--retries 1 --timeout 150 --env "VIADUCT=$viaduct" -- \
		bash "$here/prediction.sh" --inside "$2.$4" >&2 2>"$out/complaints" || status=$?
	((status != LAB_CANNOT)) || {
		printf '1..0 # SKIP %s\n' "$(tail -n 1 "$out/complaints")"
		exit 0
	}
	((!status)) || cat "$out/complaints" >&2
	return "$status"
}

# compare IOMMU TOPOLOGY
compare() {
	local name=$1-$2 text="$2, $1 IOMMU" formed functions
	if ! boot "$1" "$name" "$2" off || ! boot "$1" "$name" "$2" on; then
		is 'no boot' 'two boots' "$text"
		return
	fi
	formed=$(sort "$out/kernel.$name.on")
	functions=$(wc -l <"$out/kernel.$name.on")
	is "$(grep -c ': .' "$out/kernel.$name.off" || true)" 0 "$text: off, there is no group"
	is "$(predicted "$out/list.$name.off")" "$formed" \
		"$text: $functions functions are in the groups that were predicted"
	is "$(predicted "$out/list.$name.on")" "$formed" "$text: the rules explain the groups"
	is "$(jq -r '.groups[].why | select(test("not known|not be told"))' "$out/list.$name.on")" \
		'' "$text: every group has its reason"
}

if [[ ${1-} == --inside ]]; then
	look "$2"
	exit
fi
viaduct=$(readlink -f -- "${1:?which viaduct?}")
shift
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
topologies=("$@")
((${#topologies[@]})) || mapfile -t topologies < <(ls "$lab/topologies")
for topology in "${topologies[@]}"; do
	compare intel "$topology"
done
(($#)) || compare amd multifunction
printf '1..%d\n' "$asserted"
exit $((failed > 0))
