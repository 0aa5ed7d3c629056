# SPDX-License-Identifier: GPL-2.0-or-later
# Where it runs: without /sys or /proc, in a container, for nobody in particular, with standard
# streams that are closed or full, in any locale and width, with senseless arguments.
load common

setup_file() {
	export HOST=$BATS_FILE_TMPDIR/sriov-host
	python3 "$TESTS/hosts/make" sriov-host "$HOST"
}

# covered 'DIRECTORY...' ARG...: viaduct on this host, where these directories are empty
covered() {
	local directories=$1
	shift
	unshare -m true 2>/dev/null || skip 'no mount namespace here'
	# shellcheck disable=SC2016
	run --separate-stderr timeout 60 unshare -m sh -c \
		'for d in $1; do mount -t tmpfs none "$d" || exit 99; done; shift; exec "$@"' \
		sh "$directories" "$VIADUCT" "$@"
	[[ $status != 99 ]] || skip 'nothing may be mounted here'
	[[ $status -le 5 ]]
}

@test "no /sys: nothing of it is told" {
	covered /sys --json check
	json '[.findings[] | select(.id | test("^(iommu.(in-use|interrupt)|firmware.(iommu-table|interrupt|sriov|vt-c|secure)|devices.(acs|groups|sriov-drivers|virtual))")) |
		.verdict] | unique - ["unknown", "skip"] == []'
	covered /sys --json list
	[[ $status == 5 ]]
	json '.iommu.active == null and .devices == null and .groups == null'
	covered /sys list
	[[ $status == 5 ]]
}

@test "no /proc: the command line is unknown" {
	covered /proc --json check
	json '.findings[] | select(.id == "kernel.command-line") | .verdict == "unknown"'
	json '.host.kernel == null or (.host.kernel | type == "string")'
}

@test "a container that covers /sys/firmware: no table is taken for absent" {
	[[ -d /sys/firmware ]] || skip 'no /sys/firmware here'
	covered /sys/firmware --json check
	json '.findings | map({(.id): .verdict}) | add |
		.["firmware.iommu-table"] == "unknown" and .["firmware.secure-boot"] == "unknown"'
}

@test "nothing at all: every command ends" {
	local arguments
	for arguments in check list 'list --tree' 'list --groups' 'show 01:00.0' lint history \
		'plan passthrough 01:00.0' 'explain iommu'; do
		# shellcheck disable=SC2086
		covered '/sys /proc /boot' $arguments
		[[ $status -le 5 ]]
	done
}

@test "a snapshot taken without /sys says the same as the host" {
	local here
	covered /sys --json check
	here=$(jq -c '[.findings[] | [.id, .verdict]]' <<<"$output")
	covered /sys snapshot "$BATS_TEST_TMPDIR/x"
	[[ $status == 5 ]] || skip 'no snapshots in this build'
	says 'some facts could not be told'
	run "$VIADUCT" --from "$BATS_TEST_TMPDIR/x" --json check
	[[ $(jq -c '[.findings[] | [.id, .verdict]]' <<<"$output") == "$here" ]]
}

@test "an ordinary user gets an answer" {
	local as_user=()
	if [[ $EUID == 0 ]]; then
		command -v setpriv >/dev/null || skip 'no setpriv(1) here'
		as_user=(setpriv --reuid 65534 --regid 65534 --clear-groups)
	fi
	"${as_user[@]}" "$VIADUCT" --version >/dev/null 2>&1 || skip 'an ordinary user cannot run it'
	for command in check list; do
		run --separate-stderr "${as_user[@]}" timeout 60 "$VIADUCT" --json "$command"
		[[ $status -le 5 && $status != 3 ]]
		jq -e . <<<"$output" >/dev/null
	done
}

@test "closed standard streams" {
	local arguments
	for arguments in check list 'list --json' 'show 01:00.0' --help; do
		run bash -c "'$VIADUCT' --from '$HOST' $arguments <&- >/dev/null 2>&1"
		[[ $status == 0 ]]
		run bash -c "'$VIADUCT' --from '$HOST' $arguments 2>&- >/dev/null"
		[[ $status == 0 ]]
		run --separate-stderr bash -c "'$VIADUCT' --from '$HOST' $arguments >&-"
		[[ $status == 3 ]]
		says 'viaduct: write: standard output: '
		run bash -c "'$VIADUCT' --from '$HOST' $arguments <&- >&- 2>&-"
		[[ $status == 3 ]]
	done
	run --separate-stderr bash -c "'$VIADUCT' --from - check <&-"
	[[ $status == 3 ]]
	says_error
}

@test "a full disk under what is captured is an error, and leaves no half file" {
	[[ -c /dev/full ]] || skip 'no /dev/full here'
	run --separate-stderr bash -c "'$VIADUCT' --from '$HOST' snapshot - >/dev/full"
	[[ $status == 3 ]]
	says_error
	run --separate-stderr "$VIADUCT" --from "$HOST" snapshot "$BATS_TEST_TMPDIR/no/such/x"
	[[ $status == 3 && ! -e $BATS_TEST_TMPDIR/no ]]
}

