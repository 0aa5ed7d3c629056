# SPDX-License-Identifier: GPL-2.0-or-later
# bench as a user meets it: what it prints, keeps and refuses; no figure is judged.
load common

# hidden_kvm ARG...: viaduct where /dev and /sys hold next to nothing, and /var is new
hidden_kvm() {
	unshare -m true 2>/dev/null || skip 'no mount namespace here'
	# shellcheck disable=SC2016
	run --separate-stderr timeout 120 unshare -m sh -c \
		'for d in /var /dev /sys; do mount -t tmpfs none "$d" || exit 99; done
		mknod /dev/null c 1 3 || exit 99
		exec "$@"' sh "$VIADUCT" "$@"
	[[ $status != 99 ]] || skip 'nothing may be mounted here'
}

@test "JSON has its keys, with and without a figure" {
	hidden_kvm --json bench --no-record
	[[ $status == 0 ]]
	json '.schema == "viaduct.bench/1" and (.time | test("^20.*Z$")) and .earlier == null'
	json '.host | keys == ["board", "cpu", "firmware", "iommu_domain", "kernel", "kvm_back_end", "microcode"]'
	json '[.measures[] | select(.median_ns == null)] | length > 5'
	json '[.measures[] | select(.median_ns == null) | .because] | all(type == "string" and length > 10)'
	json '[.measures[] | select(.median_ns != null)] | length > 0 and
		all(.because == null and .runs > 0 and .least_ns <= .median_ns and
		.low_ns <= .median_ns and .median_ns <= .high_ns and .high_ns <= .most_ns and
		.a_second > 0 and .operations_a_run > 0)'
	json '.measures[] | select(.id == "exit-port-out").because | test("/dev/kvm.*ENOENT")'
	json '[.orders[].holds] | length > 3 and all(. == null or type == "boolean")'
}

@test "the table names what is not measurable, and why" {
	hidden_kvm bench --no-record
	[[ $status == 0 ]]
	has 'not measurable here'
	has 'because: /dev/kvm cannot be opened (ENOENT)'
	has 'vhost-user-stream'
	[[ -z $stderr ]]
}

@test "results are kept and compared with the last one" {
	unshare -m true 2>/dev/null || skip 'no mount namespace here'
	# shellcheck disable=SC2016
	run --separate-stderr timeout 120 unshare -m sh -c \
		'mount -t tmpfs none /var || exit 99
		"$0" --json bench --only vhost-user >/var/first || exit
		ls /var/lib/viaduct/results/bench
		"$0" --json bench --only vhost-user --compare /var/first >/var/second || exit
		jq -e ".measures[0].ratio_to_earlier > 0 and .earlier != null" /var/second || exit
		sleep 1; "$0" bench --only vhost-user || exit
		ls /var/lib/viaduct/results/bench | wc -l; ls -A /var/lib/viaduct/results/bench' \
		"$VIADUCT"
	[[ $status != 99 ]] || skip 'nothing may be mounted here'
	[[ $status == 0 ]]
	has 'compared with 20'
	lacks '.new'
}

@test "a result that cannot be kept is said, and shown" {
	unshare -m true 2>/dev/null || skip 'no mount namespace here'
	# shellcheck disable=SC2016
	run --separate-stderr timeout 60 unshare -m sh -c \
		'mount -t tmpfs -o ro none /var || exit 99
		exec "$0" bench --only vhost-user' "$VIADUCT"
	[[ $status != 99 ]] || skip 'nothing may be mounted here'
	[[ $status == 0 ]]
	has 'vhost-user-stream'
	says 'the result was not kept: var/lib/viaduct/results/bench: Read-only file system'
}

@test "a picture that any reader of XML reads" {
	viaduct 0 bench --no-record --only vhost-user --svg "$BATS_TEST_TMPDIR/it.svg"
	python3 -c 'import sys, xml.dom.minidom as m
root = m.parse(sys.argv[1]).documentElement
assert root.tagName == "svg" and not root.getElementsByTagName("script")
assert len(root.getElementsByTagName("circle")) == 2' "$BATS_TEST_TMPDIR/it.svg"
	viaduct 3 bench --no-record --only vhost-user --svg /nowhere/it.svg
	says 'viaduct: cannot write the picture: /nowhere/it.svg: No such file or directory'
}

@test "senseless wishes are refused" {
	viaduct 3 bench --only steam
	says 'viaduct: cannot measure: steam: it is neither a measurement nor a generation'
	viaduct 2 bench all
	viaduct 2 bench --limit 0
	viaduct 3 --json bench --no-record --only vhost-user --compare /dev/null
	json '.error.code != null'
	viaduct 3 --from "$BATS_TEST_TMPDIR" bench
}

@test "what cannot be proved says where the road ends, and why" {
	local target
	for target in kvm nested iommu vhost vdpa vduse; do
		hidden_kvm --json prove "$target"
		[[ $status == 1 || $target == iommu && $status == 5 ]]
		json '.schema == "viaduct.prove/1" and (.rungs | length > 3)'
		json '[.rungs[] | select(.verdict == "fail" or .verdict == "unknown")] |
			length > 0 and all(.hint | length > 10)'
		json '[.rungs[] | select(.verdict == "fail").errno] | all(. != null)'
		json '[.rungs[] | select(.verdict == "skip").hint] | all(type == "string")'
		hidden_kvm prove "$target"
		has 'highest rung that held: '
	done
	viaduct 2 prove --rounds 2
	viaduct 3 --from "$BATS_TEST_TMPDIR" prove vhost
}

@test "a proof is kept, and the next one says what it came to" {
	unshare -m true 2>/dev/null || skip 'no mount namespace here'
	# shellcheck disable=SC2016
	run --separate-stderr timeout 120 unshare -m sh -c \
		'for d in /var /dev; do mount -t tmpfs none "$d" || exit 99; done
		mknod /dev/null c 1 3 || exit 99
		"$0" prove --no-record kvm; ls -A /var
		"$0" --json prove kvm >/var/first
		"$0" --json prove kvm >/var/second
		"$0" prove kvm
		jq -e ".earlier == null and .host.kernel != null" /var/first || exit 98
		jq -e ".earlier != null and .rungs[0].earlier == .rungs[0].verdict" /var/second || exit 98
		ls /var/lib/viaduct/results/prove/kvm' "$VIADUCT"
	[[ $status != 99 ]] || skip 'nothing may be mounted here'
	[[ $status == 0 ]]
	has 'each rung as on 20'
	has 'Z.json'
}
