#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by lab. The emulated machine: its QEMU command line, one run of it.
# shellcheck disable=SC2054,SC2154 # commas are QEMU's; the variables are lab's

# Slots at the end of the root bus, so that what is under test keeps its addresses.
readonly SLOT_SERIAL=0x1b SLOT_ROOT=0x1c SLOT_JOB=0x1d SLOT_SHARE=0x1e

# escaped PATH: as QEMU wants it inside an option
escaped() {
	printf '%s' "${1//,/,,}"
}

# default_disk: 16 MiB of random bytes, made once
default_disk() {
	local file=$cache/disk.img
	if [[ ! -s $file ]]; then
		mkdir -p "$cache"
		head -c "$DISK_BYTES" /dev/urandom >"$file.$$"
		mv "$file.$$" "$file"
	fi
	printf '%s\n' "$file"
}

# kernel_parameters: the emulated host's command line
kernel_parameters() {
	# On a loaded machine the emulated timer comes too late for the kernel's own check of it.
	local words=(console=ttyS0 quiet panic=-1 no_timer_check printk.devkmsg=on)
	case $iommu/$kernel_iommu in
	intel/on | intel/off) words+=("intel_iommu=$kernel_iommu") ;;
	# Without pt no driver's DMA arrives under this emulation of AMD's IOMMU
	amd/on | amd/default) words+=(iommu=pt) ;;
	amd/off) words+=(amd_iommu=off) ;;
	esac
	printf '%s' "${words[*]}${append[*]:+ ${append[*]}}"
}

# topology_arguments NAME: one word per line
topology_arguments() {
	grep -v '^#' "$lab/topologies/$1" | xargs -n 1
}

add_platform() {
	case $iommu in
	intel)
		qemu+=(-M 'q35,kernel-irqchip=split'
			-device 'intel-iommu,intremap=on,caching-mode=on,device-iotlb=on')
		;;
	# Interrupt remapping, or any interrupt chip elsewhere, loses interrupts in software
	amd) qemu+=(-M 'q35,kernel-irqchip=off' -device 'amd-iommu,intremap=off') ;;
	none) qemu+=(-M 'q35,kernel-irqchip=split') ;;
	esac
	qemu+=(-accel tcg,thread=multi -cpu "$cpu" -smp "$cpus" -m "$memory"
		-nodefaults -display none -no-reboot)
}

add_devices() {
	local words snapshot=on
	! $disk_writable || snapshot=off
	qemu+=(-netdev 'user,id=n0,restrict=on'
		-drive "if=none,id=d0,format=raw,snapshot=$snapshot,file=$(escaped "${disk:-$(default_disk)}")")
	mapfile -t words < <(topology_arguments "$topology")
	qemu+=("${words[@]}")
}

# add_folder TAG DIR SLOT [OPTIONS]
add_folder() {
	qemu+=(-fsdev "local,id=$1,path=$(escaped "$2"),security_model=none,multidevs=remap${4-}"
		-device "virtio-9p-pci,fsdev=$1,mount_tag=$1,addr=$3")
}

add_channels() {
	local kind=virtserialport,name=out
	! $interactive || kind=virtconsole
	qemu+=(-serial "file:${console:-$run/console}"
		-device "virtio-serial-pci,addr=$SLOT_SERIAL"
		-chardev stdio,id=command,signal=off -device "$kind,chardev=command")
	add_folder host / "$SLOT_ROOT" ,readonly=on
	add_folder job "$run/job" "$SLOT_JOB"
	[[ -z $share ]] || add_folder out "$(readlink -f "$share")" "$SLOT_SHARE"
	[[ -z $qmp ]] || qemu+=(-qmp "unix:$(escaped "$qmp"),server=on,wait=off")
}

