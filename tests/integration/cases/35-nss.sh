# An account database that answers what no honest one does, fails, or hangs: R8, R23. The module is
# nss_stub.c; dana and the others are in the files before it.

R23_names_of_nss_that_are_paths_are_refused() {
	nss_stub_up
	nss_answers <<-'ANSWERS'
		user ../../etc/x 7001 7001
		user /etc/passwd 7002 7002
		user .. 7003 7003
		user -root 7004 7004
		user dana:0 7005 7005
		user $(id) 7006 7006
	ANSWERS
	local uid
	for uid in 7001 7002 7003 7004 7005 7006; do
		gate_uid $uid -- whoami
		refused not-identified
		err_has 'a name that is not allowed'
	done
	[[ ! -e /etc/x ]] || fail "a file was made"
	audit_has "req=$request .*reason=not-identified.*res=failed" -m USER_CMD -i -ts recent
	gateway_serves
}

R8_ids_of_nss_are_whole_or_refused() {
	nss_stub_up
	local uid
	nss_role user rg-edge
	reload || fail "reload: $(<"$T/reload")"
	for uid in 2147483647 2147483648 4294967294; do
		nss_answers <<<"user rg-edge $uid $uid"
		gate_uid $uid -- whoami-caller
		status_is 0
		out_has "^uid=$uid\\(rg-edge\\)|^uid=$uid gid=$uid"
		audit_has "op=decision .*id=$uid .*oauid=$uid .*res=success" \
			-m USER_CMD --loginuid $uid -ts recent
	done
	# It is asked for one number, and answers with another: nobody, root, its own modulo 2^32.
	nss_answers <<-'ANSWERS'
		user odd:7001 4294967295 7001
		user odd:7002 0 0
		user odd:7003 4294974299 7003
		user rg-edge 7004 4294967295
	ANSWERS
	for uid in 7001 7002 7003; do
		gate_uid $uid -- whoami
		refused not-identified
	done
	gate_uid 7004 -- whoami
	refused not-identified
	err_has 'an id that is not one'
	nss_answers <<-'ANSWERS'
		user rg-edge 7005 7005
		member rg-edge 4294967295
	ANSWERS
	gate_uid 7005 -- whoami
	refused not-identified
	gateway_serves
}

R8_run_as_accounts_of_nss_are_whole_or_refused() {
	nss_stub_up
	cat >/etc/rolegate/commands.d/stub.conf <<-'CONF'
		commands = (
		  { name = "as minus"; program = "/usr/bin/id"; run_as = "rg-minus"; },
		  { name = "as groupless"; program = "/usr/bin/id"; run_as = "rg-groupless"; },
		  { name = "as other"; program = "/usr/bin/id"; run_as = "rg-other"; },
		  { name = "as edge"; program = "/usr/bin/id"; run_as = "rg-edge"; } );
	CONF
	sed -i 's/^visible_commands = (/&\n  "as minus", "as groupless", "as other", "as edge",/' \
		/etc/rolegate/roles.d/operator.role
	reload || fail "reload: $(<"$T/reload")"
	nss_answers <<-'ANSWERS'
		user rg-minus 4294967295 7001
		user rg-groupless 7002 4294967295
		user RG-OTHER 7003 7003
		user rg-edge 4294967294 4294967294
	ANSWERS
	local name
	for name in minus groupless other; do
		gate dana -- as $name
		refused account-refused
	done
	# Not the overflow uid of a number that did not fit, but the number.
	gate dana -- as edge
	status_is 0
	out_has '^uid=4294967294[ (]'
	nss_answers <<<'fail passwd tryagain'
	gate dana -- as edge
	refused account-refused
	err_has 'could not be looked up'
	gateway_serves
}

