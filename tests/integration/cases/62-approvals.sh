# The queue of approvals over the real gateway: R22, R24, R28, R32, R34 to R36. dana asks, erin and
# frank approve: erin has no role where she does.

# As root behind the login uid of a person.
_root() {
	local login
	login=$(id -u "$1")
	shift
	run bash -c 'echo "$1" >/proc/self/loginuid; shift; exec /opt/rolegate/sbin/rolegatectl "$@"' \
		root "$login" "$@"
}

R34_a_function_waits_for_approval_under_one_number() {
	local first
	queue_fresh
	queue_waits dana approved deploy
	first=$number
	queue_waits dana approved deploy
	[[ $number == "$first" ]] || fail "a second number"
	queue_waits dana approved tidy up
	[[ $number != "$first" ]] || fail "the same number"
	run rolegatectl explain --user dana --endpoint approved -- deploy
	status_is 0
	out_has 'approval  is needed'
	run rolegatectl explain --json --user dana --endpoint learning -- guarded
	out_has '"approval_needed":true'
	run rolegatectl explain --user dana --endpoint learning -- deploy
	out_lacks 'approval'
	run rolegatectl pending
	status_is 0
	out_has deploy
	out_has 'tidy up'
	gate dana -e approved -- whoami
	status_is 0
	gate dana -e approved --json -- deploy
	out_has "\"approval\":$first"
}

R34_another_person_approves_and_it_runs() {
	queue_fresh
	queue_waits dana approved deploy
	queue_approve "$number"
	gate dana -e approved -- deploy
	status_is 0
	out_is deployed
	gate frank -e approved -- deploy
	out_is deployed
	queue_waits dana approved tidy up
}

a_function_may_need_it_where_its_endpoint_does_not() {
	queue_fresh
	gate dana -e learning -- deploy
	out_is deployed
	queue_waits dana learning guarded
	queue_approve "$number" learning
	gate dana -e learning -- guarded
	out_is guarded
}

R34_nobody_approves_their_own_request() {
	queue_fresh
	queue_waits frank paired deploy
	queue_ctl frank paired approve "$number" --reason mine
	((status != 0)) || fail "approved by uid"
	_root frank approve "$number" --reason mine
	((status != 0)) || fail "approved by login uid"
	gate frank -e paired -- deploy
	refused pending-approval
}

R36_two_approvers_are_two_persons() {
	queue_fresh
	queue_waits dana paired deploy
	queue_ctl erin paired approve "$number" --reason one
	status_is 0
	gate dana -e paired -- deploy
	refused pending-approval
	queue_ctl erin paired approve "$number" --reason again
	((status != 0)) || fail "voted twice"
	_root erin approve "$number" --reason again
	((status != 0)) || fail "voted twice, as root"
	gate dana -e paired -- deploy
	refused pending-approval
	queue_ctl frank paired approve "$number" --reason two
	status_is 0
	gate dana -e paired -- deploy
	out_is deployed
}

only_the_groups_of_approvers_are_let_in() {
	queue_fresh
	queue_waits dana approved deploy
	queue_ctl nora approved approve "$number" --reason me
	((status != 0)) || fail "nora approved"
	err_has 'no role'
	queue_ctl frank approved approve "$number" --reason me
	((status != 0)) || fail "frank approved"
	err_has 'no approver'
	queue_ctl frank approved pending
	out_lacks deploy
	queue_ctl frank approved pending show "$number"
	((status != 0)) || fail "frank saw it"
	queue_ctl dana approved pending
	status_is 0
	out_has deploy
	queue_ctl nora approved pending
	((status != 0)) || fail "nora saw the queue"
	run as erin "$rolegate" -e approved -- deploy
	refused no-role
}

R36_once_is_one_run_of_twenty() {
	local client
	queue_fresh
	queue_waits dana approved deploy
	queue_approve "$number" approved --once
	for client in {1..20}; do
		"$TESTS/as" dana "$rolegate" -e approved -- deploy >"$T/once.$client" 2>&1 &
	done
	wait
	[[ $(cat "$T"/once.* | grep -c '^deployed$') == 1 ]] || fail "$(cat "$T"/once.*)"
	queue_waits dana approved deploy
}

R36_a_time_runs_out() {
	queue_fresh
	queue_waits dana approved deploy
	queue_approve "$number" approved --for 2s
	gate dana -e approved -- deploy
	out_is deployed
	sleep 2.2
	queue_waits dana approved deploy
	queue_approve "$number" approved
	gate dana -e approved -- deploy
	out_is deployed
}

