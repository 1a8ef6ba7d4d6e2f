# What a reviewer asks the records about functions, trust and approvals, and what an approver sees.

# _edge PATTERN: a record of the queue about $number.
_edge() {
	audit_has "op=approval .*approval=$number $1" -m USER_CMD -ts recent
}

an_approval_is_on_record_with_its_terms() {
	needs_audit
	queue_fresh
	queue_waits dana approved deploy
	queue_ctl erin approved approve "$number" --for 8h --once --reason x
	status_is 0
	_edge 'edge=approve state=approved terms=until:20[0-9T:-]*Z,once '
	queue_ctl erin approved revoke "$number" --reason x
	queue_waits dana approved deploy
	queue_ctl erin approved approve "$number" --as-caller-only --reason x
	_edge 'edge=approve state=approved terms=as-caller-only,for-good '
}

what_runs_by_an_approved_grant_is_found_by_its_file() {
	local file
	needs_audit
	queue_fresh
	changes_files
	queue_waits dana learning pick delta
	queue_ctl erin learning approve "$number" --reason x
	status_is 0
	file=roles.d/approved-$(id -u dana)-learning.role
	audit_has "op=approval .* grant=$file .*approval=$number edge=approve .*terms=for-good" \
		-m USER_CMD -ts recent
	gate dana -e learning -- pick delta
	status_is 0
	audit_has "op=decision .* grant=[^ ]*$file:[0-9]+ .*res=success" -m USER_CMD -ua dana -ts recent
}

R36_who_may_not_decide_is_on_record() {
	needs_audit
	records_settle
	queue_fresh
	queue_waits frank paired deploy
	queue_ctl frank paired approve "$number" --reason mine
	status_is 1
	_edge 'edge=approve state=pending .*res=failed'
	audit_has "op=approval .*acct=\"frank\" .*detail=[^ ]*frank_asked_for_number_$number.*res=failed" \
		-m USER_CMD -ua frank -ts recent
	run bash -c 'echo "$1" >/proc/self/loginuid; exec rolegatectl approve "$2" --reason root' \
		root "$(id -u frank)" "$number"
	status_is 1
	audit_has "op=approval .*acct=\"frank\" id=0 .*edge=approve state=pending .*res=failed" \
		-m USER_CMD -ua frank -ts recent
	queue_ctl erin paired revoke "$number" --reason early
	status_is 1
	_edge 'edge=revoke state=pending .*res=failed'
}

