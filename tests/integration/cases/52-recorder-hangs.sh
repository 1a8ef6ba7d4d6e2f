# A recorder that hangs: who waits for it, and for how long; what was not recorded meanwhile.

_hang_recorder() {
	cat /run/jump-host/recorder.pid
}

_hang_back() {
	kill -CONT "$(_hang_recorder)" 2>/dev/null
	put_back
}

_hang_status() {
	rolegatectl status --json | python3 -c '
import json, sys
print(json.load(sys.stdin)["records"].get(sys.argv[1]))' "$1"
}

_hang_says() {
	[[ $(_hang_status recorder) == "$1" ]]
}

_hang_milliseconds() {
	local begun
	begun=$(date +%s%3N)
	"$@"
	echo $(($(date +%s%3N) - begun))
}

R30_a_recorder_that_hangs_holds_the_listener_up_once_and_what_is_lost_is_told() {
	local took before
	changes_files
	trap _hang_back EXIT
	sed -i '1i event_log = "recorder";' /etc/rolegate/rolegate.conf
	reload || fail "$(<"$T/reload")"
	wait_for _hang_says answers || fail "status: $(_hang_status recorder)"
	before=$(_hang_status unrecorded)
	(($(_hang_status newest_line) >= $(_hang_status oldest_line))) || fail "lines"
	kill -STOP "$(_hang_recorder)"
	took=$(_hang_milliseconds reload)
	((took >= 400 && took < 4000)) || fail "the first record took $took ms"
	took=$(_hang_milliseconds reload)
	((took < 2000)) || fail "the second record took $took ms"
	_hang_says 'the recorder does not answer' || fail "status: $(_hang_status recorder)"
	(($(_hang_status unrecorded) == before + 2)) || fail "$(_hang_status unrecorded), before $before"
	kill -CONT "$(_hang_recorder)"
	# The session is new, and asks anew: nothing of the listener's haste is left to it.
	gate dana -- say 'answers again'
	status_is 0
	grep '"op":"decision".*answers again' /var/log/recorded/events.jsonl |
		grep -q '"unrecorded":2,' || fail "not told"
	gate dana -- say 'told once'
	grep '"op":"decision".*told once' /var/log/recorded/events.jsonl | found unrecorded &&
		fail "told twice"
	wait_for _hang_says answers || fail "status: $(_hang_status recorder)"
	(($(_hang_status unrecorded) == before + 2)) || fail "the sum is forgotten"
}

# What runs as root is root to the recorder as well: where that must not be, the place is hidden.
R30_a_run_of_roots_reaches_no_recorder_that_its_profile_hides() {
	local program python
	python=$(readlink -f /usr/bin/python3)
	changes_files
	program="import socket; s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET);"
	program+=" s.connect('/run/rolegate/recorder.sock'); print('connected')"
	cat >/etc/rolegate/profiles.d/forge.conf <<-'END'
		profiles = ( { name = "no-gateway"; extends = "standard";
		    filesystem = { hidden = [ "/run/rolegate" ]; }; } );
	END
	cat >/etc/rolegate/commands.d/forge.conf <<-END
		commands = (
		  { name = "forge plain"; program = "$python"; run_as = "root";
		    arguments = [ "-c", "$program" ]; },
		  { name = "forge hidden"; program = "$python"; run_as = "root";
		    profile = "no-gateway"; arguments = [ "-c", "$program" ]; } );
	END
	sed -i 's/^visible_commands = (/& "forge plain", "forge hidden",/' \
		/etc/rolegate/roles.d/operator.role
	reload || fail "$(<"$T/reload")"
	gate dana -- forge plain
	out_is connected
	gate dana -- forge hidden
	status_is 1
	err_has 'Error'
	[[ $out != *connected* ]] || fail "it connected"
}

_hang_restart() {
	kill -0 "$(_hang_recorder)" 2>/dev/null && return 0
	setsid rolegate-recorder -f >>/var/log/rolegate-recorder.out 2>&1 </dev/null &
	echo $! >/run/jump-host/recorder.pid
	disown
	wait_for python3 "$TESTS/recorder.py" connect
}

# Where nothing is recorded of runs that go well, either.
R30_the_end_by_a_lost_recorder_is_recorded_at_every_level() {
	local client
	changes_files
	trap '_hang_restart; put_back' EXIT
	mkdir -m 700 "$T/events"
	sed -i "1i event_log = \"$T/events/log\";" /etc/rolegate/rolegate.conf
	sed -i 's/{ name = "recorded";/& audit = "none";/' /etc/rolegate/rolegate.conf
	reload || fail "$(<"$T/reload")"
	gate dana -e recorded -- whoami
	status_is 0
	"$TESTS/as" dana "$rolegate" -e recorded -- forever >"$T/forever" 2>"$T/err" &
	client=$!
	wait_for grep -q 'line 5' "$T/forever" || fail "it did not start"
	kill -KILL "$(_hang_recorder)"
	wait "$client"
	no_process_of svc-ops
	wait_for grep -q '"op":"end".*"ended":"recorder"' "$T/events/log" || fail "no record of its end"
	grep -q '"op":"decision"' "$T/events/log" && fail "more was recorded than was asked for"
	return 0
}