account_service_that_is_down_refuses() {
	nss_stub_up
	nss_role user rg-ann
	reload || fail "reload: $(<"$T/reload")"
	nss_answers <<<'user rg-ann 7001 7001'
	gate_uid 7001 -- exit 3
	status_is 3
	local kind
	for kind in tryagain unavailable range notfound; do
		printf '%s\n' 'user rg-ann 7001 7001' "fail passwd $kind" | nss_answers
		gate_uid 7001 -- exit 3
		refused not-identified
		gateway_serves
	done
	audit_has "req=$request .*reason=not-identified.*res=failed" -m USER_CMD -i -ts recent
	nss_answers <<<'user rg-ann 7001 7001'
	gate_uid 7001 -- exit 3
	status_is 3
}

group_service_that_is_down_refuses_who_has_roles_by_group() {
	nss_stub_up
	nss_role group rg-staff
	reload || fail "reload: $(<"$T/reload")"
	local base=$'user rg-ann 7001 7001\ngroup rg-own 7001\ngroup rg-staff 8001\nmember rg-ann 8001'
	nss_answers <<<"$base"
	gate_uid 7001 -- exit 3
	status_is 3
	local fault
	for fault in 'group tryagain' 'group unavailable' 'group range' 'initgroups tryagain' \
		'initgroups unavailable'; do
		# A service that is down answers no question of its database.
		printf '%s\n' "$base" "fail $fault" "${fault/initgroups/fail group}" | nss_answers
		gate_uid 7001 -- exit 3
		refused not-identified
		err_has 'groups .*could not be looked up'
		gateway_serves
	done
	# All of what she is in comes from it, but the first, which is in a file.
	printf '%s\n' "user rg-ann 7001 $(getent group rolegate | cut -d: -f3)" \
		'fail initgroups unavailable' 'fail group unavailable' | nss_answers
	gate_uid 7001 -- exit 3
	refused not-identified
	err_has 'groups .*could not be looked up'
	audit_has "req=$request .*reason=not-identified.*res=failed" -m USER_CMD -i -ts recent
	# Somebody who is in no such group is told so, not that the service failed.
	printf '%s\n' "$base" 'user rg-bob 7002 7002' | nss_answers
	gate_uid 7002 -- exit 3
	refused no-role
}

hundreds_of_groups_are_all_taken() {
	nss_stub_up
	nss_role group rg-last
	reload || fail "reload: $(<"$T/reload")"
	local many
	many=$(seq -f 'member rg-ann %.0f' 20001 20700)
	printf '%s\n' 'user rg-ann 7001 7001' "$many" 'member rg-ann 20701' 'group rg-last 20701' | nss_answers
	gate_uid 7001 -- whoami-caller
	status_is 0
	out_has '[=,]20001[,(].*,20350[,(].*,20701'
	# More than Linux can give a process.
	many=$(seq -f 'member rg-ann %.0f' 20001 87000)
	printf '%s\n' 'user rg-ann 7001 7001' "$many" | nss_answers
	gate_uid 7001 -- whoami-caller
	refused not-identified
	err_has 'too many groups'
	gateway_serves
}

account_service_that_hangs_refuses_in_time() {
	nss_stub_up
	printf '%s\n' 'user rg-ann 7001 7001' 'fail passwd hang' | nss_answers
	local start=$EPOCHSECONDS
	gate_uid 7001 -e narrow -- exit 3
	status_is 126
	err_has 'does not answer \(gateway-error'
	((EPOCHSECONDS - start <= 8)) || fail "it took longer than the 2 seconds of service_timeout"
	gateway_serves
}

# A session is made ready before its connection comes, and name services may hang there.
spare_session_that_hangs_is_given_up() {
	nss_stub_up
	nss_answers <<<'fail initgroups hang'
	reload || fail "reload: $(<"$T/reload")"
	local spare start=$EPOCHSECONDS took
	spare=$(pgrep -n -P "$(gateway_pid)")
	nss_answers </dev/null
	gate dana -- exit 3
	((status == 125)) || fail "expected 125 of a session that never was"
	took=$((EPOCHSECONDS - start))
	((took >= 10 && took <= 25)) || fail "it took $took seconds, not about 15"
	! kill -0 "$spare" 2>/dev/null || fail "the session hangs still"
	gateway_serves
	audit_has 'op=session .*detail=the_session_process_was_ended_by_signal_14' -m USER_CMD -i -ts recent
}
