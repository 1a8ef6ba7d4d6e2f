# PAM service "rolegate": account, authentication, sessions; modules that refuse, fail or hang.

pam_expired_account_is_refused() {
	chage -E 1 dana
	gate dana -- whoami
	chage -E -1 dana
	status_is 126
	err_has 'account-refused, request'
	gateway_serves
}

pam_expired_run_as_account() {
	chage -E 1 svc-ops
	gate dana -- whoami
	chage -E -1 svc-ops
	((status == 0 || status == 126)) || fail "neither allowed nor refused"
	gateway_serves
}

pam_password_is_asked_on_the_callers_terminal() {
	echo 'dana:correct horse' | chpasswd
	pty "$TESTS/as" dana "$rolegate" -e guarded -- exit 7 <<-'END'
		expect [Pp]assword
		send correct horse\r
		never correct
		status 7
	END
	pty "$TESTS/as" dana "$rolegate" -e guarded -- exit 7 <<-'END'
		expect [Pp]assword
		send wrong horse\r
		expect authentication-failed
		status 126
	END
	usermod -p '*' dana
}

pam_no_prompt_refuses() {
	echo 'dana:correct horse' | chpasswd
	gate dana -n -e guarded -- exit 7
	usermod -p '*' dana
	refused authentication-failed
}

pam_deny_refuses() {
	changes_files
	sed -i '1i account required pam_deny.so' /etc/pam.d/rolegate
	gate dana -- whoami
	refused account-refused
	put_back
	trap - EXIT
	gateway_serves
}

pam_session_that_fails_runs_nothing() {
	changes_files
	echo 'session required pam_deny.so' >>/etc/pam.d/rolegate
	gate dana -- whoami
	status_is 126
	out_lacks svc-ops
}

pam_module_that_is_missing_refuses() {
	changes_files
	sed -i '1i account required pam_nosuch_module.so' /etc/pam.d/rolegate
	gate dana -- whoami
	status_is 126
	put_back
	trap - EXIT
	gateway_serves
}

pam_module_that_hangs_holds_up_only_its_caller() {
	changes_files
	printf '#!/bin/sh\n[ "$PAM_USER" != dana ] || exec sleep 1000\n' >/opt/tests/hang
	chmod 755 /opt/tests/hang
	sed -i '1i account required pam_exec.so quiet /opt/tests/hang' /etc/pam.d/rolegate
	"$TESTS/as" dana "$rolegate" -e narrow -- whoami >"$T/out" 2>"$T/err" &
	local pid=$! start=$EPOCHSECONDS
	sleep 0.3
	gate frank -- exit 0
	local other=$status
	wait $pid
	status=$? out=$(<"$T/out") err=$(<"$T/err")
	pkill -f '^sleep 1000'
	((EPOCHSECONDS - start <= 8)) || fail "it took longer than the 2 seconds of service_timeout"
	((other == 0)) || fail "another caller: expected 0, not $other"
	((status == 125 || status == 126)) || fail "expected a refusal"
	err_has 'gateway-error, request'
	audit_has 'op=session .*acct=dana .*detail=an_authentication_or_account_service_did_not_answer' \
		-m USER_CMD -i -ts recent
}
