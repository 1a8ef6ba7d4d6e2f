# Rules that are about what does not happen.

R12_no_program_is_searched_for() {
	local directory
	for directory in /tmp /home/dana /run/jump-host/case; do
		printf '#!/bin/sh\necho planted\n' >"$directory/whoami"
		cp "$directory/whoami" "$directory/id"
		chmod 755 "$directory/whoami" "$directory/id"
	done
	run as dana bash -c 'cd /tmp && PATH=/tmp:/home/dana:. exec /opt/rolegate/bin/rolegate -- whoami'
	rm -f /tmp/whoami /tmp/id
	status_is 0
	out_lacks planted
	out_has 'svc-ops'
	gate dana -- ./whoami
	refused not-permitted
	gate dana -- /home/dana/whoami
	refused not-permitted
}

R44_gateway_writes_to_no_security_module_and_starts_nothing_else() {
	command -v strace >/dev/null || skip "strace is not installed"
	strace -f -q -e trace=execve,execveat,openat,open,creat -o "$T/trace" -p "$(gateway_pid)" \
		2>"$T/strace" &
	local tracer=$!
	sleep 1
	if ! kill -0 "$tracer" 2>/dev/null; then
		skip "strace can't attach: $(head -n 1 "$T/strace")"
	fi
	gateway_serves # by the session that was forked before it was traced
	gate dana -- whoami
	status_is 0
	gate dana -- cat /etc/shadow
	refused not-permitted
	reload
	sleep 0.5
	kill "$tracer"
	wait "$tracer" 2>/dev/null
	grep -q execveat "$T/trace" || fail "nothing was traced"
	! grep -E 'open(at)?\(.*(/sys/kernel/security|/proc/[^"]*/attr/)[^"]*".*O_(WRONLY|RDWR)' "$T/trace" ||
		fail "a security module was written to"
	! grep -E 'execve\(' "$T/trace" || fail "something was started by path"
	[[ $(grep -c 'execveat(' "$T/trace") == 1 ]] || fail "more than the one program was started"
}

R46_an_auditors_questions_have_answers() {
	needs_audit
	gate dana -- pick alpha
	status_is 0
	gate dana -- pick delta
	refused value-not-allowed
	# Who ran what, under which account, by which role, and how it ended.
	audit_has 'op=decision .*role=[^ ]+ .*runas=svc-ops .*reason=permitted.*res=success' \
		-m USER_CMD -ua dana -i -ts recent
	audit_has 'op=end .*status=0.*res=success' -m USER_CMD -ua dana -i -ts recent
	# What was refused, and why; by the id that the operator quotes.
	audit_has "req=$request .*reason=value-not-allowed" -m USER_CMD -sv no -i -ts recent
	# Which configuration was in force.
	audit_has 'op=load-config .*sha256=[0-9a-f]{64}.*res=success' -m USYS_CONFIG -i
	# By person, not by service account: nothing of it under svc-ops.
	ausearch -m USER_CMD --loginuid "$(id -u svc-ops)" -ts recent >"$T/audit" 2>/dev/null
	! grep -q "req=$request" "$T/audit" || fail "the service account is named as the person"
}
