# shellcheck shell=bash disable=SC2016,SC2154,SC2317
# SPDX-License-Identifier: GPL-2.0-or-later
# Devices that are made: a mediated device, a vDPA network card and a VDUSE disk that viaduct
# serves from a file, used by one guest, then by the host, and taken away again.
# boot: --kernel small --topology one-port
# shellcheck source-path=SCRIPTDIR source=expect.sh
. "$(dirname -- "$0")/expect.sh"

readonly UUID=11111111-2222-4333-8444-555555555555 MAC=02:00:00:00:00:77
readonly DISK_BYTES=8388608 PART=1048576

sum() { # FILE [SKIP_MIB]: the digest of one MiB
	dd if="$1" bs=$PART skip="${2-0}" count=1 2>/dev/null | sha256sum | cut -d ' ' -f 1
}

wait_until() { # COMMAND...: for a minute
	local tenths=600
	until "$@" >/dev/null 2>&1 || ((--tenths == 0)); do
		sleep 0.1
	done
	"$@" >/dev/null 2>&1
}

# serve DRIVER: sets $server
serve() {
	"$VIADUCT" vduse serve --driver "$1" disk0 "$work/disk" >"$work/served" 2>&1 &
	server=$!
	holds "the disk is served, for $1" wait_until grep -q 'is served' "$work/served"
}

# kill_quietly PID...: what bash says of a job that was killed is no line of a test
kill_quietly() {
	disown "$server"
	kill -KILL "$@"
}

is_open() { # PATH
	find /proc/[0-9]*/fd -lname "$1" 2>/dev/null | grep -q .
}

nobody_serves() {
	! pgrep -f 'vduse serve'
}

disk_of_host() {
	basename /sys/bus/vdpa/devices/disk0/virtio*/block/*
}

# The guest's first process: what it sees, a line each
guest_init() {
	cat <<-'END'
		#!/bin/busybox sh
		/bin/busybox --install -s /bin
		export PATH=/bin
		mount -t devtmpfs dev /dev
		mount -t proc proc /proc
		mount -t sysfs sys /sys
		say() { echo "guest: $*"; }
		for function in /sys/bus/pci/devices/*; do
			read -r vendor <"$function/vendor"
			read -r device <"$function/device"
			[ "$vendor:$device" != 0x4348:0x3253 ] ||
				say "serial $(basename "$(readlink "$function/driver")")" \
					"$(ls -d "$function"/*/tty/* "$function"/*/*/*/tty/* \
						"$function"/tty/* 2>/dev/null | wc -l)"
		done
		say "mac $(cat /sys/class/net/eth0/address)"
		say "read $(dd if=/dev/vda bs=1048576 count=1 2>/dev/null | sha256sum)"
		dd if=/dev/urandom of=/tmp/part bs=1048576 count=1 2>/dev/null
		dd if=/tmp/part of=/dev/vda bs=1048576 seek=2 conv=fsync 2>/dev/null &&
			say "wrote $(sha256sum </tmp/part)"
		say "done"
		poweroff -f
	END
}

guest_image() {
	mkdir -p "$work/guest"/{bin,dev,proc,sys,tmp}
	cp "$(command -v busybox)" "$work/guest/bin/busybox"
	guest_init >"$work/guest/init"
	chmod 755 "$work/guest/init"
	(cd "$work/guest" && find . | cpio --quiet -o -H newc) >"$work/initrd"
}

a_guest() {
	timeout 50 qemu-system-x86_64 -M q35,memory-backend=memory -accel kvm -cpu host -m 256M \
		-object memory-backend-memfd,id=memory,size=256M,share=on \
		-nodefaults -display none -no-reboot -serial stdio -monitor none \
		-kernel "$(vmlinuz)" -initrd "$work/initrd" \
		-append 'console=ttyS0 panic=-1 no_timer_check noapictimer' \
		-device "vfio-pci,sysfsdev=/sys/bus/mdev/devices/$UUID" \
		-device "vhost-vdpa-device-pci,vhostdev=/dev/$(node_of disk0)" \
		-netdev "vhost-vdpa,vhostdev=/dev/$(node_of net0),id=n" \
		-device "virtio-net-pci,netdev=n,mac=$MAC" \
		>"$work/said" 2>&1 </dev/null
}

# The timer of its local APIC may stop a guest in an emulated host before its first process: that
# one is done without (noapictimer). One that stands still all the same is started again, twice.
guests() {
	local attempt
	for attempt in 1 2 3; do
		a_guest
		! grep -q '^guest: done' "$work/said" || return 0
		printf '# the guest did not come to its end (%s)\n' "$attempt"
	done
	return 1
}

run_guest() {
	guest_image
	guests &
	guest=$!
}

vmlinuz() {
	"$(dirname -- "$0")/../../lab/lab" guest-image --kernel small | sed 's/^kernel=//; s/ .*//'
}

node_of() {
	basename "/sys/bus/vdpa/devices/$1"/vhost-vdpa-*
}

said() { # WORD: what the guest said behind it
	sed -n "s/^guest: $1 \\([^\\r ]*\\).*/\\1/p" "$work/said"
}

does 'a mediated device' apply --yes mdev "mtty=mtty-2,$UUID"
via --json mdev
is "$(json '.devices[0] | "\(.uuid) \(.type) \(.parent) \(.driver)"')" \
	"$UUID mtty-2 mtty mtty" 'it is there'
