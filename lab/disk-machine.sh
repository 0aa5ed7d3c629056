#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by lab. One boot of a disk of lab/disks.sh, by its own firmware and loader.
# shellcheck disable=SC2054,SC2154 # commas are QEMU's; the variables are lab's

# The root disk comes first, as vda. SLOT_SERIAL is free: there is no channel but the job's folder.
readonly SLOT_DISK=$SLOT_SERIAL SLOT_LOCAL=$SLOT_ROOT LOG_SIZE=16G INSTALL_SIZE=32M
readonly UNFLUSHED='cache.no-flush=on' ONLY_WRITES='discard=off,write-zeroes=off'
readonly SECTORS='logical_block_size=512,physical_block_size=4096'
readonly LOGGED='file=root-format,log=log-file,log-sector-size=512,log-super-update-interval=64'

disk_file() {
	local file
	for file in "$disk_dir"/disk.{qcow2,raw}; do
		[[ ! -e $file ]] || { printf '%s\n' "$file" && return; }
	done
	complain "$disk_dir holds no disk"
	return 1
}

add_firmware() {
	[[ $(disk_firmware "$(cat "$disk_dir/kind")") == uefi ]] || return 0
	qemu+=(-drive "if=pflash,format=raw,unit=0,readonly=on,file=$OVMF/OVMF_CODE_4M.fd"
		-drive "if=pflash,format=raw,unit=1,file=$(escaped "$disk_dir/vars")")
}

# add_root_disk: nothing waits for this machine's own disk: what survives a power cut is told by
# the log (lab/power-cut), not by killing the emulator
add_root_disk() {
	local file
	file=$(disk_file) || return 1
	qemu+=(-blockdev "driver=file,node-name=root-file,$UNFLUSHED,filename=$(escaped "$file")"
		-blockdev "driver=${file##*.},node-name=root-format,file=root-file")
	[[ -z $write_log ]] || log_writes
	qemu+=(-device "virtio-blk-pci,drive=$root_node,bootindex=1,$ONLY_WRITES,$SECTORS,addr=$SLOT_DISK")
}

# log_writes: every write and flush of the root disk goes to $write_log
log_writes() {
	rm -f "$write_log"
	truncate -s "$LOG_SIZE" "$write_log"
	qemu+=(-blockdev "driver=file,node-name=log-file,$UNFLUSHED,filename=$(escaped "$write_log")"
		-blockdev "driver=blklogwrites,node-name=root-logged,$LOGGED")
	root_node=root-logged
}

# add_installed: the folder that is /usr/local there
add_installed() {
	[[ -n $install ]] || return 0
	mke2fs -qF -t ext4 -O ^has_journal -L local -d "$install" "$run/local" "$INSTALL_SIZE" >/dev/null || return 1
	qemu+=(-drive "if=none,id=local,format=raw,readonly=on,file=$(escaped "$run/local")"
		-device "virtio-blk-pci,drive=local,serial=viaduct-local,addr=$SLOT_LOCAL")
}

# write_disk_job: what lab/disk/job reads
write_disk_job() {
	mkdir "$run/job"
	cp "$lab/disk/install" "$run/job/"
	write_disk_command >"$run/job/command"
}

write_disk_command() {
	local entry
	for entry in "${environment[@]}"; do
		printf 'export %q\n' "$entry"
	done
	printf 'exec'
	printf ' %q' "${command[@]}"
	printf '\n'
}

build_disk_machine() {
	local root_node=root-format
	qemu=(qemu-system-x86_64)
	add_platform
	add_devices
	# Nothing here boots from a network; looking for one takes firmware longer than the rest
	qemu+=(-global igb.romfile= -global e1000e.romfile= -global e1000.romfile=)
	add_firmware
	add_root_disk || return 1
	add_installed || return 1
	qemu+=(-serial "file:$console")
	add_folder job "$run/job" "$SLOT_JOB"
	[[ -z $share ]] || add_folder out "$(readlink -f "$share")" "$SLOT_SHARE"
	[[ -z $qmp ]] || qemu+=(-qmp "unix:$(escaped "$qmp"),server=on,wait=off")
	qemu+=("${extra[@]}")
}

# end_when_seen: the power goes as soon as the console shows $until
end_when_seen() {
	until grep -aqE -- "$until" "$console" 2>/dev/null; do
		kill -0 "$machine_pid" 2>/dev/null || return 0
		sleep 0.2
	done
	kill "$machine_pid" 2>/dev/null || true
	printf '0\n' >"$run/job/status"
}

run_disk() {
	setpriv --pdeathsig TERM timeout --foreground -k 5 "$timeout" "${qemu[@]}" \
		</dev/null >"$run/complaints" 2>&1 &
	machine_pid=$!
	[[ -z $until ]] || end_when_seen
	wait "$machine_pid" || machine_status=$?
	machine_pid=
}

# explain_disk: why there is no exit status of the command
explain_disk() {
	complain "the disk's system ended without an answer (QEMU: exit status $machine_status)"
	cat "$run/complaints" >&2
	tail -n 20 "$console" >&2 || true
	((machine_status != EXIT_TIMEOUT)) || exit "$EXIT_TIMEOUT"
	exit "$EXIT_LAB"
}

# start_disk: boot, wait until it powers off or reboots, hand on what the command said. Its
# exit status is the command's; 0 where --until was seen; 125 where the machine ended without
# having run it.
start_disk() {
	local machine_status=0
	need_commands qemu-system-x86_64 || exit "$EXIT_CANNOT"
	cache=$(mkdir -p "$cache" && readlink -f "$cache")
	run=$(mktemp -d "${TMPDIR:-/tmp}/viaduct-lab.XXXXXX")
	discard+=("$run")
	console=${console:-$run/console}
	rm -f "$console" # what an earlier start said is nothing to wait for
	build_disk_machine || exit "$EXIT_CANNOT"
	write_disk_job
	if $print; then
		print_words "${qemu[@]}"
		return
	fi
	run_disk
	[[ ! -e $run/job/output ]] || cat "$run/job/output"
	[[ -s $run/job/status ]] || explain_disk
	exit "$(cat "$run/job/status")"
}
