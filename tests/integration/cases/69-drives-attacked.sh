# Drives, attacked by an operator who has programs of their own on the host.

# R30: no process of the account gets to the drive by the server's directories in /proc.
R30_a_drives_server_is_not_looked_into() {
	rm -rf /var/lib/rolegate/drives
	cc -O1 -o /opt/tests/drive_peek "$TESTS/drive_peek.c" || fail "no program"
	run as dana /opt/tests/drive_peek drives 12
	out_is out
	status_is 0
	[[ -z $(ls /var/lib/rolegate/drives/"$(id -u dana)") ]] || fail "something is in the drive"
}

# R33: renames cost the client nothing, and no answer is waited for: they are not read without end.
R33_renames_are_not_read_without_end() {
	local since read
	rm -rf /var/lib/rolegate/drives
	needs_audit
	sleep 1.1
	since=$(date '+%x %X')
	run as dana /usr/bin/python3 "$TESTS/drive_client.py" drives renames 2000 1000000
	out_is $'ok\nstatus 0'
	audit_has 'op=end .*res=success' -m USER_CMD --start $since
	ausearch -m USER_CMD --start $since 2>/dev/null | grep 'did=rename' >"$T/renames"
	read=$(grep -c 'digest=' "$T/renames")
	((read > 4 && read <= 18)) || fail "$read of $(wc -l <"$T/renames") renames were read"
	! grep -v 'digest=' "$T/renames" | grep -v 'missing=often' || fail "neither a hash nor a reason"
}

# R33: nor does the kernel keep them without end until they are recorded.
R33_renames_that_outrun_their_records_end_the_server() {
	rm -rf /var/lib/rolegate/drives
	run as dana /usr/bin/python3 "$TESTS/drive_client.py" drives renames 200000
	out_has '^gone$'
	err_has 'renames came faster than they are recorded'
	gateway_serves
}

# R22: one operator does not take all that the kernel has of fanotify(7) from the others.
R22_a_drive_is_not_open_in_every_session_at_once() {
	local number
	rm -rf /var/lib/rolegate/drives
	mkfifo "$T/hold"
	exec 7<>"$T/hold"
	for number in {1..8}; do
		"$TESTS/as" dana /usr/bin/python3 "$TESTS/drive_client.py" wide-drives stay "f$number" \
			<"$T/hold" >"$T/said$number" 2>&1 &
		wait_for grep -q ok "$T/said$number" || fail "$number: $(<"$T/said$number")"
	done
	gate dana -e wide-drives -- sftp
	refused limit
	gate frank -e wide-drives -- exit 0
	kill $(jobs -p)
	wait
	for number in {1..30}; do
		run as dana /usr/bin/python3 "$TESTS/drive_client.py" wide-drives get f8
		[[ $out == *half* ]] && return 0
		sleep 0.1
	done
	fail "the drive can't be opened again"
}
