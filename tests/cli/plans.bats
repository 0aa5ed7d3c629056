# SPDX-License-Identifier: GPL-2.0-or-later
# Plans that change the next boot, over a captured host with the files of every loader and of
# every initramfs generator that viaduct knows.
load common

setup_file() {
	export HOSTS=$BATS_FILE_TMPDIR
	python3 "$TESTS/hosts/make" --all "$HOSTS"
}

# host NAME: a copy of a captured host without its loader, in $root
host() {
	root=$BATS_TEST_TMPDIR/$1
	cp -a "$HOSTS/$1" "$root"
	rm -rf "$root"/boot/grub "$root"/etc/default/grub "$root"/boot/loader "$root"/efi
	echo 'root=/dev/nvme0n1p1 ro quiet' >"$root/proc/cmdline"
	mkdir -p "$root"/{boot,efi/loader,etc/{default,kernel,cmdline.d},usr/{bin,sbin,lib}}
	mkdir -p "$root"/usr/lib/{modules/6.12.0-test,dracut/modules.d/05viaduct}
	mkdir -p "$root"/etc/{sysctl.d,viaduct,dracut.conf.d,mkinitcpio.conf.d,initcpio/hooks} \
		"$root"/etc/initcpio/install "$root"/etc/initramfs-tools/{hooks,scripts/init-top} \
		"$root"/etc/default/grub.d
}

# file PATH TEXT
file() {
	mkdir -p "$(dirname "$root/$1")"
	printf '%b' "$2" >"$root/$1"
}

# plans GOAL...: the plan as JSON
plans() {
	viaduct "$1" --from "$root" --json plan "${@:2}"
}

# changes PATH LINE: the difference of that file has that line
changes() {
	json --arg path "$1" --arg line "$2" 'any(.actions[]; .kind == "file" and .target == $path and
		(.diff | split("\n") | index($line) != null))'
}

generates() {
	json --arg command "$1" 'any(.actions[]; .kind == "generate" and .target == $command)'
}

entry='title A\nlinux /vmlinuz-6.12.0-test\noptions root=/dev/nvme0n1p1 ro quiet\n'
grub_cfg='menuentry "A" {\nlinux /boot/vmlinuz-6.12.0-test root=/dev/nvme0n1p1 ro quiet\n}\n'

# booted_by NAME: what that loader told
booted_by() {
	mkdir -p "$root/sys/firmware/efi/efivars"
	{
		printf '\6\0\0\0'
		printf '%s\0' "$1" | iconv -t UTF-16LE
	} >"$root/sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
}

@test "GRUB of Debian: a drop-in that is read last, and update-grub" {
	host intel-off-in-kernel
	file boot/grub/grub.cfg "$grub_cfg"
	file etc/default/grub 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\n'
	file usr/sbin/update-grub ''
	plans 0 iommu
	changes /etc/default/grub.d/90-viaduct.cfg \
		'+GRUB_CMDLINE_LINUX_DEFAULT="$GRUB_CMDLINE_LINUX_DEFAULT intel_iommu=on"'
	generates update-grub
	json '.reboot_needed and .actions[1].wanted == "cmdline+intel_iommu=on"'
	json '(.risks | length > 0) and (.by_hand | any(contains("press e")))'
	file etc/default/grub.d/95-cloud.cfg 'GRUB_CMDLINE_LINUX_DEFAULT="console=ttyS0"\n'
	plans 0 iommu
	changes /etc/default/grub.d/99-viaduct.cfg \
		'+GRUB_CMDLINE_LINUX_DEFAULT="$GRUB_CMDLINE_LINUX_DEFAULT intel_iommu=on"'
}

@test "GRUB of Debian: what stands in the way goes out of the owner's file, and nothing else" {
	host intel-off-in-kernel
	file boot/grub/grub.cfg "$grub_cfg"
	file etc/default/grub "# mine\nGRUB_CMDLINE_LINUX_DEFAULT='quiet  iommu=off,soft splash' # x\n"
	file usr/sbin/update-grub ''
	plans 0 iommu
	changes /etc/default/grub "+GRUB_CMDLINE_LINUX_DEFAULT='quiet  iommu=soft splash' # x"
}

