# bash completion for rolegatectl(8)

# The names of all profiles of the configuration that the line names.
_rolegatectl_profiles()
{
	local i config=()
	for ((i = 1; i + 1 < COMP_CWORD; i++)); do
		[[ ${COMP_WORDS[i]} != --config ]] || config=(--config "${COMP_WORDS[i + 1]}")
	done
	"${COMP_WORDS[0]}" "${config[@]}" show --profile 2>/dev/null |
		sed -n 's/^\([A-Za-z0-9_][A-Za-z0-9._-]*\) (.*/\1/p'
}

_rolegatectl()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local verbs='check show explain trial status reload pending approve reject revoke' verb= i
	COMPREPLY=()

	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--config)
			((i++))
			;;
		--)
			return
			;;
		-*) ;;
		*)
			verb=${COMP_WORDS[i]}
			break
			;;
		esac
	done

	case $prev in
	--config)
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		return
		;;
	--batch)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	--user | --as)
		mapfile -t COMPREPLY < <(compgen -u -- "$cur")
		return
		;;
	--profile)
		mapfile -t COMPREPLY < <(compgen -W "$(_rolegatectl_profiles)" -- "$cur")
		return
		;;
	--roles | --endpoint | -e | --line | --reason | --for | --role)
		return
		;;
	esac

	case $verb:$cur in
	explain:-*)
		mapfile -t COMPREPLY < <(compgen -W '--config --json --user --roles --endpoint --line
			--batch --' -- "$cur")
		;;
	trial:-*)
		mapfile -t COMPREPLY < <(compgen -W '--config --user --roles --endpoint --as --' \
			-- "$cur")
		;;
	pending:-*)
		mapfile -t COMPREPLY < <(compgen -W '--json -e --all --state' -- "$cur")
		;;
	pending:*)
		mapfile -t COMPREPLY < <(compgen -W 'show' -- "$cur")
		;;
	approve:-*)
		mapfile -t COMPREPLY < <(compgen -W '--json -e --for --once --role --as-caller-only
			--reason' -- "$cur")
		;;
	reject:-* | revoke:-*)
		mapfile -t COMPREPLY < <(compgen -W '--json -e --reason' -- "$cur")
		;;
	show:-*)
		mapfile -t COMPREPLY < <(compgen -W '--config --json --roles --endpoint --profile' -- "$cur")
		;;
	show:*)
		mapfile -t COMPREPLY < <(compgen -u -- "$cur")
		;;
	*:-*)
		mapfile -t COMPREPLY < <(compgen -W '--config --json --help --version' -- "$cur")
		;;
	:*)
		mapfile -t COMPREPLY < <(compgen -W "$verbs" -- "$cur")
		;;
	esac
}

complete -F _rolegatectl rolegatectl