R36_final_is_final() {
	local rejected
	queue_fresh
	queue_waits dana approved deploy
	rejected=$number
	queue_ctl erin approved reject "$number" --reason 'not today'
	status_is 0
	queue_ctl erin approved approve "$rejected" --reason 'changed my mind'
	((status != 0)) || fail "approved what was rejected"
	gate dana -e approved -- deploy
	refused pending-approval
	queue_waits dana approved deploy
	[[ $number != "$rejected" ]] || fail "a final number waits again"
	queue_approve "$number"
	queue_ctl erin approved revoke "$number" --reason 'broken'
	status_is 0
	gate dana -e approved -- deploy
	refused pending-approval
	queue_ctl erin approved approve "$number" --reason again
	((status != 0)) || fail "approved what was revoked"
}

# A script file of this case's own.
_script() {
	changes_files
	cat >/opt/tests/roll.sh
	chmod 755 /opt/tests/roll.sh
	cat >/etc/rolegate/functions.d/roll.conf <<-'END'
		functions = ( { name = "roll"; file = "/opt/tests/roll.sh"; },
		  { name = "roll copy"; file = "/opt/tests/copy.sh"; } );
	END
	cp -p /opt/tests/roll.sh /opt/tests/copy.sh
	sed -i 's/"guarded" )/"guarded", "roll", "roll copy" )/' \
		/etc/rolegate/roles.d/approvable.role
	reload || fail "$(cat "$T/reload")"
}

R34_one_changed_byte_revokes_and_restoring_does_not_bring_it_back() {
	queue_fresh
	_script <<<$'#!/usr/bin/dash\necho one'
	cp -p /opt/tests/roll.sh "$T/saved"
	queue_waits dana approved roll
	queue_approve "$number"
	gate dana -e approved -- roll
	out_is one
	sed -i 's/one/onf/' /opt/tests/roll.sh
	reload
	queue_waits dana approved roll
	cp -p "$T/saved" /opt/tests/roll.sh
	reload
	gate dana -e approved -- roll
	refused pending-approval
}

R34_copies_and_names_are_not_approved() {
	queue_fresh
	_script <<<$'#!/usr/bin/dash\necho one'
	queue_waits dana approved roll
	queue_approve "$number"
	gate dana -e approved -- roll copy
	refused pending-approval
	gate dana -e paired -- roll
	refused pending-approval
	mv /opt/tests/roll.sh /opt/tests/copy.sh
	cp -p /opt/tests/copy.sh /opt/tests/roll.sh
	reload
	gate dana -e approved -- roll copy
	refused pending-approval
	gate dana -e approved -- roll
	out_is one
	touch /opt/tests/roll.sh
	gate dana -e approved -- roll
	out_is one
}

R34_another_account_or_rule_is_not_approved() {
	queue_fresh
	_script <<<$'#!/usr/bin/dash\necho one'
	queue_waits dana approved roll
	queue_approve "$number"
	sed -i 's|file = "/opt/tests/roll.sh";|& run_as = "svc-logs";|' /etc/rolegate/functions.d/roll.conf
	reload
	gate dana -e approved -- roll
	refused pending-approval
	sed -i 's| run_as = "svc-logs";||; s|file = "/opt/tests/roll.sh";|& inputs = ( { name = "x"; type = "boolean"; } );|' \
		/etc/rolegate/functions.d/roll.conf
	reload
	gate dana -e approved -- roll
	refused pending-approval
}

as_caller_only_is_good_for_the_own_account_alone() {
	queue_fresh
	queue_waits dana approved as me
	queue_approve "$number" approved --as-caller-only
	gate dana -e approved -- as me
	out_is "$(id -u dana)"
	queue_waits dana approved deploy
	queue_approve "$number" approved --as-caller-only
	gate dana -e approved -- deploy
	refused account-refused
	queue_waits dana learning whoami-caller
	queue_approve "$number" learning --as-caller-only
	gate dana -e learning -- whoami-caller
	out_has '\(dana\)'
	queue_waits dana learning pick delta
	queue_approve "$number" learning --as-caller-only
	gate dana -e learning -- pick delta
	refused account-refused
	! ls /etc/rolegate/roles.d | grep approved- || fail "a role file, which can't say so"
}

a_dry_run_queues_nothing_and_uses_nothing_up() {
	queue_fresh
	gate dana -e approved --dry-run -- deploy
	status_is 126
	out_has 'pending-approval'
	run rolegatectl pending
	out_lacks deploy
	queue_waits dana approved deploy
	gate dana -e approved --dry-run -- deploy
	out_has "waits for approval as number $number"
	queue_approve "$number" approved --once
	gate dana -e approved --dry-run -- deploy
	status_is 0
	gate dana -e approved --dry-run -- deploy
	status_is 0
	gate dana -e approved -- deploy
	out_is deployed
}