@test "GRUB elsewhere: the variable is edited" {
	host intel-off-in-kernel
	file boot/grub2/grub.cfg "$grub_cfg"
	file etc/default/grub 'GRUB_CMDLINE_LINUX_DEFAULT=quiet'
	plans 0 iommu passthrough
	changes /etc/default/grub '+GRUB_CMDLINE_LINUX_DEFAULT=quiet\ intel_iommu=on\ iommu=pt'
	generates 'grub2-mkconfig -o /boot/grub2/grub.cfg'
}

@test "GRUB with entries (BLS): the entry that boots next, and what later kernels get" {
	host intel-off-in-kernel
	file boot/grub2/grub.cfg 'blscfg\n'
	file boot/loader/entries/a-6.12.0-test.conf "$entry"
	file boot/loader/entries/a-6.1.0.conf "${entry//6.12.0-test/6.1.0}"
	file etc/default/grub 'GRUB_CMDLINE_LINUX="rhgb"\nGRUB_ENABLE_BLSCFG=true\n'
	file etc/kernel/cmdline 'root=/dev/nvme0n1p1 ro quiet\n'
	plans 0 iommu
	changes /boot/loader/entries/a-6.12.0-test.conf \
		'+options root=/dev/nvme0n1p1 ro quiet intel_iommu=on'
	changes /etc/kernel/cmdline '+root=/dev/nvme0n1p1 ro quiet intel_iommu=on'
	changes /etc/default/grub '+GRUB_CMDLINE_LINUX="rhgb intel_iommu=on"'
	json 'all(.actions[]; .target != "/boot/loader/entries/a-6.1.0.conf")'
	rm "$root"/boot/loader/entries/*
	plans 3 iommu
}

@test "systemd-boot by kernel-install: etc/kernel/cmdline, and the kernel that boots next" {
	host intel-off-in-kernel
	booted_by 'systemd-boot 252'
	file efi/loader/loader.conf ''
	file efi/loader/entries/m-6.12.0-test.conf "# install.d/90-loaderentry\n$entry"
	file boot/vmlinuz-6.12.0-test ''
	file boot/initrd.img-6.12.0-test ''
	file usr/sbin/update-initramfs ''
	plans 0 iommu
	changes /etc/kernel/cmdline '+root=/dev/nvme0n1p1 ro quiet intel_iommu=on'
	generates 'kernel-install add 6.12.0-test /boot/vmlinuz-6.12.0-test /boot/initrd.img-6.12.0-test'
}

@test "systemd-boot by hand: the entry that boots next" {
	host intel-off-in-kernel
	booted_by 'systemd-boot 255'
	file boot/loader/loader.conf 'default b\n'
	file boot/loader/entries/a.conf "$entry"
	file boot/loader/entries/b.conf "$entry"
	plans 0 iommu
	changes /boot/loader/entries/b.conf '+options root=/dev/nvme0n1p1 ro quiet intel_iommu=on'
	json '.actions | length == 1'
}

# It writes over what is booted, on partitions that it mounts itself: a power cut meanwhile would
# leave nothing to boot. So it is left to its owner, unless told otherwise (fake.bats).
@test "Proxmox over systemd-boot: refused, with the manual step" {
	host intel-off-in-kernel
	booted_by 'systemd-boot 252'
	file etc/kernel/proxmox-boot-uuids 'ABCD-0123\n'
	file etc/kernel/cmdline 'root=ZFS=rpool/ROOT/pve-1 boot=zfs\nmine\n'
	file usr/sbin/proxmox-boot-tool ''
	plans 3 iommu
	json '.actions == [] and (.refused[0] | .what == "proxmox-boot-tool refresh" and
		(.why | contains("in place")) and (.hint | contains("/etc/kernel/cmdline")))'
	rm "$root/usr/sbin/proxmox-boot-tool"
	file usr/sbin/pve-efiboot-tool ''
	plans 3 iommu
	json '.refused[0].what == "pve-efiboot-tool refresh"'
}

@test "Proxmox over GRUB: likewise" {
	host intel-off-in-kernel
	file boot/grub/grub.cfg "$grub_cfg"
	file etc/kernel/proxmox-boot-uuids 'ABCD-0123\n'
	file etc/default/grub 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\n'
	file usr/sbin/update-grub ''
	plans 3 iommu
	json '.refused[0] | .what == "proxmox-boot-tool refresh" and
		(.hint | contains("insist: --force"))'
}

@test "kernelstub: its list of words, and kernelstub" {
	host intel-off-in-kernel
	booted_by 'systemd-boot 249'
	file etc/kernelstub/configuration \
		'{\n  "user": {\n    "kernel_options": [\n      "quiet"\n    ]\n  }\n}\n'
	plans 0 iommu
	changes /etc/kernelstub/configuration '+      "intel_iommu=on"'
	generates kernelstub
}

@test "a unified image that firmware starts: etc/kernel/cmdline, or a file of its own" {
	host unified-image
	plans 0 iommu translated
	json '.refused == []'
}

@test "rEFInd: the first row" {
	host intel-off-in-kernel
	booted_by 'rEFInd 0.13'
	file boot/efi/EFI/refind/refind.conf 'timeout 5\n'
	file boot/refind_linux.conf '"Boot" "root=/dev/nvme0n1p1 ro quiet"\n"Single" "root=x single"\n'
	plans 0 iommu
	changes /boot/refind_linux.conf '+"Boot" "root=/dev/nvme0n1p1 ro quiet intel_iommu=on"'
}

@test "Limine: the entry by hand, and limine-update where that writes it" {
	host intel-off-in-kernel
	booted_by 'Limine 8.0'
	file boot/limine.conf '/Arch\n    path: boot():/vmlinuz-6.12.0-test\n    cmdline: root=x quiet\n'
	plans 0 iommu
	changes /boot/limine.conf '+    cmdline: root=x quiet intel_iommu=on'
	file etc/default/limine 'KERNEL_CMDLINE[default]+="root=x quiet"\n'
	plans 0 iommu
	changes /etc/default/limine '+KERNEL_CMDLINE[default]+="root=x quiet intel_iommu=on"'
	generates limine-update
}

@test "extlinux: the label by hand, update-extlinux, u-boot-update" {
	host intel-off-in-kernel
	file boot/extlinux/extlinux.conf \
		'default a\nlabel a\n  linux /vmlinuz-6.12.0-test\n  append root=x quiet\n'
	plans 0 iommu
	changes /boot/extlinux/extlinux.conf '+  append root=x quiet intel_iommu=on'
	file usr/sbin/u-boot-update ''
	file etc/default/u-boot '# U_BOOT_PARAMETERS="ro quiet"\n'
	plans 0 iommu
	changes /etc/default/u-boot '+U_BOOT_PARAMETERS="ro quiet intel_iommu=on"'
	generates u-boot-update
	file etc/update-extlinux.conf 'default_kernel_opts="quiet rootfstype=ext4"\n'
	plans 0 iommu
	changes /etc/update-extlinux.conf '+default_kernel_opts="quiet rootfstype=ext4 intel_iommu=on"'
	generates update-extlinux
}

@test "ostree, NixOS, two loaders and none: refused, with the manual step" {
	host intel-off-in-kernel
	file run/ostree-booted ''
	plans 3 iommu
	json '.refused[0].hint | contains("rpm-ostree kargs --append-if-missing")'
	rm -rf "$root" && host intel-off-in-kernel
	echo 'init=/nix/store/x-nixos/init root=x' >"$root/proc/cmdline"
	plans 3 iommu
	json '.refused[0].hint | contains("boot.kernelParams")'
	rm -rf "$root" && host intel-off-in-kernel
	plans 3 iommu
	json '.refused[0] | (.why | contains("which loader")) and (.hint | contains("add intel_iommu=on"))'
	file boot/grub/grub.cfg "$grub_cfg"
	file boot/loader/loader.conf ''
	plans 3 iommu
	json '.refused[0].why | contains("both left their traces")'
}

@test "a line that only a shell could tell is refused, and where" {
	host intel-off-in-kernel
	file boot/grub/grub.cfg "$grub_cfg"
	file etc/default/grub 'if true; then GRUB_CMDLINE_LINUX_DEFAULT="quiet"; fi\n'
	plans 3 iommu
	json '.refused[0] | .what == "/etc/default/grub" and (.why | contains("line 1"))'
}

@test "iommu: nothing on AMD, nothing where it is driven, a remedy where firmware has none" {
	viaduct 0 --from "$HOSTS/amd-reserved" --json plan iommu
	json '.actions == [] and .refused == []'
	viaduct 0 --from "$HOSTS/intel-desktop" --json plan iommu
	json '.actions == [] and .refused == []'
	viaduct 3 --from "$HOSTS/amd-desktop-ivrs-off" --json plan iommu
	json '.refused[0].hint | contains("AMD-Vi")'
	viaduct 2 --from "$HOSTS/intel-desktop" plan iommu fast
}

@test "iommu: refused where all was told and it is not driven, not while a reboot is due" {
	host iommu-asked-in-vain
	file boot/grub/grub.cfg "$grub_cfg"
	file usr/sbin/update-grub ''
	file etc/default/grub 'GRUB_CMDLINE_LINUX_DEFAULT="quiet intel_iommu=on"\n'
	plans 0 iommu
	json '[.actions[].kind] == ["generate"] and .refused == []'
	sed -i '/^linux/s/$/ intel_iommu=on/' "$root/boot/grub/grub.cfg"
	plans 0 iommu
	json '.actions == [] and .refused == [] and .reboot_needed'
	echo 'root=/dev/nvme0n1p1 ro quiet intel_iommu=on' >"$root/proc/cmdline"
	plans 3 iommu
	json '.refused[0].why | contains("intel_iommu=on is on the line of this boot")'
	echo 'root=/dev/nvme0n1p1 ro quiet' >"$root/proc/cmdline"
	sed -i 's/.*INTEL_IOMMU_DEFAULT_ON.*/CONFIG_INTEL_IOMMU_DEFAULT_ON=y/' "$root"/boot/config-*
	plans 3 iommu
	json '.refused[0].why | contains("without being told")'
	viaduct 1 --from "$root" --json check
	json '.findings[] | select(.id == "iommu.in-use").remedy.text |
		contains("look for DMAR errors") and (contains("Add intel_iommu=on") | not)'
	echo 'root=/dev/nvme0n1p1 ro quiet iommu=off' >"$root/proc/cmdline"
	plans 0 iommu
}

