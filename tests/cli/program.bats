# SPDX-License-Identifier: GPL-2.0-or-later
# What holds for every command: options, help, errors, exit statuses, output that cannot go out.
load common

setup_file() {
	export HOSTS=$BATS_FILE_TMPDIR
	for host in intel-desktop sriov-host empty-directory; do
		python3 "$TESTS/hosts/make" "$host" "$HOSTS/$host"
	done
}

commands() {
	"$VIADUCT" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'
}

@test "--help: on stdout, 80 columns at most, exit 0" {
	local command
	viaduct 0 --help
	[[ -z $stderr ]]
	[[ $(wc -L <<<"$output") -le 80 ]]
	has 'Exit status'
	for command in $(commands); do
		viaduct 0 "$command" --help
		[[ -n $output && -z $stderr ]]
		[[ $(wc -L <<<"$output") -le 80 ]] || {
			echo "$command --help is wider than 80 columns"
			return 1
		}
		! grep -n ' $' <<<"$output"
	done
	[[ $(commands | wc -l) -ge 14 ]]
}

@test "every command's help begins with its usage" {
	local command
	for command in $(commands); do
		[[ $command != lab ]] || continue
		viaduct 0 "$command" --help
		[[ ${lines[0]} == "Usage: viaduct [OPTIONS] $command"* ]]
	done
}

@test "-h is --help, also before the command" {
	viaduct 0 -h
	has 'Usage: viaduct'
}

