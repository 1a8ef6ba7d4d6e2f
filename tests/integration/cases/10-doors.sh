# The front doors: sshd with a login shell or a ForceCommand, the client, pipes, exit status.

ssh_runs_a_command_as_the_service_account() {
	run ssh dana@jump whoami
	status_is 0
	out_has '^uid=[0-9]+\(svc-ops\) gid=[0-9]+\(svc-ops\) groups=[0-9]+\(svc-ops\)$'
	[[ -z $err ]] || fail "expected nothing on stderr"
}

ssh_runs_another_roles_command_as_its_account() {
	run ssh dana@jump read-log -n 1 /srv/web-logs/access.log
	status_is 0
	out_is '10.0.0.9 POST /login 403'
}

ssh_external_command_and_alias() {
	run ssh dana@jump /usr/bin/uptime
	status_is 0
	run ssh dana@jump rl -n1 /srv/web-logs/access.log
	status_is 0
	out_is '10.0.0.9 POST /login 403'
	run ssh erin@jump whoami
	refused not-permitted
}

ssh_forced_command_runs_it_too() {
	run ssh frank@jump whoami
	status_is 0
	out_has '\(svc-ops\)'
	run ssh frank@jump 'whoami; id'
	status_is 126
	err_has 'syntax'
}

ssh_without_a_role_is_refused() {
	run ssh nora@jump whoami
	refused no-role
}

ssh_refusals_say_why() {
	run ssh dana@jump pick delta
	refused value-not-allowed
	run ssh dana@jump pick -x
	status_is 126
	run ssh dana@jump cat /etc/shadow
	refused not-permitted
	run ssh dana@jump journal -n 1000
	refused invalid-value
	run ssh dana@jump pick
	refused missing-parameter
	run ssh dana@jump journal --nothing
	refused parameter-not-allowed
	run ssh dana@jump off
	refused disabled
}

ssh_exit_status_is_the_commands_own() {
	local code
	for code in 0 1 77 255; do
		run ssh dana@jump exit $code
		status_is $code
	done
	run ssh dana@jump die 15
	status_is 143
	run ssh dana@jump die 9
	status_is 137
	run ssh dana@jump slow
	status_is 124
	no_process_of svc-ops
}

client_exit_status() {
	local code
	for code in 0 1 77 124 125 126; do
		gate dana -- exit $code
		status_is $code
	done
	gate dana -- die 11
	status_is 139
	gate dana -- slow
	status_is 124
	no_process_of svc-ops
}

client_without_a_gateway_ends_with_125() {
	gateway_stop
	run as dana "$rolegate" -- whoami
	local saved=$status
	run ssh dana@jump whoami
	gateway_start
	[[ $saved == 125 ]] || fail "expected status 125 of the client, not $saved"
	status_is 125
	gateway_serves
}

client_unknown_endpoint_ends_with_125() {
	gate dana -e nosuch -- whoami
	status_is 125
	gate dana -e ../../tmp/x -- whoami
	status_is 125
}

R11_client_without_arguments() {
	run as dana /usr/bin/python3 -c '
import ctypes, os, sys
libc = ctypes.CDLL(None)
empty = (ctypes.c_char_p * 1)(None)
libc.execve(b"/opt/rolegate/bin/rolegate", empty, empty)'
	((status == 125 || status == 126)) || fail "expected 125 or 126"
	gateway_serves
}

stderr_is_separate() {
	run ssh dana@jump noise
	status_is 3
	out_is out
	[[ $err == err ]] || fail "expected err"
}

ten_megabytes_both_ways() {
	local sum
	head -c 10000000 /dev/urandom >"$T/random"
	sum=$(sha256sum <"$T/random")
	[[ $(ssh dana@jump copy <"$T/random" | sha256sum) == "$sum" ]] || fail "ssh: other bytes"
	[[ $(as dana $rolegate -- copy <"$T/random" | sha256sum) == "$sum" ]] ||
		fail "client: other bytes"
	[[ $(as dana $rolegate -- produce 10000000 | wc -c) == 10000000 ]] || fail "fewer bytes"
}

program_gets_the_callers_own_pipes() {
	local ours
	exec 7> >(cat >"$T/7")
	ours=$(readlink /proc/$$/fd/7)
	as dana "$rolegate" -- show fds >"$T/fds" 2>&1
	grep -qx 0 "$T/fds" || fail "no descriptor 0"
	# 0, 1, 2 and the directory that ls reads.
	[[ $(grep -c . "$T/fds") == 4 ]] || fail "other descriptors: $(tr '\n' ' ' <"$T/fds")"
	exec 7>&-
}

reader_that_goes_away_ends_the_producer() {
	as dana "$rolegate" -- produce 1000000000 2>"$T/err" | head -c 10 >"$T/out"
	no_process_of svc-ops
}

shell_lines_from_standard_input() {
	printf 'whoami\npick alpha\n' | as dana /opt/rolegate/bin/rolegate-shell >"$T/out" 2>"$T/err"
	out=$(<"$T/out") err=$(<"$T/err")
	out_has 'svc-ops'
	out_has '^alpha$'
}

