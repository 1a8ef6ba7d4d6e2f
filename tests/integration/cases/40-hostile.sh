# Bad requests straight at the socket; hostile sessions; nothing runs, and the next is served.

R7_fields_of_another_verb_end_the_session() {
	wire dana cross
	no_process_of svc-ops
	gateway_serves
}

malformed_packets_end_the_session() {
	wire dana malformed
	no_process_of svc-ops
	gateway_serves
}

malformed_packets_are_recorded() {
	needs_audit
	wire frank version
	audit_has 'op=session .*acct="frank".*res=(failed|no)' -m USER_CMD -ts recent
}

oversized_request_is_refused() {
	wire dana oversized
	gateway_serves
	gate dana -e narrow -- say "$(head -c 5000 /dev/zero | tr '\0' a)"
	status_is 126
}

late_requests_meet_the_deadline() {
	wire dana late narrow
	gateway_serves
}

early_packets_end_the_session() {
	wire dana early
	gateway_serves
}

R20_forged_fields_are_ignored() {
	wire dana forged
}

R20_clients_that_leave_at_each_step() {
	wire dana race
	no_process_of svc-ops
	gateway_serves
}

random_packets() {
	wire dana noise
	no_process_of svc-ops
	gateway_serves
}

crashed_session_touches_no_other() {
	local pid session
	mkfifo "$T/in"
	"$TESTS/as" dana "$rolegate" -- copy <"$T/in" >"$T/out" &
	pid=$!
	exec 9>"$T/in"
	sleep 0.3
	"$TESTS/as" frank "$rolegate" -- sleep 5 &
	local other=$!
	sleep 0.3
	session=$(ps -o ppid= -p "$(pgrep -n -u svc-ops -f sleep)" | tr -d ' ')
	[[ $(ps -o ppid= -p "$session" | tr -d ' ') == "$(gateway_pid)" ]] || fail "no session was found"
	kill -SEGV "$session"
	wait $other
	(($? == 125)) || fail "the crashed one did not end with 125"
	echo still here >&9
	exec 9>&-
	wait $pid || fail "the other ended with $?"
	[[ $(<"$T/out") == 'still here' ]] || fail "the other was harmed"
	gateway_serves
	# The one that waits for the next connection as well.
	kill -SEGV "$(pgrep -n -P "$(gateway_pid)")"
	gateway_serves
	no_process_of svc-ops
}

# _refusals SINCE: of frank, as recorded, and as counted, into $records and $repeated.
_refusals() {
	ausearch -m USER_CMD --raw -ts $1 2>/dev/null | grep " id=$(id -u frank) " >"$T/records"
	records=$(grep -c 'reason=not-permitted' "$T/records")
	repeated=$(sed -n 's/.*op=repeated .*repeated=\([0-9]*\).*/\1/p' "$T/records" | paste -sd+ | bc)
	repeated=${repeated:-0}
}

floods_of_refusals_are_counted() {
	needs_audit
	local since lost records repeated
	since=$(date '+%x %X')
	lost=$(auditctl -s | sed -n 's/^lost //p')
	sleep 1
	wire frank refusals 3000
	gate frank -- exit 5
	status_is 5
	AUDIT_PATIENCE=25 audit_has "op=repeated acct=.frank. id=$(id -u frank) .*res=failed" \
		-m USER_CMD -ts $since
	# On a busy host they take longer than one count.
	for _ in {1..30}; do
		_refusals "$since"
		((records + repeated < 3000)) || break
		sleep 1
	done
	((records <= 200)) || fail "$records records of 3000 refusals"
	((records + repeated == 3000)) || fail "$records recorded and $repeated counted are not 3000"
	[[ $(auditctl -s | sed -n 's/^lost //p') == "$lost" ]] || fail "records were lost"
	# Afterwards each has its own again.
	gate frank -- nosuch
	refused not-permitted
	audit_has "req=$request" -m USER_CMD -ts $since
}

R22_silent_sessions_make_room() {
	changes_files
	sed -i '1i sessions = 32;' /etc/rolegate/rolegate.conf
	reload || fail "reload: $(<"$T/reload")"
	run python3 "$TESTS/wire.py" fill operations 60
	out_is "served"
	status_is 0
	needs_audit
	audit_has 'op=session .*reason=limit .*detail=it_sent_no_request,_and_others_need_its_place' -m USER_CMD -i -ts recent
	gateway_serves
}
