# What somebody tried who knows none of the rules: packets of other sockets, answers that nobody reads,
# the login module in stacks that are not sshd's, and a log that is forwarded by a real syslog daemon.

R7_packets_of_other_sockets_end_the_session() {
	wire dana foreign
	no_process_of svc-ops
	gateway_serves
	run rolegatectl sessions
	status_is 0
}

R22_answers_that_nobody_reads_hold_up_nobody() {
	local mute
	mkfifo "$T/go"
	"$TESTS/as" dana python3 "$TESTS/wire.py" mute 4 <"$T/go" >"$T/mute" 2>&1 &
	mute=$!
	exec 8>"$T/go"
	wait_for grep -q mute "$T/mute"
	gateway_serves dana
	gateway_serves frank
	run timeout 5 rolegatectl status
	status_is 0
	exec 8>&-
	wait $mute || fail "$(<"$T/mute")"
	gateway_serves
}