json_answers() {
	gate dana --json -- pick alpha
	status_is 0
	tail -n 1 "$T/out" | python3 -c '
import json, sys
o = json.load(sys.stdin)
assert o["decision"] == "allow" and o["status"] == 0 and o["run_as"] == "svc-ops", o
assert o["roles"] and o["argv"][-1] == "alpha" and len(o["request"]) == 32, o' ||
		fail "not the object expected"
	gate dana --json -- pick delta
	status_is 126
	err_has 'value-not-allowed'
	python3 -c '
import json, sys
o = json.load(open(sys.argv[1]))
assert o["decision"] == "deny" and o["reason"] == "value-not-allowed", o' "$T/out" ||
		fail "not the object expected"
}

list_describe_and_dry_run() {
	gate dana -l
	status_is 0
	out_has 'read-log'
	out_lacks 'nobody-has-this'
	gate dana --describe pick
	status_is 0
	out_has 'alpha'
	gate dana --dry-run -- pick alpha
	status_is 0
	out_lacks '^alpha$'
	gate dana --dry-run -- pick delta
	status_is 126
}

R24_absent_and_forbidden_look_the_same() {
	gate dana -- nobody-has-this
	refused not-permitted
	sed -e 's/request [0-9a-f]*/request/' -e 's/nobody-has-this/NAME/' "$T/err" >"$T/first"
	gate dana -- nothing-has-this
	refused not-permitted
	sed -e 's/request [0-9a-f]*/request/' -e 's/nothing-has-this/NAME/' "$T/err" >"$T/second"
	cmp "$T/first" "$T/second" || fail "they differ"
	gate dana --describe nobody-has-this
	sed 's/request [0-9a-f]*/request/;s/nobody-has-this/NAME/' "$T/err" >"$T/first"
	gate dana --describe nothing-has-this
	sed 's/request [0-9a-f]*/request/;s/nothing-has-this/NAME/' "$T/err" >"$T/second"
	cmp "$T/first" "$T/second" || fail "described differently"
}

R1_argv_is_rebuilt_and_recorded_as_it_runs() {
	gate dana -- journal -fn5 --unit nginx.service abc
	status_is 0
	out_has '^\[--unit=nginx.service\]|^\[-unginx.service\]|^\[-u\]'
	local words=$(tr -d '[]' <"$T/out" | tr '\n' ' ')
	needs_audit
	audit_has "cmd=.*${words% }" -m USER_CMD -ua dana -i -ts recent
}

R2_control_bytes_are_refused() {
	run ssh dana@jump "say $(printf 'a\001b')"
	status_is 126
	run ssh dana@jump "say $(printf 'a\033b')"
	status_is 126
	run ssh dana@jump "say $(printf 'a\377b')"
	status_is 126
	gate dana -- say "$(printf 'a\nb')"
	status_is 126
}

R3_an_argument_stays_one_argument() {
	gate dana -- pick 'alpha beta'
	status_is 126
	gate dana -- say 'a b' '--' "c  d"
	[[ $status != 0 ]] || out_is "[a b]
[c  d]"
	run ssh dana@jump "say 'a b' \"c  d\" e\\ f"
	out_is "[a b]
[c  d]
[e f]"
}

R4_runaway_pattern_is_refused_at_once() {
	local before=${EPOCHREALTIME/./}
	gate dana -- runaway aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac
	status_is 126
	((${EPOCHREALTIME/./} - before < 500000)) || fail "took more than half a second"
}

R39_leading_dash_is_refused_in_an_operand() {
	gate dana -- say -n
	status_is 126
	gate dana -- say -- -n
	status_is 126
}

long_lines_and_many_words() {
	run ssh dana@jump "say $(head -c 100000 /dev/zero | tr '\0' a)"
	status_is 126
	head -c 1000000 /dev/zero | tr '\0' a >"$T/line"
	as dana /opt/rolegate/bin/rolegate-shell <"$T/line" >"$T/out" 2>"$T/err"
	((${PIPESTATUS[0]} != 0)) || fail "a line of 1 MB was accepted"
	gate dana -- say $(seq 2000)
	status_is 126
	gateway_serves
}

help_and_commands_need_no_prompt() {
	run ssh dana@jump commands
	status_is 0
	out_has '^  whoami'
	run ssh dana@jump help
	status_is 0
	out_has 'help COMMAND'
	run ssh dana@jump help pick
	status_is 0
	out_has 'alpha, beta|alpha.*beta'
	run ssh dana@jump help nosuch
	refused not-permitted
	run ssh dana@jump commands who
	status_is 0
	out_has '^  whoami'
	out_lacks '^  pick'
	run ssh dana@jump commands now
	status_is 0
	out_is 'Your roles allow no command here that begins so.'
	run ssh nora@jump commands
	refused no-role
	printf 'commands\nexit 4\n' >"$T/lines"
	run ssh dana@jump <"$T/lines"
	status_is 4
	out_has '^  whoami'
}

help_and_commands_yield_to_what_is_granted() {
	changes_files
	cat >/etc/rolegate/commands.d/names.conf <<-'CONF'
		commands = ( { name = "commands"; program = "/usr/bin/echo"; arguments = [ "mine" ]; },
		             { name = "help me"; program = "/usr/bin/echo"; arguments = [ "helped" ]; } );
	CONF
	sed -i 's/^visible_commands = (/&\n  "commands", "help me",/' /etc/rolegate/roles.d/operator.role
	reload || fail "reload: $(<"$T/reload")"
	run ssh dana@jump commands
	out_is mine
	run ssh dana@jump help me
	out_is helped
}
