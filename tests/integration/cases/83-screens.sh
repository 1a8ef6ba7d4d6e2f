# The prompt as an operator sees it, continued: pastes, a gateway that stops, whom to ask.
. "$TESTS/screen.sh"

pasted_lines_are_run_in_turn() {
	_screen prompts
	_type C-l
	_paste $'logs show | lines count\nends with 3\nlogs show | lines first 1\n' -p
	sleep 0.3
	_screen_is <<-'END'
		dana@jump prompts> logs show | lines count
		ends with 3
		logs show | lines first 1
	END
	_type Enter
	_until '^dana@jump prompts> *$'
	_screen_is <<-'END'
		dana@jump prompts> logs show | lines count
		ends with 3
		logs show | lines first 1
		3
		dana@jump prompts> ends with 3
		[3] dana@jump prompts> logs show | lines first 1
		alpha 1
		dana@jump prompts>
	END
	# Unmarked, as from a terminal that knows of no marks: none waits for Enter, and none is lost.
	_type C-l
	_paste $'wait 1\nends with 3\nlogs show | lines first 1\n'
	_until '^dana@jump prompts> *$'
	_screen_is <<-'END'
		dana@jump prompts> wait 1
		dana@jump prompts> ends with 3
		[3] dana@jump prompts> logs show | lines first 1
		alpha 1
		dana@jump prompts>
	END
}

what_is_typed_while_a_command_runs_is_its_input() {
	_screen prompts
	_type C-l
	_type -l talk
	_type Enter
	_until '^Name\? *$'
	_type -l 'ends with 3'
	_type Enter
	_until '^dana@jump prompts> *$'
	_screen_is <<-'END'
		dana@jump prompts> talk
		Name? ends with 3
		Hello ends with 3
		dana@jump prompts>
	END
}

what_is_typed_and_not_read_is_told() {
	_screen prompts
	_type C-l
	_type -l 'wait 2'
	_type Enter
	wait_for pgrep -u svc-ops sleep || fail "it does not run"
	sleep 0.3
	_type -l 'logs show'
	_type Enter
	_until '^dana@jump prompts> *$'
	_screen_is <<-'END'
		dana@jump prompts> wait 2
		logs show

		rolegate: 10 bytes that were typed were not read by the command
		dana@jump prompts>
	END
}

lines_after_an_interrupted_one_are_dropped_aloud() {
	_screen prompts
	_type C-l
	_paste $'wait 100\nlogs show\nexit\n'
	sleep 1
	_type C-c
	_until '^\[130 INT\] dana@jump prompts> *$'
	_screen_is <<-'END'
		dana@jump prompts> wait 100
		^C
		rolegate: 2 lines that had been typed or pasted are not run
		[130 INT] dana@jump prompts>
	END
}

prompt_ends_once_when_the_gateway_stops() {
	prompt_server=rolegate-$$-$RANDOM
	# The screen stays when the prompt has ended.
	_tmux new-session -d -x 80 -y 24 sh -c "'$TESTS/as' dana env TERM=screen-256color HOME=/home/dana \
		/opt/rolegate/bin/rolegate-shell -e prompts; echo \$? >'$T/status'; exec sleep 1000" ||
		fail "no terminal"
	trap '_tmux kill-server 2>/dev/null' EXIT
	_until '^dana@jump prompts> *$'
	_tmux pipe-pane "cat >'$T/pane'"
	_type C-l
	_type -l 'wait 100'
	_type Enter
	wait_for pgrep -u svc-ops sleep || fail "it does not run"
	gateway_stop
	gateway_start
	wait_for test -s "$T/status" || fail "it goes on: $(_capture)"
	_screen_is <<-'END'
		dana@jump prompts> wait 100
		rolegate: the gateway closed the session
	END
	! grep -q 'TERM.*prompts>' "$T/pane" || fail "one more prompt was drawn"
	[[ $(<"$T/status") == 125 ]] || fail "status $(<"$T/status")"
	no_process_of svc-ops
}

