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
		stat -c %a "$_a5_drive"
		_a5_raw drives put plain text
		out_has '^ok$'
		[[ $(stat -c %a "$_a5_drive") == 700 ]] || fail "mode $(stat -c %a "$_a5_drive")"
	done
}

# The kernel keeps what is not yet read: of one who only makes and removes, while much is hashed.
R33_names_that_come_and_go_take_no_room() {
	rm -rf /var/lib/rolegate/drives
	local before most=0 now start=$SECONDS
	before=$(awk '/^SUnreclaim/ { print $2 }' /proc/meminfo)
	"$TESTS/as" dana python3 "$TESTS/drive_client.py" wide-drives churn 8 500000000 >"$T/churn" 2>&1 &
	while kill -0 $! 2>/dev/null && ((SECONDS - start < 75)); do
		now=$(awk '/^SUnreclaim/ { print $2 }' /proc/meminfo)
		((now - before <= most)) || { most=$((now - before)); echo $((SECONDS-start)) $most; }
		sleep 0.1
	done
	cat "$T/churn"
	echo "most $most kB"
	ps -o pid,user,rss,time,args -e | grep -E '[s]ftp-server|[r]olegated'
	rm -rf /var/lib/rolegate/drives
	gateway_serves
	false
}
