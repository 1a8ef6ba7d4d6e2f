# Transcripts: what is written down of a run, and what becomes of it when that can't be done.

_recorded=/var/log/recorded
_cast_directory=$_recorded/transcripts

# _cast_of REQUEST: its file.
_cast_of() {
	echo "$_cast_directory/$(id -u dana)/$1.cast"
}

# _cast_newest: the last one of dana's that was begun.
_cast_newest() {
	ls -t "$_cast_directory/$(id -u dana)"/*.cast 2>/dev/null | head -n 1
}

# _cast WHAT …: of the newest; see cast.py.
_cast() {
	python3 "$TESTS/cast.py" "$(_cast_newest)" "$@"
}

_recorder_stop() {
	kill -"${1-TERM}" "$(</run/jump-host/recorder.pid)" 2>/dev/null
	wait_for recorder_is_down || fail "the recorder did not end"
}

_was_cut() {
	grep -q "\"req\":\"$1\".*\"state\":\"cut\"" "$_recorded/events.jsonl"
}

# Nobody writes to a transcript that has ended.
_all_have_ended() {
	[[ -z $(find "$_cast_directory" -name '*.cast' -perm -200) ]]
}

# _shown_is_kept FILE [lossy]: what was shown is in the newest transcript, once that has ended: what
# the recorder was given may still be on its way to it. One that was killed (lossy) may have lost that.
_shown_is_kept() {
	local shown kept
	wait_for _all_have_ended || fail "a transcript does not end"
	shown=$(<"$1") # first: the session may still be passing on what it has given to the recorder
	kept=$(_cast o) || fail "the transcript can't be read"
	[[ $kept == "$shown"* ]] || { [[ ${2-} == lossy ]] && [[ $shown == "$kept"* ]]; } ||
		fail "something was shown that is not in it: ${#shown} bytes, ${#kept} in it"
}

# Whatever the case did to it.
_recorder_back() {
	kill -CONT "$(</run/jump-host/recorder.pid)" 2>/dev/null
	recorder_is_down || return 0
	recorder_start
}

transcript_of_pipes_plays_the_same_bytes() {
	gate dana -e recorded -- both streams
	status_is 0
	out_is $'one\nthree'
	[[ $err == two ]] || fail "standard error"
	[[ $(_cast o) == $'one\nthree' && $(_cast e) == two ]] || fail "the transcript has others"
	[[ $(_cast --header rolegate.command) == 'both streams' ]] || fail "command"
	[[ $(_cast --header rolegate.user) == dana ]] || fail "user"
	[[ $(_cast --header rolegate.uid) == "$(id -u dana)" ]] || fail "uid"
	[[ $(_cast --header rolegate.run_as) == svc-ops ]] || fail "run_as"
	[[ $(_cast --header rolegate.endpoint) == recorded ]] || fail "endpoint"
	_cast --header env.TERM >/dev/null 2>&1 && fail "TERM without a terminal"
	[[ $(_cast_of "$(_cast --header rolegate.request)") == "$(_cast_newest)" ]] || fail "its name"
	audit_has ' transcript=required ' -m USER_CMD -ua dana
}

transcript_of_a_terminal_plays_the_same_bytes() {
	pty "$TESTS/as" dana "$rolegate" -e recorded -- show terminal <<-'END'
		expect /dev/pts/\d+
		expect 24 80
		status 0
	END
	[[ $(_cast o | tr -d '\r') == /dev/pts/*$'\n24 80\n'* ]] || fail "output: $(_cast o)"
	[[ $(_cast --header width)x$(_cast --header height) == 80x24 ]] || fail "size"
	[[ $(_cast --header env.TERM) == "${TERM-}" ]] || [[ -n $(_cast --header env.TERM) ]] ||
		fail "TERM"
}

transcript_of_a_terminal_that_changes_its_size() {
	pty "$TESTS/as" dana "$rolegate" -e recorded -- ask secret <<-'END'
		expect name:
		size 40 132
		sleep 0.3
		send x\ry\rz\r
		expect end z
		status 0
	END
	[[ $(_cast r) == 132x40 ]] || fail "window: $(_cast r)"
}

transcript_keeps_a_character_in_two_writes_whole() {
	gate dana -e recorded -- split
	out_is '<é>'
	[[ $(_cast o) == '<é>' ]] || fail "the transcript has: $(_cast o)"
	pty "$TESTS/as" dana "$rolegate" -e recorded -- split <<-'END'
		expect <.*>
		status 0
	END
	[[ $(_cast o | tr -d '\r') == '<é>' ]] || fail "the terminal's has: $(_cast o)"
}

transcript_has_no_input_unless_it_is_asked_for() {
	run as dana bash -c "printf 'by pipe\n' | $rolegate -e recorded -- copy"
	out_is 'by pipe'
	[[ $(_cast o) == 'by pipe' && $(_cast --count i) == 0 ]] || fail "input"
	run as dana bash -c "printf 'by pipe\n' | $rolegate -e typed -- copy"
	out_is 'by pipe'
	[[ $(_cast i) == 'by pipe' ]] || fail "no input: $(_cast i)"
}

transcript_has_what_is_typed_while_it_is_shown() {
	pty "$TESTS/as" dana "$rolegate" -e typed -- ask secret <<-'END'
		expect name:
		send dana\r
		expect password:
		sleep 0.2
		send hunter2\r
		expect got 8
		expect last:
		send bye\r
		expect end bye
		status 0
	END
	[[ $(_cast i | tr '\r' '\n') == $'dana\nbye' ]] || fail "input: $(_cast i)"
	grep -q hunter2 "$(_cast_newest)" && fail "the password is in the transcript"
	return 0
}

# The password comes in one packet with what the program reads before it asks.
transcript_holds_back_what_comes_after_a_line() {
	pty "$TESTS/as" dana "$rolegate" -e typed -- ask secret <<-'END'
		expect name:
		send dana\rhunter2\r
		expect got 8
		expect last:
		sleep 0.3
		send bye\r
		expect end bye
		status 0
	END
	[[ $(_cast i | tr '\r' '\n') != *hunter2* ]] || fail "input: $(_cast i)"
	[[ $(_cast i) == dana* ]] || fail "what came before is missing: $(_cast i)"
}

transcript_header_has_no_secret() {
	gate dana -e recorded -- with secret --token=hunter2
	status_is 0
	[[ $(_cast --header command) == *secret* ]] || fail "no command: $(_cast --header command)"
	head -n 1 "$(_cast_newest)" | found hunter2 && fail "the secret is in the header"
	gate dana -e recorded -- paint --shade red --key hunter2
	status_is 0
	head -n 1 "$(_cast_newest)" | found hunter2 && fail "the secret is in the function's header"
	return 0
}

transcript_of_a_function_has_its_errors_and_of_what_it_runs() {
	local before after
	before=$(ls "$_cast_directory/$(id -u dana)" | wc -l)
	gate dana -e recorded -- paint --shade red
	status_is 0
	out_is 'painted red'
	after=$(ls "$_cast_directory/$(id -u dana)" | wc -l)
	((after == before + 2)) || fail "$((after - before)) transcripts"
	# Both may have been written to last in the same tick.
	local one own='' other=''
	for one in $(ls -t "$_cast_directory/$(id -u dana)"/*.cast | head -n 2); do
		if [[ $(python3 "$TESTS/cast.py" "$one" --header rolegate.command) == paint ]]; then
			own=$one
		else
			other=$one
		fi
	done
	[[ $(python3 "$TESTS/cast.py" "$own" o) == 'painted red' ]] || fail "the function's"
	[[ $(python3 "$TESTS/cast.py" "$own" e) == 'of the paint' ]] || fail "the function's errors"
	[[ $(python3 "$TESTS/cast.py" "$other" o) == $'red\nblue' ]] || fail "of what it ran"
	[[ $(python3 "$TESTS/cast.py" "$other" --header rolegate.for) == \
		"$(python3 "$TESTS/cast.py" "$own" --header rolegate.request)" ]] || fail "for whom"
}

transcript_because_a_role_or_a_command_wants_it() {
	local before
	before=$(_cast_newest)
	gate dana -e unnoted -- whoami
	status_is 0
	[[ $(_cast_newest) == "$before" ]] || fail "nobody asked for this one"
	gate dana -e unnoted -- pick red
	status_is 0
	[[ $(_cast --header rolegate.command) == pick ]] || fail "of the role"
	gate dana -e unnoted -- keep
	status_is 0
	[[ $(_cast --header rolegate.command) == keep ]] || fail "of the command"
	run rolegatectl explain --user dana --endpoint unnoted -- pick red
	out_has 'recorded  transcript required'
	run rolegatectl explain --json --user dana --endpoint typed -- whoami
	out_has '"transcript": ?"required", ?"transcript_input": ?true'
	gate dana -e typed --describe whoami
	out_has 'transcript required, with input'
}

transcript_changes_neither_statuses_nor_ends() {
	gate dana -e recorded -- exit 7
	status_is 7
	gate dana -e recorded -- die 9
	status_is 137
	gate dana -e recorded -- slow
	status_is 124
	run as dana bash -c "$rolegate -e recorded -- yes | head -n 2; echo \${PIPESTATUS[0]}"
	out_is $'y\ny\n141'
	run as dana bash -c "$rolegate -e recorded -- produce 3000000 | tail -c +1 | md5sum"
	[[ $out == "$(head -c 3000000 /dev/zero | md5sum)" ]] || fail "other bytes"
	run as dana bash -c "$rolegate -e typed -- copy </dev/null; head -c 3000000 /dev/zero |
		$rolegate -e typed -- copy | md5sum"
	[[ $out == "$(head -c 3000000 /dev/zero | md5sum)" ]] || fail "other bytes of input"
}

# Files and devices as they are, shared with others, blocking or not.
transcript_of_every_kind_of_output() {
	run as dana bash -c "cd /tmp && echo before >t\$\$ && { $rolegate -e recorded -- say a;
		$rolegate -e recorded -- say b; echo after; } >>t\$\$; cat t\$\$; rm t\$\$"
	out_is $'before\n[a]\n[b]\nafter'
	run as dana bash -c "$rolegate -e recorded -- say a >/dev/null; echo \$?"
	out_is 0
	run as dana bash -c "$rolegate -e recorded -- fill >/dev/full; echo \$?"
	out_is 141
	run as dana /usr/bin/env python3 -c '
import fcntl, os, socket, subprocess, sys
ours, theirs = socket.socketpair()
theirs.setblocking(False)
run = subprocess.Popen([sys.argv[1], "-e", "recorded", "--", "produce", "500000"], stdout=theirs)
assert fcntl.fcntl(theirs, fcntl.F_GETFL) & os.O_NONBLOCK
theirs.close()
got = 0
while part := ours.recv(65536):
    got += len(part)
print(got, run.wait())' "$rolegate"
	out_is '500000 0'
}

R16_transcript_of_a_client_that_is_killed() {
	local client
	for moment in 0 0.05 0.2 0.5; do
		"$TESTS/as" dana "$rolegate" -e recorded -- forever >"$T/forever" 2>&1 &
		client=$!
		sleep "$moment"
		kill -KILL "$client"
		no_process_of svc-ops
	done
	wait_for grep -q . "$T/forever"
	_shown_is_kept "$T/forever"
}

R16_transcript_of_a_session_that_is_killed() {
	local session
	"$TESTS/as" dana "$rolegate" -e recorded -- forever >"$T/forever" 2>"$T/err" &
	wait_for grep -q 'line 5' "$T/forever" || fail "it did not start"
	session=$(rolegatectl status --json | python3 -c 'import json, sys
print([s["pid"] for s in json.load(sys.stdin)["sessions"]["list"] if s["endpoint"] == "recorded"][0])')
	kill -KILL "$session"
	no_process_of svc-ops
	wait_for _was_cut "$(_cast --header rolegate.request)" || fail "not cut"
	_shown_is_kept "$T/forever"
}

R30_nothing_runs_without_the_recorder() {
	trap _recorder_back EXIT
	_recorder_stop
	gate dana -e recorded -- whoami
	refused gateway-error
	err_has 'transcript'
	gate dana -e unnoted -- pick red
	refused gateway-error
	gate dana -e unnoted -- whoami
	status_is 0
	gate dana -e noted -- whoami
	status_is 0
	audit_has ' transcript=failed ' -m USER_CMD -ua dana
	run rolegatectl status
	out_has 'recorder.*is not there'
	recorder_start
	gate dana -e recorded -- whoami
	status_is 0
}

# It denies, and does not block.
R30_nothing_runs_while_the_recorder_hangs() {
	local begun=$SECONDS
	trap _recorder_back EXIT
	kill -STOP "$(</run/jump-host/recorder.pid)"
	gate dana -e recorded -- whoami
	refused gateway-error
	err_has 'does not answer'
	((SECONDS - begun <= 8)) || fail "it took $((SECONDS - begun)) s"
	kill -CONT "$(</run/jump-host/recorder.pid)"
	gate dana -e recorded -- whoami
	status_is 0
}

R30_what_runs_ends_with_the_recorder() {
	trap _recorder_back EXIT
	local client begun
	"$TESTS/as" dana "$rolegate" -e recorded -- forever >"$T/forever" 2>"$T/err" &
	client=$!
	wait_for grep -q 'line 5' "$T/forever" || fail "it did not start"
	begun=$SECONDS
	_recorder_stop KILL
	wait "$client"
	status=$?
	((status == 143 || status == 137)) || fail "status"
	((SECONDS - begun <= 8)) || fail "it took $((SECONDS - begun)) s"
	no_process_of svc-ops
	grep -q "its transcript can't be written" "$T/err" || fail "the operator was not told"
	# It was told to end, and nobody saw what it said of that.
	grep -q asked "$T/forever" && fail "something was shown that is nowhere"
	audit_has 'op=end .*transcript=failed .*ended=recorder' -m USER_CMD -ua dana
	recorder_start
	_shown_is_kept "$T/forever" lossy
}

# What it was given and has not read yet is shown all the same, and in the transcript when it has.
R30_a_recorder_that_lags_has_what_was_shown() {
	local client
	trap _recorder_back EXIT
	"$TESTS/as" dana "$rolegate" -e recorded -- forever >"$T/forever" 2>"$T/err" &
	client=$!
	wait_for grep -q 'line 5' "$T/forever" || fail "it did not start"
	kill -STOP "$(</run/jump-host/recorder.pid)"
	wait_for grep -q 'line 40' "$T/forever" || fail "it waits for the recorder"
	kill -KILL "$client"
	no_process_of svc-ops
	_cast o | found 'line 40' && fail "the recorder does not lag"
	(sleep 1 && kill -CONT "$(</run/jump-host/recorder.pid)") &
	_shown_is_kept "$T/forever"
	_cast o | found 'line 40' || fail "what was shown last is missing"
}

R30_best_effort_goes_on_without_the_recorder() {
	trap _recorder_back EXIT
	local client
	"$TESTS/as" dana "$rolegate" -e noted -- forever >"$T/forever" 2>"$T/err" &
	client=$!
	wait_for grep -q 'line 5' "$T/forever" || fail "it did not start"
	_recorder_stop KILL
	wait_for grep -q 'line 100' "$T/forever" || fail "it did not go on"
	kill -KILL "$client"
	no_process_of svc-ops
	audit_has 'op=end .*transcript=failed .*ended=client-gone' -m USER_CMD -ua dana
}

R30_operator_and_run_can_not_reach_the_recorder() {
	run as dana /usr/bin/python3 -c '
import socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
s.connect("/run/rolegate/recorder.sock")'
	err_has 'PermissionError'
	run as svc-ops /usr/bin/python3 -c '
import socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
s.connect("/run/rolegate/recorder.sock")'
	err_has 'PermissionError'
	run as dana cat "$(_cast_newest)"
	err_has 'Permission denied'
}

# A small file system instead of the log's directory.
R30_what_runs_ends_on_a_full_disk() {
	trap '_recorder_stop; umount "$_recorded"; recorder_start' EXIT
	_recorder_stop
	mount -t tmpfs -o size=900k none "$_recorded"
	chown rolegate-recorder: "$_recorded"
	chmod 700 "$_recorded"
	recorder_start
	gate dana -e recorded -- fill
	((status == 143 || status == 137)) || fail "status"
	audit_has 'op=end .*transcript=failed .*ended=recorder' -m USER_CMD -ua dana
	no_process_of svc-ops
	local kept
	kept=$(_cast o)
	[[ $out == "$kept"* || $kept == "$out"* ]] || fail "the transcript has other bytes"
	# What it was given, and had not written yet.
	((${#kept} > 100000 && ${#out} - ${#kept} < 300000)) ||
		fail "${#out} bytes were shown, ${#kept} are in it"
	head -c 300k /dev/zero >"$_recorded/stuffing" 2>/dev/null
	gate dana -e recorded -- whoami
	refused gateway-error
	err_has 'space'
	gate dana -e noted -- whoami
	status_is 0
}

# More than is kept, by a pipe and by a terminal: the run doesn't notice, the transcript says so.
R33_floods_through_a_transcript() {
	local size
	run as dana bash -c "$rolegate -e recorded -- yes | head -c 300M | tail -c 2"
	status_is 0
	out_is y
	size=$(stat -c %s "$(_cast_newest)")
	((size < 8000000)) || fail "the transcript has $size bytes"
	_cast o | head -c 1000000 | cmp -n 1000000 - <(yes | head -c 1000000) || fail "other bytes"
	run as dana bash -c "$rolegate -e recorded -- produce 100000000 /dev/urandom | wc -c"
	out_is 100000000
	size=$(stat -c %s "$(_cast_newest)")
	((size < 8000000)) || fail "of /dev/urandom: $size bytes"
	run python3 -c '
import os, pty, sys
child, master = pty.fork()
if child == 0:
    os.execv(sys.argv[1], sys.argv[1:])
count = 0
try:
    while got := os.read(master, 65536):
        count += len(got)
except OSError:
    pass
print(count, os.waitpid(child, 0)[1])' "$TESTS/as" dana "$rolegate" -e recorded -- produce 30000000
	out_is '30000000 0'
	grep -q '"truncated":true' "$_recorded/events.jsonl" || fail "no mark in the event log"
	gateway_serves
}

# The issue's number, by the shortest way.
R33_a_gigabyte_through_a_transcript() {
	run as dana bash -c "$rolegate -e recorded -- produce 1073741824 | wc -c"
	out_is 1073741824
}

event_log_goes_to_the_recorder() {
	trap '_recorder_back; put_back' EXIT
	changes_files
	trap '_recorder_back; put_back' EXIT
	sed -i '1i event_log = "recorder";' /etc/rolegate/rolegate.conf
	reload || fail "$(<"$T/reload")"
	run rolegatectl status
	out_has 'recorder'
	gate dana -- say 'by the recorder'
	status_is 0
	grep -q '"op":"decision".*by the recorder' "$_recorded/events.jsonl" || fail "no event"
	gate dana -- say 'and again'
	grep -q '"op":"end".*and again.*"hash":"' "$_recorded/events.jsonl" || fail "no end"
	_recorder_stop
	gate dana -- say 'written nowhere'
	refused gateway-error
	gate dana -e lenient -- say 'lenient'
	status_is 0
	recorder_start
	gate dana -- say 'back again'
	status_is 0
	grep 'back again' "$_recorded/events.jsonl" | found '"unrecorded":[1-9]' ||
		fail "no event afterwards, or not of what is missing"
	grep -q '"op":"decision".*written nowhere' "$_recorded/events.jsonl" &&
		fail "an event of what was not recorded"
	return 0
}

# _session_at ENDPOINT: the process that serves it.
_session_at() {
	rolegatectl status --json | python3 -c 'import json, sys
print(*[s["pid"] for s in json.load(sys.stdin)["sessions"]["list"] if s["endpoint"] == sys.argv[1]])' "$1"
}

_none_of() {
	[[ -z $(processes_of "$1") ]]
}

# Whoever is killed, and whenever: nothing is left running, and what was shown is in the transcript.
R30_kills_at_random_points() {
	local round client who seed=${ROLEGATE_TEST_SEED-$((SRANDOM % 32768))}
	trap _recorder_back EXIT
	RANDOM=$seed
	echo "ROLEGATE_TEST_SEED=$seed"
	for round in {1..12}; do
		"$TESTS/as" dana "$rolegate" -e recorded -- forever >"$T/forever" 2>"$T/err" &
		client=$!
		sleep "0.$((RANDOM % 3))$((RANDOM % 10))"
		who=$((round % 3))
		case $who in
		0) kill -KILL "$client" ;;
		# Where there is none yet, its client has to go instead.
		1) kill -KILL $(_session_at recorded) 2>/dev/null || kill -KILL "$client" ;;
		# What does not end when it is asked to has five seconds.
		2)
			_recorder_stop KILL
			wait_for _none_of svc-ops
			;;
		esac
		no_process_of svc-ops
		kill -KILL "$client" 2>/dev/null
		wait "$client" 2>/dev/null
		_recorder_back
		echo "round $round: $who, $(wc -l <"$T/forever") lines"
		[[ -s $T/forever ]] || continue
		_shown_is_kept "$T/forever" $( ((who != 2)) || echo lossy)
	done
	gate dana -e recorded -- whoami
	status_is 0
}

_lines_of() {
	(($(grep -c "$1" "$2") >= $3))
}

# A session that goes on while the recorder ends and is started again.
transcript_goes_on_in_a_session_after_a_restart() {
	local shell
	trap _recorder_back EXIT
	mkfifo "$T/lines"
	"$TESTS/as" dana /opt/rolegate/bin/rolegate-shell -e recorded <"$T/lines" >"$T/shown" 2>"$T/said" &
	shell=$!
	exec 8>"$T/lines"
	echo 'say one' >&8
	wait_for _lines_of one "$T/shown" 1 || fail "nothing ran: $(<"$T/said")"
	_recorder_stop
	echo 'say two' >&8
	wait_for _lines_of gateway-error "$T/said" 1 || fail "it ran without the recorder"
	recorder_start
	echo 'say three' >&8
	wait_for _lines_of three "$T/shown" 1 || fail "nothing runs any more: $(<"$T/said")"
	exec 8>&-
	wait "$shell"
	[[ $(<"$T/shown") == $'[one]\n[three]' ]] || fail "shown: $(<"$T/shown")"
	[[ $(_cast o) == '[three]' ]] || fail "not in the transcript"
}
