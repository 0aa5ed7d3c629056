# shellcheck shell=bash disable=SC2016,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# viaduct killed at random moments while it changes the host: after recover, all is as it was
# before or, where it had come to its end, as wanted; and a rollback makes it as before.
# boot: --topology default
# shellcheck source-path=SCRIPTDIR source=expect.sh
. "$(dirname -- "$0")/expect.sh"

readonly SRIOV_KILLS=8 PASSTHROUGH_KILLS=12
RANDOM=${SEED:=$((16#$(head -c 2 /dev/urandom | od -An -tx1 | tr -d ' ')))}
note "SEED=$SEED"
interrupted=0

# wait_recover: a write that the killed one had begun still holds the lock for a while
wait_recover() {
	local i
	for ((i = 0; i < 100; i++)); do
		via recover
		[[ $status == 3 && $err == *'is changing this host'* ]] || return
		sleep 0.1
	done
}

last_state() {
	"$VIADUCT" --json history | jq -r '.transactions[-1].state'
}

# how many there were; a kill may come before another is begun
begun() {
	"$VIADUCT" --json history | jq '.transactions | length'
}

# killed MICROSECONDS ARG...: viaduct ARG..., killed within that time
killed() {
	local within=$1 victim moment
	shift
	"$VIADUCT" "$@" >"$work/victim" 2>&1 </dev/null &
	victim=$!
	moment=$(((RANDOM * 32768 + RANDOM) % within))
	sleep "$(printf '%d.%06d' $((moment / 1000000)) $((moment % 1000000)))"
	kill -KILL "$victim" 2>/dev/null
	wait "$victim" 2>/dev/null
}

# survives N MICROSECONDS ARG...: one kill, and the way back
survives() {
	local n=$1 before after count
	before=$(kernel_state)
	count=$(begun)
	killed "${@:2}"
	[[ $(last_state) != unfinished ]] || interrupted=$((interrupted + 1))
	wait_recover
	ends 0 "$5, kill $n: recover"
	after=$(last_state)
	if [[ $after == committed ]] && (($(begun) > count)); then
		does "$5, kill $n: it was done; rollback" rollback
	fi
	is "$(kernel_state)" "$before" "$5, kill $n: all as before"
}

for ((n = 1; n <= SRIOV_KILLS; n++)); do
	survives "$n" 900000 apply --yes sriov "$IGB=2"
done
does 'virtual functions' apply --yes sriov "$IGB=2"
vf=$(virtual_function "$IGB" 0)
for ((n = 1; n <= PASSTHROUGH_KILLS; n++)); do
	survives "$n" 450000 apply --yes passthrough "$vf"
done
does 'virtual functions gone' rollback
via --json history
# void: killed before its first change
is "$(json '[.transactions[].state] - ["rolled-back", "void"]' -c)" '[]' 'history: nothing is left unfinished'
note "$interrupted of $((SRIOV_KILLS + PASSTHROUGH_KILLS)) kills left a change unfinished"
holds 'some kills came in the middle' test "$interrupted" -gt 0
finish
