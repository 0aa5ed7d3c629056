# SPDX-License-Identifier: GPL-2.0-or-later
# Captured trees that were damaged, or made to harm: nothing hangs, nothing outside is read,
# and what could not be read is never taken for absent.
load common

setup() {
	build_host sriov-host
	card=$host/sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0
}

# Every look at the host ends, in time, by one of the exit statuses.
survives() {
	local arguments
	for arguments in check list 'list --tree' 'list --groups' 'list -o address,use,reset,slot,numa' \
		'show 01:00.0' 'plan sriov 01:00.0=1' 'plan passthrough 01:10.2' history; do
		# shellcheck disable=SC2086
		run --separate-stderr timeout 10 "$VIADUCT" --from "$host" $arguments
		[[ $status -le 5 ]] || {
			echo "$arguments: exit status $status"
			return 1
		}
		[[ $output != *$'\033'* && $stderr != *$'\033'* ]] || {
			echo "$arguments: an escape sequence got through"
			return 1
		}
		[[ $arguments != list\ * && $arguments != history ]] || continue
		# shellcheck disable=SC2086
		run --separate-stderr timeout 10 "$VIADUCT" --json --from "$host" $arguments
		[[ $status -le 5 ]]
		[[ -z $output ]] || jq -e . <<<"$output" >/dev/null || {
			echo "$arguments: no JSON"
			return 1
		}
	done
}

# unknown KEY: "could not be told" for the card, by an errno
unknown() {
	viaduct "${2-0}" --from "$host" --json list
	json --arg key "$1" '.devices[] | select(.address == "0000:01:00.0") |
		.[$key] == null and ([.unknown[].key] | index($key) != null)'
}

@test "links that lead out of the tree stay inside" {
	echo 'the secret' >"$BATS_TEST_TMPDIR/secret"
	mkdir "$BATS_TEST_TMPDIR/outside" "$host/inside"
	touch "$BATS_TEST_TMPDIR/outside/dmar7"
	rm -r "$host/sys/class/iommu"
	ln -s "$BATS_TEST_TMPDIR/outside" "$host/sys/class/iommu"
	ln -sf "$BATS_TEST_TMPDIR/secret" "$host/proc/cmdline"
	ln -sf ../../../../../../../../../../../../etc/passwd "$host/proc/sys/kernel/osrelease"
	ln -sf "$BATS_TEST_TMPDIR/secret" "$card/reset_method"
	ln -sf ../../../../../../../secret "$card/power_state"
	ln -sf "$BATS_TEST_TMPDIR/secret" "$host/etc/os-release"
	survives
	for arguments in 'check -v' 'check --json' 'list --json' 'show 01:00.0'; do
		# shellcheck disable=SC2086
		run "$VIADUCT" --from "$host" $arguments
		lacks 'the secret'
		lacks 'root:'
		lacks dmar7
	done
	run --separate-stderr "$VIADUCT" --from "$host" --json list
	json '.iommu.active == null'
}

@test "an absolute link is taken as within the tree" {
	mkdir "$host/elsewhere"
	touch "$host/elsewhere/dmar0" "$host/elsewhere/dmar1"
	rm -r "$host/sys/class/iommu"
	ln -s /elsewhere "$host/sys/class/iommu"
	viaduct 0 --from "$host" --json list
	json '.iommu.units == ["dmar0", "dmar1"]'
}

@test "links in a circle" {
	rm -r "$host/sys/class/iommu" "$card/reset_method"
	ln -s iommu "$host/sys/class/iommu"
	ln -s reset_method "$card/reset_method"
	survives
	unknown reset 5
	json '.iommu.active == null'
}

@test "bridges that are each behind the other" {
	# The other port is what a search upwards from the circle never meets.
	build_host twin-gpus
	ln -sfn ../../../devices/pci0000:00/0000:05:00.0/0000:00:01.0 \
		"$host/sys/bus/pci/devices/0000:00:01.0"
	ln -s ../../../devices/pci0000:00/0000:00:01.0/0000:05:00.0 \
		"$host/sys/bus/pci/devices/0000:05:00.0"
	mkdir -p "$host/sys/devices/pci0000:00/0000:05:00.0"
	mv "$host/sys/devices/pci0000:00/0000:00:01.0" "$host/sys/devices/pci0000:00/0000:05:00.0"
	survives
}