@test "a standard descriptor that is closed is never the file that is written" {
	local image=$BATS_TEST_TMPDIR/disk.img
	truncate -s 1M "$image"
	run bash -c "timeout 2 '$VIADUCT' serve --socket '$BATS_TEST_TMPDIR/socket' '$image' <&- >&-"
	cmp "$image" <(head -c 1M /dev/zero)
	run --separate-stderr bash -c "'$VIADUCT' --from '$HOST' list >&-"
	[[ $status == 3 ]]
}

@test "a snapshot into what is no file goes there, and a link leads where it led" {
	local folder=$BATS_TEST_TMPDIR
	mkfifo "$folder/pipe"
	ln -s real "$folder/link"
	run "$VIADUCT" --from "$HOST" snapshot "$folder/link"
	[[ $status == 3 && -L $folder/link ]]
	: >"$folder/real"
	timeout 60 "$VIADUCT" --from "$HOST" snapshot "$folder/pipe" >/dev/null &
	timeout 60 cat "$folder/pipe" >"$folder/got"
	wait
	[[ -p $folder/pipe ]]
	"$VIADUCT" --from "$folder/got" list --json | jq -e '.devices | length > 1'
	"$VIADUCT" --from "$HOST" snapshot "$folder/link"
	[[ -L $folder/link && -s $folder/real ]]
	"$VIADUCT" --from "$HOST" snapshot /dev/null
	[[ -c /dev/null ]]
}

@test "sources that are no files of ours" {
	local source
	for source in /dev/null /proc/self/mem /proc/self/cmdline "$TESTS/cli"; do
		run --separate-stderr timeout 30 "$VIADUCT" --json --from "$source" list
		[[ $status == 3 || $status == 5 ]]
		jq -e . <<<"$output" >/dev/null
	done
	run --separate-stderr timeout 60 "$VIADUCT" --from /dev/zero list
	[[ $status == 3 ]]
	says 'larger than'
	mkfifo "$BATS_TEST_TMPDIR/fifo"
	(printf 'hello\n' >"$BATS_TEST_TMPDIR/fifo") &
	run --separate-stderr timeout 30 "$VIADUCT" --from "$BATS_TEST_TMPDIR/fifo" list
	[[ $status == 3 ]]
	says 'neither a snapshot nor'
	viaduct 3 --json --from "$BATS_TEST_TMPDIR/nowhere" check
	json '.error.code == "ENOENT" and (.error.hint | length > 0)'
	viaduct 3 --json confirm
	json '.error.hint == "viaduct apply --trial puts a change on trial"'
}

@test "device nodes, endless files and files that err, in place of attributes" {
	local host=$BATS_TEST_TMPDIR/host card
	build_host sriov-host "$host"
	card=$host/sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0
	rm "$card/vendor" "$card/resource" "$card/modalias" "$host/proc/cmdline"
	mknod "$card/vendor" c 1 5 2>/dev/null || skip 'no device nodes may be made here'
	mknod "$card/resource" c 1 7
	mknod "$card/modalias" c 5 0
	mknod "$host/proc/cmdline" c 1 9
	run --separate-stderr timeout 20 "$VIADUCT" --from "$host" --json list
	[[ $status -le 5 ]]
	json '.devices[] | select(.address == "0000:01:00.0") | .vendor == null and .bars == null'
	run --separate-stderr timeout 20 "$VIADUCT" --from "$host" --json check
	json '.findings[] | select(.id == "kernel.command-line") | .verdict == "unknown"'
}

@test "a read that gives EIO on a real file system" {
	local host=$BATS_TEST_TMPDIR/host
	build_host sriov-host "$host"
	unshare -m true 2>/dev/null || skip 'no mount namespace here'
	# The memory of a process reads as EIO at 0; ESRCH without a right to it.
	run --separate-stderr unshare -m sh -c "mount --bind /proc/1/mem '$host/proc/cmdline' &&
		exec timeout 20 '$VIADUCT' --from '$host' --json check"
	[[ $status == 1 || $status == 5 ]] || skip 'it cannot be mounted here'
	json '.findings[] | select(.id == "kernel.command-line") |
		.verdict == "unknown" and (.evidence[0].errno | test("^(EIO|ESRCH|EPERM|EACCES)$"))'
}

@test "a file that grows while it is read" {
	local host=$BATS_TEST_TMPDIR/host writer
	build_host sriov-host "$host"
	yes 'a=1' | head -c 400M >"$host/proc/cmdline" &
	writer=$!
	for _ in 1 2 3 4 5; do
		run --separate-stderr timeout 20 "$VIADUCT" --from "$host" --json check
		[[ $status -le 5 ]]
		jq -e . <<<"$output" >/dev/null
	done
	kill "$writer" 2>/dev/null || true
}

