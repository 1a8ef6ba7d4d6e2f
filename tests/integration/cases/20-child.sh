# What the program gets: identity, environment, limits, and that nothing of it is left.

R10_environment_is_built_from_nothing() {
	run as dana env BASH_ENV=/tmp/x LD_PRELOAD=/tmp/x.so GCONV_PATH=/tmp TZ=:/etc/shadow IFS=x \
		PERL5LIB=/tmp PYTHONPATH=/tmp TERMINFO=/tmp LOCPATH=/tmp MALLOC_TRACE=/tmp/x \
		PATH=/tmp:/usr/bin HOME=/tmp 'BASH_FUNC_ls%%=() { id; }' LC_ALL=xx "$rolegate" -- show env
	status_is 0
	local request
	request=$(sed -n 's/^ROLEGATE_REQUEST=//p' "$T/out")
	[[ $request =~ ^[0-9a-f]{32}$ ]] || fail "no request id"
	sort "$T/out" | sed 's/^\(ROLEGATE_REQUEST\)=.*/\1=ID/; s/^\(PATH\)=.*/\1=FIXED/' >"$T/env"
	printf '%s\n' HOME=/home/svc-ops LANG=C.UTF-8 LOGNAME=svc-ops PATH=FIXED \
		ROLEGATE_REQUEST=ID ROLEGATE_USER=dana SHELL=/usr/sbin/nologin SYSTEMD_COLORS=0 \
		USER=svc-ops | sort | diff - "$T/env" || fail "another environment"
	! grep -q '^PATH=.*/tmp' "$T/out" || fail "the caller's PATH"
}

R42_environment_of_ssh_does_not_arrive() {
	run env X='() { :; }; echo vulnerable' ssh -o SendEnv=X dana@jump show env
	status_is 0
	out_lacks vulnerable
	run env LD_PRELOAD=/tmp/none.so BASH_ENV=/tmp/x ssh -o SendEnv='LD_* BASH_ENV' dana@jump show env
	out_lacks 'LD_PRELOAD|BASH_ENV'
	run ssh dana@jump '() { :; }; echo vulnerable'
	status_is 126
	run ssh frank@jump '() { :; }; echo vulnerable'
	status_is 126
	out_lacks '^vulnerable'
}

R43_identity_and_privileges_of_the_child() {
	gate dana -- show status
	status_is 0
	local uid gid
	uid=$(id -u svc-ops) gid=$(id -g svc-ops)
	out_has "^Uid:.$uid.$uid.$uid.$uid$"
	out_has "^Gid:.$gid.$gid.$gid.$gid$"
	out_has "^Groups:.$gid *$"
	out_has '^NoNewPrivs:.1$'
	local set
	for set in CapInh CapPrm CapEff CapBnd CapAmb; do
		out_has "^$set:.0+$"
	done
	out_has '^SigBlk:.0+$'
	out_has '^SigIgn:.0+$'
}

R18_login_uid_of_the_child_is_the_operators() {
	gate dana -- show loginuid
	out_is "$(id -u dana)"
	run ssh dana@jump show loginuid
	out_is "$(id -u dana)"
	run ssh frank@jump show loginuid
	out_is "$(id -u frank)"
}

R13_the_callers_process_state_does_not_arrive() {
	run as dana bash -c 'cd /tmp; umask 0; ulimit -n 77; ulimit -f 1; ulimit -c 0; trap "" INT TERM
		exec 8</etc/passwd; exec nice -n 15 /opt/rolegate/bin/rolegate -- show cwd'
	status_is 0
	out_is /
	run as dana bash -c 'umask 0; exec /opt/rolegate/bin/rolegate -- show umask'
	[[ $out == 0022 || $out == 0077 || $out == 0027 ]] || fail "umask"
	run as dana nice -n 15 "$rolegate" -- show nice
	out_is 0
	gate dana -- show limits
	cp "$T/out" "$T/limits"
	run as dana bash -c 'ulimit -n 77; ulimit -f 1; ulimit -u 200; exec /opt/rolegate/bin/rolegate -- show limits'
	diff "$T/limits" "$T/out" || fail "the caller's limits"
	run as dana bash -c 'trap "" HUP INT TERM PIPE; exec /opt/rolegate/bin/rolegate -- show status'
	out_has '^SigIgn:.0+$'
	run as dana bash -c 'exec 8</etc/passwd 9</etc/group; exec /opt/rolegate/bin/rolegate -- show fds'
	out_lacks '^(8|9)$'
}

