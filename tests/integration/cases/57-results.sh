# A function's script: what reaches it, and what comes of what it says.

_results() {
	gate dana -e results "$@"
}

_json() {
	tail -n 1 "$T/out" | python3 -c 'import json, sys
answer = json.load(sys.stdin)
exec(sys.argv[1])' "$1" || fail "the object is not so: $1"
}

_peak_of_sessions() {
	local pid
	for pid in $(pgrep -P "$(gateway_pid)"); do
		awk '/^VmHWM/ { print $2 }' "/proc/$pid/status" 2>/dev/null
	done | sort -n | tail -n 1
}

inputs_arrive_as_variables_and_as_json() {
	_results -- tell inputs --word 'a b' --number -3 --force --many x --many 'y z'
	status_is 0
	[[ ${out%%user=*} == $'<a b>\n<-3>\n<true>\n<x\ny z>\n<0>\n' ]] || fail 'the variables differ'
	out_has '^user=dana$'
	out_has '^act_as=dana$'
	out_has '^run_as=svc-ops$'
	out_has '^request=[0-9a-f]{32}$'
	out_has '^endpoint=results$'
	out_has '^role=results$'
	out_has '^target=localhost$'
	_json 'assert answer["inputs"] == {"word": "a b", "number": -3, "force": True, "many": ["x", "y z"]}, answer
assert answer["builtin"]["user"] == "dana" and answer["builtin"]["output"] == "5", answer'
	_results -- tell inputs
	status_is 0
	[[ ${out%%user=*} == $'<unset>\n<unset>\n<unset>\n<unset>\n<0>\n' ]] || fail 'something was set'
	_json 'assert answer["inputs"] == {}, answer'
}

# No value is ever a part of the script.
R1_inputs_are_never_evaluated() {
	local value
	for value in '$(touch /tmp/evaluated)' '`id`' "'; id; '" '"; id; "' '${PATH}' '$rolegate_builtin_user' \
		'a\nb' '*' '~root' '%s%n' '\\' '&5' '{"x": 1}' '; exit 7 #' 'ünïcode' '>x' "'" '"'; do
		_results -- tell inputs --word "$value"
		status_is 0
		[[ ${out%%$'\n'<*} == "<$value>" ]] || fail "not as it was given: $value"
		VALUE=$value _json 'import os
assert answer["inputs"]["word"] == os.environ["VALUE"], answer'
	done
	[[ ! -e /tmp/evaluated ]] || fail 'it was evaluated'
}

every_printable_byte_arrives() {
	local value
	value=$(printf '\\%03o' {32..126})
	value=$(printf "x$value")
	_results -- tell inputs --word "$value"
	status_is 0
	[[ ${out%%$'\n'<*} == "<$value>" ]] || fail 'not as it was given'
	VALUE=$value _json 'import os
assert answer["inputs"]["word"] == os.environ["VALUE"], answer'
}

# Of the type "text": the one that may hold them.
lines_and_tabs_arrive_as_they_are() {
	local value=$'first line\n\tsecond; $(id)\n\n\'"last'
	_results -- tell text --note "$value" --until 2026-02-28 --really false
	status_is 0
	[[ ${out%$'>\n{'*} == "<$value" ]] || fail 'not as it was given'
	VALUE=$value _json 'import os
assert answer["inputs"] == {"note": os.environ["VALUE"], "until": "2026-02-28", "really": False}, answer'
}

a_function_is_told_of_in_text() {
	_results -- tell everything
	status_is 0
	out_is $'output\nsuccess: it is done'
	[[ $err == 'warning: it was \x1b[31mclose' ]] || fail 'no such warning'
	_results -- tell shown
	status_is 7
	[[ $err == *'error: it broke'* && $err == *'of standard error'* ]] || fail 'no such errors'
	_results -- tell invalid --port 70
	status_is 1
	[[ $err == 'invalid port: it is 70' ]] || fail 'no such input'
	_results -- tell invalid --port 70 --status 9
	status_is 9
}

a_function_is_told_of_in_json() {
	_results --json -- tell everything
	status_is 0
	[[ -z $err && $(wc -l <"$T/out") == 2 ]] || fail 'more than the object'
	_json 'assert answer["result"] == {"outcome": "success", "messages": [
 {"type": "success", "text": "it is done"},
 {"type": "warning", "text": "it was \x1b[31mclose"}]}, answer
assert answer["status"] == 0'
	! grep -q $'\033' "$T/out" || fail 'a terminal would obey that'
	_results --json -- tell invalid --port 70
	status_is 1
	_json 'assert answer["result"] == {"outcome": "invalid-input", "messages": [
 {"type": "invalid", "input": "port", "text": "it is 70"}]}, answer
assert answer["status"] == 1'
	_results --json -- tell shown
	status_is 7
	_json 'assert answer["result"]["outcome"] == "error" and answer["status"] == 7, answer'
	gate dana --json -- whoami
	_json 'assert "result" not in answer'
}