@test "a device that is its own bridge" {
	ln -sfn ../../../devices/0000:00:01.0/0000:00:01.0 "$host/sys/bus/pci/devices/0000:00:01.0"
	survives
}

@test "a FIFO where a file or a directory should be" {
	local name
	for name in proc/cmdline proc/cpuinfo proc/self/mountinfo proc/iomem etc/default/grub \
		etc/os-release .viaduct/queries.json sys/firmware/acpi/tables/DMAR; do
		rm -f "$host/$name"
		mkfifo "$host/$name"
	done
	for name in modalias vendor class resource config reset_method sriov_totalvfs; do
		rm "$card/$name"
		mkfifo "$card/$name"
	done
	rm -r "$host/sys/class/iommu" "$host/sys/kernel/iommu_groups"
	mkfifo "$host/sys/class/iommu" "$host/sys/kernel/iommu_groups"
	survives
	unknown vendor 5
	unknown bars 5
	unknown sriov 5
	json '.iommu == {"active": null, "units": null} and (.groups | map(.id)) == [10, 11, 12, 13, 14]'
	json '.devices[] | select(.address == "0000:01:00.0") | .virtfns == null'
}

@test "a directory where a file should be" {
	local name
	for name in modalias vendor resource config sriov_totalvfs reset_method; do
		rm "$card/$name"
		mkdir "$card/$name"
	done
	rm "$host/proc/cpuinfo" "$host/proc/cmdline"
	mkdir "$host/proc/cpuinfo" "$host/proc/cmdline"
	survives
	unknown vendor
	unknown capabilities
	viaduct 5 --from "$host" --json check
	json '.findings[] | select(.id == "kernel.command-line") |
		.verdict == "unknown" and .evidence[0].errno == "EISDIR"'
}

@test "a file where a directory should be" {
	rm -r "$host/sys/class/iommu" "$host/sys/kernel/iommu_groups" "$host/sys/firmware/acpi/tables"
	touch "$host/sys/class/iommu" "$host/sys/kernel/iommu_groups" "$host/sys/firmware/acpi/tables"
	survives
	viaduct 5 --from "$host" --json check
	json '.findings | map({(.id): .verdict}) | add | .["iommu.in-use"] == "unknown" and
		.["firmware.iommu-table"] == "unknown" and .["devices.groups"] == "unknown"'
}

@test "empty files" {
	local name
	find "$host/sys" -type f -exec truncate -s 0 {} +
	survives
	unknown vendor 5
	unknown bars 5
	find "$host/proc" "$host/etc" "$host/boot" "$host/lib" -type f -exec truncate -s 0 {} +
	survives
	: >"$host/.viaduct/queries.json"
	viaduct 3 --from "$host" check
	says 'the recording is damaged'
}

@test "noise in every file" {
	local file
	while IFS= read -r -d '' file; do
		head -c 300 /dev/urandom >"$file"
	done < <(find "$host" -type f -not -path '*/.viaduct/*' -print0)
	survives
}

@test "escape sequences in attributes do not reach the terminal" {
	local file
	while IFS= read -r -d '' file; do
		printf '\033]0;owned\007\033[31mred\n' >"$file"
	done < <(find "$host" -type f -not -path '*/.viaduct/*' -print0)
	mkdir "$host/sys/bus/pci/drivers/"$'\033[5mblink'
	ln -sfn ../../../../bus/pci/drivers/$'\033[5mblink' "$card/driver"
	survives
}

@test "names that are not UTF-8 keep JSON whole" {
	mkdir "$host/sys/bus/pci/drivers/"$'\377\376' "$card/net" "$card/net/"$'eth\377'
	ln -sfn ../../../../bus/pci/drivers/$'\377\376' "$card/driver"
	ln -s nowhere "$host/sys/class/iommu/"$'dmar\377'
	survives
	viaduct 0 --from "$host" --json list
	json '(.devices | length) == 5 and (.iommu.units | length) == 2'
	mv "$host" "$BATS_TEST_TMPDIR/"$'host\377'
	viaduct 0 --from "$BATS_TEST_TMPDIR/"$'host\377' --json check
	json '.findings | length > 10'
}

