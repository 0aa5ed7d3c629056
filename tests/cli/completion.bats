# SPDX-License-Identifier: GPL-2.0-or-later
# What fish and zsh offer: every command and option that the help names. (bash: tests/style)
load common

setup() {
	completions=$TESTS/../completions
	mkdir "$BATS_TEST_TMPDIR/bin"
	ln -s "$VIADUCT" "$BATS_TEST_TMPDIR/bin/viaduct"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	export HOME=$BATS_TEST_TMPDIR
}

commands() {
	"$VIADUCT" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' | sort
}

# options COMMAND: the long options of its help, and those that stand everywhere
options() {
	{
		"$VIADUCT" "$1" --help | grep -oE '^  (-[a-z], )?--[a-z][a-z0-9-]+' | grep -oE -- '--[a-z0-9-]+'
		printf -- '--%s\n' json color quiet verbose help
	} | sort -u
}

# fish_offers TEXT: what fish would complete it to
fish_offers() {
	fish -c "source '$completions/viaduct.fish'; complete -C '$1'" | cut -f 1 | sort -u
}

# zsh_runs FUNCTION [ARG]: of the completion, without the line that starts it
zsh_runs() {
	zsh -fc 'eval "$(sed "\$d" "$1")"; words=(viaduct); shift; "$@"' zsh \
		"$completions/_viaduct" "$@" | cut -d : -f 1 | sort -u
}

@test "fish offers every command and every option" {
	command -v fish >/dev/null || skip 'no fish here'
	fish -n "$completions/viaduct.fish"
	[[ $(fish_offers 'viaduct ') == "$(commands)" ]]
	for command in $(commands); do
		[[ $command != lab ]] || continue
		[[ $(comm -13 <(fish_offers "viaduct $command --") <(options "$command")) == '' ]]
	done
	[[ $(fish_offers 'viaduct --color ') == $'always\nauto\nnever' ]]
	fish_offers 'viaduct explain vt' | grep -qx vt-d
}

@test "zsh offers every command and every option" {
	command -v zsh >/dev/null || skip 'no zsh here'
	zsh -n "$completions/_viaduct"
	[[ $(zsh_runs _viaduct_commands) == "$(commands)" ]]
	for command in $(commands); do
		[[ $command != lab ]] || continue
		[[ $(comm -13 <(zsh_runs _viaduct_options "$command") <(options "$command")) == '' ]]
	done
}
