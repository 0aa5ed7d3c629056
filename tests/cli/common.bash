# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What every file of these tests needs. $VIADUCT is the program, $TESTS this source folder.
bats_require_minimum_version 1.5.0

unset NO_COLOR COLUMNS VIADUCT_LAB
export LC_ALL=C.UTF-8 TERM=dumb

: "${VIADUCT:?the program to test}"
: "${TESTS:?the folder tests/ of the source}"

# viaduct STATUS ARG... runs it, wants that exit status, leaves $output and $stderr.
viaduct() {
	local status_wanted=$1
	shift
	run --separate-stderr timeout 30 "$VIADUCT" "$@"
	# shellcheck disable=SC2154
	[[ $status == "$status_wanted" ]] || {
		printf 'viaduct %s: exit status %s, not %s\n%s\n%s\n' "$*" "$status" \
			"$status_wanted" "$output" "$stderr"
		return 1
	}
}

# json FILTER: holds for the output, which must be JSON.
json() {
	jq -e "$@" <<<"$output" >/dev/null || {
		printf 'not so: %s\n%s\n' "$*" "$output" | head -n 40
		return 1
	}
}

# json_each FILTER...: each holds; one program for all of them
json_each() {
	local all failed
	printf -v all '(%s),' "$@"
	failed=$(jq "[${all%,}] | map(not) | index(true)" <<<"$output")
	[[ $failed == null ]] || {
		printf 'not so: %s\n%s\n' "${@:failed+1:1}" "$output" | head -n 40
		return 1
	}
}

# json_text FILTER TEXT
json_text() {
	local found
	found=$(jq -r "$1" <<<"$output")
	[[ $found == "$2" ]] || {
		printf '%s is "%s", not "%s"\n' "$1" "$found" "$2"
		return 1
	}
}

has() {
	[[ $output == *"$1"* ]] || {
		printf 'not in the output: %s\n%s\n' "$1" "$output"
		return 1
	}
}

lacks() {
	[[ $output != *"$1"* ]] || {
		printf 'in the output: %s\n%s\n' "$1" "$output"
		return 1
	}
}

says() {
	# shellcheck disable=SC2154
	[[ $stderr == *"$1"* ]] || {
		printf 'not on stderr: %s\n%s\n' "$1" "$stderr"
		return 1
	}
}

# One line of the form viaduct: WHAT: WHERE: WHY
says_error() {
	[[ $stderr =~ ^viaduct:\ [^:]+:\ .+:\ .+ ]] || {
		printf 'not of the form of an error: %s\n' "$stderr"
		return 1
	}
}

# build_host NAME [DIRECTORY]: a host of one's own, for a test that changes it
build_host() {
	host=${2-$BATS_TEST_TMPDIR/$1}
	python3 "$TESTS/hosts/make" "$1" "$host"
}

# A host over the fake kernel, $tree, with its picture from before; for setup() and teardown() of
# files that run $FAKE (tests/fake/fake-viaduct).
make_fake_host() {
	: "${FAKE:?the program over the fake kernel}"
	tree=$BATS_TEST_TMPDIR
	# Thousands of fsyncs: memory, where there is such a place.
	[[ ! -w /dev/shm ]] || tree=$(mktemp -d /dev/shm/viaduct-cli-XXXXXX)
	tree=$tree/host
	"$FAKE" --make "$tree"
	"$FAKE" --picture "$tree" >"$BATS_TEST_TMPDIR/before"
}

remove_fake_host() {
	[[ $tree != /dev/shm/* ]] || rm -r "${tree%/host}"
}

# fake STATUS ARG... runs it on that host
fake() {
	local wanted=$1
	shift
	VIADUCT=$FAKE viaduct "$wanted" "$tree" "$@"
}

unchanged() {
	"$FAKE" --picture "$tree" | diff "$BATS_TEST_TMPDIR/before" -
}