is "$(json '.parents[0].types[] | select(.id == "mtty-2").available')" 11 'one less can be made'
if command -v mdevctl >/dev/null; then
	does 'it is to last' mdev define "mtty=mtty-2,$UUID"
	like "$(mdevctl list --defined)" "$UUID mtty mtty-2 auto" 'mdevctl says so'
	does 'it is removed, and stays defined' mdev remove "$UUID"
	holds 'mdevctl makes it again' mdevctl start --uuid "$UUID"
	via --json mdev
	is "$(json '.definitions[0] | "\(.automatic) \(.exists) \(.type)"')" 'true true mtty-2' \
		'it is as defined'
	does 'it is not to last' mdev undefine "$UUID"
	is "$(mdevctl list --defined)" '' 'mdevctl knows it no more'
	does 'all as before' rollback
	like "$(mdevctl list --defined)" "$UUID" 'the definition is back'
	does 'the removal is undone' rollback
	does 'the definition is undone' rollback
	is "$(mdevctl list --defined)" '' 'mdevctl knows it no more'
fi
does 'a network card for guests' apply --yes vdpa "vdpasim_net=net0,mac=$MAC,driver=vhost_vdpa"
via --json vdpa
is "$(json '.devices[0] | "\(.driver) \(.config.mac) \(.management)"')" \
	"vhost_vdpa $MAC vdpasim_net" 'it is there'
is "$(vdpa dev config show net0 -j | jq -r '.config.net0.mac')" "$MAC" 'vdpa(8) sees the same'
head -c "$DISK_BYTES" /dev/urandom >"$work/disk"
serve vhost_vdpa
via --json vduse
is "$(json '.devices[0].vdpa.config.capacity')" $((DISK_BYTES / 512)) 'all of it'

run_guest
holds 'the guest has the disk open' wait_until is_open "/dev/$(node_of disk0)"
via vdpa remove net0
ends 3 'what the guest has is not removed'
like "$err" 'qemu-system-x86.* has /dev/vhost-vdpa-' 'and it says who has it'
via mdev remove "$UUID"
ends 3 'nor is the mediated device'
like "$err" 'qemu-system-x86.* has /dev/vfio/' 'and it says who has it'
wait "$guest"
# The emulation of a guest in a guest hangs once in a while, before it has begun.
if ! grep -q '^guest: ' "$work/said"; then
	note 'once more, after:' "$(tail -n 3 "$work/said")"
	run_guest
	wait "$guest"
fi
note "$(grep '^guest: ' "$work/said")"
note "$(<"$work/served")"
like "$(<"$work/said")" 'guest: done' 'the guest came to its end'
is "$(said serial)" serial 'the guest drives the serial ports 4348:3253'
is "$(said mac)" "$MAC" 'the guest has the network card'
is "$(said read)" "$(sum "$work/disk")" 'the guest read what the file holds'
is "$(sum "$work/disk" 2)" "$(said wrote)" 'the file holds what the guest wrote'

kill -TERM "$server"
wait "$server"
is "$?" 0 'the server ends'
serve virtio_vdpa
disk=$(disk_of_host)
is "$(sum "/dev/$disk" 2)" "$(said wrote)" 'the host reads what the guest wrote'
head -c $PART /dev/urandom >"$work/part"
dd if="$work/part" of="/dev/$disk" bs=64k seek=48 conv=fsync oflag=direct 2>/dev/null
is "$(sum "$work/disk" 3)" "$(sum "$work/part")" 'the file holds what the host wrote'

kill -STOP "$server"
timeout 60 dd if="/dev/$disk" of=/dev/null bs=4k count=1 iflag=direct 2>"$work/dd" &
reader=$!
wait_until grep -q 'D\|S' "/proc/$reader/stat"
kill_quietly "$server"
wait "$reader"
is "$?" 1 'what waits for a server that is killed gets an error'
like "$(<"$work/dd")" 'Input/output error' 'namely this one'
holds 'and the device is gone' wait_until test ! -e /dev/vduse/disk0
holds 'and off the bus' test ! -e /sys/bus/vdpa/devices/disk0
holds 'and its guard as well' wait_until nobody_serves

serve virtio_vdpa
disk=$(disk_of_host)
# shellcheck disable=SC2046 # one word each
kill_quietly $(pgrep -f 'vduse serve')
timeout 60 dd if="/dev/$disk" of=/dev/null bs=4k count=1 iflag=direct 2>/dev/null &
reader=$!
via --json vduse
is "$(json '.devices[0].server')" null 'nobody serves it, and vduse says so'
does 'recover ends it' recover
wait "$reader"
is "$?" 1 'what waited got an error'
holds 'and it is gone' test ! -e /dev/vduse/disk0

does 'the network card becomes the host'"'"'s' vdpa bind net0 virtio_vdpa
is "$(cat /sys/bus/vdpa/devices/net0/virtio*/net/*/address)" "$MAC" 'it has its address'
does 'it is removed' vdpa remove net0
does 'and put back' rollback
is "$(cat /sys/bus/vdpa/devices/net0/virtio*/net/*/address)" "$MAC" 'with driver and address'
for _ in 1 2 3; do
	does 'undone' rollback
done
is "$(ls /sys/bus/mdev/devices /sys/bus/vdpa/devices 2>/dev/null)" '' 'nothing is left'
is "$(lsmod | tail -n +2)" '' 'no module is left'
finish
