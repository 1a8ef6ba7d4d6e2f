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

check_warns_of_an_act_as_that_is_open_to_anybody() {
	changes_files
	sed -i 's/users = \[ "dana", "ghost" \]; commands = \[ "who\*"/commands = [ "who*"/; s/group = "staff";       users = \[ "frank" \]/group = "no-such-group"; users = [ "nobody-such" ]/' \
		/etc/rolegate/rolegate.conf
	run rolegatectl check
	out_has 'rolegate.conf:[0-9]+:.*act_as: group "log-readers" may call "who\*" as anybody'
	out_has 'act_as: there is no group "no-such-group"'
	out_has 'act_as: .*nobody-such'
	out_lacks 'may call "exit"'
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

_drain() {
	gate dana -e desk -- desk drain --ticket OPS-1 --token abc "$@"
}

choices_are_computed_and_checked() {
	_drain --zone east --node web1-east
	status_is 0
	out_is 'draining web1-east mode=soft wait=5 force= note=[]'
	_drain --zone east --node web1-west
	refused invalid-value
	err_has 'node: "web1-west" is refused; expected one of: web1-east, web2-east \('
	_drain --zone north --node web1-north
	refused invalid-value
	err_has 'zone: "north" is refused; expected one of: east, west \('
	_drain --zone east --node $'web1-east\nweb2-east'
	refused syntax
	_drain --zone east
	refused missing-parameter
	gate dana -e desk -- desk nodes --zone east
	refused not-permitted
	gate dana -e desk -- pick none --value a
	refused invalid-value
	err_has 'expected a choice, and there are none now'
}

choices_that_cannot_be_computed_refuse_the_call() {
	gate dana -e desk -- pick failing --value a
	refused gateway-error
	err_has 'the choices of "value" can.t be computed: desk failing: it ended with\s+status 3'
	out_lacks ran
	gate dana -e desk -- pick slow --value a
	refused gateway-error
	err_has 'it ran longer than it may'
	gate dana -e desk -- pick endless --value 0123456789
	refused gateway-error
	err_has 'it printed more than 65536 bytes'
	gate dana -e desk -- pick odd --value a
	refused gateway-error
	err_has 'it printed a line that is no text'
	no_process_of svc-ops
}

R16_a_nested_run_ends_with_its_client() {
	"$TESTS/as" dana "$rolegate" -e desk -- pick hang --value a &
	wait_for pgrep -u svc-ops || fail "it did not start"
	pkill -KILL -u dana -f 'pick hang'
	no_process_of svc-ops
	gateway_serves
	run timeout -s INT 1 "$TESTS/as" dana "$rolegate" -e desk -- pick hang --value a
	no_process_of svc-ops
}

records_say_what_a_nested_run_was_for() {
	needs_audit
	records_settle
	_drain --zone east --node web9
	refused invalid-value
	audit_has "comm=desk zones runas=svc-ops.*for=$request.*res=success" -m USER_CMD \
		--loginuid "$(id -u dana)" -i -ts recent
	audit_has "op=end .*comm=desk nodes .*cmd=desk nodes --zone=east.*for=$request.*status=0" \
		-m USER_CMD -ua dana -i -ts recent
	! grep "for=$request" "$T/audit" | found "op=end req=$request" || fail "its own id"
}

startup_functions_run_once_in_order_and_before_all_else() {
	needs_audit
	records_settle
	printf 'pick alpha\nexit 0\npick beta\n' >"$T/lines"
	run as dana /opt/rolegate/bin/rolegate-shell -e starting <"$T/lines"
	status_is 0
	out_is $'alpha\nbeta'
	audit_has 'op=end .*endpoint=starting.*cmd=.*beta' -m USER_CMD -ua dana -i -ts recent
	grep 'op=decision .*endpoint=starting' "$T/audit" | tail -n 5 |
		sed 's/.*comm=\(.*\) runas=.*/\1/' >"$T/order"
	diff "$T/order" - <<-'END' || fail "another order"
		start second
		start first
		pick
		exit
		pick
	END
	gate dana -e starting -l
	gate dana -e starting --dry-run -- pick alpha
	gate dana -e starting --describe pick
	! ausearch -m USER_CMD -ua dana -i -ts recent | tail -n 3 | found 'comm=start' ||
		fail "asking started something"
}

a_function_may_be_called_that_the_session_starts_with() {
	gate dana -e starting -- start second
	status_is 0
}

choices_wait_for_the_startup_functions() {
	_at_terminal frank "$rolegate" -e starting -- desk drain <<-'END'
		expect zone: Where the node is
		expect the start-up function "start badly" of role "start-badly" failed
		status 126
	END
}

a_failed_startup_function_closes_the_session() {
	records_settle
	printf 'pick alpha\npick beta\n' >"$T/lines"
	run as frank /opt/rolegate/bin/rolegate-shell -e starting <"$T/lines"
	[[ $status != 0 ]] || fail "it ran"
	out_lacks 'alpha|beta|no'
	err_has 'the start-up function "start badly" of role "start-badly" failed, so that this session is over: it ended with status 7, request [0-9a-f]{32} \(gateway-error, request [0-9a-f]{32}\)'
	gate frank -e starting -- pick alpha
	refused gateway-error
	request=${request##*request } # after that of the function
	needs_audit
	audit_has "op=end .*comm=start badly.*for=$request.*status=7" -m USER_CMD -ua frank -i -ts recent
	audit_has "op=decision req=$request.*reason=gateway-error" -m USER_CMD -ua frank -i -ts recent
	gate frank -e starting -l
	status_is 0
}

# at_terminal USER COMMAND …: the steps are on stdin.
_at_terminal() {
	local user=$1
	shift
	pty "$TESTS/as" "$user" "$@"
}

prompt_asks_for_what_a_function_lacks() {
	_at_terminal dana /opt/rolegate/bin/rolegate-shell -e desk <<-'END'
		expect desk> 
		send desk drain\r
		expect zone: Where the node is
		expect 1\) east
		expect 2\) west
		expect zone: $
		send north\r
		expect expected a number from 1 to 2
		send 1\r
		expect node: The node to take out of service
		expect 2\) web2-east
		expect node: $
		send \r
		expect it is required
		send web2-east\r
		expect mode \[soft\]: $
		send \r
		expect wait: Minutes to wait for sessions \(a whole number from 1 to 60\)
		expect wait \[5\]: $
		send 99\r
		expect "99" is refused; expected a whole number from 1 to 60
		send 10\r
		expect ticket: $
		send 7\r
		expect a ticket is OPS- and a number
		send OPS-7\r
		expect token: $
		send hush\r
		never hush
		expect lines, the last one a single
		send one\r
		expect > $
		send two\r
		expect > $
		send .\r
		expect The same in one line: desk drain --zone=east --node=web2-east --wait=10 --ticket=OPS-7 .*<secret>.* .--note=<text of 2 lines>
		expect draining web2-east mode=soft wait=10 force= note=\[one
		expect two\]
		expect desk> 
		send exit\r
		status 0
	END
	! grep -rqs hush /home/dana || fail "the secret is in a file of dana's"
	needs_audit
	audit_has 'cmd=desk drain --zone=east --node=web2-east --mode=soft --wait=10 --ticket=OPS-7 .--token=<secret>' \
		-m USER_CMD -ua dana -i -ts recent
	! ausearch -m USER_CMD -ua dana -i -ts recent | found hush || fail "the secret is in a record"
}