refusals_name_whom_to_ask() {
	run as dana "$rolegate" -e prompts-asked -- nope
	status_is 126
	err_has '^rolegate: "nope" is not permitted; ask the web desk, tel\. 4711 \(not-permitted, request [0-9a-f]{32}\)$'
	run as dana "$rolegate" -e prompts-asked --json -- nope
	[[ $(python3 -c 'import json,sys; print(json.load(sys.stdin)["contact"])' <"$T/out") == 'the web desk, tel. 4711' ]] ||
		fail "no contact in the JSON"
	run as dana "$rolegate" -e prompts-asked --dry-run --json -- unit restart sshd.service
	out_has '"contact":"the web desk, tel\. 4711"'
	run as dana "$rolegate" -e prompts-asked --dry-run -- nope
	out_is '"nope" is not permitted; ask the web desk, tel. 4711 (not-permitted)'
	# Nobody else can help with what is wrong in itself.
	run as dana "$rolegate" -e prompts-asked -- unit restart 'a b'
	err_has 'invalid-value'
	[[ $err != *4711* ]] || fail "contact at a wrong value"
	run as dana "$rolegate" -e prompts-asked -l --json
	out_has '"contact":"the web desk, tel\. 4711"'
	# Without the key there is nothing of it.
	run as dana "$rolegate" -e prompts --json -- nope
	out_lacks contact
	run as dana /opt/rolegate/bin/rolegate-shell -e prompts-asked <<<'logs show | nope'
	err_has 'stage 2: "nope" is not permitted; ask the web desk, tel\. 4711; nothing of the pipeline was run \(not-permitted'
}

prompt_names_whom_to_ask() {
	_screen prompts-asked
	_enter 'unit restart sshd.service'
	_screen_is <<-'END'
		dana@jump prompts-asked> unit restart sshd.service
		rolegate: UNIT: "sshd.service" is not allowed; allowed: nginx.service,
		  php8.2-fpm.service; ask the web desk, tel. 4711
		  (value-not-allowed, request REQUEST)
		[126 refused] dana@jump prompts-asked>
	END
	_enter 'why'
	out=$(_capture)
	out_has 'was refused \(value-not-allowed\): UNIT: .*; allowed:'
	out_has '^Whom to ask: the web desk, tel\. 4711 \(whoever keeps the roles of this host\)\.$'
	[[ $(grep -c 4711 <<<"$out") == 1 ]] || fail "it is said twice"
}

command_that_needs_a_terminal_is_refused_without() {
	run as dana "$rolegate" -e prompts -- survey </dev/null
	refused missing-parameter
	err_has '^rolegate: "survey" needs a terminal: run it by itself, at the prompt or by ssh -t \('
	# A dry run has none, and is no run.
	run as dana "$rolegate" -e prompts --dry-run -- survey
	status_is 0
	run as dana "$rolegate" -e prompts --describe --json -- survey
	out_has '"terminal":"required"'
	run as dana "$rolegate" -e prompts --describe -- survey
	out_has '^    needs a terminal$'
	# In a pipeline nobody has one, which its dry run tells.
	rm -f /run/jump-host/linger/mark
	run as dana /opt/rolegate/bin/rolegate-shell -e prompts <<<'survey | keep mark'
	status_is 126
	err_has 'stage 1: "survey" needs a terminal: .*; nothing of the pipeline was run \(missing-parameter'
	[[ ! -e /run/jump-host/linger/mark ]] || fail "something ran"
	run as dana /opt/rolegate/bin/rolegate-shell -e prompts <<<'survey'
	status_is 126
	err_has 'line 1: "survey" needs a terminal'
	run as dana /opt/rolegate/bin/rolegate-shell -e prompts <<<'help survey'
	out_has 'needs a terminal'
}

prompt_runs_what_needs_a_terminal() {
	_screen prompts
	_enter 'survey | lines count'
	_screen_is <<-'END'
		dana@jump prompts> survey | lines count
		rolegate: stage 1: "survey" needs a terminal: run it by itself, at the prompt or
		  by ssh -t; nothing of the pipeline was run
		  (missing-parameter, request REQUEST)
		[126 refused] dana@jump prompts>
	END
	_type C-l
	_type -l survey
	_type Enter
	_until '^Name\? *$'
	_type -l dana
	_type Enter
	_until '^dana@jump prompts> *$'
}
