# The prompt as an operator sees it, and `a | b | c`.
. "$TESTS/screen.sh"

prompt_greets_and_helps() {
	_screen prompts
	_screen_is <<-'END'
		Change window: Tuesday.
		Call the desk first. ✓
		Type help for help, exit to leave.
		dana@jump prompts>
	END
	_enter help
	_screen_is <<-'END'
		dana@jump prompts> help
		You are at a gateway: it runs the approved commands of your roles, and records
		each.

		  commands [WORD] what you may run here, or what of it begins so
		  help COMMAND    its parameters, the values that you may give, and examples
		  why             explain the last refusal
		  fg              resume the command that ^Z stopped
		  kill [-9]       end it
		  exit            leave (^D as well)

		Tab completes commands, options and values; once more, and it says what each
		is. ^R searches the history. Put ' or " round a word that holds blanks or
		special characters.
		COMMAND | COMMAND gives the output of one to the next: each is decided on and
		recorded by itself, and none reads the keyboard. Nothing else of a shell is
		known here: a line with a redirection, a variable or a pattern is refused.

		For example:

		  device login web1.example.org
		  ends with 10
		  flood
		dana@jump prompts>
	END
	_enter 'help unit restart'
	_screen_is <<-'END'
		dana@jump prompts> help unit restart
		unit restart [--wait] UNIT
		    Restart a unit of the web tier
		    runs /usr/bin/echo restarted as svc-ops
		    profile standard
		    UNIT    The unit to restart
		            nginx.service, php8.2-fpm.service
		    --wait  Until it is up
		    for example:
		      unit restart nginx.service
		      unit restart --wait nginx.service
		      unit restart php8.2-fpm.service
		dana@jump prompts>
	END
}

prompt_lists_what_tab_finds() {
	_screen prompts
	_type C-l
	_type unit Space Tab
	sleep 0.3
	_type Tab
	_until '> unit $|> unit$'
	_screen_is <<-'END'
		dana@jump prompts> unit
		restart  status
		dana@jump prompts> unit
		  restart  Restart a unit of the web tier
		  status   Show a unit
		dana@jump prompts> unit
	END
	_type C-u C-l
	_type -l 'logs show | li'
	_type Tab
	sleep 0.3
	_type Tab
	_until 'lines *$'
	_screen_is <<-'END'
		dana@jump prompts> logs show | lines
		count  first  pass
		dana@jump prompts> logs show | lines
	END
}

prompt_lists_computed_choices() {
	_screen prompts
	_type C-l
	_type -l 'node drain '
	_type Tab
	_until 'node drain web$'
	_type Tab
	sleep 0.3
	_type 2 Enter
	_until '> *$'
	_screen_is <<-'END'
		dana@jump prompts> node drain web
		web1  web2
		dana@jump prompts> node drain web2
		drained web2
		dana@jump prompts>
	END
}

prompt_explains_a_refusal() {
	_screen prompts
	_enter 'unit restart sshd.service'
	_enter 'why'
	_screen_is <<-'END'
		[126 refused] dana@jump prompts> why
		  unit restart sshd.service
		was refused (value-not-allowed): UNIT: "sshd.service" is not allowed; allowed:
		  nginx.service, php8.2-fpm.service.
		The value is a possible one, but your roles allow you others.
		You may give:
		  UNIT (The unit to restart): one of: nginx.service, php8.2-fpm.service;
		    required
		Whom to ask: whoever keeps the roles of this host.
		It is on record as request REQUEST.
		dana@jump prompts>
	END
	_enter 'unit restrat nginx.service'
	_screen_is <<-'END'
		dana@jump prompts> unit restrat nginx.service
		rolegate: "unit restrat" is not permitted
		  (not-permitted, request REQUEST)
		rolegate: did you mean: unit restart nginx.service
		[126 refused] dana@jump prompts>
	END
}

R24_prompt_suggests_nothing_that_may_not_be_run() {
	_screen prompts
	# A command of others, and a value of others: one letter away.
	_enter 'whoam'
	out=$(_capture)
	out_lacks 'did you mean'
	_enter 'unit status postfix.servic'
	out=$(_capture)
	out_lacks 'did you mean'
}

prompt_shows_statuses() {
	_screen prompts
	_enter 'ends with 3'
	_enter 'ends with 4 | lines count'
	_enter 'die 9'
	_enter 'wait 0'
	_screen_is <<-'END'
		[126 refused] dana@jump prompts> wait 0
		dana@jump prompts>
	END
}

prompt_has_colours_where_they_are_seen() {
	_screen prompts
	_enter 'ends with 3'
	out=$(_capture -e | cat -v)
	out_has '^\^\[\[31m\[3\]\^\[\[39m \^\[\[32mdana@jump\^\[\[39m prompts>'
	_type exit Enter
	_tmux kill-server 2>/dev/null
	_screen prompts NO_COLOR=1
	_enter 'ends with 3'
	out=$(_capture -e | cat -v)
	out_lacks '\^\['
}

