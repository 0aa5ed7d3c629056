# SPDX-License-Identifier: GPL-2.0-or-later
# fish completion for viaduct(1): commands and options as its own help lists them.

function __viaduct_commands
    set -l words (commandline -opc)
    command $words[1] --help 2>/dev/null |
        sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z]*\)  *\(.*\)/\1\t\2/p'
end

# The command on the line so far; nothing, and false, where there is none yet.
function __viaduct_command
    set -l names (__viaduct_commands | cut -f 1)
    for word in (commandline -opc)[2..]
        if contains -- $word $names
            echo $word
            return 0
        end
    end
    return 1
end

function __viaduct_options
    set -l words (commandline -opc)
    command $words[1] (__viaduct_command) --help 2>/dev/null |
        sed -n 's/^  \(-[a-z], \)\{0,1\}\(--[a-z][a-z0-9-]*\)\( [A-Z][A-Z,.]*\)\{0,1\}  *\(.*\)/\2\t\4/p'
    printf '%s\n' --json --color --quiet --verbose --help
end

function __viaduct_words
    set -l words (commandline -opc)
    switch (__viaduct_command)
        case show bind release prove plan apply sriov vm
            command $words[1] list -o address 2>/dev/null | tail -n +2
            printf '%s\n' gpu nic nvme usb audio
            contains (__viaduct_command) plan apply
            and printf '%s\n' guard hugepages iommu isolate mdev nested passthrough sriov vdpa
        case explain
            command $words[1] --json explain 2>/dev/null | sed -n 's/^    "\(.*\)",*$/\1/p'
        case history
            command $words[1] history 2>/dev/null | awk '/^ ? ? ?[0-9]/ { print $1 }'
        case rollback
            command $words[1] history 2>/dev/null | awk '$3 == "committed" { print $1 }'
        case mdev
            printf '%s\n' list create remove define undefine
            ls /sys/bus/mdev/devices 2>/dev/null
        case vdpa
            printf '%s\n' list add bind remove vhost_vdpa virtio_vdpa
            ls /sys/bus/vdpa/devices 2>/dev/null
        case vduse
            printf '%s\n' list serve end
            __fish_complete_path (commandline -ct)
        case baseline
            echo save
        case snapshot diff acpi serve
            __fish_complete_path (commandline -ct)
    end
end

complete -c viaduct -f
complete -c viaduct -n 'not __viaduct_command >/dev/null' -a '(__viaduct_commands)'
complete -c viaduct -n '__viaduct_command >/dev/null' -a '(__viaduct_words)'
complete -c viaduct -n 'string match -q -- "-*" (commandline -ct)' -a '(__viaduct_options)'
complete -c viaduct -l from -r -F
complete -c viaduct -l root -r -a '(__fish_complete_directories)'
complete -c viaduct -l color -x -a 'auto always never'
