# shellcheck shell=bash disable=SC2016,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# The last rung of a proof with a Linux of the user's own as the guest: its driver takes the device;
# and what is told when it does not come to its end.
# boot: --kernel small --topology one-port
# shellcheck source-path=SCRIPTDIR source=expect.sh
. "$(dirname -- "$0")/expect.sh"

readonly DRIVE=0000:01:00.0

# seen KEY: evidence of the rung guest
seen() {
	json '.rungs[] | select(.rung == "guest").evidence[$key]' --arg key "$1"
}

# proves STATUS TEXT KERNEL INITRD
proves() {
	via --json prove --interface group --limit 60 --guest-kernel "$3" --guest-initrd "$4" "$DRIVE"
	ends "$1" "$2"
}

# initrd_that COMMAND: its first process does that, and powers off
initrd_that() {
	local tree=$work/tree
	mkdir -p "$tree/bin"
	cp "$(command -v busybox)" "$tree/bin/busybox"
	printf '#!/bin/busybox sh\n%s\n/bin/busybox poweroff -f\n' "$1" >"$tree/init"
	chmod 755 "$tree/init"
	(cd "$tree" && find . | cpio --quiet -o -H newc) >"$work/initrd"
}

image=$("$(dirname -- "$0")/../../lab/lab" guest-image --kernel small)
kernel=${image#kernel=}
kernel=${kernel%% *}
before=$(kernel_state)
does 'nvme to vfio-pci' apply --yes passthrough --now "$DRIVE"

proves 0 'a Linux drives it' "$kernel" "${image##*initrd=}"
is "$(json .highest)" guest 'a Linux drives it: the highest rung'
is "$(seen driver)" nvme 'a Linux drives it: by its driver'
is "$(seen kernel)" "$(uname -r)" 'a Linux drives it: this one'
is "$(seen runs_on)" KVM 'a Linux drives it: on KVM'
like "$(seen device)" '^1b36:0010 at ' 'a Linux drives it: this device'

initrd_that 'echo viaduct-guest: failed: nobody knows how'
proves 1 'a Linux that fails' "$kernel" "$work/initrd"
is "$(seen last_words)" 'nobody knows how' 'a Linux that fails: it says why'
echo nothing >"$work/kernel"
proves 1 'no Linux at all' "$work/kernel" "$work/initrd"
like "$(seen last_words)" '.' "no Linux at all: what QEMU says stands there"

does 'nvme is given back' release "$DRIVE"
is "$(kernel_state)" "$before" 'all as before'
finish
