# Sessions: who is there, ending them, limits of time, and a new configuration that reaches the open ones.

# An endpoint of this file's own: _timed NAME TEXT-OF-LIMITS
_timed() {
	sed -i "0,/^endpoints = (/s//&\n  { name = \"$1\"; role_definitions = ( { group = \"web-ops\"; roles = [ \"operator\" ]; } );\n    run_as = \"svc-ops\"; $2 },/" \
		/etc/rolegate/rolegate.conf
	reload || fail "$(<"$T/reload")"
}

# The member of dana's first session whose text PATTERN matches, in $out.
_sessions() {
	run rolegatectl sessions --json "$@"
	status_is 0
}

_member() {
	python3 -c 'import json, sys
value = json.load(sys.stdin)["sessions"]
for key in sys.argv[1].split("."):
    value = value[int(key)] if key.isdigit() else value[key]
print(value)' "$1" <<<"$out" 2>/dev/null
}

_runs() {
	out=$(rolegatectl sessions --json --user "${1-dana}")
	request=$(_member 0.run.request)
	[[ $request =~ ^[0-9a-f]{32}$ ]]
}

# In the background, as dana: its standard error is in $T/client.
_start() {
	"$TESTS/as" dana "$rolegate" "$@" >"$T/client.out" 2>"$T/client" &
	client=$!
	wait_for _runs || fail "it does not run: $(<"$T/client")"
}

_ended() {
	local result=0
	wait "$client" || result=$?
	[[ $result == "$1" ]] || fail "the client ended with $result, not $1: $(<"$T/client")"
}

