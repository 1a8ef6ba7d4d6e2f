# What an operator tried against drives, the recorder, transcripts and readers of both.

_a5_drive=/var/lib/rolegate/drives/$(id -u dana)

_a5_raw() {
	local endpoint=$1
	shift
	run as dana /usr/bin/python3 "$TESTS/drive_client.py" "$endpoint" "$@"
}

# The drive's directory is its operator's, so its mode is, too.
drive_whose_mode_was_changed_is_private_again() {
	rm -rf /var/lib/rolegate/drives
	_a5_raw drives put plain text
	local bits
	for bits in 0777 0000 7000; do
		_a5_raw drives mode . "$bits"
		out_has '^ok$'
		_a5_raw drives put plain text
		out_has '^ok$'
		[[ $(stat -c %a "$_a5_drive") == 700 ]] || fail "mode $(stat -c %a "$_a5_drive")"
	done
}

# What is not yet read of a drive's events takes the kernel's memory.
R22_names_that_come_and_go_take_no_room() {
	rm -rf /var/lib/rolegate/drives
	local before most=0 now
	before=$(awk '/^SUnreclaim/ { print $2 }' /proc/meminfo)
	"$TESTS/as" dana python3 "$TESTS/drive_client.py" wide-drives churn 5 50000000 >"$T/churn" 2>&1 &
	while kill -0 $! 2>/dev/null; do
		now=$(awk '/^SUnreclaim/ { print $2 }' /proc/meminfo)
		((now - before <= most)) || most=$((now - before))
		sleep 0.1
	done
	out=$(<"$T/churn")
	out_has '^status 0 after'
	((most < 128 * 1024)) || fail "the kernel kept $most kB"
	rm -rf /var/lib/rolegate/drives
	gateway_serves
}

# Connections without an end, of one operator, while another one logs in.
R22_flood_keeps_nobody_from_a_login() {
	changes_files
	sed -i "/^account/i account required /opt/rolegate/lib/security/pam_rolegate.so endpoint=operations" \
		/etc/pam.d/sshd
	local flood start
	for flood in 1 2 3 4; do
		"$TESTS/as" dana python3 -c '
import socket, sys, time
end = time.time() + 12
held = []
while time.time() < end:
    one = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        one.connect("/run/rolegate/operations.sock")
    except OSError:
        pass
    held.append(one)
    if len(held) > 200:
        held = held[100:]
' &
	done
	sleep 1
	for flood in 1 2 3; do
		start=$(date +%s%N)
		run timeout 30 ssh -o LogLevel=INFO frank@jump whoami
		status_is 0
		echo "login $(($(($(date +%s%N) - start)) / 1000000)) ms"
	done
	run timeout 10 rolegatectl sessions
	status_is 0
	wait
	touch /run/jump-host/flood
	gateway_serves
}