@test "iommu: the other maker's word stays on the line" {
	host intel-off-in-kernel
	file boot/grub/grub.cfg "$grub_cfg"
	file usr/sbin/update-grub ''
	file etc/default/grub 'GRUB_CMDLINE_LINUX_DEFAULT="quiet intel_iommu=off amd_iommu=off"\n'
	plans 0 iommu
	changes /etc/default/grub '+GRUB_CMDLINE_LINUX_DEFAULT="quiet amd_iommu=off"'
}

@test "iommu: Debian's kernel starts VT-d itself, and its integrated GPU stays as it is" {
	host intel-off-in-kernel
	echo CONFIG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF=y >>"$root/boot/config-6.12.0-test"
	file boot/grub/grub.cfg "$grub_cfg"
	file usr/sbin/update-grub ''
	file etc/default/grub 'GRUB_CMDLINE_LINUX_DEFAULT="quiet intel_iommu=off"\n'
	plans 0 iommu
	changes /etc/default/grub '+GRUB_CMDLINE_LINUX_DEFAULT="quiet"'
	json 'all(.actions[]; .diff // "" | contains("intel_iommu=on") | not)'
}

@test "isolate: words for this kernel, and not the processor that keeps the time" {
	host intel-off-in-kernel
	file boot/grub2/grub.cfg "$grub_cfg"
	file etc/default/grub 'GRUB_CMDLINE_LINUX_DEFAULT="quiet isolcpus=1"\n'
	file sys/devices/system/cpu/present '0-7\n'
	plans 0 isolate 2-3,7
	json 'any(.actions[]; .target == "/etc/default/grub" and
		(.diff | contains("quiet isolcpus=managed_irq,domain,2-3,7")))'
	plans 3 isolate 0-3
	plans 3 isolate 2-8
	viaduct 2 --from "$root" plan isolate 3-2
}