what_differs_from_the_registry_is_on_record() {
	local id
	needs_audit
	changes_files
	printf '#!/bin/sh\necho ran\n' >/opt/tests/review.sh
	chmod 644 /opt/tests/review.sh
	cat >/etc/rolegate/functions.d/review.conf <<-'END'
		functions = ( { name = "review me"; file = "/opt/tests/review.sh"; } );
	END
	sed -i 's/"guarded" )/"guarded", "review me" )/' /etc/rolegate/roles.d/approvable.role
	rolegatectl trust add 'review me' --on-mismatch warn || fail "trust add"
	id=$(grep -rhoE '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}' /etc/rolegate/trusted.d/*review*)
	reload || fail "$(<"$T/reload")"
	gate dana -e learning -- review me
	out_is ran
	audit_has "op=decision .*trust=trusted trustid=$id [^m]" -m USER_CMD -ua dana -ts recent
	echo '#' >>/opt/tests/review.sh
	gate dana -e learning -- review me
	out_is ran
	audit_has "op=decision .*trust=trusted trustid=$id mismatch=warn " -m USER_CMD -ua dana -ts recent
	sed -i 's/"warn"/"block"/' /etc/rolegate/trusted.d/*review*
	reload
	gate dana -e operations -- review me
	gate dana -e learning -- review me
	status_is 126
	audit_has "op=decision .*script=sha256:[0-9a-f]* trustid=$id mismatch=block .*res=failed" \
		-m USER_CMD -ua dana -ts recent
}

what_an_approval_allowed_is_to_be_read() {
	needs_audit
	queue_fresh
	queue_waits dana approved deploy
	err_has 'try again when it is approved'
	run rolegatectl pending
	out_has "^ +$number  pending .* approved +dana +function deploy"
	queue_ctl erin approved approve "$number" --reason x
	gate dana -e approved -- deploy
	out_is deployed
	audit_has "op=decision .* grant=roles.d/approvable.role:[0-9]+,approval:$number .*res=success" \
		-m USER_CMD -ua dana -ts recent
}

what_waits_says_under_which_profile_and_as_what() {
	queue_fresh
	queue_waits dana learning pick delta
	run rolegatectl pending show "$number"
	out_has '^  program +/'
	out_has '^  profile +standard$'
	queue_waits dana learning nonesuch
	run rolegatectl pending show "$number"
	out_has 'no command of that name is defined'
}

an_invalid_input_stays_one_when_a_transaction_is_rolled_back() {
	changes_files
	install -d -o svc-ops /srv/review
	cat >/etc/rolegate/functions.d/review.conf <<-'END'
		functions = ( { name = "review change"; interpreter = "/usr/bin/dash"; rollback = "review undo";
		    transaction = { paths = [ "/srv/review" ]; };
		    inputs = ( { name = "port"; type = "integer"; minimum = 1; maximum = 9; required = true; },
		      { name = "key"; type = "string"; validate = "identifier"; secret = true; } );
		    script = "echo 'invalid port it is taken' >&5; exit 1"; },
		  { name = "review undo"; interpreter = "/usr/bin/dash"; script = "exit 0"; } );
	END
	sed -i 's/"guarded" )/"guarded", "review change" )/' /etc/rolegate/roles.d/approvable.role
	reload || fail "$(<"$T/reload")"
	gate dana -e learning -- review change --port 7 --key hunter2
	status_is 1
	[[ $err == 'invalid port: it is taken' ]] || fail "something else is said"
	gate dana -e learning --json -- review change --port 7
	out_has '"outcome":"invalid-input"'
	audit_has 'op=end .*result=invalid-input transaction=undone ' -m USER_CMD -ua dana -ts recent
	queue_fresh
	gate dana -e approved -- review change --port 7 --key hunter2
	refused pending-approval
	audit_has "op=decision req=$request .*cmd=review change --port=7 '--key=<secret>' reason=pending" \
		-m USER_CMD -ua dana -ts recent -i
}

# The end of a handle that was not used is one, by libpam.
sessions_make_no_records_of_failures_by_pam() {
	local before
	needs_audit
	gate dana -- whoami
	sleep 0.3
	before=$(ausearch -m USER_ERR -x /opt/rolegate/sbin/rolegated 2>/dev/null | grep -c bad_ident)
	for _ in 1 2 3 4; do
		gate dana -- whoami
		status_is 0
	done
	sleep 0.5
	[[ $(ausearch -m USER_ERR -x /opt/rolegate/sbin/rolegated 2>/dev/null | grep -c bad_ident) == "$before" ]] ||
		fail "records of PAM:bad_ident"
}

# The commands of rolegate-records(5) after "example-review", with this number of the queue.
_page_examples() {
	sed -n '/example-review/,/^\.Ed/p' "$TESTS/man/rolegate-records.5" | grep -v '^\.' |
		sed -e ':a' -e '/|$/{N;s/\n */ /;ba' -e '}' -e 's/^# //' \
			-e "s/approval=7 /approval=$1 /; s/approved-1001-operations/approved-$(id -u dana)-learning/"
}

