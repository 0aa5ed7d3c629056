# shellcheck shell=bash disable=SC2016,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# A change that is undone unless somebody confirms it: by itself, though all of the session that
# asked for it is killed; by recover, where who waited was killed too; and kept when told so.
# boot: --topology default
# shellcheck source-path=SCRIPTDIR source=expect.sh
. "$(dirname -- "$0")/expect.sh"

readonly GROUP=/sys/fs/cgroup/session

# in_session ARG...: viaduct ARG... in a control group, as a login has it, which is killed then
in_session() {
	{ # what bash says of the one that was killed is no line of a test
		setsid bash -c 'echo 0 >"$1/cgroup.procs"; shift; "$@"; kill -KILL 0' session \
			"$GROUP" "$VIADUCT" "$@" </dev/null >"$work/session" 2>&1
	} 2>/dev/null
	echo 1 >"$GROUP/cgroup.kill"
}

# goes_back ADDRESS SECONDS: it loses the driver it has
goes_back() {
	local tenths=$(($2 * 10))
	while [[ $(driver_of "$1") == vfio-pci ]] && ((tenths-- > 0)); do
		sleep 0.1
	done
	[[ $(driver_of "$1") != vfio-pci ]]
}

waiting() {
	pgrep -f 'bind --revert-after'
}

mkdir "$GROUP"
before=$(kernel_state)
in_session bind --revert-after 8 "$EDU"
like "$(<"$work/session")" 'undone in 8 s unless you say: viaduct confirm' 'the session was told'
is "$(driver_of "$EDU")" vfio-pci 'edu is taken, and the session is dead'
holds 'who waits is not in its group' bash -c "! grep -q . $GROUP/cgroup.procs"
holds 'it goes back by itself' goes_back "$EDU" 30
for ((i = 0; i < 100; i++)); do
	waiting >/dev/null || break
	sleep 0.1
done
is "$(waiting)" '' 'and nobody waits any more'
is "$(kernel_state)" "$before" 'all as before'

in_session bind --revert-after 8 "$EDU"
kill -KILL "$(waiting)"
sleep 9
is "$(driver_of "$EDU")" vfio-pci 'who waited was killed: it stays'
does 'recover' recover
is "$(kernel_state)" "$before" 'recover gives it back'

does 'a longer time' bind --revert-after 600 "$EDU"
does 'recover is no end of it' recover
is "$(driver_of "$EDU")" vfio-pci 'it stays until its time'
does 'confirm' confirm
like "$out" 'passthrough --now' 'confirm says what is kept'
for ((i = 0; i < 100; i++)); do
	waiting >/dev/null || break
	sleep 0.1
done
is "$(waiting)" '' 'nobody waits any more'
does 'release' release "$EDU"
is "$(kernel_state)" "$before" 'all as before'

# Somebody has it when the time comes: it goes back as soon as it is free.
does 'once more' bind --revert-after 5 "$EDU"
sleep 15 <>"$(group_node "$EDU")" &
holder=$!
sleep 8
is "$(driver_of "$EDU")" vfio-pci 'it is in use: it stays'
kill "$holder"
wait "$holder" 2>/dev/null
holds 'it is free: it goes back' goes_back "$EDU" 30
sleep 1
is "$(kernel_state)" "$before" 'all as before'
finish