prompt_follows_conditions_and_keeps_what_was_given() {
	_at_terminal dana /opt/rolegate/bin/rolegate-shell -e desk <<-'END'
		expect desk> 
		send desk drain --zone west --mode=hard --token abc --ticket OPS-3\r
		expect web2-west
		expect node: $
		send 2\r
		expect force \(true or false\)
		send perhaps\r
		expect expected true or false
		send yes\r
		expect note: $
		send \r
		expect The same in one line: desk drain --node=web2-west --force=true --zone west --mode=hard --token .<secret>. --ticket OPS-3
		expect draining web2-west mode=hard wait= force=true note=\[\]
		expect desk> 
		send pick alpha\r
		expect \nalpha
		expect desk> 
		send exit\r
		status 0
	END
}

_drained() {
	ausearch -m USER_CMD -ua dana -i -ts recent | grep -c 'op=decision .*comm=desk drain'
}

leaving_a_question_runs_nothing() {
	local before
	needs_audit
	records_settle
	before=$(_drained)
	_at_terminal dana /opt/rolegate/bin/rolegate-shell -e desk <<-'END'
		expect desk> 
		send desk drain\r
		expect zone: $
		send \x03
		expect \[130 INT\].* .*dana@.* desk> 
		send desk drain --zone east\r
		expect node: $
		send \x04
		expect \[130 INT\].* .*dana@.* desk> 
		send desk drain --zone east --node web1-east\r
		expect mode \[soft\]: $
		send hard\r
		expect force: $
		send no\r
		expect ticket: $
		send OPS-1\r
		expect token: $
		send \x1a
		expect desk> 
		send fg\r
		expect token: $
		send \x03
		expect \[130 INT\].* .*dana@.* desk> 
		send whoami\r
		expect svc-ops
		expect \n.*desk> 
		send exit\r
		status 0
	END
	[[ $(_drained) == "$before" ]] || fail "it ran"
}