success_needs_status_0_and_no_error() {
	local code
	_results -- tell error
	status_is 1
	[[ $err == 'error: and yet status 0' ]] || fail 'no such error'
	_results -- tell nonsense
	status_is 1
	err_has '^error: the function wrote a line that has no type or no text: "sucess it is done"$'
	for code in 0 1 7 125 255; do
		_results --json -- tell status --status $code
		status_is $code
		CODE=$code _json 'import os
code = int(os.environ["CODE"])
assert answer["result"]["outcome"] == ("success" if code == 0 else "error"), answer'
	done
}

errors_that_are_hidden_are_on_record() {
	local id
	_results -- tell hidden
	status_is 7
	out_is 'success: half of it'
	id=$(grep -oE '[0-9a-f]{32}$' <<<"$err")
	[[ $err == "error: tell hidden failed; the reviewers have the text under request $id" ]] ||
		fail 'not the reference'
	audit_has "op=end req=\"?$id.*detail=error:_password_hunter2__success:_half_of_it__stderr:_cat:_/etc/secret:_no.*script=sha256:[0-9a-f]{64} trust=[a-z]+ result=error status=7.*res=failed" \
		-m USER_CMD -ts recent
	audit_has "op=decision req=\"?$id.*script=sha256:[0-9a-f]{64} trust=[a-z]+ .*res=success" \
		-m USER_CMD -ts recent
	_results --json -- tell hidden
	status_is 7
	[[ $out != *hunter2* && $out != *secret* && -z $err ]] || fail 'the operator sees it'
	_json 'assert [m["type"] for m in answer["result"]["messages"]] == ["success", "error"], answer
assert answer["request"] in answer["result"]["messages"][1]["text"]'
}

errors_that_are_shown_are_on_record_too() {
	local id
	_results --json -- tell shown
	id=$(grep -oE '"request":"[0-9a-f]{32}' "$T/out" | grep -oE '[0-9a-f]{32}')
	audit_has "op=end req=\"?$id.*detail=error:_it_broke .*result=error status=7" -m USER_CMD -ts recent
	_results --json -- tell everything
	id=$(grep -oE '"request":"[0-9a-f]{32}' "$T/out" | grep -oE '[0-9a-f]{32}')
	audit_has "op=end req=\"?$id.*detail=success:_it_is_done__warning.*result=success status=0.*res=success" \
		-m USER_CMD -ts recent
}

a_reference_to_nothing_says_so() {
	gate dana -e unreported -- tell hidden
	status_is 7
	err_has '^error: tell hidden failed; what it said is not recorded at this audit level; request [0-9a-f]{32}$'
}

a_timeout_is_an_error() {
	_results --json -- tell slowly
	status_is 124
	_json 'assert answer["timed_out"] and answer["result"]["outcome"] == "error", answer
assert answer["result"]["messages"][0]["text"] == "begun", answer'
	_results --json -- tell calmly
	status_is 124
	_json 'assert answer["result"]["outcome"] == "error", answer'
	_results -- tell slowly
	status_is 124
	err_has 'the command ran longer than it may'
}

# The first line is there while the script still waits.
messages_come_while_it_runs() {
	mkfifo "$T/in"
	"$TESTS/as" dana "$rolegate" -e results -- tell late <"$T/in" >"$T/late" 2>&1 &
	exec 3>"$T/in"
	wait_for grep -q '^success: first$' "$T/late" || fail 'nothing came'
	! grep -q second "$T/late" || fail 'too much came'
	echo answer >&3
	exec 3>&-
	wait $! || fail 'it failed'
	grep -q '^success: second$' "$T/late" && grep -q '^got answer$' "$T/late" ||
		fail "not all came: $(<"$T/late")"
}

R33_a_flood_of_messages_is_cut_and_still_an_error() {
	_results -- tell flood
	status_is 1
	[[ $(wc -l <"$T/out") == 900 ]] || fail "$(wc -l <"$T/out") lines"
	err_has '^error: the last$'
	err_has '^warning: the function said more than is kept of it$'
	_results --json -- tell flood
	status_is 1
	_json 'result = answer["result"]
assert result["outcome"] == "error" and result["truncated"], result["outcome"]
assert {"type": "error", "text": "the last"} in result["messages"], len(result["messages"])
assert 100 < len(result["messages"]) < 900, len(result["messages"])'
}

R33_a_flood_of_errors_neither_blocks_nor_fills() {
	local id
	_results -- tell flood of errors
	status_is 3
	id=$(grep -oE '[0-9a-f]{32}$' <<<"$err")
	audit_has "op=end req=\"?$id.*detail=stderr:__truncated_" -m USER_CMD -ts recent
}

R33_a_flood_without_end_ends_by_its_timeout() {
	local start=$SECONDS peak
	"$TESTS/as" dana "$rolegate" -e results -- tell without end >"$T/out" 2>"$T/err" &
	sleep 1.5
	peak=$(_peak_of_sessions)
	wait $!
	[[ $? == 124 ]] || fail "status $?"
	((SECONDS - start < 12)) || fail "it took $((SECONDS - start)) s"
	((peak < 32768)) || fail "a session took $peak kB"
	gateway_serves
}

