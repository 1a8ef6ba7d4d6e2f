# bash completion for rolegate-output(1)

_rolegate_output()
{
	COMPREPLY=()
	((COMP_CWORD == 1)) || return
	mapfile -t COMPREPLY < <(compgen -W 'success warning error invalid --help --version' \
		-- "${COMP_WORDS[COMP_CWORD]}")
}

complete -F _rolegate_output rolegate-output
