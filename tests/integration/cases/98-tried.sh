# What somebody tried who knows none of the rules: packets of other sockets, answers that nobody reads,
# the login module in stacks that are not sshd's, and a log that is forwarded by a real syslog daemon.

R7_packets_of_other_sockets_end_the_session() {
	wire dana foreign
	no_process_of svc-ops
	gateway_serves
	run rolegatectl sessions
	status_is 0
}

R22_answers_that_nobody_reads_hold_up_nobody() {
	local mute
	mkfifo "$T/go"
	"$TESTS/as" dana python3 "$TESTS/wire.py" mute 4 <"$T/go" >"$T/mute" 2>&1 &
	mute=$!
	exec 8>"$T/go"
	wait_for grep -q mute "$T/mute"
	gateway_serves dana
	gateway_serves frank
	run timeout 5 rolegatectl status
	status_is 0
	exec 8>&-
	wait $mute || fail "$(<"$T/mute")"
	gateway_serves
}

_account_line() {
	changes_files
	sed -i "/^account/i account required /opt/rolegate/lib/security/pam_rolegate.so $2" "/etc/pam.d/$1"
}

# Where it does not belong: each of these asks for the account that it is to become, root's too.
login_module_in_sus_stack_asks_for_whom_su_becomes() {
	printf '%s\n' 'auth sufficient pam_rootok.so' 'account required pam_unix.so' \
		'session required pam_unix.so' >"$T/su"
	changes_files
	cp "$T/su" /etc/pam.d/su
	run su -s /bin/sh -c 'id -un' nora
	status_is 0
	_account_line su 'endpoint=operations'
	run su -s /bin/sh -c 'id -un' nora
	[[ $status != 0 && $out != nora ]] || fail "nora has no role"
	out+=$err out_has 'You have no role on this host'
	run su -s /bin/sh -c 'id -un' root
	[[ $status != 0 ]] || fail "root has no role, and no line exempts it"
	run su -s /bin/sh -c 'id -un' dana
	out_is dana
	sed -i 's/endpoint=operations/& exempt_user=root/' /etc/pam.d/su
	run su -s /bin/sh -c 'id -un' root
	out_is root
}

_rs_key() {
	openssl req -newkey rsa:2048 -nodes -keyout "$T/tls/$1.key" -out "$T/tls/$1.csr" -subj "/CN=$1" \
		2>/dev/null
	openssl x509 -req -in "$T/tls/$1.csr" -CA "$T/tls/ca.pem" -CAkey "$T/tls/ca.key" -CAcreateserial \
		-days 2 -extfile <(echo "subjectAltName=DNS:$1") -out "$T/tls/$1.pem" 2>/dev/null
}

# _rs_start SIDE NAME: contrib's configuration, with its places below $T and the other side here.
_rs_start() {
	{
		echo "global(maxMessageSize=\"128k\" workDirectory=\"$T\")"
		[[ $1 != sender ]] || echo 'module(load="imuxsock" sysSock.use="off")'
		sed -e "s|/etc/rsyslog-tls/ca.pem|$T/tls/ca.pem|; s|/etc/rsyslog-tls/cert.pem|$T/tls/$2.pem|" \
			-e "s|/etc/rsyslog-tls/key.pem|$T/tls/$2.key|; s|/var/log/rolegate-hosts|$T/hosts|" \
			-e 's|target="logs.example"|target="127.0.0.1"|' "$TESTS/rsyslog.d/rolegate-$1.conf"
	} >"$T/$1.conf"
	rsyslogd -n -f "$T/$1.conf" -i "$T/$1.pid" >"$T/$1.out" 2>&1 </dev/null &
	disown
	wait_for test -s "$T/$1.pid" || fail "$(<"$T/$1.out")"
}

_rs_stop() {
	local side pid
	for side in sender collector; do
		pid=$(cat "$T/$side.pid" 2>/dev/null) && kill "$pid"
	done
}

# The jump host's own recorder ends, or is there again.
_rs_recorder_ends() {
	local pid
	pid=$(</run/jump-host/recorder.pid)
	kill "$pid"
	wait_for _rs_is_gone "$pid" || fail "the recorder did not end"
}

_rs_is_gone() {
	! kill -0 "$1" 2>/dev/null
}

_rs_recorder() {
	setsid rolegate-recorder -f "$@" >>/var/log/rolegate-recorder.out 2>&1 </dev/null &
	echo $! >/run/jump-host/recorder.pid
	disown
	wait_for python3 "$TESTS/recorder.py" connect || fail "$(tail -n 3 /var/log/rolegate-recorder.out)"
}

_rs_has_all() {
	cmp -s "$T/log/events.jsonl" "$T/hosts/127.0.0.1/events.jsonl"
}

R30_a_log_on_another_host_is_the_same_and_proves_itself() {
	command -v rsyslogd >/dev/null && compgen -G '/usr/lib/*/rsyslog/lmnsd_gtls.so' >/dev/null ||
		skip "rsyslog and rsyslog-gnutls are not installed"
	mkdir "$T/tls" "$T/conf"
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$T/tls/ca.key" -out "$T/tls/ca.pem" \
		-subj /CN=authority -days 2 2>/dev/null
	_rs_key jump.example
	_rs_key logs.example
	trap _rs_stop EXIT
	_rs_start collector logs.example
	_rs_start sender jump.example
	wait_for test -S /run/rolegate-syslog.sock || fail "$(<"$T/sender.out")"
	openssl genpkey -algorithm ed25519 -out "$T/conf/key.pem" 2>/dev/null
	openssl pkey -in "$T/conf/key.pem" -pubout -out "$T/public.pem"
	printf '%s\n' "directory = \"$T/log\";" "signing_key = \"$T/conf/key.pem\";" 'sign_interval = "1s";' \
		'forward = { syslog = "/run/rolegate-syslog.sock"; };' >"$T/conf/recorder.conf"
	_rs_recorder_ends
	_rs_recorder -c "$T/conf"
	python3 - "$TESTS/recorder.py" <<-'END' || fail "no events"
		import sys, time
		text = open(sys.argv[1]).read().split('\ntry:\n')[0]
		exec(text)
		recorder = Recorder()
		for number in range(100):
		    recorder.event(op='decision', n=number, detail='[x y="z"] \\ "\u00e4\u202e" %m %s', res='failed')
		    time.sleep(0.003)
		recorder.event(op='decision', detail='y' * 100000)
	END
	sleep 1.2
	_rs_recorder_ends
	_rs_recorder
	wait_for _rs_has_all
	_rs_has_all || fail "what was collected is not the log: $(tail -n 2 "$T"/*.out)"
	run python3 "$TESTS/verify-log.py" --key "$T/public.pem" "$T/hosts/127.0.0.1"
	status_is 0
	grep -q '^op=log-head chain=' "$T/hosts/127.0.0.1/heads" || fail "no head"
	! grep -q '"op":"forward"' "$T/log/events.jsonl" || fail "something was dropped"
}

check_says_that_audit_is_off_where_nothing_runs_without_it() {
	needs_audit
	run rolegatectl check
	out_lacks 'audit is switched off'
	trap 'auditctl -e 1 >/dev/null' EXIT
	auditctl -e 0 >/dev/null
	run rolegatectl check
	status_is 1
	out_has '^rolegate.conf: audit is switched off in the kernel, .*nothing is run'
	gate dana -- pick alpha
	refused gateway-error
}
