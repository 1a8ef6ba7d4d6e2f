# Kernel audit and the event log: R18, R32, and no record, no run.

R18_ausearch_finds_run_and_refusal_by_login_uid() {
	needs_audit
	records_settle
	gate dana -- pick alpha
	status_is 0
	audit_has 'op=decision .*role=.*comm=pick .*runas="?svc-ops.*cmd=.*alpha.*res=success' \
		-m USER_CMD --loginuid "$(id -u dana)" -i -ts recent
	audit_has 'op=end .*status=0' -m USER_CMD -ua dana -i -ts recent
	gate dana -- pick delta
	refused value-not-allowed
	audit_has "op=decision req=\"?$request.*reason=\"?value-not-allowed.*res=failed" \
		-m USER_CMD --loginuid "$(id -u dana)" -i -ts recent
}

R18_execve_rule_shows_the_child_under_the_operator() {
	needs_audit
	[[ $JUMP_HOST_AUDIT == own ]] || auditctl -l | found rolegate-exec || skip "audit rules are locked"
	gate dana -- read-log -n 3 /srv/web-logs/access.log
	status_is 0
	audit_has 'type=SYSCALL .*auid=dana .*uid=svc-logs .*exe="?/usr/bin/tail' \
		-k rolegate-exec -ua dana -i -ts recent
	audit_has 'type=EXECVE .*a1=.*lines=3|type=EXECVE .*-n3' -k rolegate-exec -ua dana -i -ts recent
}

R18_records_of_one_request_share_its_id() {
	needs_audit
	gate dana -- show env
	local id
	id=$(sed -n 's/^ROLEGATE_REQUEST=//p' "$T/out")
	audit_has "op=end.*$id|$id.*op=end" -m USER_CMD -ts recent
	[[ $(grep -c "$id" "$T/audit") == 2 ]] || fail "expected two records of $id"
}

decision_names_the_configuration_that_decided() {
	needs_audit
	local sha256
	sha256=$(rolegatectl --json status | grep -o '"sha256": *"[0-9a-f]*"' | grep -oE '[0-9a-f]{64}')
	gate dana -- whoami
	audit_has "op=decision .*cmd=.*/id.*sha256=$sha256.*res=success" -m USER_CMD -ua dana -i -ts recent
	gate dana -- nosuch
	refused not-permitted
	audit_has "op=decision req=\"?$request.*sha256=$sha256.*res=failed" \
		-m USER_CMD -ua dana -i -ts recent
	grep -q "op=end .*sha256=" "$T/audit" && fail "an end names a configuration"
	return 0
}

decision_names_the_lines_that_granted_it() {
	needs_audit
	gate dana -- pick gamma
	status_is 0
	audit_has 'op=decision .*role=log-reader,operator grant=roles.d/log-reader.role:4,roles.d/operator.role:6 comm=pick ' \
		-m USER_CMD -ua dana -i -ts recent
	gate dana -- pick delta
	refused value-not-allowed
	audit_has "req=$request" -m USER_CMD -ua dana -i -ts recent
	! grep "req=$request" "$T/audit" | found grant= || fail "a refusal names what granted it"
}

# The process that was refused is a child of the program: its pid is in no record of the gateway.
R46_a_refused_path_leads_to_its_request_by_the_audit_session() {
	needs_audit
	[[ $JUMP_HOST_AUDIT == own ]] || auditctl -l | found rolegate-refused || skip "audit rules are locked"
	mkdir -p /srv/area /srv/secret /srv/other
	local session
	gate dana -- area write
	audit_has 'type=SYSCALL .*exit=EACCES.* auid=dana uid=svc-ops .*comm=cat ' \
		-k rolegate-refused -ua dana -i -ts recent
	session=$(sed -n 's/.* ses=\([0-9]*\) comm=cat .*/\1/p' "$T/audit" | tail -n 1)
	audit_has 'op=decision .*comm=area write ' -m USER_CMD --session "$session" -i
	[[ $(grep -c op=decision "$T/audit") == 1 ]] || fail "several requests: $(<"$T/audit")"
	audit_has 'type=SYSCALL .*exit=EROFS.* auid=dana uid=svc-ops .*comm=dash ' \
		-k rolegate-refused --session "$session" -i
}

