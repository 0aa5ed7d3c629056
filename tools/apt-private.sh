#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced. Lets one apt call see other Debian suites without touching /etc/apt.

readonly APT_DEBIAN_KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg
APT_PRIVATE_DIR=
APT_PRIVATE=()

# os_release KEY: one field of os-release, empty if it is not there
os_release() {
	local file=/etc/os-release
	[[ -r $file ]] || return 0
	# shellcheck source=/dev/null
	(. "$file" && printf '%s\n' "${!1-}")
}

# apt_archives: "URI RELEASE" of each archive this machine is configured for. apt parses
# its own two source formats; asking for no release information works without any lists.
apt_archives() {
	# shellcheck disable=SC2016 # apt expands these
	apt-get indextargets --no-release-info --format '$(REPO_URI) $(RELEASE)' \
		'Created-By: Packages' 2>/dev/null | sort -u
}

# debian_archives: those of them that are this Debian's own suites, security included
debian_archives() {
	local codename
	codename=$(os_release VERSION_CODENAME)
	apt_archives | awk -v codename="$codename" '
		$2 ~ "^(" codename "|stable|oldstable)(-updates|-security)?/?$" { print }'
}

# debian_mirror: URI of the main archive
debian_mirror() {
	debian_archives | awk '$2 !~ /security/ && $1 !~ /security/ { print $1; exit }'
}

# apt_private_sources SUITE...: the machine's own Debian suites, then SUITE... of its mirror
apt_private_sources() {
	local mirror suite uri
	mirror=$(debian_mirror)
	[[ -n $mirror ]] || return 1
	{
		debian_archives
		for suite in "$@"; do
			printf '%s %s\n' "$mirror" "$suite"
		done
	} | sort -u | while read -r uri suite; do
		printf 'deb [signed-by=%s] %s %s main\n' "$APT_DEBIAN_KEYRING" "$uri" "$suite"
	done
}

# apt_private_begin SUITE...: fill APT_PRIVATE with the options that make apt see SUITE...
# The caller runs apt_private_end, also on a trap. Return: 1 if the suites cannot be reached
apt_private_begin() {
	apt_private_end
	APT_PRIVATE_DIR=$(mktemp -d "${TMPDIR:-/tmp}/viaduct-apt.XXXXXX")
	chmod 755 "$APT_PRIVATE_DIR" # apt reads it as its own user
	mkdir -p "$APT_PRIVATE_DIR"/lists/partial "$APT_PRIVATE_DIR"/cache/archives/partial
	apt_private_sources "$@" >"$APT_PRIVATE_DIR/sources.list" || return 1
	APT_PRIVATE=(
		-o "Dir::Etc::SourceList=$APT_PRIVATE_DIR/sources.list"
		-o Dir::Etc::SourceParts=/dev/null
		-o "Dir::State::Lists=$APT_PRIVATE_DIR/lists"
		-o "Dir::Cache=$APT_PRIVATE_DIR/cache"
		-o Acquire::Languages=none
		-o Acquire::Retries=1
	)
	apt-get "${APT_PRIVATE[@]}" -qq --error-on=any update >"$APT_PRIVATE_DIR/log" 2>&1
}

# apt_private_why: what apt said when apt_private_begin failed
apt_private_why() {
	if [[ -s $APT_PRIVATE_DIR/log ]]; then
		tail -n 3 "$APT_PRIVATE_DIR/log"
	else
		echo 'no Debian archive in the apt configuration'
	fi
}

apt_private_end() {
	[[ -z $APT_PRIVATE_DIR ]] || rm -rf "$APT_PRIVATE_DIR"
	APT_PRIVATE_DIR=
	APT_PRIVATE=()
}