prompt_keeps_no_secret_in_its_history() {
	_screen prompts
	_enter 'device login web1.example.org --password hunter2'
	_enter 'device lgoin web1.example.org --password hunter2'
	_enter 'logs show | device login web1.example.org --password hunter2'
	_enter 'ends with 0'
	_type exit Enter
	wait_for test -e /home/dana/.local/state/rolegate/history || fail "no history"
	! grep -q hunter2 /home/dana/.local/state/rolegate/history || fail "a secret is in the history"
	grep -q 'ends' /home/dana/.local/state/rolegate/history || fail "nothing is in the history"
	[[ $(stat -c %a:%U /home/dana/.local/state/rolegate/history) == 600:dana ]] || fail "its mode"
}

# --- pipelines -------------------------------------------------------------------------------

# _lines ENDPOINT [OPTION …]: a script of dana's, on stdin.
_lines() {
	local endpoint=$1
	shift
	run as dana /opt/rolegate/bin/rolegate-shell -e "$endpoint" "$@"
}

pipeline_runs_approved_commands() {
	_screen prompts
	_enter 'logs show | lines first 2 | lines count'
	_screen_is <<-'END'
		dana@jump prompts> logs show | lines first 2 | lines count
		2
		dana@jump prompts>
	END
	_enter 'flood | lines first 2'
	_enter "logs show | nope '|' | lines count"
	_screen_is <<-'END'
		dana@jump prompts> logs show | nope '|' | lines count
		rolegate: stage 2: "nope" is not permitted; nothing of the pipeline was run
		  (not-permitted, request REQUEST)
		rolegate: did you mean: node '|'
		[126 refused] dana@jump prompts>
	END
	no_process_of svc-ops
}

pipeline_is_recorded_command_by_command() {
	local before
	needs_audit
	sleep 1 # what was before is of another second
	before=$(date +%H:%M:%S)
	_lines prompts <<<'logs show | lines first 1 | lines count'
	status_is 0
	out_is 1
	AUDIT_PATIENCE=5 audit_has 'op=end .*comm=lines count' -m USER_CMD -ts today "$before" -i
	ausearch -m USER_CMD -ts today "$before" -i >"$T/audit" 2>/dev/null
	local name
	for name in /usr/bin/printf /usr/bin/head /usr/bin/wc; do
		grep -q -- "$name" "$T/audit" || fail "no record of $name"
	done
	# Each has a request of its own: three dry runs, three decisions, three ends.
	[[ $(grep -oE 'req=[0-9a-f]{32}' "$T/audit" | sort -u | wc -l) == 6 ]] || fail "requests"
}

stages_of_a_pipeline_have_one_label() {
	needs_audit
	local label
	printf 'lines pass | lines count\nlines pass | lines count\nlogs show\n' >"$T/lines"
	run as dana /opt/rolegate/bin/rolegate-shell -e prompts <"$T/lines"
	sleep 1
	ausearch -m USER_CMD -ts recent --raw 2>/dev/null | grep -a ' endpoint=prompts ' >"$T/records"
	# Of the last two: two dry runs, two decisions and two ends each.
	grep -oE ' pipeline=[0-9a-f]{32} ' "$T/records" | tail -n 12 | uniq -c >"$T/labels"
	[[ $(awk '{ print $1 }' "$T/labels" | paste -sd' ') == '6 6' ]] || fail "labels: $(<"$T/labels")"
	label=$(awk 'END { print $2 }' "$T/labels")
	[[ $(grep -c " $label .*op=\| $label " "$T/records") == 6 ]] || fail "not six of $label"
	! tail -n 1 "$T/records" | found pipeline= || fail "a command alone has one"
	gateway_serves
}

pipeline_runs_nothing_if_one_is_refused() {
	rm -f /run/jump-host/linger/mark
	_lines prompts <<<'logs show | keep mark | unit restart sshd.service'
	status_is 126
	out_is ''
	err_has '^rolegate: line 1: stage 3: UNIT: "sshd.service" is not allowed; .*; nothing of the pipeline was run \(value-not-allowed, request [0-9a-f]{32}\)$'
	[[ ! -e /run/jump-host/linger/mark ]] || fail "something was run"
	_lines prompts <<<'logs show | keep mark'
	status_is 0
	[[ $(wc -l </run/jump-host/linger/mark) == 3 ]] || fail "the mark"
}

pipeline_that_is_refused_late_has_moved_no_data() {
	rm -f /run/jump-host/linger/mark
	# Whoever has to prove who they are, and can't, is refused after the dry run.
	_lines prompts-vouched <<<'logs show | keep mark'
	status_is 126
	err_has 'line 1: stage 2: .*\(authentication-failed, request '
	[[ ! -e /run/jump-host/linger/mark ]] || fail "something was run"
	no_process_of svc-ops
}

