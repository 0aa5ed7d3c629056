#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by lab. Initial RAM file systems: busybox, a few modules, an init.
# shellcheck disable=SC2154 # the variables are lab's

# What the emulated host needs before it can see this machine's root.
readonly HOST_MODULES='virtio_pci virtio_console 9p 9pnet_virtio overlay'
# What a guest needs to use the function it is given.
readonly GUEST_MODULES='nvme'

busybox_file() {
	local file
	for file in /bin/busybox /usr/bin/busybox /bin/busybox.static; do
		[[ -x $file ]] && echo "$file" && return
	done
	complain 'busybox is missing (package busybox-static)'
	return 1
}

# modules_in_order SERIES MODULE...: files to insert, dependencies first, each once.
# A name that is built into this kernel has no file and is passed over.
modules_in_order() {
	local series=$1 dir version
	shift
	version=$(kernel_version "$series")
	dir=$(kernel_dir "$series")
	modprobe -d "$dir" -S "$version" --show-depends -a "$@" 2>/dev/null |
		awk '$1 == "insmod" && !seen[$2]++ { print $2 }'
}

# unpack_module FILE DIR: a plain .ko, which is all that busybox can insert
unpack_module() {
	local file=$1 dir=$2
	case $file in
	*.xz) xz -dc "$file" >"$dir/$(basename "$file" .xz)" ;;
	*.zst) zstd -qdc "$file" >"$dir/$(basename "$file" .zst)" ;;
	*) cp "$file" "$dir/" ;;
	esac
}

# fill_tree DIR SERIES INIT MODULE...
fill_tree() {
	local dir=$1 series=$2 init=$3 file
	shift 3
	mkdir -p "$dir"/{bin,dev,proc,sys,run,modules}
	cp "$(busybox_file)" "$dir/bin/busybox" &&
		cp "$lab/host-run" "$dir/host-run" &&
		install -m 755 "$init" "$dir/init" || return 1
	touch "$dir/modules/order"
	while read -r file; do
		unpack_module "$file" "$dir/modules" || return 1
		basename "$file" | sed 's/\.ko.*/.ko/' >>"$dir/modules/order"
	done < <(modules_in_order "$series" "$@")
}

pack_tree() {
	(cd "$1" && find . | cpio --quiet -o -H newc -R 0:0)
}

# build_image NAME SERIES INIT MODULE...: path of the image, made if its inputs are new
build_image() {
	local name=$1 series=$2 init=$3 key image tree
	key=$(cat "$init" "$lab/host-run" "$lab/images.sh" "$(busybox_file)" \
		"$(kernel_dir "$series")/version" | sha256sum | cut -c 1-16)
	image=$cache/images/$name-$(basename "$(kernel_dir "$series")")-$key.cpio
	if [[ ! -s $image ]]; then
		need_commands cpio xz modprobe || return 1
		mkdir -p "$cache/images"
		tree=$(mktemp -d "$cache/images/.tree.XXXXXX")
		discard+=("$tree")
		fill_tree "$tree" "${@:2}" &&
			pack_tree "$tree" >"$tree.cpio" &&
			mv "$tree.cpio" "$image" &&
			rm -rf "$tree" || return 1
	fi
	printf '%s\n' "$image"
}

host_image() {
	# shellcheck disable=SC2086 # a list of names
	build_image host "$1" "$lab/host-init" $HOST_MODULES
}

guest_image() {
	# shellcheck disable=SC2086 # a list of names
	build_image guest "$1" "$lab/guest-init" $GUEST_MODULES
}

# acpi_image FILE...: tables that the kernel takes in place of the firmware's, as the
# uncompressed archive that must come first
acpi_image() {
	local tree
	tree=$(mktemp -d "$run/acpi.XXXXXX")
	mkdir -p "$tree/kernel/firmware/acpi"
	cp "$@" "$tree/kernel/firmware/acpi/"
	pack_tree "$tree"
}
