# shellcheck shell=bash disable=SC2317 # called by holds
# SPDX-License-Identifier: GPL-2.0-or-later
# boot: --cpus 2 --append BOOT_IMAGE=/vmlinuz
# Loaders replay no journal. /boot is put on each file system in turn; what was changed there is
# then looked for by GRUB's own code in the bytes of the disk, with everything still mounted.

# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/tap.sh"

readonly CONFIG=extlinux/extlinux.conf
declare -rA MAKE=(
	[ext4]='mkfs.ext4 -qF' [xfs]='mkfs.xfs -qf' [btrfs]='mkfs.btrfs -q' [vfat]='mkfs.vfat -F 32'
)

# grub_sees: the file as GRUB reads it from the disk as it is
grub_sees() {
	grub-fstest "$work/disk" cat "/$CONFIG" 2>&1
}

# boot_on KIND: a /boot of its own, with a loader's file that has long been there; the journal
# and the program itself lie on it too
boot_on() {
	truncate -s 512M "$work/disk"
	${MAKE[$1]} "$work/disk" >/dev/null
	mount -o loop "$work/disk" /boot
	mkdir -p /boot/extlinux /boot/lib /var/lib/viaduct
	printf 'default a\nlabel a\n  linux /vmlinuz\n  append root=x quiet\n' >"/boot/$CONFIG"
	cp "$program" /boot/lib/viaduct
	mount --bind /boot/lib /var/lib/viaduct
	VIADUCT=/boot/lib/viaduct
	sync
	umount /var/lib/viaduct /boot
	mount -o loop "$work/disk" /boot
	mount --bind /boot/lib /var/lib/viaduct
}

gone() {
	umount /var/lib/viaduct /boot
	rm -f "$work/disk"
}

# writes_on: nothing stays frozen
writes_on() {
	timeout 10 sh -c 'echo x >/boot/lib/written && sync /boot/lib/written'
}

program=$VIADUCT
modprobe -a loop xfs btrfs ext4 vfat nls_cp437 nls_ascii nls_utf8 2>/dev/null
for kind in ext4 xfs btrfs vfat; do
	if ! boot_on $kind; then
		verdict 1 "$kind can be mounted"
		continue
	fi
	is "$(grub_sees)" "$(<"/boot/$CONFIG")" "$kind: GRUB reads it before"
	via apply --yes isolate 1
	ends 4 "$kind: apply"
	like "$(<"/boot/$CONFIG")" 'isolcpus' "$kind: the line is changed"
	is "$(grub_sees)" "$(<"/boot/$CONFIG")" "$kind: GRUB reads what was changed, at once"
	holds "$kind: it can be written to" writes_on
	via rollback
	ends 4 "$kind: rollback"
	is "$(grub_sees)" "$(<"/boot/$CONFIG")" "$kind: GRUB reads what was put back, at once"
	holds "$kind: it can be written to" writes_on
	gone
done
finish