login_leads_to_what_was_asked_for_in_it() {
	needs_audit
	run ssh dana@jump pick alpha
	status_is 0
	audit_has 'op=decision .*comm="?pick' -m USER_CMD -ua dana --raw -ts recent
	local login
	login=$(sed -n 's/.* oses=\([0-9]*\) .*/\1/p' "$T/audit" | tail -n 1)
	audit_has 'USER_START.*exe="?/usr/sbin/sshd' --session "$login" -i
	ausearch -m USER_CMD --raw 2>/dev/null | grep " oses=$login " | ausearch -i 2>/dev/null |
		grep -q 'op=end .*cmd=/usr/bin/printf' || fail "the request is not found by its login"
}

tried_shells_are_found() {
	needs_audit
	local words
	for words in 'bash -i' sh '/bin/dash -c id'; do
		gate dana -- $words
		refused not-permitted
		audit_has "req=$request" -m USER_CMD -ua dana -i -ts recent
		grep "req=$request" "$T/audit" | found -E " cmd='?([^ ]*/)?(ba|c|da|k|z)?sh[ ']" ||
			fail "$words: $(grep "req=$request" "$T/audit")"
	done
}

a_refusal_names_all_roles() {
	needs_audit
	gate dana -- nosuch
	refused not-permitted
	audit_has "op=decision req=\"?$request.*role=\"?log-reader,operator[ \"].*res=failed" \
		-m USER_CMD -ua dana -i -ts recent
}

R46_request_id_as_quoted_finds_its_records() {
	needs_audit
	gate dana -- pick delta
	refused value-not-allowed
	audit_has "$request" -m USER_CMD --raw
	grep " req=$request" "$T/audit" | ausearch -i >"$T/found" 2>/dev/null
	grep -q "reason=value-not-allowed" "$T/found" || fail "ausearch -i does not read what grep found"
	ausearch -m USER_CMD -x rolegated -sv no -i -ts recent | found "req=$request" ||
		fail "not among the refusals of rolegated"
}

aureport_counts_them() {
	needs_audit
	gate dana -- whoami
	sleep 0.3
	aureport --summary -i >"$T/summary" 2>/dev/null || fail "aureport failed"
	grep -qE 'Number of commands: [1-9]' "$T/summary" || fail "no commands"
}

R32_hostile_bytes_are_encoded() {
	needs_audit
	gate dana -- pick "$(printf 'x" res=success acct="root')"
	status_is 126
	audit_has 'op=decision .*res=failed' -m USER_CMD -ua dana -ts recent
	! grep -q 'acct="root"' "$T/audit" || fail "a forged field"
	gate dana -- say "$(printf 'caf\303\251 \342\200\256txt')"
	((status == 0 || status == 126)) || fail "neither allowed nor refused"
	sleep 0.3
	ausearch -m USER_CMD -ua dana -ts recent >"$T/audit" 2>/dev/null
	! LC_ALL=C grep -q "$(printf '\342\200\256')" "$T/audit" || fail "raw bytes in the log"
}

secrets_are_masked() {
	needs_audit
	gate dana -- journal --token hunter2secret
	status_is 0
	out_has hunter2secret
	audit_has 'op=end' -m USER_CMD -ua dana -i -ts recent
	! grep -q 'cmd=.*hunter2secret' "$T/audit" || fail "the secret is in the record"
	gate dana --json --dry-run -- journal --token hunter2secret
	out_lacks hunter2secret
}