@test "an attribute of a megabyte" {
	rm "$card/modalias" # which tells the same
	head -c 1048576 /dev/zero | tr '\0' 7 >"$card/vendor"
	head -c 1048576 /dev/zero | tr '\0' x >"$host/proc/cmdline"
	head -c 1048576 /dev/zero >"$card/config"
	survives
	unknown vendor
	json '.devices[] | select(.address == "0000:01:00.0") | .unknown[] |
		select(.key == "vendor") | .errno == "EFBIG"'
}

@test "a link to a driver that is not there still names it" {
	rm -r "$host/sys/bus/pci/drivers"
	survives
	viaduct 0 --from "$host" --json list
	json '.devices[] | select(.address == "0000:01:00.0") | .driver == "igb"'
	rm "$card/driver"
	echo igb >"$card/driver"
	unknown driver 5
}

@test "junk in resource" {
	printf 'hello\n' >"$card/resource"
	unknown bars
	printf '0x10 0x1 0x200\n' >"$card/resource"
	unknown bars
	printf '0x0000000000000000 0xffffffffffffffff 0x200\n' >"$card/resource"
	survives
	printf '%s\n' {1..40}' 0x2 0x200' >"$card/resource"
	survives
}

@test "numbers that are too large or none" {
	echo 99999999999999999999999 >"$card/sriov_totalvfs"
	unknown sriov
	echo -7 >"$card/sriov_totalvfs"
	survives
	echo 4294967296 >"$card/sriov_totalvfs"
	survives
	rm "$card/modalias"
	echo 0x >"$card/vendor"
	unknown vendor
	echo 1e3 >"$card/class"
	unknown class
	rm "$card/iommu_group"
	ln -s ../../../../kernel/iommu_groups/eleven "$card/iommu_group"
	unknown iommu_group 5
}

@test "addresses that are none, or of large domains" {
	local name
	for name in 0000:01:00 0000:01:00.8 0000:01:20.0 zzzz:00:00.0 100000000:00:00.0 ..; do
		ln -sfn /nowhere "$host/sys/bus/pci/devices/$name" 2>/dev/null || true
	done
	for name in 7fffffff:00:00.0 12345:01:00.0; do
		mkdir "$host/sys/bus/pci/devices/$name"
		echo 0x8086 >"$host/sys/bus/pci/devices/$name/vendor"
	done
	survives
	viaduct 0 --from "$host" --json list
	json '[.devices[].address] | length == 7 and
		contains(["12345:01:00.0", "7fffffff:00:00.0"])'
	viaduct 0 --from "$host" show 12345:01:00.0
}

@test "configuration space that is cut off anywhere, or leads in circles" {
	local size
	for size in 0 1 63 64 65 100 255 256 257 4095; do
		truncate -s "$size" "$card/config"
		run --separate-stderr timeout 10 "$VIADUCT" --json --from "$host" show 01:00.0
		[[ $status -le 5 ]]
		json '.device.address == "0000:01:00.0"'
	done
	truncate -s 0 "$card/config"
	truncate -s 4096 "$card/config"
	printf '\x10\x00' | dd of="$card/config" bs=1 seek=6 conv=notrunc status=none
	printf '\x40' | dd of="$card/config" bs=1 seek=52 conv=notrunc status=none
	printf '\x01\x40' | dd of="$card/config" bs=1 seek=64 conv=notrunc status=none
	printf '\x01\x00\x01\x10' | dd of="$card/config" bs=1 seek=256 conv=notrunc status=none
	survives
}

