#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by lab. Debian kernels, unpacked in the cache and never installed; the small one is
# built from Debian's source (small-kernel.sh).
# shellcheck disable=SC2154 # the variables are lab's

# shellcheck source-path=SCRIPTDIR/.. source=tools/apt-private.sh
. "$top/tools/apt-private.sh"

# Modules that the emulated host is likely to load are kept unpacked: unpacking them under
# emulation, at each boot, would take as long as the rest of the boot.
readonly PLAIN_FOLDERS='arch/x86/kvm virt/lib drivers/ata drivers/crypto/ccp drivers/dca
	drivers/i2c drivers/i2c/algos drivers/i2c/busses drivers/iommu drivers/mfd
	drivers/net/ethernet/intel/e1000 drivers/net/ethernet/intel/igb
	drivers/net/ethernet/intel/igbvf drivers/nvme/common drivers/nvme/host drivers/scsi
	drivers/usb/common drivers/usb/core drivers/usb/host drivers/vdpa drivers/vdpa/vdpa_user
	drivers/vfio drivers/vfio/mdev drivers/vfio/pci drivers/vhost'

# kernel_suite SERIES: the Debian suite that has it
kernel_suite() {
	case $1/$(os_release ID)/$(os_release VERSION_CODENAME) in
	6.12/debian/bookworm) echo bookworm-backports ;;
	6.12/debian/*) echo trixie ;;
	6.1/debian/*) echo bookworm ;;
	*) return 1 ;;
	esac
}

# newest_image SERIES: the plain signed package; -cloud, -rt and the others end differently
newest_image() {
	local series=${1//./\\.}
	apt-cache "${APT_PRIVATE[@]}" search --names-only "^linux-image-$series\\..*-amd64\$" |
		awk '{ print $1 }' |
		grep -Ev -- '-(cloud|rt)-amd64$' | sort -V | tail -n 1
}

# download_image SERIES DIR: put the package file into DIR
download_image() {
	local series=$1 dir=$2 suite image
	if ! suite=$(kernel_suite "$series"); then
		complain "kernel $series: only Debian has it"
		return 1
	fi
	if ! apt_private_begin "$suite"; then
		complain "kernel $series: $suite cannot be reached: $(apt_private_why)"
		return 1
	fi
	image=$(newest_image "$series")
	if [[ -z $image ]]; then
		complain "kernel $series: no such package in $suite"
		return 1
	fi
	note "fetching $image"
	(cd "$dir" && apt-get "${APT_PRIVATE[@]}" -qq -o APT::Sandbox::User=root \
		download "$image" >&2)
}

# unpack_modules DIR: the likely ones of DIR, the modules of one kernel
unpack_modules() {
	local folders folder
	read -rd '' -a folders <<<"$PLAIN_FOLDERS" || true
	for folder in "${folders[@]}"; do
		find "$1/kernel/$folder" -maxdepth 1 -name '*.ko.xz' 2>/dev/null || true
	done | xargs -r xz -d
}

# unpack_image DEB DIR: DIR/vmlinuz, DIR/config, DIR/lib/modules/VERSION, DIR/version
unpack_image() {
	local deb=$1 dir=$2 raw=$2/raw version modules
	mkdir -p "$raw" "$dir/lib/modules" && dpkg -x "$deb" "$raw" || return 1
	version=$(basename "$raw"/boot/vmlinuz-*)
	version=${version#vmlinuz-}
	modules=$(find "$raw" -path "*/lib/modules/$version" -type d)
	mv "$raw/boot/vmlinuz-$version" "$dir/vmlinuz" &&
		mv "$raw/boot/config-$version" "$dir/config" &&
		mv "$modules" "$dir/lib/modules/" &&
		unpack_modules "$dir/lib/modules/$version" &&
		depmod -b "$dir" "$version" &&
		rm -rf "$raw" &&
		printf '%s\n' "$version" >"$dir/version"
}

# kernel_dir SERIES: where it is kept. Two configurations of the small one do not get in each
# other's way.
kernel_dir() {
	case $1 in
	small) printf '%s\n' "$cache/kernels/small-$(small_kernel_key)" ;;
	*) printf '%s\n' "$cache/kernels/$1" ;;
	esac
}

kernel_is_there() {
	[[ -s $(kernel_dir "$1")/version ]]
}

# make_kernel SERIES WORK: WORK/kernel, from what Debian has
make_kernel() {
	case $1 in
	small) download_source "$2" && build_small_kernel "$2"/*.deb "$2/kernel" ;;
	*) download_image "$1" "$2" && unpack_image "$2"/*.deb "$2/kernel" ;;
	esac
}

# place_kernel SERIES: fill its folder in one step
place_kernel() {
	local series=$1 work dir
	dir=$(kernel_dir "$series")
	work=$(mktemp -d "$cache/kernels/.unpack.XXXXXX")
	discard+=("$work")
	make_kernel "$series" "$work" &&
		rm -rf "$dir" &&
		mv "$work/kernel" "$dir" &&
		rm -rf "$work"
}

# fetch_kernel SERIES: its folder, complete or not there
fetch_kernel() {
	local series=$1 lock
	! kernel_is_there "$series" || return 0
	need_commands dpkg apt-get depmod || return 1
	mkdir -p "$cache/kernels"
	exec {lock}>"$cache/kernels/.lock-$series"
	flock "$lock"
	kernel_is_there "$series" || place_kernel "$series" || return 1
	exec {lock}>&-
	apt_private_end
}

# is_left_out PATH: by the filters of the lab's disks; the last that fits decides
is_left_out() {
	local filter left_out=1
	for filter in "${filters[@]}"; do
		# shellcheck disable=SC2053 # a pattern
		[[ $1 == ${filter#*=} ]] || continue
		left_out=0
		[[ $filter == path-exclude=* ]] || left_out=1
	done
	return "$left_out"
}

# lean_package DEB DIR: that package without what the disks leave out, and uncompressed: under
# emulation unpacking the rest takes longer than all else. Its name and scripts are Debian's.
lean_package() {
	local raw=$2/raw filters path
	mapfile -t filters < <(grep '^path-' "$lab/disk/files-left-out")
	dpkg-deb --raw-extract "$1" "$raw" || return 1
	while read -r path; do
		! is_left_out "/$path" || rm -f "${raw:?}/$path"
	done < <(cd "$raw" && find . -type f -printf '%P\n')
	rm -f "$raw/DEBIAN/md5sums"
	dpkg-deb -Znone --root-owner-group --build "$raw" "$2/lean.deb" >/dev/null
}

# kernel_package SERIES: a package of that kernel that the disks can install; prints its path
kernel_package() {
	local file=$cache/packages/linux-image-$1.deb work
	if [[ ! -s $file ]]; then
		need_commands dpkg-deb apt-get || return 1
		mkdir -p "$cache/packages"
		work=$(mktemp -d "$cache/packages/.make.XXXXXX")
		discard+=("$work")
		download_image "$1" "$work" && lean_package "$work"/*.deb "$work" &&
			mv "$work/lean.deb" "$file" || return 1
		apt_private_end
	fi
	printf '%s\n' "$file"
}

kernel_version() {
	cat "$(kernel_dir "$1")/version"
}