audit_switched_off_means_nothing_runs() {
	needs_audit
	[[ $JUMP_HOST_AUDIT == own ]] || skip "another auditd runs here, and stays as it is"
	auditctl -e 0 >/dev/null
	# The gateway asks the kernel at most once a second whether audit is on.
	sleep 1.2
	gate dana -- whoami
	local saved=$status text=$err
	gate dana -e lenient -- whoami
	local lenient=$status
	auditctl -e 1 >/dev/null
	((saved == 126)) || fail "expected 126, not $saved"
	[[ $text == *gateway-error* ]] || fail "said: $text"
	((lenient == 0)) || fail "audit_failure = continue: expected 0, not $lenient"
	gateway_serves
}

event_log_is_the_record_without_kernel_audit() {
	gateway_stop
	rm -f /var/log/rolegate/events.jsonl
	gateway_start /opt/tests/no_audit
	gate dana -- pick alpha
	local first=$status
	gate dana -- pick delta
	local second=$status
	cp /var/log/rolegate/events.jsonl "$T/events" 2>/dev/null
	gateway_stop
	gateway_start
	((first == 0)) || fail "expected 0, not $first"
	((second == 126)) || fail "expected 126, not $second"
	python3 - "$T/events" <<-'END' || fail "not the events expected"
		import json, sys
		events = [json.loads(line) for line in open(sys.argv[1])]
		text = json.dumps(events)
		assert 'decision' in text and 'value-not-allowed' in text and 'dana' in text, events
	END
	[[ $(stat -c '%U %a' /var/log/rolegate/events.jsonl) == 'root 600' ]] || fail "mode of the log"
	gateway_serves
}

full_disk_for_the_event_log_means_nothing_runs() {
	changes_files
	mkdir -p "$T/events"
	mount -t tmpfs -o size=64k,mode=700 full "$T/events"
	sed -i "1i event_log = \"$T/events/events.jsonl\";" /etc/rolegate/rolegate.conf
	reload || {
		umount "$T/events"
		fail "reload: $(<"$T/reload")"
	}
	head -c 1000000 /dev/zero >"$T/events/filler" 2>/dev/null
	# What is left of the log's last page still takes some records.
	local i
	for i in {1..40}; do
		gate dana -- whoami
		((status == 0)) || break
	done
	local full=$status text=$err
	rm "$T/events/filler"
	gate dana -- whoami
	local empty=$status
	umount -l "$T/events"
	((full == 126)) || fail "expected 126, not $full: $text"
	((empty == 0)) || fail "with room again: expected 0, not $empty"
}

loads_of_the_configuration_are_recorded() {
	needs_audit
	run "$TESTS/as" root@"$(id -u dana)" /opt/rolegate/sbin/rolegatectl reload
	status_is 0
	audit_has 'op=load-config acct=dana id=root oauid=dana oses=[0-9]+ opid=[0-9]+ .*by=rolegatectl .*sha256=.*res=success' \
		-m USYS_CONFIG -i -ts recent
	kill -HUP "$(gateway_pid)"
	audit_has "op=load-config acct=root id=root .*opid=$$ .*by=signal .*sha256=.*res=success" \
		-m USYS_CONFIG -i -ts recent
	audit_has 'op=load-config cwd=.*by=start .*sha256=.*res=success' -m USYS_CONFIG -i
}

load_that_is_refused_says_why() {
	needs_audit
	changes_files
	printf 'nonsense = 1;\nsense = 2;\n' >>/etc/rolegate/roles.d/operator.role
	! reload || fail "it was accepted"
	audit_has 'op=load-config .*detail=roles.d/operator.role:8:_key__nonsense__is_unknown.*by=rolegatectl errors=2.*res=failed' \
		-m USYS_CONFIG -i -ts recent
}