sessions_names_who_runs_what_and_whence() {
	ssh -tt dana@jump sleep 30 >"$T/ssh" 2>&1 &
	local ssh=$! port
	wait_for _runs || fail "no run: $(rolegatectl sessions)"
	[[ $(_member 0.user) == dana && $(_member 0.uid) == "$(id -u dana)" ]] || fail "who"
	[[ $(_member 0.login_uid) == "$(id -u dana)" ]] || fail "login uid"
	[[ $(_member 0.endpoint) == operations ]] || fail "where"
	[[ $(_member 0.run.command) == sleep && $(_member 0.run.account) == svc-ops ]] || fail "what"
	[[ $(readlink "/proc/$(_member 0.run.pid)/exe") == */sleep ]] || fail "its process"
	[[ $(_member 0.from.address) == 127.0.0.1 ]] || fail "whence: $out"
	port=$(_member 0.from.port)
	ss -tnp | found -E "127.0.0.1:$port .*\(\"ssh\",pid=$ssh" || fail "port $port is not the client's"
	[[ $(_member 0.terminal) == pts/* ]] || fail "terminal"
	run rolegatectl sessions --user dana
	out_has "^[0-9a-f]{16}  dana +operations +20.*Z  127.0.0.1:$port +pts/[0-9]+ +runs sleep as svc-ops for [0-9]+s, process [0-9]+, request $request"
	run rolegatectl sessions --user erin
	out_is 'no session'
	kill "$ssh"
	wait "$ssh"
	wait_for _none dana || fail "it is still there"
}

sessions_fits_a_small_terminal() {
	_start -- sleep 30
	run script -qec 'stty cols 80; NO_COLOR=1 rolegatectl sessions --user dana' /dev/null
	status_is 0
	out_has 'runs sleep as svc-ops for [0-9]+s, process [0-9]+'
	out_has "^    request $request"
	! grep -qE '.{82}' <<<"$out" || fail "a line is wider than the terminal"
	rolegatectl terminate "$request" >/dev/null
	_ended 129
}

_none() {
	[[ $(rolegatectl sessions --user "$1") == 'no session' ]]
}

R18_whence_is_not_what_the_environment_says() {
	SSH_CONNECTION='192.0.2.1 1 192.0.2.2 22' _start -- sleep 30
	[[ $(_member 0.from) == None ]] || fail "it believed the environment: $out"
	run rolegatectl terminate "$request"
	status_is 0
	_ended 129
}

R20_sessions_are_roots_to_see_and_to_end() {
	_start -- sleep 30
	run as erin /opt/rolegate/sbin/rolegatectl sessions
	[[ $status != 0 ]] || fail "erin saw them"
	run as dana /opt/rolegate/sbin/rolegatectl terminate "$request"
	[[ $status != 0 ]] || fail "dana ended it"
	kill -0 "$client" || fail "it is gone"
	run rolegatectl terminate "$request"
	status_is 0
	_ended 129
}

terminate_ends_one_run_and_its_session_lives_on() {
	pty "$TESTS/as" dana /opt/rolegate/bin/rolegate-shell <<-'END' &
		expect operations> 
		send sleep 60\r
		expect rolegate: an administrator ends this command: \\x1b\[31mlunch
		expect operations> 
		sleep 2
		send whoami\r
		expect svc-ops
		expect operations> 
		send exit\r
		status 0
	END
	local terminal=$!
	wait_for _runs || fail "no run"
	local session before=$request
	session=$(_member 0.session)
	run rolegatectl terminate "$request" --reason $'\e[31mlunch'
	status_is 2 # R2: no control bytes
	run rolegatectl terminate "$request" --reason '\x1b[31mlunch'
	[[ -z $(processes_of svc-ops) ]] || fail "it was not over yet"
	status_is 0
	out_has "^request $before of dana at operations has ended"
	no_process_of svc-ops
	_sessions --user dana
	[[ $(_member 0.session) == "$session" ]] || fail "another session"
	wait "$terminal" || fail "the terminal: $(<"$T/pty")"
	audit_has "op=terminate req=$before endpoint=operations acct=\"root\" id=0 .*detail=.*lunch session=$session target=dana by=rolegatectl" -m USER_CMD
	audit_has "op=end req=$before .*ended=terminated" -m USER_CMD
	run rolegatectl terminate "$before"
	status_is 1
	err_has 'no run has this request id now'
}

R16_terminate_ends_what_ignores_hangup() {
	changes_files
	cat >/etc/rolegate/commands.d/stubborn.conf <<-'END'
		commands = ( { name = "stubborn"; program = "/usr/bin/dash"; profile = "unrestricted";
		  arguments = [ "-c", "trap '' HUP TERM; setsid sleep 60 & sleep 60 & wait; wait" ]; } );
	END
	sed -i 's/visible_commands = (/& "stubborn",/' /etc/rolegate/roles.d/operator.role
	reload || fail "$(<"$T/reload")"
	_start -- stubborn
	local session before=$request
	session=$(_member 0.session)
	run rolegatectl terminate "$session" --json
	[[ -z $(processes_of svc-ops) ]] || fail "it was not over yet"
	status_is 0
	out_has "\"session\":\"$session\".*\"request\":\"$before\".*\"ended\":true,\"recorded\":true"
	no_process_of svc-ops
	_ended 137
	grep -q 'rolegate: an administrator ends this session$' "$T/client" || fail "no notice"
	run rolegatectl terminate "$session"
	status_is 1
	err_has 'no session has this id now'
}

terminate_ends_all_sessions_of_a_person() {
	local first second
	_start -- sleep 30
	first=$client
	"$TESTS/as" dana "$rolegate" -e narrow -- sleep 31 2>/dev/null &
	second=$!
	"$TESTS/as" frank "$rolegate" -- sleep 32 2>/dev/null &
	local frank=$!
	wait_for _runs frank || fail "frank's does not run"
	wait_for _two || fail "no second session: $out"
	run rolegatectl terminate --user dana --reason 'left the company'
	status_is 0
	[[ $(grep -c '^session [0-9a-f]* of dana at .* has ended' "$T/out") == 2 ]] || fail "not two"
	_none dana || fail "some are left"
	wait "$first"
	wait "$second"
	kill -0 "$frank" || fail "frank's is gone too"
	run rolegatectl terminate --user "$(id -u frank)"
	status_is 0
	wait "$frank"
	run rolegatectl terminate --user dana
	status_is 1
	err_has 'this person has no session now'
}

_two() {
	_sessions --user dana
	[[ $(_member 1.run.request) =~ ^[0-9a-f]{32}$ ]]
}

terminate_says_what_is_wrong_with_its_words() {
	run rolegatectl terminate
	status_is 2
	run rolegatectl terminate nonsense
	status_is 2
	err_has '32 hexadecimal digits'
	run rolegatectl terminate --user nobody-here
	status_is 2
	run rolegatectl terminate 0123456789abcdef --user dana
	status_is 2
	run rolegatectl terminate 0123456789abcdef --reason
	status_is 2
	run rolegatectl terminate 0123456789abcdef 0123456789abcdee
	status_is 2
}

terminate_of_a_run_that_is_just_over_ends_nothing_else() {
	local i running
	for i in {1..15}; do
		"$TESTS/as" dana "$rolegate" -- sleep 0 2>/dev/null &
		running=$(rolegatectl sessions --json | grep -oE '"request":"[0-9a-f]{32}"' | head -n 1)
		running=${running:11:32}
		[[ -z $running ]] || rolegatectl terminate "$running" >/dev/null 2>&1
		wait
	done
	gateway_serves
}

idle_limit_warns_and_ends_the_prompt() {
	changes_files
	_timed timed 'idle_timeout = 3; warning_time = "1s";'
	pty "$TESTS/as" dana /opt/rolegate/bin/rolegate-shell -e timed <<-'END'
		expect timed> 
		send whoa
		expect rolegate: nothing has happened for a while: this session ends in 1 second
		expect timed> whoa
		send mi\r
		expect svc-ops
		expect timed> 
		expect ends in 1 second
		expect rolegate: this session is over: nothing happened for 3 seconds
		expect closed the session
		status 125
	END
	audit_has 'op=session .*endpoint=timed .*reason=limit detail=.*idle' -m USER_CMD
}

idle_limit_ends_a_run_on_a_terminal_that_is_silent() {
	changes_files
	_timed timed 'idle_timeout = 2;'
	pty "$TESTS/as" dana "$rolegate" -e timed -- sleep 60 <<-'END'
		expect rolegate: this session is over: nothing happened for 2 seconds
		status 129
	END
	no_process_of svc-ops
	audit_has 'op=end .*endpoint=timed .*ended=idle-limit' -m USER_CMD
	# Bytes in either direction, or none that anybody waits for at a terminal, keep it.
	pty "$TESTS/as" dana "$rolegate" -e timed -- copy <<-'END'
		sleep 1.2
		send a\r
		expect a
		sleep 1.2
		send b\r
		expect b
		sleep 1.2
		send \x04
		status 0
	END
	gate dana -e timed -- sleep 3
	status_is 0
}

session_limit_ends_a_run_and_says_so_before() {
	changes_files
	_timed timed 'session_timeout = "3s"; warning_time = 1;'
	gate dana -e timed -- sleep 60
	status_is 129
	[[ $err == 'rolegate: this session has a time limit: it ends in 1 second
rolegate: this session is over: it may last 3 seconds' ]] || fail "not the two notices"
	no_process_of svc-ops
	audit_has 'op=end .*endpoint=timed .*ended=session-limit' -m USER_CMD
	audit_has 'op=session .*endpoint=timed .*reason=limit' -m USER_CMD
	# A flood of output doesn't put it off.
	run timeout 20 "$TESTS/as" dana script -qec "$rolegate -e timed -- produce 100000000000" /dev/null >/dev/null
	no_process_of svc-ops
}

R5_limits_of_time_are_checked() {
	local text
	changes_files
	for text in 'idle_timeout = "30";' 'idle_timeout = "1w";' 'idle_timeout = -1;' \
		'idle_timeout = "367d";' 'idle_timeout = "m";' 'session_timeout = 1.5;' \
		'idle_timeout = 60; warning_time = 60;' 'warning_time = 5;' \
		'session_timeout = "1m"; idle_timeout = "1h"; warning_time = "1m";' \
		'session_timeout = "99999999999999999999s";'; do
		sed "0,/^endpoints = (/s//&\n  { name = \"timed\"; $text },/" "$T/etc-rolegate/rolegate.conf" \
			>/etc/rolegate/rolegate.conf
		! reload || fail "accepted: $text"
		grep -qE 'rolegate.conf:[0-9]+: .*(expected)' "$T/reload" || fail "$(<"$T/reload")"
	done
	cp "$T/etc-rolegate/rolegate.conf" /etc/rolegate/
	_timed late 'idle_timeout = "30m"; session_timeout = "8h"; warning_time = 60;'
	_timed never 'idle_timeout = 0; session_timeout = "0s"; warning_time = 0;'
}

# What was a limit of version 1: roles that were taken away reached no open session.
reload_reaches_a_prompt_that_is_open() {
	changes_files
	pty "$TESTS/as" erin /opt/rolegate/bin/rolegate-shell <<-'END' &
		expect operations> 
		send pick alpha\r
		expect value-not-allowed
		expect operations> 
		send pi
		sleep 3
		send ck alpha\r
		expect alpha\r\n
		expect operations> 
		expect you have no role at this endpoint\s+\(no-role
		expect the gateway closed the session
		status 125
	END
	local terminal=$!
	sleep 1.5
	sed -i '0,/{ group = "log-readers"; roles = \[ "log-reader" \]; }/s//{ user = "erin"; roles = [ "operator" ]; }/' \
		/etc/rolegate/rolegate.conf
	reload || fail "$(<"$T/reload")"
	sleep 4
	sed -i '0,/{ user = "erin"; roles = \[ "operator" \]; }/s//{ user = "frank"; roles = [ "operator" ]; }/' \
		/etc/rolegate/rolegate.conf
	reload || fail "$(<"$T/reload")"
	wait "$terminal" || fail "the terminal: $(<"$T/pty")"
}

reload_leaves_a_run_alone_and_then_begins_anew() {
	changes_files
	mkfifo "$T/lines"
	"$TESTS/as" dana /opt/rolegate/bin/rolegate-shell <"$T/lines" >"$T/shell" 2>&1 &
	local shell=$! i
	exec 7>"$T/lines"
	echo 'sleep 2' >&7
	wait_for _runs || fail "no run"
	sed -i 's/set = \[ "alpha", "beta" \]/set = [ "gamma" ]/' /etc/rolegate/roles.d/operator.role
	for i in 1 2 3; do reload || fail "$(<"$T/reload")"; done
	_runs || fail "the run is gone"
	echo 'pick gamma' >&7
	wait_for grep -q gamma "$T/shell" || fail "it has the old roles: $(<"$T/shell")"
	reload
	echo 'pick gamma' >&7
	exec 7>&-
	wait "$shell" || fail "ended with $?: $(<"$T/shell")"
	[[ $(<"$T/shell") == $'gamma\ngamma' ]] || fail "said: $(<"$T/shell")"
}