R24_unknown_and_forbidden_look_alike_where_the_endpoint_learns() {
	local known
	queue_fresh
	queue_waits dana learning off
	known=${err/off/NAME}
	queue_waits dana learning oft
	diff <(sed 's/number [0-9]*//; s/request [0-9a-f]*//' <<<"$known") \
		<(sed 's/oft/NAME/; s/number [0-9]*//; s/request [0-9a-f]*//' <<<"$err") ||
		fail "they differ"
	gate dana -e learning --dry-run -- show env
	known=${out/show/NAME}
	gate dana -e learning --dry-run -- sho env
	[[ $known == "${out/sho/NAME}" ]] || fail "they differ in a dry run"
	gate dana -e learning -- pick
	refused missing-parameter
	gate dana -e learning -- pick '..'
	refused invalid-value
}

a_learned_command_becomes_a_role_file() {
	local file
	queue_fresh
	changes_files
	queue_waits dana learning pick delta
	queue_ctl erin learning approve "$number" --reason 'dana may pick delta */ "; #'
	status_is 0
	file=/etc/rolegate/roles.d/approved-$(id -u dana)-learning.role
	[[ -f $file ]] || fail "no role file"
	grep -q "# approval $number by erin (uid $(id -u erin)) at .*: dana may pick delta" "$file" ||
		fail "$(cat "$file")"
	[[ $(stat -c '%U %a' "$file") == 'root 644' ]] || fail "owner or mode"
	gate dana -e learning -- pick delta
	out_is delta
	gate dana -e learning -- pick alpha
	out_is alpha
	queue_waits dana learning pick gamma
	queue_waits frank learning pick delta
	run rolegatectl check
	out_lacks approved-
	queue_ctl erin learning revoke "$(sed -n 's/.*# approval \([0-9]*\) .*/\1/p' "$file")" --reason over
	status_is 0
	[[ ! -e $file ]] || fail "the role file is still there"
	queue_waits dana learning pick delta
}

a_grant_that_a_person_takes_out_is_gone() {
	queue_fresh
	changes_files
	queue_waits dana learning pick delta
	queue_approve "$number" learning
	gate dana -e learning -- pick delta
	out_is delta
	rm /etc/rolegate/roles.d/approved-*
	reload
	gate dana -e learning -- pick delta
	refused not-permitted
	err_has "approval $number granted it"
	queue_ctl erin learning revoke "$number" --reason over
	status_is 0
	queue_waits dana learning pick delta
}

revoking_tells_what_to_take_out_of_a_file_that_was_edited() {
	local file
	queue_fresh
	changes_files
	queue_waits dana learning pick delta
	queue_approve "$number" learning --role "dana-extra"
	file=/etc/rolegate/roles.d/dana-extra.role
	[[ -f $file ]] || fail "no role file"
	echo '# mine now' >>"$file"
	queue_ctl erin learning revoke "$number" --reason over
	status_is 1
	grep -qE 'dana-extra.role was edited; take out lines 6 and 7' "$T/out" "$T/err" || fail "not told"
	gate dana -e learning -- pick delta
	out_is delta
	sed -i 6,7d "$file"
	sed -i 's/visible_commands = (/visible_commands = ();/; /^);$/d' "$file"
	reload || fail "$(cat "$file" "$T/reload")"
	queue_waits dana learning pick delta
	queue_ctl erin learning approve "$number" --role operator --reason x
	((status != 0)) || fail "wrote into a role of somebody's"
	err_has 'not written by rolegatectl'
}

a_learned_command_for_a_time_runs_by_the_queue() {
	queue_fresh
	queue_waits dana learning pick delta
	queue_approve "$number" learning --for 1h
	gate dana -e learning -- pick delta
	out_is delta
	ls /etc/rolegate/roles.d | found approved- && fail "a role file"
	queue_waits dana learning pick gamma
	queue_waits frank learning pick delta
	queue_waits dana learning journal -u x.service
	queue_approve "$number" learning --once
	gate dana -e learning -- journal -u x.service
	status_is 0
	queue_waits dana learning journal -u x.service
}

R24_what_is_not_defined_is_not_granted() {
	queue_fresh
	queue_waits dana learning nonesuch
	queue_ctl erin learning approve "$number" --reason x
	((status != 0)) || fail "approved"
	err_has 'no command is defined'
	gate dana -e learning -- nonesuch
	refused pending-approval
}