@test "devices that vanish while they are listed" {
	local host=$BATS_TEST_TMPDIR/host turn pid
	build_host sriov-host "$host"
	(
		while :; do
			mv "$host/sys/devices/pci0000:00/0000:00:01.0/0000:01:10.0" "$BATS_TEST_TMPDIR/gone"
			mv "$BATS_TEST_TMPDIR/gone" "$host/sys/devices/pci0000:00/0000:00:01.0/0000:01:10.0"
		done
	) 3>&- &
	pid=$!
	for turn in {1..40}; do
		run --separate-stderr timeout 20 "$VIADUCT" --from "$host" --json list
		{ [[ $status -le 5 ]] && jq -e . <<<"$output" >/dev/null; } || break
	done
	kill "$pid"
	[[ $turn == 40 ]]
}

@test "any width, any locale, any terminal" {
	local width
	for width in 0 1 39 -5 99999999999999999999 x ''; do
		COLUMNS=$width run --separate-stderr "$VIADUCT" --from "$HOST" check -v
		[[ $status == 0 && -z $stderr ]]
	done
	for width in C POSIX xx_XX.NOSUCH en_US.ISO-8859-1 C.UTF-8; do
		LC_ALL=$width run --separate-stderr "$VIADUCT" --from "$HOST" check
		[[ $status == 0 && -z $stderr ]]
		LC_ALL=$width LANG=$width viaduct 0 --from "$HOST" --json list
		json '.devices | length == 5'
	done
	TERM='' run "$VIADUCT" --from "$HOST" check
	[[ $status == 0 ]]
	env -i "$VIADUCT" --from "$HOST" check >/dev/null
}

@test "arguments that are long, many or not text" {
	local long
	long=$(head -c 100000 /dev/zero | tr '\0' x)
	viaduct 2 "$long"
	says_error
	viaduct 2 --json "--$long"
	json '.error.code == "EINVAL"'
	viaduct 3 --from "$long" check
	viaduct 3 --from "$HOST" show "$long"
	viaduct 2 --from "$HOST" list -o "$long"
	viaduct 2 --from "$HOST" list --class "$long"
	viaduct 0 --from "$HOST" list --driver "$long"
	viaduct 0 --from "$HOST" lint "$long"
	viaduct 3 --json --from "$HOST" show $'\377\033[31m'
	json '.error.message | test("\\u001b") | not'
	# shellcheck disable=SC2046
	run "$VIADUCT" --from "$HOST" lint $(seq 5000)
	[[ $status -le 1 ]]
	run "$VIADUCT" '' --json
	[[ $status == 2 ]]
}

@test "addresses of five and more digits of domain" {
	local host=$BATS_TEST_TMPDIR/vmd
	build_host vmd-domain "$host"
	viaduct 0 --from "$host" show 10000:e1:00.0
	has 10000:e1:00.0
	viaduct 0 --from "$host" --json list
	json '[.devices[].address] == ["0000:e0:1f.0", "10000:e0:06.0", "10000:e1:00.0"]'
	viaduct 3 --from "$host" show 1000:e1:00.0
}

@test "what is behind VMD goes to a guest with its controller alone" {
	local host=$BATS_TEST_TMPDIR/vmd
	build_host vmd-domain "$host"
	viaduct 3 --from "$host" plan passthrough 10000:e1:00.0 0000:e0:1f.0
	has 'give the whole VMD controller (passthrough 0000:e0:1f.0), or switch'
	lacks 'give both away'
	viaduct 0 --from "$host" plan passthrough 0000:e0:1f.0
	viaduct 0 --from "$host" show 10000:e1:00.0
	has "DMA from behind 0000:e0:1f.0 carries that function's requester id"
	viaduct 0 --from "$host" --json check
	json '.findings[] | select(.id == "devices.in-use") | .verdict == "pass"'
	echo '22 1 259:1 / / rw - ext4 /dev/nvme0n1p1 rw' >"$host/proc/self/mountinfo"
	viaduct 3 --from "$host" plan passthrough 0000:e0:1f.0
	has 'nvme0n1p1 is mounted on /'
	viaduct 0 --from "$host" --json check
	json '.findings[] | select(.id == "devices.in-use") | .verdict == "pass"'
}

@test "-q says less, -v says more, of check and lint" {
	local quiet normal
	viaduct 0 --from "$HOST" check -q
	quiet=${#output}
	viaduct 0 --from "$HOST" check
	normal=${#output}
	viaduct 0 --from "$HOST" check -v
	((quiet < normal && normal < ${#output}))
	viaduct 0 -v --from "$HOST" check
	((normal < ${#output}))
	viaduct 0 -q -v --from "$HOST" check # the last one holds
	((normal < ${#output}))
	viaduct 0 --from "$HOST" lint -q 'quiet iommu=pt'
	quiet=${#output}
	viaduct 0 --from "$HOST" lint -v 'quiet iommu=pt'
	((quiet < ${#output}))
}

@test "bytes that are no UTF-8 are replaced in JSON, and lose nothing else" {
	viaduct 0 --from "$HOST" --json vm run --dry-run --name $'a\xffb'
	json '.command | contains("qemu-system-x86_64")'
}
