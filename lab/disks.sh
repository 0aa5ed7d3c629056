#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by lab. Whole Debian systems on a disk, each started by a boot loader of its own.
# shellcheck disable=SC2054,SC2154 # commas are QEMU's; the variables are lab's

# shellcheck disable=SC2034 # lab's
readonly DISK_KINDS='grub-uefi grub-bios systemd-boot'
readonly DISK_SUITE=bookworm DISK_SIZE=3G ESP_MIB=256
# Everything that a changed host needs for itself, and what viaduct is linked with.
readonly DISK_PACKAGES='systemd-sysv,udev,dbus,kmod,initramfs-tools,linux-image-amd64,zstd,e2fsprogs
	dosfstools,iproute2,procps,pciutils,jq,diffutils,libjansson4,libpci3,libkmod2,libarchive13,libmnl0,libcyaml1'
readonly OVMF=/usr/share/OVMF

# disk_packages KIND: those of its loader, as mmdebstrap wants them
disk_packages() {
	local loader
	case $1 in
	grub-uefi) loader=grub-efi-amd64,efibootmgr ;;
	grub-bios) loader=grub-pc ;;
	systemd-boot) loader=systemd-boot,efibootmgr ;;
	esac
	tr -d ' \t' <<<"$DISK_PACKAGES,$loader" | paste -sd ,
}

disk_firmware() {
	[[ $1 == grub-bios ]] && echo bios || echo uefi
}

# disk_tree KIND DIR: a Debian that runs lab/disk/job once it is up, and nothing of its own
disk_tree() {
	local kind=$1 dir=$2
	note "making a Debian for the disk $kind (some minutes, once)"
	mmdebstrap --quiet --variant=minbase --include="$(disk_packages "$kind")" \
		--aptopt='APT::Install-Recommends "false"' --dpkgopt="$lab/disk/files-left-out" \
		--customize-hook="$lab/disk/customize \"\$1\" $kind" \
		"$DISK_SUITE" "$dir" "$(debian_mirror)" >&2
}

# disk_table KIND: for sfdisk
disk_table() {
	printf 'label: gpt\n'
	case $1 in
	grub-bios) printf 'size=1M,type=21686148-6449-6E6F-744E-656564454649,name=bios\n' ;;
	*) printf 'size=%dM,type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B,name=esp\n' "$ESP_MIB" ;;
	esac
	printf 'type=4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709,name=root\n'
}

# partition FILE N: "START SIZE" in sectors
partition() {
	sfdisk --json "$1" | jq -r ".partitiontable.partitions[$2 - 1] | \"\(.start) \(.size)\""
}

# disk_assemble KIND TREE FILE: partitions and file systems, no loader yet
disk_assemble() {
	local kind=$1 tree=$2 file=$3 start size part
	truncate -s "$DISK_SIZE" "$file" && disk_table "$kind" | sfdisk -q "$file" || return 1
	read -r start size < <(partition "$file" 2)
	part=$file.part
	truncate -s $((size * 512)) "$part" &&
		mke2fs -q -t ext4 -L root -d "$tree" "$part" &&
		dd if="$part" of="$file" bs=1M seek=$((start * 512)) oflag=seek_bytes \
			conv=notrunc,sparse status=none || return 1
	rm -f "$part"
	[[ $(disk_firmware "$kind") == uefi ]] || return 0
	read -r start size < <(partition "$file" 1)
	truncate -s $((size * 512)) "$part" &&
		mkfs.vfat -F 32 -n ESP "$part" >/dev/null &&
		dd if="$part" of="$file" bs=1M seek=$((start * 512)) oflag=seek_bytes \
			conv=notrunc,sparse status=none || return 1
	rm -f "$part"
}

# disk_install KIND TREE DIR: start it with its own kernel once, and let it install its loader
disk_install() {
	local kind=$1 tree=$2 dir=$3 kernel
	kernel=$(find "$tree/boot" -name 'vmlinuz-*' -printf '%f\n' | sort -V | tail -n 1)
	cp "$tree/boot/$kernel" "$dir/vmlinuz" &&
		cp "$tree/boot/initrd.img-${kernel#vmlinuz-}" "$dir/initrd" || return 1
	[[ $(disk_firmware "$kind") == bios ]] || cp "$OVMF/OVMF_VARS_4M.fd" "$dir/vars"
	note "installing the loader of $kind"
	"$lab/lab" start --disk-dir "$dir" --timeout 600 \
		--topology one-port --qemu -kernel --qemu "$dir/vmlinuz" --qemu -initrd --qemu "$dir/initrd" \
		--qemu -append --qemu 'root=LABEL=root rw console=ttyS0 no_timer_check quiet' \
		-- sh /run/lab/job/install "$kind" >&2
}

# disk_key KIND: changes with whatever a disk is made of
disk_key() {
	{
		disk_packages "$1"
		declare -f disk_tree disk_table disk_assemble disk_install
		cat "$lab"/disk/*
	} | sha256sum | cut -c 1-12
}

# disk_make KIND DIR
disk_make() {
	local kind=$1 dir=$2 work
	work=$(mktemp -d "$cache/disks/.make.XXXXXX")
	discard+=("$work")
	disk_tree "$kind" "$work/tree" && mkdir "$work/disk" &&
		disk_assemble "$kind" "$work/tree" "$work/disk/disk.raw" &&
		printf '%s\n' "$kind" >"$work/disk/kind" &&
		disk_install "$kind" "$work/tree" "$work/disk" &&
		mv "$work/disk" "$dir" && rm -rf "$work"
}

# disk_of KIND: the folder of that disk, made if it is not there: disk.raw, vars, kind
disk_of() {
	local kind=$1 dir lock
	dir=$cache/disks/$kind-$(disk_key "$kind")
	mkdir -p "$cache/disks"
	exec {lock}>"$cache/disks/.lock-$kind"
	flock "$lock"
	if [[ ! -d $dir ]]; then
		need_commands mmdebstrap sfdisk mke2fs mkfs.vfat jq qemu-img || {
			complain '(those of the disks: tools/provision disks)'
			return 1
		}
		disk_make "$kind" "$dir" || return 1
	fi
	exec {lock}>&-
	printf '%s\n' "$dir"
}

# disk_copy KIND DIR: a disk to change, over the one that was made
disk_copy() {
	local made
	made=$(disk_of "$1") || return 1
	mkdir -p "$2" && qemu-img create -q -f qcow2 -F raw -b "$made/disk.raw" "$2/disk.qcow2" &&
		cp "$made/kind" "$2/" || return 1
	[[ ! -e $made/vars ]] || cp "$made/vars" "$2/"
}
