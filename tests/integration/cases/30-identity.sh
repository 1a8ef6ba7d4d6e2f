# Who is asking: R18 to R24.

R18_unset_login_uid_is_refused() {
	gate dana@unset -- whoami
	refused not-identified
	gate dana@unset -e machines -- whoami
	status_is 0
}

R19_other_login_uid_is_refused() {
	gate dana@"$(id -u frank)" -- whoami
	refused not-identified
	gate dana@0 -- whoami
	refused not-identified
}

R19_setuid_and_setgid_clients_are_refused() {
	cp /opt/tests/setid_client /opt/tests/setuid
	chown frank:frank /opt/tests/setuid
	chmod 4755 /opt/tests/setuid
	cp /opt/tests/setid_client /opt/tests/setgid
	chown root:web-ops /opt/tests/setgid
	chmod 2755 /opt/tests/setgid
	run as dana /opt/tests/setuid -- whoami
	refused not-identified
	run as dana /opt/tests/setgid -- whoami
	refused not-identified
	chown root /opt/tests/setuid
	chmod 4755 /opt/tests/setuid
	run as dana /opt/tests/setuid -- whoami
	refused not-identified
	rm /opt/tests/setuid /opt/tests/setgid
}

R18_unknown_user_is_refused() {
	run bash -c 'echo 54321 >/proc/self/loginuid; exec setpriv --reuid 54321 --regid 54321 \
		--clear-groups /opt/rolegate/bin/rolegate -- whoami'
	refused not-identified
}

root_is_an_operator_like_any_other() {
	run bash -c 'echo 0 >/proc/self/loginuid; exec /opt/rolegate/bin/rolegate -- whoami'
	refused no-role
}

R20_a_client_that_is_gone_gets_nothing() {
	wire dana gone
	no_process_of svc-ops
	gateway_serves
}

R21_control_socket_is_roots() {
	run as dana /opt/rolegate/sbin/rolegatectl status
	((status != 0)) || fail "an operator asked the control socket"
	wire dana control
	[[ $(stat -c %a /run/rolegate/control.sock) == 600 ]] || fail "mode"
	[[ $(stat -c '%U %a' /run/rolegate) == 'root 755' ]] || fail "directory"
}

R22_one_user_cannot_starve_another() {
	local pid
	"$TESTS/as" dana /usr/bin/python3 "$TESTS/wire.py" flood narrow 3000 >"$T/flood" 2>&1 &
	pid=$!
	wait_for grep -q open "$T/flood"
	local i
	for i in 1 2 3; do
		gate frank -e narrow -- exit 0
		status_is 0
		gate frank -- exit 0
		status_is 0
	done
	gate dana -e narrow -- exit 0
	local saved=$status
	kill $pid
	wait $pid 2>/dev/null
	((saved != 0)) || fail "dana was over her limit, and was served"
	sleep 0.5
	gateway_serves
}

R22_who_has_no_role_holds_no_session() {
	wire nora no_role narrow
}

R22_one_login_is_one_user_whatever_its_uids() {
	run as "root@$(id -u dana)" /usr/bin/python3 "$TESTS/wire.py" many_uids narrow 8
	out_is 4
}

R22_too_many_descriptors_end_the_session() {
	wire dana descriptors
	gateway_serves
}

R23_user_names_never_become_paths() {
	local before=/etc/passwd.before
	cp -p /etc/passwd "$T/passwd"
	echo '../../etc/x:x:4242:4242::/:/bin/sh' >>/etc/passwd
	run bash -c 'echo 4242 >/proc/self/loginuid; exec setpriv --reuid 4242 --regid 4242 \
		--clear-groups /opt/rolegate/bin/rolegate -- whoami'
	cat "$T/passwd" >/etc/passwd
	status_is 126
	[[ ! -e /etc/x ]] || fail "a file was made"
	gateway_serves
}

R9_clients_name_no_file() {
	gate dana --config /tmp -- whoami
	status_is 125
	gate dana -c /tmp -- whoami
	status_is 125
}

required_groups_and_single_role() {
	gate dana -e members -- whoami
	status_is 0
	gate frank -e members -- whoami
	refused no-role
}

reload_reaches_an_open_session() {
	changes_files
	mkfifo "$T/lines"
	chmod 666 "$T/lines"
	"$TESTS/as" dana /opt/rolegate/bin/rolegate-shell <"$T/lines" >"$T/out" 2>"$T/err" &
	local pid=$!
	exec 9>"$T/lines"
	echo 'pick alpha' >&9
	wait_for grep -q alpha "$T/out" || fail "the first command did not run"
	sed -i 's/"whoami", //; s/"alpha", "beta"/"beta"/' /etc/rolegate/roles.d/operator.role
	reload || fail "reload: $(<"$T/reload")"
	echo 'whoami' >&9
	exec 9>&-
	wait $pid
	out=$(<"$T/out") err=$(<"$T/err")
	out_is alpha
	err_has not-permitted
	gate dana -- whoami
	refused not-permitted
	gate dana -- pick alpha
	refused value-not-allowed
}

reload_by_signal() {
	changes_files
	sed -i 's/"alpha", "beta"/"alpha", "omega"/' /etc/rolegate/roles.d/operator.role
	kill -HUP "$(gateway_pid)"
	wait_for as dana "$rolegate" -- pick omega || fail "the new role is not there"
}

reload_of_a_bad_configuration_changes_nothing() {
	changes_files
	echo 'nonsense = 1;' >>/etc/rolegate/roles.d/operator.role
	! reload || fail "it was accepted"
	grep -qE 'operator.role:[0-9]+: .*nonsense' "$T/reload" || fail "said: $(<"$T/reload")"
	gateway_serves
	kill -HUP "$(gateway_pid)"
	sleep 0.3
	gateway_serves
	needs_audit
	audit_has 'op=load-config.*res=(failed|no)' -m USYS_CONFIG -ts recent
}

R28_configuration_that_others_can_write_is_refused() {
	changes_files
	chmod g+w /etc/rolegate/roles.d/operator.role
	! reload || fail "a group-writable file was accepted"
	chmod g-w /etc/rolegate/roles.d/operator.role
	chown dana /etc/rolegate/commands.d
	! reload || fail "a directory of an operator was accepted"
	chown root /etc/rolegate/commands.d
	mv /etc/rolegate/roles.d/operator.role /etc/rolegate/operator
	ln -s ../operator /etc/rolegate/roles.d/operator.role
	! reload || fail "a symbolic link was accepted"
	gateway_serves
}
