#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by lab. The small lab kernel: Debian's source, built once with lab/kernels/small.config.
# shellcheck disable=SC2154 # the variables are lab's

readonly SMALL_SERIES=6.12
readonly SMALL_CONFIG=$lab/kernels/small.config

# Count up when the way of building changes what comes out.
readonly SMALL_RECIPE=1

# our_options: the configuration without its comments
our_options() {
	grep -E '^(# )?CONFIG_' "$SMALL_CONFIG"
}

# small_kernel_key: what the result depends on, short. The source's version is noted beside the
# kernel: a newer one is no reason to build again.
small_kernel_key() {
	{ printf 'recipe %d\n' "$SMALL_RECIPE" && our_options; } | sha256sum | cut -c 1-12
}

# download_source DIR: put the package file of the kernel's source into DIR
download_source() {
	local dir=$1 suite
	need_commands make gcc flex bison bc tar xz ||
		{ complain 'kernel small: tools/provision lab-kernel installs them' && return 1; }
	if ! suite=$(kernel_suite "$SMALL_SERIES"); then
		complain 'kernel small: only Debian has its source'
		return 1
	fi
	if ! apt_private_begin "$suite"; then
		complain "kernel small: $suite cannot be reached: $(apt_private_why)"
		return 1
	fi
	note "fetching linux-source-$SMALL_SERIES"
	(cd "$dir" && apt-get "${APT_PRIVATE[@]}" -qq -o APT::Sandbox::User=root \
		download "linux-source-$SMALL_SERIES" >&2)
}

# make_small SOURCE ARG...: in SOURCE/out, the same whoever builds it, and when
make_small() {
	local source=$1
	shift
	make -C "$source" O="$source/out" KBUILD_BUILD_USER=viaduct KBUILD_BUILD_HOST=lab \
		KBUILD_BUILD_TIMESTAMP='2025-01-01 00:00:00' "$@" </dev/null
}

# lost_options CONFIG: the lines of ours that did not make it into CONFIG
lost_options() {
	our_options | grep -vxFf "$1" || true
}

configure_small() {
	local source=$1 lost
	make_small "$source" allnoconfig KCONFIG_ALLCONFIG="$SMALL_CONFIG" >"$source.log" 2>&1 ||
		return 1
	lost=$(lost_options "$source/out/.config")
	[[ -z $lost ]] || {
		complain "kernel small: the source does not take:" "$lost"
		return 1
	}
}

# install_small SOURCE DIR: what unpack_image makes of a Debian package
install_small() {
	local source=$1 dir=$2 version
	version=$(cat "$source/out/include/config/kernel.release") &&
		mkdir -p "$dir" &&
		cp "$source/out/arch/x86/boot/bzImage" "$dir/vmlinuz" &&
		cp "$source/out/.config" "$dir/config" &&
		make_small "$source" modules_install INSTALL_MOD_PATH="$dir" \
			INSTALL_MOD_STRIP=1 >>"$source.log" 2>&1 &&
		rm -f "$dir/lib/modules/$version/build" &&
		printf '%s\n' "$version" >"$dir/version"
}

# build_small_kernel DEB DIR
build_small_kernel() {
	local deb=$1 dir=$2 source
	source=$(dirname "$deb")/source
	note "building the small kernel of $(basename "$deb" _all.deb): once, some minutes"
	mkdir -p "$source" "$dir"
	basename "$deb" _all.deb >"$dir/source"
	dpkg --fsys-tarfile "$deb" | tar -xO --wildcards './usr/src/*.tar.xz' |
		tar -xJ -C "$source" --strip-components=1 &&
		configure_small "$source" &&
		make_small "$source" -j"$(nproc)" bzImage modules >>"$source.log" 2>&1 &&
		install_small "$source" "$dir" && return
	complain 'kernel small: it could not be built:'
	tail -n 5 "$source.log" >&2
	return 1
}