R18_end_names_the_process_that_the_kernel_saw() {
	needs_audit
	[[ $JUMP_HOST_AUDIT == own ]] || auditctl -l | found rolegate-exec || skip "audit rules are locked"
	gate dana -- show env
	status_is 0
	local id child
	id=$(sed -n 's/^ROLEGATE_REQUEST=//p' "$T/out")
	audit_has "op=end req=$id .*child=[0-9]+" -m USER_CMD -ts recent
	child=$(sed -n "s/.*op=end req=$id .*child=\\([0-9]*\\).*/\\1/p" "$T/audit")
	audit_has 'exe="/usr/bin/env"' -k rolegate-exec -p "$child" -ts recent
}

R16_end_says_who_ended_it() {
	needs_audit
	local pid
	"$TESTS/as" dana "$rolegate" -- sleep 77 &
	pid=$!
	wait_for pgrep -u svc-ops -f 'sleep -- 77' || fail "it did not start"
	kill -KILL $pid
	audit_has 'op=end .*cmd=.*sleep -- 77 .*signal=1 ended=client-gone child=' \
		-m USER_CMD -ua dana -i -ts recent
	# A program that sends itself the same signal ended itself.
	gate dana -- die 1
	status_is 129
	audit_has 'op=end .*comm=die .*signal=1 child=' -m USER_CMD -ua dana -i -ts recent
	# The operator's side passed it on, as it does when a login is cut off.
	"$TESTS/as" dana "$rolegate" -- sleep 76 &
	pid=$!
	wait_for pgrep -u svc-ops -f 'sleep -- 76' || fail "it did not start"
	kill -HUP $pid
	audit_has 'op=end .*cmd=.*sleep -- 76 .*signal=1 ended=client-signal child=' \
		-m USER_CMD -ua dana -i -ts recent
	gate dana -- slow
	status_is 124
	audit_has 'op=end .*comm=slow .*ended=timeout child=' -m USER_CMD -ua dana -i -ts recent
	"$TESTS/as" dana "$rolegate" -- sleep 78 &
	wait_for pgrep -u svc-ops -f 'sleep -- 78' || fail "it did not start"
	gateway_stop
	gateway_start
	audit_has 'op=end .*cmd=.*sleep -- 78 .*signal=1 ended=gateway child=' \
		-m USER_CMD -ua dana -i -ts recent
	no_process_of svc-ops
}

dry_runs_are_recorded() {
	needs_audit
	gate dana --dry-run -- pick beta
	status_is 0
	audit_has 'op=check req=[0-9a-f]+ .*acct=dana .*comm=pick runas=svc-ops .*cmd=.*beta reason=permitted.*res=success' \
		-m USER_CMD -ua dana -i -ts recent
	gate dana --dry-run -- pick epsilon
	status_is 126
	audit_has 'op=check .*cmd=pick epsilon reason=value-not-allowed.*res=failed' \
		-m USER_CMD -ua dana -i -ts recent
	gate nora --dry-run -- pick alpha
	status_is 126
	audit_has 'op=check .*cmd=pick alpha reason=no-role.*res=failed' \
		-m USER_CMD -ua nora -i -ts recent
	# What can't be recorded is not told.
	[[ $JUMP_HOST_AUDIT == own ]] || return 0
	auditctl -e 0 >/dev/null
	sleep 1.2
	gate dana --dry-run -- pick beta
	auditctl -e 1 >/dev/null
	status_is 126
	[[ $out == *gateway-error* ]] || fail "it was told"
}

requests_that_no_packet_holds_are_recorded() {
	needs_audit
	gate erin -- say $(seq 2000)
	refused limit
	err_has 'has 2001 words and 8897 bytes'
	audit_has "op=decision req=$request .*cmd=say reason=limit .*res=failed" \
		-m USER_CMD -ua erin -i -ts recent
	gate erin --dry-run -- say $(head -c 131000 /dev/zero | tr '\0' a) $(head -c 1000 /dev/zero | tr '\0' b)
	refused limit
	audit_has "req=$request .*cmd=say reason=limit .*res=failed" -m USER_CMD -ua erin -i -ts recent
}
