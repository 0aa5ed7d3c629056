# shellcheck shell=bash disable=SC2016,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# A proof that is killed in any of its rungs, that stands still, or whose device is taken away in
# the middle leaves no process, no mapping and no device half bound; recover gives it back.
# boot: --kernel small --topology default
# shellcheck source-path=SCRIPTDIR source=expect.sh
. "$(dirname -- "$0")/expect.sh"

# begin OPTION... DEVICE: a proof behind our back; $prover, and $child, which has the device
begin() {
	local tries=0 device=${*: -1}
	"$VIADUCT" --json prove --no-record --interface group "$@" >"$work/out" 2>"$work/err" </dev/null &
	prover=$! child=''
	until [[ -n $child || $((tries++)) -gt 200 ]]; do
		sleep 0.02
		child=$(find /proc/[0-9]*/fd -maxdepth 1 -lname "$(group_node "$device")" 2>/dev/null |
			head -n 1 | cut -d/ -f3)
	done
}

# nobody_has TEXT: no process of a proof, no descriptor of VFIO is left
nobody_has() {
	local tries=0 left
	while :; do
		left=$(pgrep -x 'viaduct|qemu-system-x86' | tr '\n' ' ' || true)
		left+=$(find /proc/[0-9]*/fd -maxdepth 1 -lname '/dev/vfio/*' 2>/dev/null || true)
		[[ -n $left && $((tries++)) -lt 100 ]] || break
		sleep 0.1
	done
	is "$left" '' "$1: no process, no descriptor is left"
}

before=$(kernel_state)
via --json prove --interface group --rounds 1 "$EDU"
ends 0 'a whole round'
# Where each rung begins and how long it lasts; the guest's end is nobody's business.
mapfile -t ladder < <(json '[.rungs[] | select(.interface)] as $all | range($all | length) |
	"\($all[.].rung) \([$all[:.][].ms] | add // 0) \([$all[.].ms, 400] | min)"')
like "${#ladder[@]}" '^11$' 'eleven rungs to be killed in'
for rung in "${ladder[@]}"; do
	read -r name begins lasts <<<"$rung"
	begin --rounds 1 "$EDU"
	sleep "$(jq -n "($begins + $lasts / 2) / 1000")"
	kill -KILL $prover
	wait $prover 2>/dev/null || true
	nobody_has "killed in $name"
	is "$(driver_of "$EDU")" vfio-pci "killed in $name: bound, and not half"
	does "killed in $name: recover" recover
	is "$(kernel_state)" "$before" "killed in $name: all as before the proof"
done

does 'edu to vfio-pci' apply --yes passthrough --now "$EDU"
# A child that stands still is ended at the limit.
begin --limit 5 "$EDU"
kill -STOP "$child"
SECONDS=0 status=0
wait $prover || status=$?
out=$(<"$work/out")
is "$status" 1 'stands still: ends with 1'
is "$(json '[.rungs[] | select(.verdict == "fail").errno] | join(" ")')" ETIMEDOUT \
	'stands still: a rung fails with the time limit'
((SECONDS < 15)) && held=yes || held="$SECONDS s"
is "$held" yes 'stands still: the limit holds'
nobody_has 'stands still'

# Taken away in the middle: its slot loses power, and the kernel waits for who has it.
slot=$(grep -l "^${EDU%.*}$" /sys/bus/pci/slots/*/address)
begin "$EDU"
echo 0 >"${slot%/*}/power"
status=0
wait $prover || status=$?
out=$(<"$work/out")
is "$status" 1 'taken away: ends with 1'
printf '# %s\n' "$(rungs)"
is "$(json '[.rungs[] | select(.verdict == "fail") | "\(.rung) \(.errno)"] | last')" \
	'guest ENODEV' 'taken away: no guest can have it'
nobody_has 'taken away'
[[ ! -e $PCI/$EDU ]] && gone=yes || gone=no
is "$gone" yes 'taken away: the kernel has let it go'

# A device with a driver of its own: killed where it moves data, it works again after recover.
before=$(kernel_state)
begin --rounds 1 "$NVME"
sleep 0.3
kill -KILL $prover
wait $prover 2>/dev/null || true
nobody_has 'nvme, killed'
does 'nvme, killed: recover' recover
is "$(kernel_state)" "$before" 'nvme, killed: all as before the proof'
like "$(head -c 4096 /dev/nvme0n1 | wc -c)" '^4096$' 'nvme, killed: its disk is read'
finish
