# bash completion for rolegate(1)

# The names of what the caller may run, one a line. In the gateway's list a command has parameters,
# and an alias stands for a command; nothing else that has a name does.
_rolegate_names()
{
	"$@" -n -l --json 2>/dev/null </dev/null | sed 's/{"name":"/\n/g' |
		sed -n '1d; /"parameters":\[/!{/^[^"]*","command":"/!d}
			s/^\([A-Za-z0-9_./ -]*\)".*/\1/p'
}

# The options of the command or function that the words are the name of: in its description they are
# strings of their own.
_rolegate_options()
{
	"$@" 2>/dev/null </dev/null | grep -oE '"--[A-Za-z0-9][A-Za-z0-9_.-]*"' | tr -d '"'
}

_rolegate()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local i word first=0 endpoint=() IFS=$' \t\n'
	COMPREPLY=()

	# Up to the command's first word, if it is there already.
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		case $word in
		-e | --endpoint)
			endpoint+=(-e "${COMP_WORDS[++i]}")
			;;
		--act-as)
			endpoint+=(--act-as "${COMP_WORDS[++i]}")
			;;
		-u | --account)
			((i++))
			;;
		--)
			first=$((i + 1))
			break
			;;
		-*) ;;
		*)
			first=$i
			break
			;;
		esac
	done

	if ((first == 0)); then
		case $prev in
		--act-as)
			mapfile -t COMPREPLY < <(compgen -u -- "$cur")
			return
			;;
		-e | --endpoint | -u | --account)
			return
			;;
		esac
		if [[ $cur == -* ]]; then
			mapfile -t COMPREPLY < <(compgen -W '-e -u -n -l --endpoint --account --act-as --no-prompt
				--list --describe --dry-run --json --help --version --' -- "$cur")
			return
		fi
		first=$COMP_CWORD
	fi

	local before=
	if [[ $cur == -* ]] && ((first < COMP_CWORD)); then
		# What stands before the first option may have operands at its end.
		for ((i = first; i < COMP_CWORD && i < first + 4; i++)); do
			[[ ${COMP_WORDS[i]} != -* ]] || break
		done
		for (( ; i > first && ${#COMPREPLY[@]} == 0; i--)); do
			mapfile -t COMPREPLY < <(compgen -W "$(_rolegate_options "${COMP_WORDS[0]}" \
				"${endpoint[@]}" -n --json --describe -- "${COMP_WORDS[@]:first:i - first}")" \
				-- "$cur")
		done
		return
	fi
	if ((first < COMP_CWORD)); then
		before="${COMP_WORDS[*]:first:COMP_CWORD - first} "
	fi
	mapfile -t COMPREPLY < <(
		_rolegate_names "${COMP_WORDS[0]}" "${endpoint[@]}" |
			while IFS= read -r name; do
				[[ $name == "$before$cur"* ]] || continue
				name=${name#"$before"}
				printf '%s\n' "${name%% *}"
			done | sort -u
	)
}

complete -F _rolegate rolegate
