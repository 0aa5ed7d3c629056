# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by the tests that run inside the emulated host: TAP, and viaduct as its subject.

printf '# a host has booted\n'
work=$(mktemp -d)
asserted=0
failed=0
status=0 out='' err=''

note() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

# verdict STATUS TEXT [SAID]: one assertion; SAID is shown where it failed
verdict() {
	asserted=$((asserted + 1))
	if (($1 == 0)); then
		printf 'ok %d - %s\n' "$asserted" "$2"
		return
	fi
	failed=$((failed + 1))
	printf 'not ok %d - %s\n' "$asserted" "$2"
	note "${3-}"
}

# holds TEXT COMMAND...
holds() {
	local text=$1 said outcome=0
	shift
	said=$("$@" 2>&1) || outcome=1
	verdict "$outcome" "$text" "$said"
}

# is GOT WANTED TEXT
is() {
	if [[ $1 == "$2" ]]; then
		verdict 0 "$3"
	else
		verdict 1 "$3" "$(diff -U 0 <(printf '%s\n' "$2") <(printf '%s\n' "$1") | tail -n +4)"
	fi
}

# like GOT REGEX TEXT
like() {
	local outcome=0
	[[ $1 =~ $2 ]] || outcome=1
	verdict "$outcome" "$3" "expected: $2
got: $1"
}

# finish: the plan; the exit status tells whether all held
finish() {
	printf '1..%d\n' "$asserted"
	rm -rf "$work"
	exit $((failed > 0))
}

# via ARG...: runs viaduct; leaves $status, $out, $err
via() {
	status=0
	"$VIADUCT" "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
	out=$(<"$work/out")
	err=$(<"$work/err")
}

# via_as_user ARG...: likewise, as somebody without any right
via_as_user() {
	status=0
	setpriv --reuid=65534 --regid=65534 --clear-groups "$VIADUCT" "$@" \
		>"$work/out" 2>"$work/err" </dev/null || status=$?
	out=$(<"$work/out")
	err=$(<"$work/err")
}

# ends STATUS TEXT: of the last viaduct
ends() {
	local outcome=0
	((status == $1)) || outcome=1
	verdict "$outcome" "$2 (exit status $1)" "exit status $status
$out
$err"
}

# does TEXT ARG...: viaduct ARG... ends with 0
does() {
	local text=$1
	shift
	via "$@"
	ends 0 "$text"
}

# json FILTER [OPTION...]: jq over the last output
json() {
	local filter=$1
	shift
	jq -r "$filter" "$@" <<<"$out"
}
