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

# The functions that ask for more than what is not trusted gets: "check" warns of them.
_rolegatectl_untrusted()
{
	local i config=()
	for ((i = 1; i + 1 < COMP_CWORD; i++)); do
		[[ ${COMP_WORDS[i]} != --config ]] || config=(--config "${COMP_WORDS[i + 1]}")
	done
	"${COMP_WORDS[0]}" "${config[@]}" check 2>/dev/null |
		sed -n 's/^[^"]*: function "\([A-Za-z0-9_. -]*\)" is untrusted.*/\1/p' | sort -u
}

# The ids of all sessions and runs, where root asks.
_rolegatectl_ids()
{
	"${COMP_WORDS[0]}" sessions --json 2>/dev/null |
		grep -oE '"(session|request)":"[0-9a-f]+"' | cut -d '"' -f 4
}

# What stands after "trust", which is word $1.
_rolegatectl_trust()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	case $prev in
	--level)
		mapfile -t COMPREPLY < <(compgen -W 'untrusted trusted' -- "$cur")
		return
		;;
	--on-mismatch)
		mapfile -t COMPREPLY < <(compgen -W 'block constrain warn' -- "$cur")
		return
		;;
	--id | --signed-by)
		return
		;;
	esac
	((COMP_CWORD > $1 + 1)) || {
		mapfile -t COMPREPLY < <(compgen -W 'add list verify update generate' -- "$cur")
		return
	}
	case ${COMP_WORDS[$1 + 1]}:$cur in
	add:-*)
		mapfile -t COMPREPLY < <(compgen -W '--level --on-mismatch --pin-interpreter --id
			--signed-by' -- "$cur")
		;;
	generate:-*)
		mapfile -t COMPREPLY < <(compgen -W '--level --on-mismatch' -- "$cur")
		;;
	list:-* | verify:-*)
		mapfile -t COMPREPLY < <(compgen -W '--json' -- "$cur")
		;;
	generate:*)
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		;;
	add:*)
		# A name of several words is one word here.
		mapfile -t COMPREPLY < <(
			_rolegatectl_untrusted | while IFS= read -r name; do
				[[ $name != "${cur//[\\\"\']/}"* ]] || printf '%q\n' "$name"
			done
			compgen -f -- "$cur"
		)
		;;
	update:*)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		;;
	esac
}

_rolegatectl()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local verbs='check show explain trial trust bundle status reload pending approve reject
		revoke sessions terminate' verb= word= i
	COMPREPLY=()

	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--config | --key | --key-name | --name | --keys | --trust-key)
			((i++))
			;;
		--)
			return
			;;
		-*) ;;
		*)
			if [[ -n $verb ]]; then
				word=${COMP_WORDS[i]}
				break
			fi
			verb=${COMP_WORDS[i]}
			[[ $verb == bundle ]] || break
			;;
		esac
	done

	case $prev in
	--config)
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		return
		;;
	--batch | --key | --keys | --trust-key)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	--user | --as | --act-as)
		mapfile -t COMPREPLY < <(compgen -u -- "$cur")
		return
		;;
	--profile)
		mapfile -t COMPREPLY < <(compgen -W "$(_rolegatectl_profiles)" -- "$cur")
		return
		;;
	--roles | --endpoint | -e | --line | --key-name | --name | --reason | --for | --role)
		return
		;;
	esac

	case $verb:$word:$cur in
	bundle:key:-*)
		mapfile -t COMPREPLY < <(compgen -W '--key --key-name' -- "$cur")
		return
		;;
	bundle:sign:-*)
		mapfile -t COMPREPLY < <(compgen -W '--key --key-name --name' -- "$cur")
		return
		;;
	bundle:verify:-*)
		mapfile -t COMPREPLY < <(compgen -W '--config --json --keys' -- "$cur")
		return
		;;
	bundle:install:-*)
		mapfile -t COMPREPLY < <(compgen -W '--config --trust-key --allow-older' -- "$cur")
		return
		;;
	bundle:rollback:-*)
		mapfile -t COMPREPLY < <(compgen -W '--config' -- "$cur")
		return
		;;
	bundle:sign:* | bundle:verify:* | bundle:install:*)
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		return
		;;
	bundle::[^-]* | bundle::)
		mapfile -t COMPREPLY < <(compgen -W 'key sign verify install rollback list' -- "$cur")
		return
		;;
	esac

	case $verb:$cur in
	trust:*)
		_rolegatectl_trust "$i"
		;;
	explain:-*)
		mapfile -t COMPREPLY < <(compgen -W '--config --json --user --act-as --roles --endpoint
			--line --batch --' -- "$cur")
		;;
	trial:-*)
		mapfile -t COMPREPLY < <(compgen -W '--config --user --roles --endpoint --as --' \
			-- "$cur")
		;;
	pending:-*)
		mapfile -t COMPREPLY < <(compgen -W '--json -n -e --all --state' -- "$cur")
		;;
	pending:*)
		mapfile -t COMPREPLY < <(compgen -W 'show' -- "$cur")
		;;
	approve:-*)
		mapfile -t COMPREPLY < <(compgen -W '--json -n -e --for --once --role --as-caller-only
			--reason' -- "$cur")
		;;
	reject:-* | revoke:-*)
		mapfile -t COMPREPLY < <(compgen -W '--json -n -e --reason' -- "$cur")
		;;
	show:-*)
		mapfile -t COMPREPLY < <(compgen -W '--config --json --roles --endpoint --profile' -- "$cur")
		;;
	show:*)
		mapfile -t COMPREPLY < <(compgen -u -- "$cur")
		;;
	sessions:-*)
		mapfile -t COMPREPLY < <(compgen -W '--json --user' -- "$cur")
		;;
	terminate:-*)
		mapfile -t COMPREPLY < <(compgen -W '--json --user --reason' -- "$cur")
		;;
	terminate:*)
		mapfile -t COMPREPLY < <(compgen -W "$(_rolegatectl_ids)" -- "$cur")
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
