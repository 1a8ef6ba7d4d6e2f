# bash completion for rolegate-recorder(8)

_rolegate_recorder()
{
	local cur=${COMP_WORDS[COMP_CWORD]}
	COMPREPLY=()
	if [[ ${COMP_WORDS[COMP_CWORD - 1]} == -c || ${COMP_WORDS[COMP_CWORD - 1]} == --config ]]; then
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
	elif [[ $cur == -* || -z $cur ]]; then
		mapfile -t COMPREPLY < <(compgen -W '-f -c --foreground --config --help --version' -- "$cur")
	fi
}

complete -F _rolegate_recorder rolegate-recorder
