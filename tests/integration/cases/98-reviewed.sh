# What a reviewer asks after a month, where the answer is what the log has not: refusals that were only
# counted, records that could not be written, and whose configuration and roles those were.

refusals_that_were_only_counted_are_among_what_was_refused() {
	event_log_of_its_own
	local number tries told more
	for number in {1..130}; do
		echo "nope$number"
	done >"$T/lines"
	run as frank /opt/rolegate/bin/rolegate-shell <"$T/lines"
	for tries in {1..15}; do
		! grep -q '"op":"repeated"' "$T/log/events.jsonl" || break
		sleep 1
	done
	run rolegatectl log --log "$T/log" --denied --user frank
	status_is 0
	out_has ' frank .* more refusals .*only counted'
	told=$(grep -c 'nope.* not-permitted' "$T/out")
	more=$(sed -n 's/.* \([0-9]*\) more refusals .*/\1/p' "$T/out")
	((told + more == 130)) || fail "$told are told and $more counted"
	run rolegatectl report --json --log "$T/log"
	[[ $(python3 -c 'import json, sys; print(json.load(sys.stdin)["refused"])' <"$T/out") == 130 ]] ||
		fail "the report has another number"
	audit_has "op=repeated .*acct=frank .*repeated=$more" -m USER_CMD -i -ts recent
}

whose_roles_counted_and_by_which_line_of_which_configuration() {
	event_log_of_its_own
	gate erin -e desk --act-as dana -- whoami
	status_is 0
	run rolegatectl log --log "$T/log"
	out_has ' erin as dana  desk .* id .* desk '
	run rolegatectl log --log "$T/log" --csv
	out_has ',roles\.d/desk\.role:[0-9]+,dana'
	audit_has 'op=decision .*acct=erin .*grant=roles\.d/desk\.role:[0-9]+ .*actas=dana' -m USER_CMD -i -ts recent
	# The configuration that decided, known again in a copy of it.
	local digest
	digest=$(sed -n 's/.*"op":"decision".*"sha256":"\([0-9a-f]*\)".*/\1/p' "$T/log/events.jsonl")
	cp -r /etc/rolegate "$T/copy"
	run rolegatectl check --config "$T/copy"
	out_has "^sha256 $digest\$"
	echo '# another' >>"$T/copy/roles.d/desk.role"
	run rolegatectl check --config "$T/copy"
	out_lacks "$digest"
}

what_could_not_be_written_is_counted_and_in_the_audit_log() {
	needs_audit
	changes_files
	sed -i '1i event_log = "recorder";' /etc/rolegate/rolegate.conf
	reload || fail "$(<"$T/reload")"
	local lost since
	since=$(date -u +%FT%TZ)
	kill -9 "$(</run/jump-host/recorder.pid)"
	wait_for recorder_is_down || fail "the recorder did not end"
	gate dana -e recorded -- whoami
	refused gateway-error
	lost=$request
	recorder_start
	gate dana -e recorded -- whoami
	status_is 0
	run rolegatectl log --log /var/log/recorded --request "$lost"
	[[ -z $out ]] || fail "the log has it: $out"
	run rolegatectl report --json --log /var/log/recorded --since "$since"
	(($(python3 -c 'import json, sys; print(json.load(sys.stdin)["unrecorded"])' <"$T/out") >= 1)) ||
		fail "none is missing: $(grep unrecorded /var/log/recorded/events.jsonl)"
	run rolegatectl report --html - --log /var/log/recorded --since "$since"
	out_has 'could not be written to the log'
	audit_has "op=decision req=$lost .*reason=gateway-error" -m USER_CMD -i -ts recent
}