the_questions_of_the_page_find_what_was_done() {
	local command approved granted found
	needs_audit
	records_settle
	queue_fresh
	changes_files
	install -d -o svc-ops /srv/review
	printf '#!/usr/bin/dash\nexit 3\n' >/opt/tests/review.sh
	chmod 644 /opt/tests/review.sh
	cat >/etc/rolegate/functions.d/review.conf <<-'END'
		functions = ( { name = "review change"; file = "/opt/tests/review.sh";
		    transaction = { paths = [ "/srv/review" ]; }; rollback = "review undo"; },
		  { name = "review undo"; interpreter = "/usr/bin/dash"; script = "exit 0"; } );
	END
	sed -i 's/"guarded" )/"guarded", "review change" )/' /etc/rolegate/roles.d/approvable.role
	rolegatectl trust add 'review change' --on-mismatch constrain || fail "trust add"
	reload || fail "$(<"$T/reload")"
	queue_waits dana approved review change
	approved=$number
	queue_ctl frank approved approve "$number" --reason no
	run bash -c 'echo "$1" >/proc/self/loginuid; exec rolegatectl approve "$2" --reason own' \
		root "$(id -u dana)" "$number"
	status_is 1
	queue_ctl erin approved approve "$number" --reason x
	gate dana -e approved -- review change
	status_is 3
	echo '#' >>/opt/tests/review.sh
	queue_waits dana approved review change
	gate dana -e learning -- review change
	queue_waits dana learning pick delta
	granted=$number
	queue_ctl erin learning approve "$granted" --reason x
	gate dana -e learning -- pick delta
	out_is delta
	gate erin -e desk --act-as dana -- whoami
	sleep 0.3
	_page_examples "$approved" >"$T/examples"
	[[ $(wc -l <"$T/examples") == 12 ]] || fail "$(<"$T/examples")"
	while read -r command; do
		found=$(bash -c "$command" </dev/null 2>"$T/err")
		grep -q 'op=' <<<"$found" || fail "nothing is found by: $command $(<"$T/err")"
	done <"$T/examples"
}

a_commit_says_how_much_it_changed() {
	needs_audit
	changes_files
	install -d -o svc-ops /srv/review
	cat >/etc/rolegate/functions.d/review.conf <<-'END'
		functions = ( { name = "review change"; interpreter = "/usr/bin/dash";
		    transaction = { paths = [ "/srv/review" ]; };
		    script = "echo 1 >/srv/review/a; echo 2 >/srv/review/b"; } );
	END
	sed -i 's/"guarded" )/"guarded", "review change" )/' /etc/rolegate/roles.d/approvable.role
	reload || fail "$(<"$T/reload")"
	gate dana -e learning -- review change
	status_is 0
	audit_has 'op=end .*transaction=committed changes=2 ' -m USER_CMD -ua dana -ts recent
}

an_event_log_at_the_usual_place_needs_no_directory_made() {
	changes_files
	rm -rf /var/log/rolegate
	sed -i '1i event_log = "/var/log/rolegate/events.jsonl";' /etc/rolegate/rolegate.conf
	reload || fail "$(<"$T/reload")"
	gate dana -- whoami
	status_is 0
	grep -q '"op":"end"' /var/log/rolegate/events.jsonl || fail "no event"
}

# Its required groups and its password are asked for at its own socket alone.
R36_an_endpoint_is_not_decided_for_by_way_of_another() {
	needs_audit
	queue_fresh
	queue_waits dana approved deploy
	queue_ctl erin learning approve "$number" --reason x
	status_is 1
	err_has "there is no number $number"
	queue_ctl erin learning reject "$number" --reason x
	status_is 1
	gate dana -e approved -- deploy
	refused pending-approval
	queue_ctl erin approved approve "$number" --reason x
	status_is 0
	queue_ctl erin learning revoke "$number" --reason x
	status_is 1
	gate dana -e approved -- deploy
	out_is deployed
	run rolegatectl revoke "$number" --reason root
	status_is 0
}

a_decision_that_the_gateway_has_not_loaded_says_so() {
	queue_fresh
	changes_files
	queue_waits dana learning pick delta
	gateway_stop
	run rolegatectl approve "$number" --reason x
	gateway_start
	status_is 1
	out_has "number $number is approved for good"
	err_has 'it counts when the gateway has loaded'
	gate dana -e learning -- pick delta
	status_is 0
}
