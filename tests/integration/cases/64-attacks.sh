# What an operator with bad intentions tried on functions, approvals and sessions: R22, R24, R34, R36.
. "$TESTS/cases/62-approvals.sh"

# _old USER ENDPOINT KIND WORD …: a session that speaks when _speak says so; $T/old has the answer.
_old() {
	coproc OLD { "$TESTS/as" "$1" /usr/bin/python3 "$TESTS/wire.py" old_session "${@:2}"; }
	old_pid=$OLD_PID
	read -r -t 10 <&"${OLD[0]}" || fail "the old session did not come up"
}

_speak() {
	echo >&"${OLD[1]}"
	cat <&"${OLD[0]}" >"$T/old"
	wait "$old_pid" || true
}

R36_an_approver_of_an_old_session_decides_nothing() {
	queue_fresh
	changes_files
	sed -i 's/approvers = 2;/approvers = 1; self_approval = true;/' /etc/rolegate/rolegate.conf
	reload || fail "$(cat "$T/reload")"
	queue_waits frank paired deploy
	_old frank paired approval approve "$number" --reason mine
	put_back
	_speak
	grep -q 'connect again' "$T/old" || fail "$(cat "$T/old")"
	gate frank -e paired -- deploy
	refused pending-approval
}

R36_a_run_of_an_old_session_takes_back_no_approval() {
	queue_fresh
	changes_files
	_old dana approved run deploy
	sed -i 's/echo deployed/echo anew/' /etc/rolegate/functions.d/approvals.conf
	reload || fail "$(cat "$T/reload")"
	queue_waits dana approved deploy
	queue_approve "$number"
	_speak
	grep -q 'pending-approval' "$T/old" || fail "$(cat "$T/old")"
	gate dana -e approved -- deploy
	out_is anew
}

R36_an_endpoint_with_laxer_rules_is_no_way_to_decide() {
	queue_fresh
	queue_waits dana approved deploy
	queue_ctl erin learning approve "$number" --reason 'seen it'
	status_is 1
	out_lacks approved
	err_has 'there is no number'
	queue_ctl erin learning pending show "$number"
	status_is 1
	gate dana -e approved -- deploy
	refused pending-approval
	queue_approve "$number"
}

R24_who_asked_does_not_see_what_is_defined() {
	queue_fresh
	queue_waits dana learning show env
	queue_ctl dana learning pending show "$number"
	status_is 0
	out_has 'show env'
	out_lacks 'svc-|defined as|profile'
	queue_ctl dana learning pending show "$number" --json
	out_lacks '"(name|run_as|profile|key)"'
	queue_ctl erin learning pending show "$number"
	out_has 'defined as'
	queue_waits dana approved deploy
	queue_ctl dana approved pending show "$number"
	out_has 'function deploy'
	out_lacks 'echo deployed'
}

R24_an_approver_without_a_role_does_nothing_else() {
	queue_fresh
	wire erin only_approves approved
	out_is ''
}

# What a grant can't say, and what grants make of each other, is said to who approves.
R34_a_grant_is_not_wider_than_is_told() {
	queue_fresh
	changes_files
	queue_waits dana learning journal -u a.service -n 5
	queue_ctl erin learning pending show "$number"
	out_has 'approved for good it may be run without '
	queue_approve "$number" learning
	out_lacks 'other grants'
	queue_waits dana learning journal -u b.service -n 6
	queue_approve "$number" learning
	out_has 'dana has other grants of journal'
	gate dana -e learning -- journal -u a.service -n 6
	status_is 0
}

R34_an_approval_brings_no_other_edits_into_force() {
	queue_fresh
	changes_files
	queue_waits dana learning pick delta
	echo 'visible_commands = ( "whoami" );' >/etc/rolegate/roles.d/begun.role
	queue_ctl erin learning approve "$number" --reason 'seen it'
	status_is 1
	err_has 'edited since it was loaded'
	gate dana -e learning -- pick delta
	refused pending-approval
	rm /etc/rolegate/roles.d/begun.role
	queue_approve "$number" learning
	gate dana -e learning -- pick delta
	out_is delta
}
