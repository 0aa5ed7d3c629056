#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced: how ./run and ./test get from a clone to a program.

note() {
	printf '\033[2m%s\033[0m\n' "$*" >&2
}
[[ -t 2 ]] || note() { printf '%s\n' "$*" >&2; }

# provide SET... - install what is missing; goes on where it could not be had
provide() {
	"$top/tools/provision" "$@" >&2 || note "provision: not everything could be had; going on"
}

# need COMMAND... - or say what is missing, in words
need() {
	local command missing=()
	for command in "$@"; do
		command -v "$command" >/dev/null || missing+=("$command")
	done
	((!${#missing[@]})) && return
	printf '%s: missing: %s (as root: tools/provision build)\n' "${0##*/}" "${missing[*]}" >&2
	exit 3
}

# build DIR [meson options...] - configure once, compile what changed
build() {
	local directory=$1 log=$1.log
	shift
	mkdir -p "$(dirname "$directory")"
	if [[ ! -f $directory/build.ninja ]]; then
		note "configuring $directory"
		meson setup "$directory" "$top" "$@" >"$log" 2>&1 || {
			cat "$log" >&2
			return 1
		}
	fi
	note "building $directory"
	ninja -C "$directory" >"$log" 2>&1 || {
		grep -vE '^\[[0-9]+/' "$log" | tail -n 40 >&2
		return 1
	}
	rm -f "$log"
}