@test "an index of modules that is damaged" {
	local modules=$host/lib/modules/6.12.0-test name
	for name in alias dep builtin symbols builtin.alias; do
		# libkmod's magic, and a root whose children lie far outside of the file: libkmod dies
		printf '\xb0\x07\xf4\x57\x00\x02\x00\x01\x20\x00\x00\x0c\x00\x7f' \
			>"$modules/modules.$name.bin"
		printf '\x2f\xff\xff\xf0%.0s' {1..128} >>"$modules/modules.$name.bin"
	done
	survives
	head -c 100000 /dev/urandom >"$modules/modules.alias"
	head -c 100000 /dev/urandom >"$modules/modules.builtin.modinfo"
	survives
	viaduct 0 --from "$host" --json list
	json '.devices[] | select(.address == "0000:01:00.0") | .modules == []'
	printf 'alias %s x\n' "$(printf '*0%.0s' {1..400})" >"$modules/modules.alias"
	survives
	ln -sf /etc/passwd "$modules/modules.alias"
	unknown modules
	rm "$modules/modules.alias"
	mkfifo "$modules/modules.alias"
	unknown modules
}

@test "a recording with what it must not hold" {
	local content
	for content in '[]' '{}' '{"cpuid":7}' '{"cpuid":{"x":[]}}' '{"cpuid":{"1.0":["g"]}}' '{' \
		'{"kvm":{"open":"yes","create_vm":{"known":5}}}' 'null' '{"effective_uid":-1}'; do
		printf '%s' "$content" >"$host/.viaduct/queries.json"
		run --separate-stderr timeout 10 "$VIADUCT" --from "$host" check
		[[ $status == 3 || $status == 5 ]] || {
			echo "$content: exit status $status"
			return 1
		}
	done
}

@test "what an ordinary user may not read is unknown with EACCES, never absent" {
	local as_user=()
	if [[ $EUID == 0 ]]; then
		command -v setpriv >/dev/null || skip 'no setpriv(1) here'
		as_user=(setpriv --reuid 65534 --regid 65534 --clear-groups)
	fi
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_TEST_TMPDIR" "$host"
	"${as_user[@]}" "$VIADUCT" --version >/dev/null 2>&1 || skip 'an ordinary user cannot run it'
	"${as_user[@]}" test -r "$host/proc/cmdline" || skip 'an ordinary user cannot get here'
	chmod 000 "$card/modalias" "$card/vendor" "$card/resource" "$card/config" "$card/sriov_totalvfs" \
		"$host/sys/class/iommu" "$host/sys/firmware/acpi/tables" "$host/proc/cmdline" \
		"$host/sys/kernel/iommu_groups" "$host/proc/self"
	run --separate-stderr "${as_user[@]}" "$VIADUCT" --from "$host" --json list
	[[ $status == 5 ]]
	json '.iommu == {"active": null, "units": null} and (.groups | map(.id)) == [10, 11, 12, 13, 14]'
	json '.devices[] | select(.address == "0000:01:00.0") | .vendor == null and .bars == null and
		.capabilities == null and .sriov == null and .virtfns == null and .in_use == null and
		([.unknown[] | select(.errno == "EACCES") | .key] |
			contains(["vendor", "bars", "capabilities", "sriov", "in_use"]))'
	run --separate-stderr "${as_user[@]}" "$VIADUCT" --from "$host" --json check
	[[ $status == 5 ]]
	json '.findings | map({(.id): .}) | add |
		.["iommu.in-use"].verdict == "unknown" and
		.["firmware.iommu-table"].verdict == "unknown" and
		.["kernel.command-line"].verdict == "unknown" and
		.["kernel.command-line"].evidence[0].errno == "EACCES"'
	run --separate-stderr "${as_user[@]}" "$VIADUCT" --from "$host" plan passthrough 01:00.0
	[[ $status == 3 ]]
	run --separate-stderr "${as_user[@]}" "$VIADUCT" --from "$host" plan sriov 01:00.0=1
	[[ $status == 3 ]]
	has 'could not be told how many VFs'
	chmod 000 "$card"
	run --separate-stderr "${as_user[@]}" "$VIADUCT" --from "$host" --json list
	json '.devices[] | select(.address == "0000:01:00.0") |
		.driver == null and .iommu_group == null and
		([.unknown[].key] | contains(["driver", "iommu_group"]))'
	chmod -R u+rwX "$host"
}
