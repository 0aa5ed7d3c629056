#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by lab. Modules of our own for Debian's kernel, built with its headers, which are
# unpacked in the cache and never installed.
# shellcheck disable=SC2154 # the variables are lab's

# headers_packages SERIES: the three packages that make up a kernel's headers
headers_packages() {
	local version
	version=$(kernel_version "$1")
	printf 'linux-headers-%s\n' "$version" "${version%-amd64}-common"
	printf 'linux-kbuild-%s\n' "${version%-amd64}"
}

# download_headers SERIES DIR
download_headers() {
	local series=$1 dir=$2 suite packages
	if ! suite=$(kernel_suite "$series") || ! apt_private_begin "$suite"; then
		complain "headers of $series: the suite cannot be reached: $(apt_private_why)"
		return 1
	fi
	mapfile -t packages < <(headers_packages "$series")
	note "fetching ${packages[*]}"
	(cd "$dir" && apt-get "${APT_PRIVATE[@]}" -qq -o APT::Sandbox::User=root \
		download "${packages[@]}" >&2) || {
		complain "headers of $series: they cannot be had any more"
		return 1
	}
}

# place_headers SERIES: fill $cache/headers/VERSION in one step
place_headers() {
	local version work package
	version=$(kernel_version "$1")
	mkdir -p "$cache/headers"
	work=$(mktemp -d "$cache/headers/.unpack.XXXXXX")
	discard+=("$work")
	download_headers "$1" "$work" || return 1
	for package in "$work"/*.deb; do
		dpkg -x "$package" "$work/root" || return 1
	done
	# Without it no BTF is made, which would want another program.
	rm -f "$work/root/usr/src/linux-headers-$version/vmlinux"
	sed -i "s|/usr/src|$cache/headers/$version/usr/src|" \
		"$work/root/usr/src/linux-headers-$version/Makefile" &&
		rm -rf "${cache:?}/headers/$version" &&
		mv "$work/root" "$cache/headers/$version" &&
		rm -rf "$work"
}

# fetch_headers SERIES: $cache/headers/VERSION, complete or not there
fetch_headers() {
	local version lock
	version=$(kernel_version "$1")
	[[ ! -s $cache/headers/$version/usr/src/linux-headers-$version/Makefile ]] || return 0
	need_commands dpkg apt-get make gcc || return 1
	mkdir -p "$cache/headers"
	exec {lock}>"$cache/headers/.lock"
	flock "$lock"
	[[ -s $cache/headers/$version/usr/src/linux-headers-$version/Makefile ]] ||
		place_headers "$1" || return 1
	exec {lock}>&-
	apt_private_end
}

# build_module SERIES NAME FILE: lab/modules/NAME.c as a module, in one step
build_module() {
	local series=$1 name=$2 file=$3 version work
	version=$(kernel_version "$series")
	fetch_headers "$series" || return 1
	work=$(mktemp -d "$cache/modules/.build.XXXXXX")
	discard+=("$work")
	cp "$lab/modules/$name.c" "$work/" && printf 'obj-m := %s.o\n' "$name" >"$work/Makefile"
	make -s -C "$cache/headers/$version/usr/src/linux-headers-$version" M="$work" modules \
		>"$work/log" 2>&1 || {
		cat "$work/log" >&2
		complain "module $name: it does not build for $version"
		return 1
	}
	mv "$work/$name.ko" "$file" && rm -rf "$work"
}

# lab_module SERIES NAME: path of the built module, made if its source is new
lab_module() {
	local series=$1 name=$2 file
	[[ -f $lab/modules/$name.c ]] || {
		complain "there is no lab/modules/$name.c"
		return 1
	}
	mkdir -p "$cache/modules"
	file=$cache/modules/$name-$(cat "$lab/modules/$name.c" "$cache/kernels/$series/version" |
		sha256sum | cut -c 1-16).ko
	[[ -s $file ]] || build_module "$series" "$name" "$file" || return 1
	printf '%s\n' "$file"
}