@test "hugepages: gigabytes on the line, two megabytes by sysctl, never all of memory" {
	host intel-off-in-kernel
	file boot/grub2/grub.cfg "$grub_cfg"
	file etc/default/grub 'GRUB_CMDLINE_LINUX_DEFAULT="quiet hugepagesz=2M hugepages=2"\n'
	file proc/meminfo 'MemTotal:       16777216 kB\n'
	for size in 2048 1048576; do
		file sys/kernel/mm/hugepages/hugepages-${size}kB/nr_hugepages '0\n'
		file sys/kernel/mm/hugepages/hugepages-${size}kB/free_hugepages '0\n'
	done
	plans 0 hugepages 1G=2
	changes /etc/default/grub \
		'+GRUB_CMDLINE_LINUX_DEFAULT="quiet hugepagesz=2M hugepages=2 hugepagesz=1G hugepages=2"'
	plans 0 hugepages 1G=2@1
	json '.actions[0].diff | contains("hugepagesz=1G hugepages=1:2")'
	plans 0 hugepages 2M=512
	changes /etc/sysctl.d/90-viaduct-hugepages.conf '+vm.nr_hugepages = 512'
	plans 3 hugepages 1G=16
	plans 3 hugepages 16M=1
	viaduct 2 --from "$root" plan hugepages 1G
}