leaving_while_choices_are_computed_ends_that_too() {
	_at_terminal dana /opt/rolegate/bin/rolegate-shell -e desk <<-'END'
		expect desk> 
		send pick hang\r
		expect value
		sleep 1
		send \x03
		expect \[130 INT\].* .*dana@.* desk> 
		send pick alpha\r
		expect \nalpha
		expect desk> 
		send pick failing\r
		expect the choices of "value" can.t be computed: desk failing: it ended with\s+status 3
		expect \[126 refused\].* .*dana@.* desk> 
		send pick none\r
		expect there is nothing to choose from now
		expect \[126 refused\].* .*dana@.* desk> 
		send exit\r
		status 126
	END
	no_process_of svc-ops
}

client_asks_at_a_terminal_and_nowhere_else() {
	_at_terminal dana "$rolegate" -e desk -- desk drain --zone east --node=web1-east --ticket OPS-1 <<-'END'
		expect desk drain needs more to know
		expect mode \[soft\]: $
		send 1\r
		expect wait \[5\]: $
		send \r
		expect token: $
		send quiet\r
		expect note: $
		send \r
		expect draining web1-east mode=soft wait=5
		status 0
	END
	_at_terminal dana "$rolegate" -e desk -n -- desk drain --zone east <<-'END'
		expect missing-parameter
		status 126
	END
	_at_terminal dana "$rolegate" -e desk --json -- desk drain --zone east <<-'END'
		expect "reason":"missing-parameter"
		status 126
	END
	gate dana -e desk -- desk drain --zone east
	refused missing-parameter
	_at_terminal dana "$rolegate" -e desk -- desk drain <<-'END'
		expect zone: $
		hangup
	END
	no_process_of dana
}

asking_with_the_roles_of_somebody_else() {
	changes_files
	sed -i 's/commands = \[ "pick" \]/commands = [ "pick", "desk drain" ]/' /etc/rolegate/rolegate.conf
	reload || fail "reload: $(<"$T/reload")"
	_at_terminal nora /opt/rolegate/bin/rolegate-shell -e desk --act-as dana <<-'END'
		expect nora.* as dana@.* desk> 
		send desk drain --ticket OPS-1 --token abc\r
		expect 2\) west
		send 2\r
		expect 2\) web2-west
		send 2\r
		expect mode \[soft\]: $
		send \r
		expect wait \[5\]: $
		send \r
		expect note: $
		send \r
		expect draining web2-west
		expect desk> 
		send whoami\r
		expect not permitted
		expect desk> 
		send exit\r
		status 126
	END
	needs_audit
	audit_has 'acct=nora.*comm=desk nodes.*actas=dana.*for=' -m USER_CMD -ua nora -i -ts recent
	run as nora /opt/rolegate/bin/rolegate-shell -e desk --act-as dana -c 'pick alpha'
	status_is 0
	out_is alpha
	run as nora /opt/rolegate/bin/rolegate-shell -c "rolegate-shell -e desk --act-as=dana -c 'pick alpha'"
	status_is 0
	out_is alpha
}