a_secret_is_not_in_the_queue() {
	queue_fresh
	queue_waits dana learning journal --token hunter2
	run rolegatectl pending show "$number"
	out_lacks hunter2
	out_has 'secret'
	! grep -r hunter2 /var/lib/rolegate/approvals >/dev/null || fail "it is in the file"
}

R28_a_queue_of_others_lets_nothing_run() {
	queue_fresh
	queue_waits dana approved deploy
	queue_approve "$number"
	chown dana /var/lib/rolegate/approvals
	gate dana -e approved -- deploy
	refused gateway-error
	err_has 'queue of approvals'
	audit_has "op=decision req=\"?$request.*gateway-error" -m USER_CMD -ts recent
	chown root /var/lib/rolegate/approvals
	chmod 777 /var/lib/rolegate/approvals
	gate dana -e approved -- deploy
	refused gateway-error
	chmod 700 /var/lib/rolegate/approvals
	gate dana -e approved -- deploy
	out_is deployed
	gate dana -e learning -- whoami
	status_is 0
}

a_damaged_queue_lets_nothing_run() {
	queue_fresh
	queue_waits dana approved deploy
	queue_approve "$number"
	dd if=/dev/urandom of=/var/lib/rolegate/approvals/queue.db bs=512 count=8 conv=notrunc status=none
	gate dana -e approved -- deploy
	refused gateway-error
	: >/var/lib/rolegate/approvals/queue.db
	gate dana -e approved -- deploy
	refused gateway-error
	queue_fresh
	queue_waits dana approved deploy
}

an_unwritable_queue_lets_nothing_run() {
	queue_fresh
	queue_waits dana approved deploy
	mount -o remount,ro /var/lib/rolegate
	gate dana -e approved -- tidy up
	mount -o remount,rw /var/lib/rolegate
	refused gateway-error
	queue_waits dana approved tidy up
}

R22_one_person_cannot_fill_the_queue() {
	local i
	queue_fresh
	for i in {1..100}; do
		gate frank -e learning -- "nonesuch$i"
	done
	refused pending-approval
	gate frank -e learning -- onemore
	refused limit
	touch /run/jump-host/flood
	queue_waits dana learning onemore
}

R36_every_edge_is_a_record() {
	needs_audit
	records_settle
	queue_fresh
	queue_waits dana approved deploy
	audit_has "op=approval req=\"?$request.*acct=\"?dana.*approval=$number edge=\"?request\"? state=\"?pending" \
		-m USER_CMD -ua dana -i -ts recent
	audit_has "op=decision req=\"?$request.*reason=\"?pending-approval.*approval=$number.*res=failed" \
		-m USER_CMD -ua dana -i -ts recent
	queue_approve "$number" approved --once
	audit_has "op=approval.*acct=\"?erin.*script=\"?sha256:[0-9a-f]{64}.*approval=$number edge=\"?approve\"? state=\"?approved" \
		-m USER_CMD -ua erin -i -ts recent
	grep -E "approval=$number edge=\"?approve" "$T/audit" |
		grep -qE 'asked.for.by.dana.*seen.it' || fail "no reason: $(cat "$T/audit")"
	gate dana -e approved -- deploy
	status_is 0
	audit_has "op=approval.*approval=$number edge=\"?use\"? state=\"?used" -m USER_CMD -ua dana -i -ts recent
	audit_has "op=decision.*comm=\"?deploy.*approval=$number.*res=success" -m USER_CMD -ua dana -i -ts recent
	queue_waits dana approved deploy
	queue_ctl erin approved reject "$number" --reason no
	audit_has "op=approval.*acct=\"?erin.*approval=$number edge=\"?reject\"? state=\"?rejected" \
		-m USER_CMD -ua erin -i -ts recent
	queue_waits dana approved deploy
	queue_approve "$number"
	_root nora revoke "$number" --reason 'as root'
	status_is 0
	audit_has "op=approval.*acct=\"?nora.*edge=\"?revoke\"? state=\"?revoked" -m USER_CMD -ts recent -i
}

R32_what_was_asked_for_is_shown_escaped() {
	local bell=$'\u202e'
	queue_fresh
	queue_waits dana learning "x${bell}y"
	run rolegatectl pending
	! grep -q "$bell" "$T/out" || fail "shown raw"
	run rolegatectl pending show "$number"
	! grep -q "$bell" "$T/out" || fail "shown raw"
}