# initial_image: the host's, behind the planted ACPI tables if there are any
initial_image() {
	local image
	image=$(host_image "$series") || return 1
	if ((${#acpi[@]})); then
		{ acpi_image "${acpi[@]}" && cat "$image"; } >"$run/initrd"
		image=$run/initrd
	fi
	printf '%s\n' "$image"
}

# build_command_line: fills $qemu
build_command_line() {
	qemu=(qemu-system-x86_64)
	add_platform
	add_devices
	add_channels
	qemu+=(-kernel "$(kernel_dir "$series")/vmlinuz" -initrd "$(initial_image)"
		-append "$(kernel_parameters)" "${extra[@]}")
}

# as_user: the words in front of a command that make it another user's
as_user() {
	[[ -n $user ]] || return 0
	local group
	if group=$(id -g "$user" 2>/dev/null) && getent passwd "$user" >/dev/null; then
		printf 'setpriv --reuid=%q --regid=%q --init-groups' "$user" "$group"
	else
		printf 'setpriv --reuid=%q --regid=%q --clear-groups' "$user" "$user"
	fi
}

# home_of: the home of whoever runs the command
home_of() {
	getent passwd "${user:-root}" | cut -d : -f 6
}

# terminal_size: the words that give the inner terminal the size of ours
terminal_size() {
	local rows columns
	read -r rows columns < <(stty size 2>/dev/null) || return 0
	printf 'stty rows %d cols %d\n' "$rows" "$columns"
}

# write_command: the script that the emulated host runs
write_command() {
	local entry prefix
	prefix=$(as_user)
	printf 'cd %q || exit 125\n' "$PWD"
	printf 'export HOME=%q TERM=%q\n' "$(home_of)" "${TERM:-dumb}"
	! $interactive || terminal_size
	for entry in "${environment[@]}"; do
		printf 'export %q\n' "$entry"
	done
	if ((${#command[@]})); then
		$interactive || printf 'exec '
		printf '%s' "$prefix"
		printf ' %q' "${command[@]}"
		printf '\n'
	fi
	! $interactive || printf 'exec %s bash -i\n' "$prefix"
}

# write_job: what host-run reads
write_job() {
	mkdir "$run/job"
	write_command >"$run/job/command"
	local dir modules
	dir=$(kernel_dir "$series")
	modules=$dir/lib/modules/$(kernel_version "$series")
	# The kernel's own configuration, where distributions without a /boot/config keep it.
	[[ -e $modules/config || ! -e $dir/config ]] || cp "$dir/config" "$modules/config"
	printf '%s\n' "$modules" >"$run/job/modules"
	if [[ -n $share ]]; then
		touch "$run/job/share"
	fi
	if $interactive; then
		touch "$run/job/terminal"
	fi
}

have_parts() {
	need_commands qemu-system-x86_64 || return 1
	cache=$(mkdir -p "$cache" && readlink -f "$cache") || return 1
	fetch_kernel "$series" && host_image "$series" >/dev/null
}

# Nothing but a relay touches our own standard output: QEMU would make it non-blocking.
# Its input never ends: with an ended one, QEMU lets the guest wait for ever.
run_detached() {
	local relay input ended relay_status=0
	mkfifo "$run/output" "$run/input"
	cat <"$run/output" &
	relay=$!
	exec {input}<>"$run/input"
	setpriv --pdeathsig TERM timeout --foreground -k 5 "$timeout" "${qemu[@]}" \
		<&"$input" >"$run/output" 2>"$run/complaints" &
	machine_pid=$!
	exec {input}>&-
	wait -n -p ended "$relay" "$machine_pid" || machine_status=$?
	if [[ $ended == "$relay" ]]; then
		relay_status=$machine_status machine_status=0
		# nobody reads what the command says
		((!relay_status)) || exit "$EXIT_PIPE"
		wait "$machine_pid" || machine_status=$?
	fi
	machine_pid=
	wait "$relay" || true
}

# run_machine: one boot. QEMU's multi-threaded emulation aborts now and then when a guest
# moves its BARs (iotlb_to_section); that says nothing about the command.
run_machine() {
	machine_status=0
	rm -rf "$run/job" "$run/output" "$run/input"
	write_job
	if $interactive; then
		run_on_terminal
	else
		run_detached
	fi
}

run_on_terminal() {
	"${qemu[@]}" 2>"$run/complaints" || machine_status=$?
}

# explain_machine: why there is no exit status of the command
explain_machine() {
	local stage
	stage=$(cat "$run/job/stage" 2>/dev/null) || stage='booting'
	if ((machine_status == EXIT_TIMEOUT)); then
		die "$EXIT_TIMEOUT" "still $stage after $timeout s"
	fi
	complain "the emulated host ended while $stage (QEMU: exit status $machine_status)"
	cat "$run/complaints" >&2
	tail -n 20 "${console:-$run/console}" >&2 || true
	exit "$EXIT_LAB"
}

# print_words WORD...: one line that a shell reads back
print_words() {
	local word quoted=()
	for word in "$@"; do
		[[ $word =~ ^[A-Za-z0-9_./,:=+@%-]+$ ]] || word=${word@Q}
		quoted+=("$word")
	done
	printf '%s\n' "${quoted[*]}"
}

# worth_another: it ended by no fault of the command: QEMU aborted, or the kernel under load
# died before the command was started
worth_another() {
	((machine_status == EXIT_ABORTED)) ||
		[[ $machine_status != "$EXIT_TIMEOUT" && ! -s $run/job/status && ! -s $run/job/stage ]]
}

boot_machine() {
	local machine_status
	have_parts || exit "$EXIT_CANNOT"
	run=$(mktemp -d "${TMPDIR:-/tmp}/viaduct-lab.XXXXXX")
	discard+=("$run")
	build_command_line
	if $print; then
		print_words "${qemu[@]}"
		return
	fi
	run_machine
	while worth_another && ((retries-- > 0)); do
		note 'the emulated host did not come up; booting again'
		run_machine
	done
	[[ -s $run/job/status ]] || explain_machine
	exit "$(cat "$run/job/status")"
}
