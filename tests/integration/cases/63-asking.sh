# Acting as somebody else, choices, start-up functions, and being asked for inputs.

act_as_uses_the_roles_of_the_other_and_nothing_else() {
	gate erin -e desk --act-as dana -- whoami
	status_is 0
	out_has 'svc-ops'
	gate erin -e desk --act-as dana -- whoami-caller
	status_is 0
	out_has '\(erin\)'
	out_lacks dana
	gate erin -e desk --act-as dana -- exit 3
	status_is 3
	gate erin -e desk --act-as=dana --json -- whoami
	status_is 0
	out_has '"act_as":"dana"'
	out_has '"run_as":"svc-ops"'
	gate erin -e desk -- whoami
	refused no-role
	err_has 'you have no role at this endpoint'
}

act_as_is_for_the_listed_commands_alone() {
	gate dana -e desk -- sleep 0
	status_is 0
	gate erin -e desk --act-as dana -- sleep 0
	refused not-permitted
	err_has '"sleep" is not permitted'
	gate erin -e desk --act-as dana -- nosuch
	refused not-permitted
	err_has '"nosuch" is not permitted'
	gate erin -e desk --act-as dana -- pick beta
	refused value-not-allowed
	gate erin -e desk --act-as dana --json -l
	status_is 0
	out_has '"name":"whoami"'
	out_lacks '"name":"sleep"'
	gate erin -e desk --act-as dana --describe sleep
	refused not-permitted
	gate erin -e desk --act-as dana --dry-run -- sleep 0
	status_is 126
	out_has 'is not permitted'
	gate erin -e desk --act-as dana --dry-run -- pick alpha
	status_is 0
	# dana's own right to act as frank is not lent.
	gate erin -e desk --act-as frank -- whoami
	refused not-permitted
	gate dana -e desk --act-as frank -- whoami
	status_is 0
}

R24_act_as_tells_nothing_of_whom_it_refuses() {
	local name text=
	# Listed and without an account; an account without a role; nobody.
	for name in ghost nora nobody-of-this-name svc-ops root erin; do
		gate erin -e desk --act-as "$name" -- pick alpha
		refused account-refused
		err=${err//"$name"/NAME}
		err=${err//"$request"/ID}
		[[ -z $text || $err == "$text" ]] || fail "another text for $name: $text"
		text=$err
	done
	[[ $text == *'you may not act as "NAME" here'* ]] || fail "the text: $text"
	# One that no entry is for is not even looked up, and refused alike.
	gate dana -e operations --act-as frank -- whoami
	refused account-refused
	gate erin -e desk --act-as $'da\nna' -- whoami
	refused syntax
	gate erin -e desk --act-as "$(printf 'd%.0s' {1..300})" -- whoami
	refused syntax
}

act_as_for_an_operator_without_a_role() {
	gate nora -e desk --act-as dana -- pick alpha
	status_is 0
	out_is alpha
	gate nora -e desk --act-as dana -- whoami
	refused not-permitted
	gate nora -e desk -- pick alpha
	refused no-role
	gate nora -e desk -l
	refused no-role
	gate nora -e operations -- pick alpha
	refused no-role
}

R18_act_as_names_both_in_the_records() {
	needs_audit
	records_settle
	gate erin -e desk --act-as dana -- exit 3
	audit_has "op=decision .*acct=erin.*role=desk.*comm=exit runas=svc-ops.*actas=dana.*res=success" \
		-m USER_CMD --loginuid "$(id -u erin)" -i -ts recent
	audit_has 'op=end .*acct=erin.*actas=dana.*status=3' -m USER_CMD -ua erin -i -ts recent
	gate erin -e desk --act-as dana -- sleep 0
	refused not-permitted
	audit_has "req=$request.*acct=erin.*role=desk.*actas=dana.*res=failed" \
		-m USER_CMD -ua erin -i -ts recent
	gate erin -e desk --act-as nora -- whoami
	refused account-refused
	audit_has "req=$request.*acct=erin.*reason=account-refused actas=nora" \
		-m USER_CMD -ua erin -i -ts recent
}

act_as_needs_the_required_groups_of_both() {
	changes_files
	sed -i '/name = "desk";/s//name = "desk"; required_groups = { all = [ "staff" ]; };/' \
		/etc/rolegate/rolegate.conf
	reload || fail "reload: $(<"$T/reload")"
	gate erin -e desk --act-as dana -- whoami
	refused no-role
	gate dana -e desk --act-as frank -- whoami
	refused account-refused
	gpasswd -a frank staff >/dev/null
	gate dana -e desk --act-as frank -- whoami
	status_is 0
	gpasswd -d frank staff >/dev/null
}

explain_act_as() {
	run rolegatectl explain --user erin --act-as dana --endpoint desk -- whoami
	status_is 0
	out_has 'rights    of dana, used by erin'
	run rolegatectl explain --user erin --act-as dana --endpoint desk --json -- whoami-caller
	status_is 0
	out_has '"act_as":"dana"'
	out_has '"run_as":"erin"'
	run rolegatectl explain --user erin --act-as dana --endpoint desk -- sleep 0
	status_is 1
	run rolegatectl explain --user erin --act-as dana --endpoint operations -- whoami
	status_is 1
	out_has 'no act_as of endpoint operations lets erin act as dana'
	run rolegatectl explain --user erin --act-as nora --endpoint desk -- pick alpha
	status_is 1
	out_has 'nora has no role at endpoint desk'
	run rolegatectl explain --roles desk --act-as nora -- pick alpha
	status_is 2
}
