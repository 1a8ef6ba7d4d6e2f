# What reviewers ask the event log of a gateway, and who it says did what as root.

# _questions_member EVENT-PATTERN MEMBER: of the last such event.
_questions_member() {
	rolegatectl log --json --log "$T/log" | grep -E -- "$1" | tail -n 1 |
		python3 -c 'import json, sys; print(json.load(sys.stdin).get(sys.argv[1], ""))' "$2"
}

_questions_log_has() {
	[[ $(_questions_member "$1" "$2") == "$3" ]]
}

what_a_session_a_login_and_a_pipeline_did_is_found() {
	event_log_of_its_own
	printf 'logs show\nlines pass | lines count\nnope\nlogs show\n' >"$T/lines"
	run as dana /opt/rolegate/bin/rolegate-shell -e prompts <"$T/lines"
	gate frank -- whoami
	local session pipeline login
	session=$(_questions_member '"op":"end".*"comm":"logs show"' session)
	pipeline=$(_questions_member '"comm":"lines count"' pipeline)
	login=$(_questions_member '"comm":"logs show"' oses)
	[[ $session =~ ^[0-9a-f]{16}$ && $pipeline =~ ^[0-9a-f]{32}$ && $login =~ ^[0-9]+$ ]] ||
		fail "session $session, pipeline $pipeline, login $login"
	# The prompt's own connection: its commands, the last stage, and what it was refused.
	run rolegatectl log --log "$T/log" --session "$session" --csv
	status_is 0
	[[ $(grep -c ',logs show,' "$T/out") == 2 ]] || fail "not two of the session: $out"
	out_has ',denied,not-permitted,'
	[[ $(grep -c ',lines count,' "$T/out") == 2 ]] || fail "not the last stage and its dry run: $out"
	! grep -q ',lines pass,' "$T/out" || fail "a stage with a session of its own is in it"
	run rolegatectl log --log "$T/log" --pipeline "${pipeline:0:8}" --csv
	[[ $(grep -c ',lines pass,\|,lines count,' "$T/out") == 4 ]] ||
		fail "not two dry runs and two runs: $out"
	grep -q "$pipeline" "$T/out" || fail "no column for it"
	# All of the login, and nobody else's.
	run rolegatectl log --log "$T/log" --session "$login" --csv
	[[ $(grep -c ',dana,' "$T/out") == 7 && $(grep -c ',frank,' "$T/out") == 0 ]] || fail "the login: $out"
	run rolegatectl log --log "$T/log" --reason not-permitted
	out_has ' nope  '
	# Audit and event log agree on it.
	audit_has "op=decision .*session=$session .*comm=logs show" -m USER_CMD -i -ts recent
}