@test "nested: an option where it is off, nothing where it is on" {
	host intel-off-in-kernel
	file sys/module/kvm_intel/parameters/nested 'N\n'
	plans 0 nested
	changes /etc/modprobe.d/viaduct-kvm.conf '+options kvm_intel nested=1'
	file sys/module/kvm_intel/parameters/nested 'Y\n'
	plans 0 nested
	json '.actions == []'
}

@test "nested off: an option where it is on, nothing where it is off" {
	host intel-off-in-kernel
	file sys/module/kvm_intel/parameters/nested 'Y\n'
	plans 0 nested off
	changes /etc/modprobe.d/viaduct-kvm.conf '+options kvm_intel nested=0'
	file declared.yaml 'nested: off\n'
	plans 0 --file "$root/declared.yaml"
	changes /etc/modprobe.d/viaduct-kvm.conf '+options kvm_intel nested=0'
	file etc/modprobe.d/viaduct-kvm.conf '# made by viaduct\noptions kvm_intel nested=1\n'
	file sys/module/kvm_intel/parameters/nested 'N\n'
	plans 0 nested off
	changes /etc/modprobe.d/viaduct-kvm.conf '-options kvm_intel nested=1'
	rm "$root/etc/modprobe.d/viaduct-kvm.conf"
	plans 0 --file "$root/declared.yaml"
	json '.actions == []'
	viaduct 2 --from "$root" plan nested on
}

# held ROOT-FILES: a plan that holds the second card of two that are alike
held() {
	host twin-gpus
	file boot/grub2/grub.cfg "$grub_cfg"
	file etc/default/grub 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\n'
	gpu=0000:02:00.0
	card=("$gpu" 0000:02:00.1)
}

@test "passthrough with initramfs-tools: ahead of udev, by more than the ids" {
	held
	file usr/sbin/update-initramfs ''
	plans 0 passthrough --persistent "${card[@]}"
	json --arg gpu "$gpu" 'any(.actions[]; .target == "/etc/viaduct/passthrough" and
		(.diff | test("\\+address=" + $gpu + " id=[0-9a-f:]+ .*place=pci.* twins=1 driver=vfio-pci")))'
	json '[.actions[].target] | index("/etc/initramfs-tools/scripts/init-top/00viaduct") and
		index("/etc/initramfs-tools/hooks/viaduct")'
	json '.actions[-1] | (.kind == "generate") and (.target | startswith("update-initramfs -u -k")) and
		(.wanted | contains("image+vfio-pci"))'
	json '.by_hand | any(contains("viaduct=off"))'
	json 'all(.actions[]; .kind == "file" or .kind == "generate")'
}

@test "passthrough with dracut, mkinitcpio and booster" {
	held
	file usr/bin/dracut ''
	plans 0 passthrough --persistent "${card[@]}"
	json '[.actions[].target] | index("/usr/lib/dracut/modules.d/05viaduct/module-setup.sh") and
		index("/etc/dracut.conf.d/90-viaduct.conf")'
	rm "$root/usr/bin/dracut"
	file usr/bin/mkinitcpio '# reads /etc/mkinitcpio.conf.d\n'
	plans 0 passthrough --persistent "${card[@]}"
	generates 'mkinitcpio -P'
	file usr/bin/mkinitcpio ''
	plans 3 passthrough --persistent "${card[@]}"
	json '.refused[0].why | contains("mkinitcpio.conf.d")'
	rm "$root/usr/bin/mkinitcpio"
	file usr/bin/booster ''
	plans 3 passthrough --persistent "${card[@]}"
	json '.refused[0].why | contains("ids alone")'
}