pipeline_takes_sessions_within_the_limit() {
	_lines prompts <<<'logs show | lines pass | lines pass | lines count'
	status_is 0
	out_is 3
	_lines prompts <<<'logs show | lines pass | lines pass | lines pass | lines pass | lines pass | lines count'
	status_is 126
	err_has '^rolegate: line 1: stage 6: too many sessions are open; each command of a pipeline is a session of its own; nothing of the pipeline was run \(limit\)$'
	gateway_serves
}

pipeline_statuses() {
	_lines prompts <<<'ends with 4 | lines count'
	status_is 0
	err_has '^rolegate: line 1: exit statuses of the pipeline: 4 \| 0$'
	_lines prompts <<<'logs show | ends with 5'
	status_is 5
	[[ -z $err ]] || fail "more was said"
	_lines prompts <<<'flood | lines first 1'
	status_is 0
	[[ -z $err ]] || fail "more was said"
	no_process_of svc-ops
}

pipeline_moves_any_bytes_fast() {
	local begun=$SECONDS
	run as frank /opt/rolegate/bin/rolegate-shell -e prompts <<<'produce 300000000 | copy'
	status_is 0
	[[ $(stat -c %s "$T/out") == 300000000 ]] || fail "$(stat -c %s "$T/out") bytes"
	((SECONDS - begun < 20)) || fail "it took $((SECONDS - begun)) seconds"
}

pipeline_is_only_at_the_prompt_and_on_standard_input() {
	run as dana /opt/rolegate/bin/rolegate-shell -e prompts -c 'logs show | lines count'
	refused syntax
	run ssh dana@jump 'whoami | copy'
	refused syntax
	_lines prompts-alone <<<'logs show | lines count'
	status_is 126
	err_has 'line 1: column 11: "\|" would start a pipe in a shell.*\(syntax, request '
	_lines prompts-alone <<<'logs show'
	status_is 0
}

pipeline_is_interrupted_stopped_and_resumed_as_one() {
	pty "$TESTS/as" dana env TERM=xterm HOME=/home/dana /opt/rolegate/bin/rolegate-shell -e prompts <<-'END'
		expect prompts> 
		send wait 500 | wait 501 | lines count\r
		sleep 1
		send \x03
		expect 130 INT
		expect prompts> 
		send wait 3 | lines count\r
		sleep 1
		send \x1a
		expect Stopped: wait 3 . lines count
		expect 148 TSTP
		expect prompts> 
		send fg\r
		expect \n0\r
		expect prompts> 
		send wait 502 | lines count\r
		sleep 1
		send \x1a
		expect 148 TSTP
		send kill\r
		expect 143 TERM
		send exit\r
		status 143
	END
	no_process_of svc-ops
}

R16_pipeline_ends_with_its_client() {
	"$TESTS/as" dana /opt/rolegate/bin/rolegate-shell -e prompts <<<'wait 500 | wait 501' &
	wait_for pgrep -u svc-ops -f 'sleep.* 501' || fail "it does not run"
	kill -9 $!
	no_process_of svc-ops
}

# --- scripts ---------------------------------------------------------------------------------

script_of_lines_stops_where_it_fails() {
	_lines prompts -E <<-'END'
		# what this does | and how
		logs show | lines count

		ends with 7
		logs show
	END
	status_is 7
	out_is 3
	_lines prompts <<-'END'
		set -e
		unit restart sshd.service
		logs show
	END
	status_is 126
	out_is ''
	err_has '^rolegate: line 2: UNIT: .*\(value-not-allowed, request '
	run ssh dana@jump <<-'END'
		set -e
		exit 9
		whoami
	END
	status_is 9
	out_is ''
}

# --- examples --------------------------------------------------------------------------------

# Every example of every command that a person may run is accepted by a dry run.
examples_are_accepted_by_a_dry_run() {
	run as dana /usr/bin/python3 - <<-'END'
		import json, subprocess
		client = "/opt/rolegate/bin/rolegate"
		def ask(endpoint, *words):
		    done = subprocess.run([client, "-e", endpoint, *words], capture_output=True, text=True)
		    return done.returncode, done.stdout
		tried = 0
		for endpoint in ("prompts", "operations", "functions", "results", "members", "approved"):
		    for command in json.loads(ask(endpoint, "-l", "--json")[1])["commands"]:
		        answer = json.loads(ask(endpoint, "--describe", "--json", "--", *command["name"].split())[1])
		        for one in answer.get("alternatives", [answer]):
		            for words in one["examples"]:
		                status, text = ask(endpoint, "--dry-run", "--json", "--", *words)
		                reason = json.loads(text).get("reason")
		                tried += 1
		                if status != 0 and reason != "pending-approval":
		                    raise SystemExit("%s: %s: %s" % (endpoint, words, text))
		assert tried > 60, tried
		print(tried)
	END
	status_is 0
}
