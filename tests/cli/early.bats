# SPDX-License-Identifier: GPL-2.0-or-later
# What finds devices in the initramfs, over made-up trees of sysfs, by each shell that runs it.
load common

setup() {
	export SYS=$BATS_TEST_TMPDIR/sys
	mkdir -p "$SYS/bus/pci/devices" "$SYS/bus/pci/slots"
	: >"$BATS_TEST_TMPDIR/log"
	echo 'root=/dev/sda1 quiet' >"$BATS_TEST_TMPDIR/cmdline"
}

# card ADDRESS PATH ID SUBSYSTEM [SERIAL]: a function at that place of the tree
card() {
	local folder=$SYS/devices/$2/$1
	mkdir -p "$folder"
	echo "0x${3%:*}" >"$folder/vendor"
	echo "0x${3#*:}" >"$folder/device"
	echo "0x${4%:*}" >"$folder/subsystem_vendor"
	echo "0x${4#*:}" >"$folder/subsystem_device"
	echo '(null)' >"$folder/driver_override"
	[[ -z ${5-} ]] || config "$5" >"$folder/config"
	ln -s "../../../devices/$2/$1" "$SYS/bus/pci/devices/$1"
}

# config SERIAL: 4096 bytes with AER at 100h and a serial number at 140h
config() {
	python3 - "$1" <<-'PYTHON'
		import struct, sys
		space = bytearray(4096)
		struct.pack_into("<I", space, 0x100, 0x14020001)
		struct.pack_into("<I", space, 0x140, 0x00010003)
		serial = int(sys.argv[1], 16)
		struct.pack_into("<II", space, 0x144, serial & 0xffffffff, serial >> 32)
		sys.stdout.buffer.write(space)
	PYTHON
}

# run_early LINE: by each shell; leaves which devices were taken in $output
run_early() {
	local shell first=
	printf '# a comment\n\n%s\n' "$1" >"$BATS_TEST_TMPDIR/wanted"
	for shell in dash 'busybox sh' bash; do
		command -v "${shell%% *}" >/dev/null || continue
		find "$SYS/devices" -name driver_override -exec sh -c 'echo "(null)" >"$1"' - {} \;
		: >"$BATS_TEST_TMPDIR/log"
		# shellcheck disable=SC2086
		run env VIADUCT_SYS="$SYS" VIADUCT_WANTED="$BATS_TEST_TMPDIR/wanted" \
			VIADUCT_LOG="$BATS_TEST_TMPDIR/log" VIADUCT_CMDLINE="$BATS_TEST_TMPDIR/cmdline" \
			$shell "$TESTS/../src/boot/early/passthrough.sh"
		[[ $status == 0 && -z $output ]]
		output=$(cd "$SYS/bus/pci/devices" && grep -l '^vfio-pci$' ./*/driver_override |
			cut -d/ -f2 | xargs)
		[[ -z $first || $output == "${first#x}" ]]
		first=x$output
	done
}

logged() {
	grep -q "$1" "$BATS_TEST_TMPDIR/log" || {
		cat "$BATS_TEST_TMPDIR/log"
		return 1
	}
}

port=pci0000:00/0000:00:02.0
other=pci0000:00/0000:00:03.0
wanted='address=0000:01:00.0 id=10de:2684 subsystem=1043:88bf place=pci0000:00/02.0/00.0 slot=2'

@test "a card where it was is taken" {
	card 0000:01:00.0 $port 10de:2684 1043:88bf
	card 0000:02:00.0 $other 8086:10c9 8086:a03c
	run_early "$wanted twins=0"
	[[ $output == 0000:01:00.0 ]]
}

@test "a card whose address moved is found by its place, and its twin is left alone" {
	card 0000:01:00.0 $other 10de:2684 1043:88bf
	card 0000:04:00.0 pci0000:00/0000:00:02.0 10de:2684 1043:88bf
	run_early "$wanted twins=1"
	[[ $output == 0000:04:00.0 ]]
	logged '0000:01:00.0 is 0000:04:00.0 in this boot'
}

@test "another card at its address is not taken" {
	card 0000:01:00.0 $port 10de:2704 1043:88bf
	run_early "$wanted twins=0"
	[[ -z $output ]]
	logged '0000:01:00.0 is not taken: no device is 10de:2684'
}

@test "the same card of another maker is another card" {
	card 0000:01:00.0 $port 10de:2684 1458:40bf
	run_early "$wanted twins=0"
	[[ -z $output ]]
}

@test "the only one of its kind may move to another slot" {
	card 0000:07:00.0 $other 10de:2684 1043:88bf
	run_early "$wanted twins=0"
	[[ $output == 0000:07:00.0 ]]
}

@test "of two that were there, the one that is left elsewhere is not taken" {
	card 0000:07:00.0 $other 10de:2684 1043:88bf
	run_early "$wanted twins=1"
	[[ -z $output ]]
	logged 'one of 2 that are 10de:2684 is left'
}

@test "of two of which none sits where it sat, none is taken" {
	card 0000:07:00.0 $other 10de:2684 1043:88bf
	card 0000:08:00.0 pci0000:00/0000:00:04.0 10de:2684 1043:88bf
	run_early "$wanted twins=1"
	[[ -z $output ]]
	logged '2 devices are 10de:2684, and none sits where it sat'
}

@test "a serial number finds the card in whatever slot, and tells twins apart" {
	card 0000:01:00.0 $port 10de:2684 1043:88bf 00112233445566aa
	card 0000:07:00.0 $other 10de:2684 1043:88bf 00112233445566bb
	run_early "$wanted serial=00112233445566bb twins=1"
	[[ $output == 0000:07:00.0 ]]
	run_early "$wanted serial=00112233445566cc twins=1"
	[[ -z $output ]]
}

@test "a card with another serial number is another card, even in its place" {
	card 0000:01:00.0 $port 10de:2684 1043:88bf 00112233445566bb
	run_early "$wanted serial=00112233445566aa twins=0"
	[[ -z $output ]]
	logged 'with another serial number'
}

@test "viaduct=off on the line leaves all alone" {
	card 0000:01:00.0 $port 10de:2684 1043:88bf
	echo 'root=/dev/sda1 viaduct=off quiet' >"$BATS_TEST_TMPDIR/cmdline"
	run_early "$wanted twins=0"
	[[ -z $output ]]
	logged 'viaduct=off'
}

@test "the scripts that are put on hosts are sound" {
	command -v shellcheck >/dev/null || skip 'no shellcheck'
	cd "$TESTS/../src/boot/early"
	shellcheck -s sh passthrough.sh initramfs-tools-hook initramfs-tools-script dracut-pre-udev
	shellcheck -e SC2154 dracut-module mkinitcpio-install
}

@test "ids alone take the only device that has them, wherever it sits" {
	card 0000:05:00.0 $port 10de:2684 1043:88bf
	card 0000:02:00.0 $other 8086:10c9 8086:a03c
	run_early 'id=10de:2684 driver=vfio-pci'
	[[ $output == 0000:05:00.0 ]]
	! grep -q 'in this boot' "$BATS_TEST_TMPDIR/log"
	card 0000:06:00.0 pci0000:00/0000:00:04.0 10de:2684 1043:88bf
	run_early 'id=10de:2684 driver=vfio-pci'
	[[ -z $output ]]
	logged '10de:2684 is not taken: 2 devices are 10de:2684'
	run_early 'id=10de:9999 driver=vfio-pci'
	[[ -z $output ]]
	logged '10de:9999 is not taken: no device is 10de:9999'
}