@test "passthrough where what boots is written over in place: refused, with the manual step" {
	held
	file usr/sbin/update-initramfs ''
	file usr/sbin/proxmox-boot-tool ''
	file etc/kernel/proxmox-boot-uuids 'ABCD-0123\n'
	plans 3 passthrough --persistent "${card[@]}"
	json '.actions == [] and any(.refused[]; .what == "proxmox-boot-tool refresh")'
	plans 0 passthrough --now "${card[@]}"
}

@test "passthrough: both unless one is named, and said where the next boot ends it" {
	held
	plans 0 passthrough "${card[@]}"
	json '(.risks | any(contains("until the next boot only"))) and
		any(.actions[]; .kind == "driver-override")'
	plans 3 passthrough --persistent "${card[@]}"
	plans 0 passthrough --now "${card[@]}"
	json '.risks == []'
	viaduct 2 --from "$root" plan passthrough --later "$gpu"
}

# forbidden ADDRESS WHAT LOSS: neither now, nor from boot on, nor declared; but for two --force
forbidden() {
	local way
	for way in --persistent --now ''; do
		# shellcheck disable=SC2086
		plans 3 passthrough $way "$1"
		json --arg what "$2" --arg loss "$3" '.actions == [] and (.refused |
			any((.why | contains($what) and contains("it would lose " + $loss)) and
				(.hint | contains("insist: --force --force"))))'
	done
	viaduct 3 --from "$root" --json plan --force passthrough --persistent "$1"
	json --arg what "$2" '.actions == [] and any(.refused[]; .why | contains($what))'
	printf 'passthrough: [{device: "%s"}]\n' "$1" >"$BATS_TEST_TMPDIR/host.yaml"
	viaduct 3 --from "$root" --json plan --file "$BATS_TEST_TMPDIR/host.yaml"
	json --arg what "$2" '.actions == [] and any(.refused[]; .why | contains($what))'
	run --separate-stderr "$VIADUCT" --from "$root" --json plan --force --force \
		passthrough --persistent "$1"
	json --arg what "$2" 'any(.overruled[]; .why | contains($what)) and
		all(.refused[]; .why | contains("the host uses it") | not)'
}

@test "what the host cannot do without is refused with what would be lost, unless told twice" {
	host storage-server
	file boot/grub/grub.cfg "$grub_cfg"
	file etc/default/grub 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\n'
	file usr/sbin/update-initramfs ''
	forbidden 0000:00:1f.2 'is mounted on /' 'its root file system'
	forbidden 0000:05:00.0 'carries the default route' 'the way to every other network'
	forbidden 0000:05:00.0 'carries an SSH session' 'the connection somebody works over'
	forbidden 0000:00:02.0 'no other display' 'its only screen'
	forbidden 0000:00:14.0 'the only keyboard hangs on it' 'its only keyboard'
}

@test "what is configured, and not yet what the loader reads, is generated; nothing else" {
	build_host grub-configured-not-booted
	viaduct 0 --from "$host" --json plan iommu
	json '[.actions[] | "\(.kind) \(.target)"] == ["generate grub-mkconfig -o /boot/grub/grub.cfg"]
		and .reboot_needed'
	sed -i '/^\tlinux/s/$/ intel_iommu=on/' "$host/boot/grub/grub.cfg"
	viaduct 0 --from "$host" --json plan iommu
	json '.actions == [] and .reboot_needed'
	viaduct 0 --from "$host" plan iommu
	has 'Nothing to do but to start again'
}

@test "sriov: a driver that makes no VFs is told before it is asked" {
	build_host troubled-devices
	viaduct 3 --from "$host" --json plan sriov 00:02.0=2
	json '.refused[0].why | contains("i915 makes no VFs")'
	local device
	device=$(readlink -f "$host/sys/bus/pci/devices/0000:00:02.0")
	mkdir -p "$host/sys/bus/pci/drivers/xe" "$host/sys/module/xe/parameters"
	ln -sfn ../../../bus/pci/drivers/xe "$device/driver"
	echo 0 >"$host/sys/module/xe/parameters/max_vfs"
	viaduct 3 --from "$host" --json plan sriov 00:02.0=2
	json '.refused[0].why | contains("max_vfs=N")'
	echo 7 >"$host/sys/module/xe/parameters/max_vfs"
	viaduct 0 --from "$host" --json plan sriov 00:02.0=2
}
