# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by the tests on real disks. They run outside: each start of the emulated host is by
# its own firmware and boot loader, and what is on its disk is compared while it is off.
# shellcheck disable=SC2034,SC2154 # status, asserted, work: tap.sh

tests=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" && pwd)
lab=$tests/../../lab
# shellcheck source-path=SCRIPTDIR/.. source=../lab/tap.sh
. "$tests/../lab/tap.sh"
trap 'rm -rf "$work"' EXIT
trap 'exit 143' TERM INT HUP

readonly LAB_CANNOT=3 START_SECONDS=${VIADUCT_START_SECONDS:-900}
said='' topology=one-port host=$work/host
# What tells of the changes themselves, and not of the host; what Debian clears at each start
# (systemd-tmpfiles, which these disks leave out to start sooner); and clusters of FAT that had no
# name yet, or no longer, which fsck.fat gives one when the disk starts
readonly ASIDE=('/var/lib/viaduct*' '/tmp/*' 'ESP/[Ff][Ss][Cc][Kk][0-9]*.[Rr][Ee][Cc]')

# new_host VIADUCT KIND: $host, a fresh disk of that kind, for which VIADUCT is installed
new_host() {
	local outcome=0
	kind=$2
	"$lab/lab" disk "$kind" "$host" 2>"$work/complaints" || outcome=$?
	if ((outcome)); then
		printf '1..0 # SKIP %s\n' "$(tail -n 1 "$work/complaints")"
		exit 0
	fi
	mkdir -p "$work/local/bin"
	install -s -m 755 "$1" "$work/local/bin/viaduct"
}

# start [OPTION...] <SCRIPT: one start of the host, which runs SCRIPT (bash) and powers off;
# leaves $status and $said
start() {
	mkdir -p "$host/share"
	cat >"$host/share/script"
	status=0
	said=$("$lab/lab" start --disk-dir "$host" --install "$work/local" --share "$host/share" \
		--topology "$topology" --timeout "$START_SECONDS" --console "$host/console" "$@" \
		-- bash /run/lab/out/script 2>"$host/complaints") || status=$?
}

# boots TEXT [OPTION...] <SCRIPT: likewise, and all of it must go well
boots() {
	local text=$1
	shift
	start "$@"
	verdict "$status" "$text" "exit status $status
$said
$(tail -n 5 "$host/complaints")"
	say "$said"
}

# say TEXT: for whoever reads the log
say() {
	[[ -z ${VIADUCT_VERBOSE-} ]] || note "$1"
}

host_disk() {
	local file
	for file in "$host"/disk.{qcow2,raw}; do
		[[ ! -e $file ]] || printf '%s\n' "$file"
	done
}

# one_piece: the disk of $host no longer lies over another, so that it can be written to from here
one_piece() {
	[[ -e $host/disk.qcow2 ]] || return 0
	qemu-img convert -O raw "$host/disk.qcow2" "$host/disk.raw" && rm "$host/disk.qcow2"
}

# keep NAME: the host as it is now, as $work/NAME
keep() {
	cp -r --sparse=always "$host" "$work/$1"
}

# tree NAME: what is on the disk now, as $work/NAME
tree() {
	"$lab/disk-tree" list "$(host_disk)" >"$work/$1"
}

# differs BEFORE AFTER: the lines of disk-tree compare; times and what is ASIDE left out
differs() {
	"$lab/disk-tree" compare "$work/$1" "$work/$2" "${ASIDE[@]}" | grep -v '^time ' || true
}

# same BEFORE AFTER TEXT: the two trees are equal, byte for byte
same() {
	is "$(differs "$1" "$2")" '' "$3"
}