R14_a_client_in_a_user_namespace_gets_host_names_or_a_refusal() {
	run as dana unshare --user --map-root-user "$rolegate" -- whoami
	if ((status == 0)); then
		out_has svc-ops
	else
		((status == 126 || status == 125)) || fail "expected a refusal"
	fi
	gateway_serves
}

run_as_caller() {
	gate dana -- whoami-caller
	status_is 0
	out_has "^uid=[0-9]+\(dana\) .*groups=.*\(web-ops\)"
}

scripts_run_by_descriptor() {
	gate dana -- script
	status_is 0
	out_is 'script 0'
}

R16_killed_client_leaves_nothing() {
	local moment pid
	for moment in 0 0.002 0.005 0.01 0.02 0.05 0.2 0.5; do
		"$TESTS/as" dana "$rolegate" -- spread >"$T/out" 2>&1 &
		pid=$!
		sleep $moment
		kill -9 $pid
		wait $pid 2>/dev/null
		no_process_of svc-ops
	done
	gateway_serves
}

R16_killed_ssh_leaves_nothing() {
	local pid
	ssh dana@jump spread >"$T/out" 2>&1 &
	pid=$!
	wait_for grep -q started "$T/out" || fail "did not start"
	kill -9 $pid
	wait $pid 2>/dev/null
	no_process_of svc-ops
}

R16_killed_client_whose_socket_lives_on_leaves_nothing() {
	run as dana /usr/bin/python3 "$TESTS/wire.py" hidden_socket
	status_is 137
	no_process_of svc-ops
	gateway_serves
}

# The number of the terminal's foreground group is somebody else's by then.
R16_signals_reach_no_other_group() {
	local group='' tries victim
	coproc "$TESTS/as" dana /usr/bin/python3 "$TESTS/wire.py" stale_group 2>"$T/err"
	local pid=$!
	read -r -t 10 group <&"${COPROC[0]}" || fail "no group: $(<"$T/err")"
	for tries in {1..200}; do
		echo $((group - 1)) >/proc/sys/kernel/ns_last_pid || skip "process ids cannot be chosen"
		setsid sleep 60 &
		victim=$!
		((victim != group)) || break
		kill $victim
	done
	((victim == group)) || skip "the number was never free"
	sleep 0.3
	echo >&"${COPROC[1]}"
	wait $pid || fail "$(<"$T/err")"
	kill $victim || fail "it got the signal"
}

R16_programs_left_behind_end_with_the_run() {
	gate dana -- slow
	status_is 124
	no_process_of svc-ops
}

R16_detached_command_outlives_the_client() {
	rm -f /run/jump-host/linger/done
	"$TESTS/as" dana "$rolegate" -- linger >"$T/out" 2>&1 &
	local pid=$!
	sleep 0.4
	kill -9 $pid
	wait $pid 2>/dev/null
	wait_for test -e /run/jump-host/linger/done || fail "it was ended"
	no_process_of svc-ops
}

R17_hostile_process_name() {
	cp "$rolegate" '/opt/tests/) R 1 ('
	run as dana '/opt/tests/) R 1 (' -- whoami
	rm '/opt/tests/) R 1 ('
	status_is 0
}

R26_R28_program_that_changed_is_refused() {
	gate dana -- vanish
	status_is 0
	rm /opt/tests/vanish
	gate dana -- vanish
	status_is 126
	err_has 'untrusted|gateway-error'
	cp /usr/bin/true /opt/tests/vanish
	gate dana -- loose
	status_is 0
	chmod g+w /opt/tests/loose
	gate dana -- loose
	chmod g-w /opt/tests/loose
	refused untrusted
	chown dana /opt/tests/loose
	gate dana -- loose
	chown root /opt/tests/loose
	refused untrusted
	chmod 777 /opt/tests
	gate dana -- loose
	chmod 755 /opt/tests
	refused untrusted
	gate dana -- linked
	refused untrusted
	gate dana -- loose
	status_is 0
}

no_installed_file_has_special_bits() {
	local found
	found=$(find /opt/rolegate \( -perm -4000 -o -perm -2000 \) -type f)
	[[ -z $found ]] || fail "$found"
	! command -v getcap >/dev/null || found=$(getcap -r /opt/rolegate)
	[[ -z $found ]] || fail "$found"
}

limits_of_the_child_are_sane() {
	gate dana -- show limits
	out_has '^Max core file size +0 '
}
