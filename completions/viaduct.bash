# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# bash completion for viaduct(1)
# shellcheck disable=SC2207

_viaduct_devices() {
	COMPREPLY+=($(compgen -W "$("$1" list -o address 2>/dev/null | tail -n +2) gpu nic nvme usb
		audio" -- "$cur"))
}

# The words after COMMAND, and its options that take a value.
_viaduct_command() {
	local program=$1 command=$2
	case $command in
	check | recover | guard) options= ;;
	history)
		options=
		COMPREPLY+=($(compgen -W "$("$program" history 2>/dev/null |
			awk '/^ ? ? ?[0-9]/ { print $1 }')" -- "$cur"))
		;;
	list)
		options='--tree --groups --output --class --group --driver --assignable --wake'
		;;
	show)
		options='--wake'
		_viaduct_devices "$program"
		;;
	explain)
		options=
		COMPREPLY+=($(compgen -W "$("$program" --json explain 2>/dev/null |
			sed -n 's/^    "\(.*\)",*$/\1/p')" -- "$cur"))
		;;
	lint)
		options='--kernel'
		;;
	snapshot)
		options='--no-redact --wake'
		COMPREPLY+=($(compgen -f -- "$cur"))
		;;
	diff)
		options=
		COMPREPLY+=($(compgen -f -- "$cur"))
		;;
	acpi)
		options=
		COMPREPLY+=($(compgen -f -- "$cur"))
		;;
	plan | apply)
		options='--file --force'
		[[ $command == plan ]] || options+=' --yes --dry-run --trial --reboot --at-boot --wait --revert-after'
		case " ${COMP_WORDS[*]} " in
		*' passthrough '*)
			options+=' --now --persistent --driver --reset-method --no-d3cold'
			_viaduct_devices "$program"
			;;
		*' sriov '*) _viaduct_devices "$program" ;;
		*' mdev '* | *' vdpa '*) ;;
		*)
			COMPREPLY+=($(compgen -W 'guard hugepages iommu isolate mdev nested passthrough sriov
				vdpa' -- "$cur"))
			;;
		esac
		;;
	bind | release)
		options='--dry-run --yes --force --group --companions'
		[[ $command == release ]] || options+=' --reset-method --no-d3cold --revert-after'
		_viaduct_devices "$program"
		;;
	baseline)
		options=
		COMPREPLY+=($(compgen -W save -- "$cur"))
		;;
	vduse)
		options='--driver --read-only'
		COMPREPLY+=($(compgen -W 'list serve end' -- "$cur") $(compgen -f -- "$cur"))
		;;
	mdev | vdpa)
		options='--dry-run --yes --force'
		if [[ $command == mdev ]]; then
			COMPREPLY+=($(compgen -W "list create remove define undefine $(ls /sys/bus/mdev/devices \
				2>/dev/null)" -- "$cur"))
		else
			COMPREPLY+=($(compgen -W "list add bind remove vhost_vdpa virtio_vdpa $(ls \
				/sys/bus/vdpa/devices 2>/dev/null)" -- "$cur"))
		fi
		;;
	sriov)
		options='--yes --dry-run --force'
		COMPREPLY+=($(compgen -W 'show set autoprobe=0 autoprobe=1 eswitch=legacy eswitch=switchdev
			vf=all,driver=vfio-pci' -- "$cur"))
		_viaduct_devices "$program"
		;;
	confirm) options='--force --at-boot --wait --reboot' ;;
	rollback)
		options=
		COMPREPLY+=($(compgen -W "$("$program" history 2>/dev/null |
			awk '$3 == "committed" { print $1 }')" -- "$cur"))
		;;
	prove)
		options='--limit --interface --rounds --guest-kernel --guest-initrd --vf-token
			--no-record'
		COMPREPLY+=($(compgen -W 'kvm nested iommu vhost vdpa vduse' -- "$cur"))
		_viaduct_devices "$program"
		;;
	serve)
		options='--socket --read-only --once'
		COMPREPLY+=($(compgen -f -- "$cur"))
		;;
	bench)
		options='--only --svg --compare --device --disk --no-record --limit'
		;;
	vm)
		options='--memory --cpus --kernel --initrd --append --disk --firmware --firmware-vars
			--name --no-rom --vf-token --limit --dry-run'
		COMPREPLY+=($(compgen -W run -- "$cur"))
		_viaduct_devices "$program"
		;;
	lab)
		options=
		COMPREPLY+=($(compgen -W 'boot shell fetch guest-image self-test' -- "$cur"))
		;;
	esac
}

# What a value of the option before the cursor may be; false where that takes none.
_viaduct_value() {
	case $1 in
	--from) COMPREPLY=($(compgen -f -- "$cur")) ;;
	--root) COMPREPLY=($(compgen -d -- "$cur")) ;;
	--kernel | --initrd | --guest-kernel | --guest-initrd | --disk | --firmware | --firmware-vars | --file | --svg | --compare | --socket)
		COMPREPLY=($(compgen -f -- "$cur"))
		;;
	--color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")) ;;
	--class) COMPREPLY=($(compgen -W 'gpu nic nvme usb audio storage bridge' -- "$cur")) ;;
	--driver) COMPREPLY=($(compgen -W "none $(ls /sys/bus/pci/drivers 2>/dev/null)" -- "$cur")) ;;
	--group) COMPREPLY=($(compgen -W "$(ls /sys/kernel/iommu_groups 2>/dev/null)" -- "$cur")) ;;
	-o | --output)
		COMPREPLY=($(compgen -W 'address ids group driver vfs use reset numa slot class name' \
			-- "$cur"))
		;;
	--only)
		COMPREPLY=($(compgen -W 'trap-and-emulate in-kernel virtio vhost VFIO vhost-user mdev
			vDPA VDUSE' -- "$cur"))
		;;
	--memory | --cpus | --append | --name | --limit | --wait | --rounds | --vf-token | --revert-after) ;;
	--reset-method)
		COMPREPLY=($(compgen -W 'device_specific acpi flr af_flr pm bus cxl_bus none' -- "$cur"))
		;;
	--interface) COMPREPLY=($(compgen -W "group iommufd both" -- "$cur")) ;;
	*) return 1 ;;
	esac
}

_viaduct() {
	local cur previous command='' word options=''
	local global='--from --root --json --color --quiet --verbose --help --version'
	local commands='check list show explain lint guard snapshot diff baseline acpi plan apply bind release mdev vdpa vduse sriov
		confirm rollback recover history prove bench vm serve lab'

	# Addresses have colons, at which readline would break words.
	if declare -F _get_comp_words_by_ref >/dev/null; then
		_get_comp_words_by_ref -n : cur
	else
		cur=${COMP_WORDS[COMP_CWORD]}
	fi
	previous=${COMP_WORDS[COMP_CWORD - 1]}
	COMPREPLY=()
	_viaduct_value "$previous" && return
	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		[[ " ${commands//[$'\n\t']/ } " != *" $word "* ]] || {
			command=$word
			break
		}
	done
	if [[ -z $command ]]; then
		COMPREPLY=($(compgen -W "$commands" -- "$cur"))
	else
		_viaduct_command "$1" "$command"
		global='--json --color --quiet --verbose --help'
	fi
	[[ $cur != -* ]] || COMPREPLY=($(compgen -W "$options $global" -- "$cur"))
	! declare -F __ltrim_colon_completions >/dev/null || __ltrim_colon_completions "$cur"
}

complete -F _viaduct viaduct