R16_what_keeps_the_pipe_open_does_not_keep_the_run() {
	local start=$SECONDS
	_results -- tell in the background
	status_is 0
	((SECONDS - start < 10)) || fail "it took $((SECONDS - start)) s"
	no_process_of svc-ops
}

# _lend COMMAND …: takes a function's pipe for typed lines, and has COMMAND hold it.
_lend() {
	python3 - "$@" <<-'END' &
		import array, os, socket, subprocess, sys
		listener = socket.socket(socket.AF_UNIX)
		listener.bind('/run/jump-host/case/lend')
		os.chmod('/run/jump-host/case/lend', 0o777)
		listener.listen()
		peer, _ = listener.accept()
		pipe = array.array('i', peer.recvmsg(1, 64)[1][0][2])[0]
		os.write(pipe, b'success lent\n')
		holder = subprocess.Popen(sys.argv[1:], stdout=pipe)
		peer.send(b'x')
		holder.wait()
	END
	wait_for test -S "$T/lend" || fail 'nobody listens'
}

# Somebody out of reach goes on writing to it, or only keeps it open.
R16_a_pipe_that_was_lent_does_not_keep_the_run() {
	local start=$SECONDS holder
	for holder in "yes success still" "sleep 9"; do
		rm -f "$T/lend"
		_lend timeout 8 $holder
		_results -- tell lent
		((SECONDS - start < 6)) || fail "it took $((SECONDS - start)) s"
		status_is 0
		out_has '^success: lent$'
		kill $!
	done
	gateway_serves
}

R33_a_client_that_does_not_read_blocks_no_script() {
	local client first
	mkfifo "$T/slow"
	exec 3<>"$T/slow"
	python3 -c 'import fcntl; fcntl.fcntl(3, fcntl.F_SETPIPE_SZ, 4096)'
	"$TESTS/as" dana "$rolegate" -e results -- tell flood >"$T/slow" 2>"$T/err" 3>&- &
	client=$!
	read -r first <&3
	no_process_of svc-ops
	kill -0 $client || fail 'the client did not wait'
	exec 4<"$T/slow" 3>&-
	cat <&4 >"$T/out"
	wait $client
	[[ $? == 1 && $(wc -l <"$T/out") == 899 ]] || fail "$(wc -l <"$T/out") lines"
	grep -q '^error: the last$' "$T/err" || fail 'not the last'
}

R16_a_client_that_goes_ends_a_flood() {
	"$TESTS/as" dana "$rolegate" -e results -- tell without end >"$T/out" 2>"$T/err" &
	sleep 0.7
	pkill -KILL -x -u dana rolegate
	no_process_of svc-ops
	gateway_serves
}

rolegate_output_says_what_a_script_says() {
	_results -- tell by program
	status_is 1
	# By two ways, so in any order.
	[[ $(sort <<<"$out") == $'status 1\nstatus 2\nsuccess: lines\nsuccess: two' ]] ||
		fail 'not what was said'
	[[ $err == *$'warning: careful with that\n'* && $err == *'invalid port: not that one'* ]] ||
		fail 'not what was said'
	[[ $err == *'expected the name of an input after invalid'* ]] || fail 'no usage'
	[[ $err == *'descriptor 5, of $rolegate_builtin_output, is not open for writing'* ]] ||
		fail 'no complaint'
}

R13_a_script_has_its_five_descriptors() {
	_results -- tell descriptors
	status_is 0
	[[ $(grep -c -- ' -> ' <<<"$out") == 7 ]] || fail 'another number' # with that of ls
	out_has ' 5 -> pipe:'
	out_has ' 4 -> /memfd:inputs'
	out_has '^success: by path$'
	out_has '^\{"inputs":\{\},"builtin":'
}

messages_at_a_terminal_have_colours() {
	pty "$TESTS/as" dana env TERM=xterm "$rolegate" -e results -- tell terminal <<-'END'
		expect prompt\r\n
		send yes\r
		expect \x1b\[32msuccess:\x1b\[0m you said yes\r\n
		expect \x1b\[33mwarning:\x1b\[0m that was all\r\n
		status 0
	END
	pty "$TESTS/as" dana env TERM=xterm NO_COLOR=1 "$rolegate" -e results -- tell terminal <<-'END'
		send no\r
		expect (^|\n)success: you said no\r\n
		expect (^|\n)warning: that was all\r\n
		status 0
	END
}

messages_come_at_the_prompt_too() {
	pty "$TESTS/as" dana env TERM=dumb /opt/rolegate/bin/rolegate-shell -e results <<-'END'
		expect >
		send tell invalid --port 70\r
		expect invalid port: it is 70\r\n
		expect >
		send tell hidden\r
		expect success: half of it\r\n
		expect error: tell hidden failed; the reviewers have the text under request
		expect >
		send exit\r
	END
	run as dana /opt/rolegate/bin/rolegate-shell -e results -c 'tell invalid --port 70'
	status_is 1
	[[ $err == 'invalid port: it is 70' ]] || fail 'no such message'
}