@test "--version" {
	viaduct 0 --version
	[[ $output =~ ^viaduct\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
}

@test "an unknown command is told on stderr, exit 2" {
	viaduct 2 chekc
	[[ -z $output ]]
	[[ $stderr == 'viaduct: usage: viaduct: no such command: chekc (viaduct --help tells)' ]]
	viaduct 2 --json chekc
	json '.error.code == "EINVAL" and (.error.message | test("no such command")) and
		.error.hint == "viaduct --help tells"'
	says_error
}

@test "an unknown option is named, wherever it stands, exit 2" {
	viaduct 2 --colour
	says 'bad option --colour'
	viaduct 2 -z
	says 'bad option -z'
	viaduct 2 list --tre=1
	says_error
	viaduct 2 list --tree -xz
	says 'bad option -x'
	viaduct 2 --from
	says '--from needs a value'
	viaduct 2 list --class
	says '--class needs a value'
	viaduct 2 list -o
	says '-o needs a value'
	viaduct 2 --bogus --json
	json '.error.message | test("bad option --bogus")'
	viaduct 2 --json list --bogus
	json '.error.message | test("bad option --bogus")'
	viaduct 2 --json lab 'fr"ob'
	json '.error.code == "EINVAL" and .error.hint == "viaduct lab --help" and
		(.error.message | test("no such command: fr\"ob"))'
}

@test "every command complains about an option it does not know" {
	local command
	for command in $(commands); do
		[[ $command != lab ]] || continue
		viaduct 2 --from "$HOSTS/intel-desktop" "$command" --no-such-option
		says 'bad option --no-such-option'
		says "viaduct $command --help tells"
		says_error
	done
}

@test "arguments that are too few, too many or senseless, exit 2" {
	local from=(--from "$HOSTS/intel-desktop")
	viaduct 2 "${from[@]}" check now
	viaduct 2 "${from[@]}" list 01:00.0
	viaduct 2 "${from[@]}" show
	viaduct 2 "${from[@]}" show a b
	viaduct 2 "${from[@]}" plan
	viaduct 2 "${from[@]}" plan world-peace
	says 'that is no goal'
	viaduct 2 "${from[@]}" plan sriov
	viaduct 2 "${from[@]}" plan sriov 03:00.0
	viaduct 2 "${from[@]}" plan sriov 03:00.0=many
	viaduct 2 "${from[@]}" plan passthrough
	viaduct 2 "${from[@]}" list --class gpuu
	viaduct 2 "${from[@]}" list --group x
	viaduct 2 "${from[@]}" --json list -o address,price
	viaduct 2 "${from[@]}" rollback x
	viaduct 2 "${from[@]}" rollback 1 2
	viaduct 3 "${from[@]}" prove
	viaduct 2 "${from[@]}" prove --rounds 2
	viaduct 2 "${from[@]}" prove --limit 0 kvm
	viaduct 2 "${from[@]}" prove --interface container kvm
	viaduct 2 "${from[@]}" prove --rounds 0 01:10.0
	viaduct 2 "${from[@]}" prove --guest-kernel /dev/null 01:10.0
	viaduct 2 "${from[@]}" prove --vf-token secret 01:10.0
	viaduct 3 "${from[@]}" prove --guest-kernel /nowhere/vmlinuz 01:10.0
	viaduct 2 "${from[@]}" vm
	viaduct 2 "${from[@]}" vm stop
	viaduct 2 "${from[@]}" vm run --memory much
	viaduct 2 acpi
	viaduct 2 --color pink check
	says 'auto, always or never'
}

@test "--json stands before or behind the command" {
	local before
	viaduct 0 --from "$HOSTS/intel-desktop" --json list
	before=$output
	viaduct 0 --from "$HOSTS/intel-desktop" list --json
	[[ $output == "$before" ]]
	viaduct 0 --from "$HOSTS/intel-desktop" list --class gpu --json -v
	json '.devices | length == 2'
	viaduct 2 --from "$HOSTS/intel-desktop" list -- --json
	[[ -z $output ]]
}

@test "help needs no source, and comes also behind a goal's words" {
	viaduct 0 --from /nonexistent check --help
	has 'Usage: viaduct'
	viaduct 0 plan nested --help
	has 'Goals:'
	viaduct 0 apply passthrough 01:00.0 --help
	has '--dry-run'
}

@test "one source" {
	viaduct 2 --from "$HOSTS/intel-desktop" --root "$HOSTS/intel-desktop" check
	says 'there is one source'
}

@test "options of a command and of its goal, in any order" {
	viaduct 0 --from "$HOSTS/intel-desktop" --json plan passthrough --now 01:00.0 01:00.1
	local wanted
	wanted=$(jq -r .id <<<"$output")
	viaduct 0 --from "$HOSTS/intel-desktop" --json plan passthrough 01:00.0 01:00.1 --now
	json_text .id "$wanted"
	viaduct 0 --from "$HOSTS/intel-desktop" plan nested -f
	viaduct 2 --from "$HOSTS/intel-desktop" plan passthrough 01:00.0 --bogus
	says 'no such option'
	viaduct 2 --from "$HOSTS/intel-desktop" plan passthrough 01:00.0 --file
}

@test "what could not be told of virtual devices is null, and exit 5" {
	local command
	for command in mdev vdpa vduse sriov; do
		viaduct 5 --from "$HOSTS/empty-directory" --json "$command"
		json '.devices == null'
	done
	viaduct 5 --from "$HOSTS/empty-directory" --json history
	json '.transactions == null'
	viaduct 5 --from "$HOSTS/empty-directory" sriov
	lacks 'No device here'
	viaduct 3 --from "$HOSTS/empty-directory" plan nested
	has 'who made the processor could not be told'
}

@test "evidence names where it was looked" {
	local name
	for name in "$HOSTS"/*; do
		run --separate-stderr "$VIADUCT" --from "$name" --json check
		json '[.findings[].evidence[].path] | all(. != null)'
	done
}

@test "a table that cannot be read has no structures, and says why" {
	viaduct 3 --json acpi /nonexistent
	json '.tables[0] | .structures == null and (.trouble | contains("ENOENT"))'
}

@test "words that mean nothing are refused" {
	viaduct 2 recover now
	viaduct 2 rollback 0
}

@test "where a goal mends it, the remedy names the goal" {
	build_host intel-off-in-kernel
	viaduct 1 --from "$host" --json check
	json '.findings[] | select(.id == "iommu.in-use").remedy |
		.kind == "goal" and .goal == "iommu"'
	viaduct 1 --from "$host" check
	has 'viaduct plan iommu'
}

@test "ids in capabilities are ids" {
	viaduct 0 --from "$HOSTS/sriov-host" --json list
	json '[.devices[].capabilities[]? | .vf_device_id?, .subsystem_vendor?, .dvsec_vendor? |
		values] | all(test("^[0-9a-f]{4}$"))'
}

@test "--root is --from, of an offline root" {
	viaduct 0 --root "$HOSTS/intel-desktop" check
	has 'Made-up Linux'
}

@test "no colours into a pipe; --color=always gives them; NO_COLOR does not fight it" {
	viaduct 0 --from "$HOSTS/intel-desktop" check
	lacks $'\033'
	viaduct 0 --color=always --from "$HOSTS/intel-desktop" check
	has $'\033['
	viaduct 0 --from "$HOSTS/intel-desktop" check --color=always
	has $'\033['
	NO_COLOR=1 viaduct 0 --color always --from "$HOSTS/intel-desktop" check
	has $'\033['
	viaduct 0 --color never --from "$HOSTS/intel-desktop" list
	lacks $'\033'
}

# on_terminal ARG...: what it prints on a terminal
on_terminal() {
	TERM=xterm script -qec "'$VIADUCT' $*" /dev/null </dev/null
}

@test "colours on a terminal, unless NO_COLOR or a dumb one" {
	command -v script >/dev/null || skip 'no script(1) here'
	[[ $(on_terminal --from "$HOSTS/intel-desktop" check) == *$'\033['* ]]
	[[ $(NO_COLOR=1 on_terminal --from "$HOSTS/intel-desktop" check) != *$'\033['* ]]
	[[ $(NO_COLOR='' on_terminal --from "$HOSTS/intel-desktop" check) == *$'\033['* ]]
	[[ $(on_terminal --color=never --from "$HOSTS/intel-desktop" check) != *$'\033['* ]]
}

@test "plain characters where the locale has no others" {
	LC_ALL=C viaduct 0 --from "$HOSTS/intel-desktop" check -v
	[[ -z $(LC_ALL=C tr -d '\000-\177' <<<"$output") ]]
	LC_ALL=C viaduct 0 --from "$HOSTS/intel-desktop" list --tree
	[[ -z $(LC_ALL=C tr -d '\000-\177' <<<"$output") ]]
}

@test "text keeps to the width it is given" {
	COLUMNS=60 viaduct 0 --from "$HOSTS/intel-desktop" check -v
	local narrow=${#lines[@]}
	COLUMNS=100 viaduct 0 --from "$HOSTS/intel-desktop" check -v
	((narrow > ${#lines[@]}))
}

@test "a closed pipe is quiet, in text and JSON" {
	local arguments
	for arguments in list 'list --json' check 'check --json' --help; do
		run --separate-stderr bash -c \
			"set -o pipefail; '$VIADUCT' --from '$HOSTS/sriov-host' $arguments | true"
		[[ -z $stderr ]]
		[[ $status == 0 || $status == 141 ]]
	done
	run --separate-stderr bash -c "'$VIADUCT' --from '$HOSTS/sriov-host' list | head -n 1"
	[[ $output == ADDRESS* && -z $stderr ]]
}

@test "a closed pipe is quiet also where SIGPIPE is ignored" {
	local arguments
	for arguments in list 'list --json' --help; do
		run --separate-stderr bash -c \
			"trap '' PIPE; set -o pipefail; '$VIADUCT' --from '$HOSTS/sriov-host' $arguments | true"
		[[ $status == 0 && -z $stderr ]]
	done
}

@test "output that does not go out is no success" {
	local arguments
	[[ -c /dev/full ]] || skip 'no /dev/full here'
	for arguments in list 'list --json' check 'check --json' --help --version \
		'show 01:00.0' 'plan sriov 01:00.1=1' 'plan sriov 01:00.1=1 --json' history; do
		run --separate-stderr bash -c \
			"'$VIADUCT' --from '$HOSTS/sriov-host' $arguments >/dev/full"
		[[ $status == 3 ]] || {
			echo "$arguments: exit status $status"
			return 1
		}
		says 'viaduct: write: standard output: '
	done
}

@test "--from what is no directory, exit 3" {
	local source
	printf 'a file' >"$BATS_TEST_TMPDIR/file"
	for source in "$BATS_TEST_TMPDIR/file" "$BATS_TEST_TMPDIR/nothing" '' \
		"$(printf 'x%.0s' {1..300})"; do
		viaduct 3 --from "$source" check
		says 'viaduct: open source: '
		[[ -z $output ]]
		viaduct 3 --json --from "$source" list
		json '.error | has("code") and has("message") and has("hint")'
	done
	ln -s nowhere "$BATS_TEST_TMPDIR/dangling"
	viaduct 3 --from "$BATS_TEST_TMPDIR/dangling" check
}

@test "--from a directory that may not be read, exit 3 or unknown, never absent" {
	local as_user=()
	mkdir -p "$BATS_TEST_TMPDIR/closed"
	if [[ $EUID == 0 ]]; then
		command -v setpriv >/dev/null || skip 'no setpriv(1) here'
		as_user=(setpriv --reuid 65534 --regid 65534 --clear-groups)
	fi
	"${as_user[@]}" "$VIADUCT" --version >/dev/null 2>&1 || skip 'an ordinary user cannot run it'
	chmod 000 "$BATS_TEST_TMPDIR/closed"
	run --separate-stderr "${as_user[@]}" "$VIADUCT" --json --from "$BATS_TEST_TMPDIR/closed" check
	[[ $status == 3 || $status == 5 ]]
	[[ $output != *'"pass"'*:* ]] || json '[.findings[].verdict] | unique == ["unknown"]'
}

@test "nothing acts on another source than /" {
	local arguments
	for arguments in 'apply --yes passthrough 01:00.0' 'apply --dry-run sriov 01:00.1=1' \
		'bind 01:10.2' 'bind 01:10.2 igbvf' 'release 01:10.0' 'prove 01:10.0' 'prove kvm' \
		'vm run 01:10.0' rollback 'rollback 1' recover; do
		# shellcheck disable=SC2086
		viaduct 3 --from "$HOSTS/sriov-host" $arguments
		says 'nothing that acts on a host runs against another source than /'
		# shellcheck disable=SC2086
		viaduct 3 --json --from "$HOSTS/sriov-host" $arguments
		json '.error.code == "EROFS"'
	done
	[[ ! -e $HOSTS/sriov-host/var/lib/viaduct && ! -e $HOSTS/sriov-host/run/viaduct.lock ]]
}

@test "looking changes nothing" {
	local before
	before=$(cd "$HOSTS/sriov-host" && find . -printf '%p %y %l %s %T@\n' | sort)
	for arguments in check list 'list --json' 'show 01:00.0' 'plan sriov 01:00.1=3' history \
		'vm run --dry-run 01:10.0'; do
		# shellcheck disable=SC2086
		"$VIADUCT" --from "$HOSTS/sriov-host" $arguments >/dev/null 2>&1 || true
	done
	[[ $before == "$(cd "$HOSTS/sriov-host" && find . -printf '%p %y %l %s %T@\n' | sort)" ]]
}

@test "history of a host that viaduct never changed" {
	viaduct 5 --from "$HOSTS/intel-desktop" history
	lacks 'has changed nothing'
	build_host intel-desktop
	mkdir -p "$host/var/lib/viaduct"
	viaduct 0 --from "$host" history
	has 'has changed nothing'
	viaduct 0 --from "$host" --json history
	json '. == {"schema": "viaduct.history/1", "transactions": []}'
}

@test "vm run --dry-run prints the command for a captured host" {
	viaduct 0 --from "$HOSTS/sriov-host" vm run --dry-run 01:10.0
	has 'vfio-pci'
	has '0000:01:10.0'
	viaduct 3 --from "$HOSTS/sriov-host" vm run --dry-run 01:00.0
	says 'it is bound to igb'
}

@test "acpi: a good table" {
	viaduct 0 acpi "$HOSTS/intel-desktop/sys/firmware/acpi/tables/DMAR"
	has DRHD
	viaduct 0 --json acpi "$HOSTS/intel-desktop/sys/firmware/acpi/tables/DMAR"
	json '.schema == "viaduct.acpi/1" and (.tables | length == 1)'
	json '.tables[0] | .signature == "DMAR" and .checksum_ok and .revision == 1 and
		.host_address_width_bits == 39 and .flags == ["intr_remap"] and
		(has("file") and has("length") and has("oem_id"))'
	json '[.tables[0].structures[].type] == ["DRHD", "DRHD", "RMRR"]'
	json '.tables[0].structures | all(has("offset") and has("length") and has("segment") and
		(.base | test("^0x")))'
	json '.tables[0].structures[2] | .limit == "0x7b0fffff" and
		.scopes[0].type == "endpoint" and .scopes[0].path == "00:14.0"'
}

@test "acpi: bad tables end in exit 3, the good ones are decoded all the same" {
	local good=$HOSTS/intel-desktop/sys/firmware/acpi/tables/DMAR bad=$BATS_TEST_TMPDIR
	head -c 50 "$good" >"$bad/short"
	head -c 4096 /dev/urandom >"$bad/noise"
	: >"$bad/empty"
	mkfifo "$bad/fifo"
	for file in short noise empty nothing; do
		viaduct 3 --json acpi "$bad/$file" "$good"
		json '.tables | length == 2'
		json '.tables[1].checksum_ok and (.tables[1].structures | length == 3)'
		says_error
	done
	viaduct 3 acpi "$bad"
}

@test "prove asks what answers at a vhost-user socket" {
	local socket=$BATS_TEST_TMPDIR/socket server tries=100
	truncate -s 1M "$BATS_TEST_TMPDIR/disk"
	"$VIADUCT" serve --socket "$socket" "$BATS_TEST_TMPDIR/disk" >/dev/null 3>&- &
	server=$!
	until [[ -S $socket ]] || ((--tries == 0)); do
		sleep 0.1
	done
	viaduct 0 --json prove "$socket"
	json '.rungs | map("\(.rung) \(.verdict)") == ["connect pass", "features pass", "protocol pass",
		"queues pass"]'
	json '.rungs[1].evidence.features | test("protocol-features version-1")'
	viaduct 0 --json prove "$socket"
	kill "$server"
	wait "$server" || true
	viaduct 1 prove "$socket"
	has 'start the back end first'
	python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$socket"
	viaduct 1 prove "$socket"
	has 'the socket is left over'
}
