# shellcheck shell=bash disable=SC2016,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# A snapshot of a host answers as the host does, byte for byte, and names nobody.
# boot: --topology default
# shellcheck source-path=SCRIPTDIR source=expect.sh
. "$(dirname -- "$0")/expect.sh"

readonly MAC=00:16:3e:7a:5b:21 HOSTNAME_OF_LAB=lab-of-somebody

hostname "$HOSTNAME_OF_LAB"
ip link set dev eth0 address "$MAC"
# No router of the emulation may come between two looks.
echo 0 >/proc/sys/net/ipv6/conf/eth0/accept_ra
ip link set dev eth0 up
does 'two virtual functions' apply --yes sriov "$IGB=2"

# asked SOURCE FILE: what check, list and show say of it
asked() {
	local address
	{
		via --from "$1" --json check
		printf '%s\n' "$status" "$out"
		via --from "$1" --json list
		printf '%s\n' "$status" "$out"
		for address in $(json '.devices[].address'); do
			via --from "$1" --json show "$address"
			printf '%s\n' "$status" "$out"
		done
	} >"$2"
}

# secrets: what the lab must not be known by, one a line
secrets() {
	cat /sys/class/net/*/address /sys/class/dmi/id/product_uuid /proc/sys/kernel/random/boot_id \
		/sys/class/dmi/id/*serial /etc/machine-id /sys/class/nvme/*/serial 2>/dev/null |
		grep -vE '^(00:){5}00$|^ *$|^Not Specified$|^0$'
	printf '%s\n' "$MAC" "${MAC//:/}" "${MAC//:/-}" "$HOSTNAME_OF_LAB"
	findmnt -no UUID /
	lspci -vvv | sed -n 's/.*Device Serial Number //p'
}

does 'a snapshot as it is' snapshot --no-redact "$work/plain.snap"
asked / "$work/live"
asked "$work/plain.snap" "$work/kept"
[[ $(grep -c '"schema"' "$work/live") -gt 12 ]] || verdict 1 'there is little to compare'
is "$(sed -E 's/"(source|live)": *[^,}]*//' "$work/kept")" \
	"$(sed -E 's/"(source|live)": *[^,}]*//' "$work/live")" \
	'check, list and show of a snapshot are those of the host'

does 'a redacted snapshot' snapshot "$work/shared.snap"
asked "$work/shared.snap" "$work/hidden"
is "$(grep -E '"(id|verdict|address|driver|iommu_group|vendor|device|class|offset)":' "$work/hidden")" \
	"$(grep -E '"(id|verdict|address|driver|iommu_group|vendor|device|class|offset)":' "$work/live")" \
	'redaction changes no verdict, driver, group or capability'
zstd -dc "$work/shared.snap" >"$work/bare"
count=0
while read -r secret; do
	count=$((count + 1))
	note "$secret"
	verdict "$(grep -aqiF -- "$secret" "$work/bare" && echo 1 || echo 0)" \
		"the snapshot does not hold secret $count" "$secret"
done < <(secrets | sed 's, *$,,' | grep . | sort -u)
verdict $((count < 4)) 'there were secrets to look for'
finish
