# On what terms an approval holds, up to the moment that the run begins: R34, R36.

_ctl() {
	local user=$1
	shift
	run as "$user" /opt/rolegate/sbin/rolegatectl "$@" -e learning
}

# _waits WORD …: refused as pending; $number.
_waits() {
	gate dana -e learning -- "$@"
	refused pending-approval
	number=$(grep -oE 'waits for approval as number [0-9]+' <<<"$err") || fail "no number"
	number=${number##* }
}

_approve() {
	_ctl erin approve "$1" "${@:2}" --reason 'seen it'
	status_is 0
}

# A function of which the choices take two seconds and more, without a program that sleeps.
_slow_choices() {
	rm -rf /var/lib/rolegate/approvals
	changes_files
	cat >/etc/rolegate/functions.d/terms.conf <<-'END'
		functions = ( { name = "slow zones"; interpreter = "/usr/bin/dash";
		    script = "read -r now rest </proc/uptime; end=$((${now%.*} + 3)); "
		      "while [ ${now%.*} -lt $end ]; do read -r now rest </proc/uptime; done; echo a"; },
		  { name = "slowly"; interpreter = "/usr/bin/dash"; script = "echo slowly ran";
		    approval = "required";
		    inputs = ( { name = "zone"; type = "choice"; choices_from = "slow zones";
		      required = true; } ); } );
	END
	sed -i 's/"guarded" )/"guarded", "slow zones", "slowly" )/' \
		/etc/rolegate/roles.d/approvable.role
	reload || fail "$(cat "$T/reload")"
}

R34_an_approval_still_holds_when_the_run_begins() {
	_slow_choices
	_waits slowly --zone a
	_approve "$number"
	gate dana -e learning -- slowly --zone a
	status_is 0
	out_is 'slowly ran'
	"$TESTS/as" dana "$rolegate" -e learning -- slowly --zone a >"$T/revoked" 2>&1 &
	sleep 0.7
	_ctl erin revoke "$number" --reason 'stop it'
	status_is 0
	wait
	! grep -q 'slowly ran' "$T/revoked" || fail "it ran after it was revoked"
	grep -q "approval $number counts no more, it is revoked" "$T/revoked" ||
		fail "$(cat "$T/revoked")"
}

R34_an_approval_may_end_before_the_run_begins() {
	_slow_choices
	_waits slowly --zone a
	_approve "$number" --for 1s
	gate dana -e learning -- slowly --zone a
	refused pending-approval
	err_has "approval $number counts no more, it is expired"
	out_lacks 'slowly ran'
}

# _changed KEYS: with these keys more, it is another function.
_changed() {
	_slow_choices
	_waits guarded
	_approve "$number"
	gate dana -e learning -- guarded
	out_is guarded
	sed -i "/name = \"guarded\"/s/approval = /$1 &/" /etc/rolegate/functions.d/approvals.conf
	reload || fail "$(cat "$T/reload")"
	gate dana -e learning -- guarded
	refused pending-approval
	number=$(sed -n 's/.*as number \([0-9]*\).*/\1/p' "$T/err")
	run rolegatectl pending show "$number"
	status_is 0
}

R34_another_timeout_is_not_approved() {
	_changed 'timeout = 77;'
	out_has 'timeout +77'
}

R34_another_transaction_is_not_approved() {
	_changed 'transaction = { paths = [ "\/opt\/tests" ]; };'
	out_has 'transaction +/opt/tests'
}

R34_another_profile_is_not_approved() {
	_changed 'profile = "read-only";'
	out_has 'profile +read-only'
}

R34_another_rollback_is_not_approved() {
	_changed 'rollback = "tidy up"; transaction = { paths = [ "\/opt\/tests" ]; };'
	out_has 'rollback +tidy up'
}