R36_no_record_no_edge() {
	queue_fresh
	changes_files
	queue_waits dana approved deploy
	mkdir -p "$T/events"
	mount -t tmpfs -o size=64k,mode=700 events "$T/events"
	: >"$T/events/log"
	chmod 600 "$T/events/log"
	cat /dev/zero >"$T/events/full" 2>/dev/null
	sed -i "1i event_log = \"$T/events/log\";" /etc/rolegate/rolegate.conf
	reload || fail "$(cat "$T/reload")"
	queue_ctl erin approved approve "$number" --reason 'seen it'
	local status_full=$status
	_root nora approve "$number" --reason 'seen it'
	local status_root=$status
	rm "$T/events/full"
	run rolegatectl pending show "$number"
	umount -l "$T/events"
	((status_full != 0 && status_root != 0)) || fail "approved without a record"
	out_has pending
	put_back
	queue_approve "$number"
	gate dana -e approved -- deploy
	out_is deployed
}

self_approval_lets_who_asked_approve() {
	queue_fresh
	changes_files
	sed -i 's/approvers = 2;/approvers = 1; self_approval = true;/' /etc/rolegate/rolegate.conf
	reload || fail "$(cat "$T/reload")"
	queue_waits frank paired deploy
	queue_ctl frank paired approve "$number" --reason mine
	status_is 0
	gate frank -e paired -- deploy
	out_is deployed
	# What waited under the stricter rule still does.
	queue_fresh
	queue_waits frank paired deploy
	put_back
	queue_ctl frank paired approve "$number" --reason mine
	((status != 0)) || fail "approved under the rule of yesterday"
}

approvers_need_the_required_groups_too() {
	queue_fresh
	changes_files
	queue_waits dana approved deploy
	sed -i '/name = "approved"/s/$/ required_groups = { any = [ "staff", "web-ops" ]; };/' \
		/etc/rolegate/rolegate.conf
	reload || fail "$(cat "$T/reload")"
	queue_ctl erin approved approve "$number" --reason 'seen it'
	((status != 0)) || fail "approved"
	err_has 'no role'
}

what_is_not_trusted_waits_too_and_needs_the_registry_besides() {
	local hash
	queue_fresh
	_script <<<$'#!/usr/bin/dash\necho one'
	mkdir -p /etc/rolegate/trusted.d
	cat >/etc/rolegate/trusted.d/roll.conf <<-END
		trusted = ( { id = "0c7a51a6-7a0e-4a51-9a3e-7a0c7a51a6f0"; function = "roll";
		  content_hash = "sha256:$(printf '0%.0s' {1..64})"; level = "trusted"; on_mismatch = "block"; } );
	END
	reload || {
		grep -q 'not supported' "$T/reload" && skip "this version has no trusted.d"
		fail "$(cat "$T/reload")"
	}
	gate dana -e approved -- roll
	refused untrusted
	err_has 'it waits for approval as number [0-9]+'
	number=$(sed -n 's/.*as number \([0-9]*\).*/\1/p' "$T/err")
	run rolegatectl pending show "$number"
	out_has untrusted
	queue_approve "$number"
	gate dana -e approved -- roll
	refused untrusted
	err_has "approved as number $number, and the registry"
	hash=$(sha256sum </opt/tests/roll.sh)
	sed -i "s/sha256:0*/sha256:${hash%% *}/" /etc/rolegate/trusted.d/roll.conf
	reload || fail "$(cat "$T/reload")"
	gate dana -e approved -- roll
	out_is one
}

# erin's password is asked for, as it is where she would run something.
_vouched() {
	pty "$TESTS/as" erin /opt/rolegate/sbin/rolegatectl -e vouched "$@"
}

an_approver_answers_pams_questions() {
	queue_fresh
	echo 'dana:correct horse' | chpasswd
	echo 'erin:correct staple' | chpasswd
	trap 'usermod -p "*" dana; usermod -p "*" erin' EXIT
	queue_waits dana vouched deploy
	_vouched approve "$number" --reason 'seen it' <<-'END'
		expect [Pp]assword
		send correct horse\r
		expect authentication-failed
		status 2
	END
	queue_ctl erin vouched approve "$number" --reason 'seen it'
	status_is 2
	err_has authentication-failed
	_vouched -n approve "$number" --reason 'seen it' <<-'END'
		never [Pp]assword:
		status 2
	END
	_vouched pending <<-'END'
		expect [Pp]assword
		send correct staple\r
		expect deploy
		status 0
	END
	run rolegatectl pending show "$number"
	out_has pending
	_vouched approve "$number" --reason 'seen it' <<-'END'
		expect [Pp]assword
		send correct staple\r
		expect approved
		status 0
	END
	pty "$TESTS/as" dana "$rolegate" -e vouched -- deploy <<-'END'
		expect [Pp]assword
		send correct horse\r
		expect deployed
		status 0
	END
}
