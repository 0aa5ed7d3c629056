#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by lab. One boot of a disk of lab/disks.sh, by its own firmware and loader.
# shellcheck disable=SC2054,SC2154 # commas are QEMU's; the variables are lab's

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

add_root_disk() {
	local file
	file=$(disk_file) || return 1
	qemu+=(-drive "if=none,id=root,discard=unmap,format=${file##*.},file=$(escaped "$file")"
		-device "virtio-blk-pci,drive=root,bootindex=1,addr=$SLOT_ROOT")
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

# start_disk: boot, wait until it powers off or reboots, hand on what the command said. Its
# exit status is the command's; 125 where the machine ended without having run it.
start_disk() {
	local machine_status=0
	need_commands qemu-system-x86_64 || exit "$EXIT_CANNOT"
	cache=$(mkdir -p "$cache" && readlink -f "$cache")
	run=$(mktemp -d "${TMPDIR:-/tmp}/viaduct-lab.XXXXXX")
	discard+=("$run")
	qemu=(qemu-system-x86_64)
	add_platform
	add_devices
	add_firmware
	add_root_disk || exit "$EXIT_CANNOT"
	qemu+=(-serial "file:${console:-$run/console}")
	add_folder job "$run/job" "$SLOT_JOB"
	[[ -z $share ]] || add_folder out "$(readlink -f "$share")" "$SLOT_SHARE"
	[[ -z $qmp ]] || qemu+=(-qmp "unix:$(escaped "$qmp"),server=on,wait=off")
	qemu+=("${extra[@]}")
	write_disk_job
	if $print; then
		print_words "${qemu[@]}"
		return
	fi
	setpriv --pdeathsig TERM timeout --foreground -k 5 "$timeout" "${qemu[@]}" \
		</dev/null >"$run/complaints" 2>&1 || machine_status=$?
	[[ ! -e $run/job/output ]] || cat "$run/job/output"
	if [[ ! -s $run/job/status ]]; then
		complain "the disk's system ended without an answer (QEMU: exit status $machine_status)"
		cat "$run/complaints" >&2
		tail -n 20 "${console:-$run/console}" >&2 || true
		((machine_status != EXIT_TIMEOUT)) || exit "$EXIT_TIMEOUT"
		exit "$EXIT_LAB"
	fi
	exit "$(cat "$run/job/status")"
}
