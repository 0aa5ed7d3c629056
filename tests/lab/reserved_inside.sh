# shellcheck shell=bash disable=SC2016,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# Inside the second boot of tests/lab/reserved.
# shellcheck source-path=SCRIPTDIR source=expect.sh
. "$(dirname -- "$0")/expect.sh"

like "$(cat "/sys/kernel/iommu_groups/$(group_of "$EDU")/reserved_regions")" \
	'0x0*bf000000 0x0*bf0fffff direct' 'the kernel knows of the claim'
via --json check
like "$(json '.findings[] | select(.id | test("reserved")) | "\(.verdict) \(.detail)"')" "$EDU|03:00.0" \
	'check tells whose it is'
does 'edu to vfio-pci' apply --yes passthrough --now "$EDU"
via --json prove --interface group "$EDU"
ends 1 'prove by group'
like "$(json '.rungs[] | select(.verdict == "fail") | "\(.rung) \(.errno) \(.hint)"')" \
	'^(open|attach) E[A-Z]+ firmware reserves memory for a device of this group' \
	'by group: the rung, and the reason'
via --json prove --interface iommufd "$EDU"
ends 1 'prove by iommufd'
like "$(json '.rungs[] | select(.verdict == "fail") | "\(.rung) \(.errno) \(.hint)"')" \
	'^(open|attach) E[A-Z]+ firmware reserves memory for a device of this group' \
	'by iommufd: the rung, and the reason'
finish