a_session_that_ended_oddly_is_named_by_the_listener() {
	event_log_of_its_own
	gate dana -- whoami # a session that was there before has its own recorder
	local spare
	as dana "$rolegate" -- sleep 30 >/dev/null 2>&1 &
	wait_for _questions_log_has '"op":"decision".*"comm":"sleep"' comm sleep || fail "it does not run"
	local session
	session=$(_questions_member '"comm":"sleep"' session)
	spare=$(rolegatectl sessions --json | python3 -c 'import json, sys
print([s["pid"] for s in json.load(sys.stdin)["sessions"] if s["session"] == sys.argv[1]][0])' "$session")
	kill -9 "$spare"
	wait_for _questions_log_has '"op":"session"' session "$session" ||
		fail "of $session: $(rolegatectl log --json --op session --log "$T/log")"
	wait
}

who_terminated_and_who_reloaded_is_named() {
	event_log_of_its_own
	as dana "$rolegate" -- sleep 30 >/dev/null 2>&1 &
	wait_for _questions_log_has '"op":"decision".*"comm":"sleep"' comm sleep || fail "it does not run"
	local session
	session=$(_questions_member '"comm":"sleep"' session)
	run "$TESTS/as" root@"$(id -u erin)" /opt/rolegate/sbin/rolegatectl terminate "$session" --reason 'window is over'
	status_is 0
	run rolegatectl log --log "$T/log" --op terminate --user erin
	out_has " erin .* dana window is over $session "
	# By the session, it is found with what it ended.
	run rolegatectl log --log "$T/log" --session "$session" --all
	out_has ' erin .*terminate success'
	out_has 'signal 1 \(terminated\)'
	run "$TESTS/as" root@"$(id -u erin)" /opt/rolegate/sbin/rolegatectl reload
	_questions_log_has '"op":"load-config".*"by":"rolegatectl"' acct erin || fail "not erin's load"
	kill -HUP "$(gateway_pid)"
	wait_for _questions_log_has '"op":"load-config".*"by":"signal"' acct root || fail "not root's"
	audit_has 'op=terminate .*acct=erin id=root oauid=erin .*target=dana' -m USER_CMD -i -ts recent
	wait
}

# Nothing that ends waits for a name service, and what it doesn't say is left out.
R14_a_name_service_that_hangs_holds_up_no_end() {
	nss_stub_up
	mkdir -p "$T/log"
	chmod 755 "$T/log"
	sed -i "1i event_log = \"$T/log/events.jsonl\";" /etc/rolegate/rolegate.conf
	reload || fail "$(<"$T/reload")"
	as dana "$rolegate" -- sleep 30 >/dev/null 2>&1 &
	local client=$! start took
	wait_for _questions_log_has '"op":"decision".*"comm":"sleep"' comm sleep || fail "it does not run"
	nss_answers <<<'fail passwd hang'
	start=${EPOCHREALTIME/./}
	"$TESTS/as" root@7001 /opt/rolegate/sbin/rolegatectl terminate --user "$(id -u dana)" >"$T/end" 2>&1 &
	local terminate=$!
	wait "$client"
	took=$(((${EPOCHREALTIME/./} - start) / 1000))
	((took < 1500)) || fail "it ended after $took ms"
	wait "$terminate" || fail "$(<"$T/end")"
	nss_answers </dev/null
	_questions_log_has '"op":"terminate"' oauid 7001 || fail "no record of it"
	_questions_log_has '"op":"terminate"' acct '' || fail "a name that nobody knows"
	gateway_serves
}

# Here a record can't be made: the configuration is gone. A log is this host's by its place, and by the
# host's name in it where it was copied from there.
R30_what_another_host_recorded_is_shown_without_a_record_and_our_own_is_not() {
	changes_files
	sed -i '1i event_log = "recorder";' /etc/rolegate/rolegate.conf
	reload || fail "$(<"$T/reload")"
	gate dana -e recorded -- say 'for the record'
	status_is 0
	local log=/var/log/recorded id
	id=$(rolegatectl log --log $log --json | grep '"op":"end".*for the record' | tail -n 1 |
		grep -oE '"req":"[0-9a-f]{32}' | cut -d'"' -f4)
	[[ -n $id ]] || fail "no end in the log"
	run rolegatectl --config /nowhere replay --log $log "$id"
	status_is 1
	err_has 'so it is not shown: .*/nowhere'
	cp -r $log "$T/copy"
	run rolegatectl --config /nowhere replay --log "$T/copy" "$id"
	status_is 1
	# What it is on a reviewer's own machine.
	run unshare --uts sh -c "hostname elsewhere; rolegatectl --config /nowhere replay --log '$T/copy' $id"
	status_is 0
	out_has 'for the record'
	err_has 'a log of the host jump; .* is not recorded here: .*/nowhere'
	# A host that has another name since: what is in the log's usual place is its own.
	mkdir -p /var/log/rolegate
	cp -r "$T/copy/." /var/log/rolegate/
	local path
	for path in /var/log/rolegate /var/log/rolegate/events.jsonl; do
		run unshare --uts sh -c "hostname elsewhere; rolegatectl --config /nowhere replay --log $path $id"
		status_is 1
		err_has 'so it is not shown'
	done
	rm -rf /var/log/rolegate
	# With records there is one, wherever the log is from.
	run unshare --uts sh -c "hostname elsewhere; rolegatectl replay --log '$T/copy' $id"
	status_is 0
	[[ -z $err ]] || fail "it says something: $err"
	grep -q "\"op\":\"replay\",\"req\":\"$id\"" $log/events.jsonl || fail "no record of it"
}