# _deep_functions N: each of them hands over the inputs that the next one computes choices for.
_deep_functions() {
	local i j
	echo 'functions = ('
	for ((i = 1; i < $1; i++)); do
		printf '{ name = "deep %d"; script = "echo a"; interpreter = "/bin/sh"; inputs = (' "$i"
		for ((j = i; j < $1; j++)); do
			printf ' { name = "v%d"; type = "choice"; choices_from = "deep %d"; required = true; }%s' \
				"$j" $((j + 1)) "$( ((j == $1 - 1)) || echo ,)"
		done
		printf ' ); },\n'
	done
	printf '{ name = "deep %d"; script = "echo a"; interpreter = "/bin/sh"; },\n' "$1"
	# Four of their own, before what the person asks for.
	for i in 1 2 3 4; do
		printf '{ name = "undo %d"; script = "exit 1"; interpreter = "/bin/sh"; %s },\n' "$i" \
			"$( ((i == 4)) || echo "rollback = \"undo $((i + 1))\";")"
	done
	echo '{ name = "shallow"; script = "echo a"; interpreter = "/bin/sh"; } );'
}

# What loads can run, and a start-up function counts for itself.
runs_for_runs_have_a_depth() {
	changes_files
	_deep_functions 4 >/etc/rolegate/functions.d/deep.conf
	sed -i 's/visible_functions = (/visible_functions = ( "deep 1",/' /etc/rolegate/roles.d/desk.role
	reload || fail "reload: $(<"$T/reload")"
	gate dana -e desk -- deep 1 --v1 a --v2 a --v3 a
	status_is 0
	out_is a
	echo 'startup_functions = ( "undo 1" );' >>/etc/rolegate/roles.d/desk.role
	reload || fail "reload: $(<"$T/reload")"
	gate dana -e desk -- deep 1 --v1 a --v2 a --v3 a
	refused gateway-error
	audit_has 'op=decision.*comm=undo 4.*res=success' -m USER_CMD -ua dana -i -ts recent
	_deep_functions 5 >/etc/rolegate/functions.d/deep.conf
	! reload || fail "five loaded"
	grep -q '"deep 1".* more than 4 functions one within the other' "$T/reload" || fail "$(<"$T/reload")"
}

a_default_is_one_of_the_choices_or_refused() {
	changes_files
	cat >/etc/rolegate/functions.d/usual.conf <<-'END'
		functions = (
		  { name = "pick usual"; script = "echo \"$rolegate_input_zone\""; interpreter = "/bin/sh";
		    inputs = ( { name = "zone"; type = "choice"; choices_from = "desk zones"; default = "west"; } ); },
		  { name = "pick gone"; script = "echo ran"; interpreter = "/bin/sh";
		    inputs = ( { name = "zone"; type = "choice"; choices_from = "desk zones"; default = "south"; } ); } );
	END
	reload || fail "$(<"$T/reload")"
	gate dana -e desk -- pick usual
	out_is west
	gate dana -e desk -- pick usual --zone east
	out_is east
	gate dana -e desk -- pick gone
	refused invalid-value
	err_has 'zone: "south" is refused; expected one of: east, west'
	gate dana -e desk -- pick gone --zone west
	out_is ran
	# A dry run computes no choices.
	gate dana -e desk --dry-run -- pick gone
	status_is 0
}

# What the page warns of: neither the inputs nor the typed lines are kept from the same account.
the_account_is_the_boundary() {
	local pid client
	changes_files
	cat >/etc/rolegate/functions.d/long.conf <<-'END'
		functions = ( { name = "pick long"; timeout = 20; interpreter = "/bin/sh";
		  script = "while [ ! -e /srv/long.end ]; do :; done";
		  inputs = ( { name = "key"; validate = "identifier"; secret = true; } ); } );
	END
	reload || fail "$(<"$T/reload")"
	"$TESTS/as" dana "$rolegate" -e desk -- pick long --key hunter2 >"$T/long" 2>&1 &
	client=$!
	wait_for pgrep -u svc-ops -f /dev/fd/3 >/dev/null || fail "it doesn't run: $(<"$T/long")"
	pid=$(pgrep -u svc-ops -f /dev/fd/3)
	run setpriv --reuid svc-ops --regid "$(id -g svc-ops)" --clear-groups /bin/sh -c \
		"tr '\\0' '\\n' </proc/$pid/environ; echo 'success forged' >/proc/$pid/fd/5"
	touch /srv/long.end
	wait $client
	rm /srv/long.end
	out_has '^rolegate_input_key=hunter2$'
	grep -q 'success: forged' "$T/long" || fail "$(<"$T/long")"
}
