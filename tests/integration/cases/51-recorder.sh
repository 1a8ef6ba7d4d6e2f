# The recorder: an account of its own, out of reach for operators and service accounts (R30).

_rec_pid() {
	cat /run/jump-host/recorder.pid
}

_rec() {
	run python3 "$TESTS/recorder.py" "$@"
}

_rec_stop() {
	kill "-${1:-TERM}" "$(_rec_pid)"
	wait_for _rec_is_down || fail "the recorder did not end"
}

_rec_is_down() {
	! kill -0 "$(_rec_pid)" 2>/dev/null
}

_rec_start() {
	setsid rolegate-recorder -f >>/var/log/rolegate-recorder.out 2>&1 </dev/null &
	echo $! >/run/jump-host/recorder.pid
	disown
	wait_for python3 "$TESTS/recorder.py" connect || fail "the recorder did not start"
}

_rec_id() {
	tr -d - </proc/sys/kernel/random/uuid
}

# _rec_as ACCOUNT COMMAND …: as a program of that account, without a login.
_rec_as() {
	local account=$1
	shift
	setpriv --reuid "$account" --regid "$account" --clear-groups --inh-caps=-all "$@"
}

R30_R43_recorder_is_its_account_with_one_capability() {
	local status_file=/proc/$(_rec_pid)/status uid
	uid=$(id -u rolegate-recorder)
	grep -qE "^Uid:	$uid	$uid	$uid	$uid$" "$status_file" || fail "uid"
	grep -qE '^Groups:[[:space:]]*$' "$status_file" || fail "groups"
	grep -qE '^CapEff:	0000000020000000$' "$status_file" || fail "effective capabilities"
	grep -qE '^CapPrm:	0000000020000000$' "$status_file" || fail "permitted capabilities"
	grep -qE '^CapBnd:	0000000020000000$' "$status_file" || fail "bounding set"
	grep -qE '^NoNewPrivs:	1$' "$status_file" || fail "new privileges"
	[[ $(stat -c '%U %a' /run/rolegate/recorder.sock) == 'root 600' ]] || fail "socket"
	[[ $(stat -c '%U %a' /var/log/recorded) == 'rolegate-recorder 700' ]] || fail "directory"
	[[ $(stat -c '%U %a' /var/log/recorded/events.jsonl) == 'rolegate-recorder 600' ]] ||
		fail "log"
}

R30_nobody_else_reaches_log_transcripts_or_process() {
	local id who file before
	id=$(_rec_id)
	_rec transcript "$id" "$(id -u dana)" secret
	status_is 0
	file=/var/log/recorded/transcripts/$(id -u dana)/$id.cast
	before=$(sha256sum "$file")
	[[ $(stat -c '%U %a' "$file") == 'rolegate-recorder 400' ]] || fail "mode of $file"
	for who in dana svc-ops; do
		_rec_as "$who" cat "$file" && fail "$who reads"
		_rec_as "$who" rm -f "$file" && fail "$who removes"
		_rec_as "$who" truncate -s 0 "$file" && fail "$who truncates"
		_rec_as "$who" mv "$file" /tmp/stolen && fail "$who moves"
		_rec_as "$who" sh -c 'echo x >>/var/log/recorded/events.jsonl' && fail "$who appends"
		_rec_as "$who" ls /var/log/recorded && fail "$who lists"
		_rec_as "$who" kill -9 "$(_rec_pid)" && fail "$who kills"
		_rec_as "$who" kill -STOP "$(_rec_pid)" && fail "$who stops"
		_rec_as "$who" timeout 5 strace -f -p "$(_rec_pid)" -o "/tmp/trace-$who" && fail "$who traces"
		_rec_as "$who" cat "/proc/$(_rec_pid)/environ" && fail "$who sees its environment"
		_rec_as "$who" cat "/proc/$(_rec_pid)/maps" && fail "$who sees its memory"
		_rec_as "$who" python3 "$TESTS/recorder.py" connect && fail "$who connects"
	done
	[[ $(sha256sum "$file") == "$before" ]] || fail "$file was changed"
	_rec events 1
	status_is 0
}

# Root's memory was in it once: not even its own account may look.
R30_own_account_can_not_trace_it() {
	_rec_as rolegate-recorder timeout 5 strace -p "$(_rec_pid)" -o /dev/null && fail "traced"
	_rec_as rolegate-recorder cat "/proc/$(_rec_pid)/maps" && fail "memory"
	return 0
}

R30_a_peer_that_is_not_root_is_closed_whatever_the_mode_is() {
	chmod 666 /run/rolegate/recorder.sock
	run _rec_as dana python3 "$TESTS/recorder.py" connect
	chmod 600 /run/rolegate/recorder.sock
	status_is 3
	grep -q "a connection of uid $(id -u dana) is refused" /var/log/rolegate-recorder.out ||
		fail "not told"
}

# A watcher that tries all the time meets no moment at which it may.
R21_nobody_connects_while_it_starts() {
	_rec_stop
	rm -f /run/rolegate/recorder.sock
	_rec_as dana python3 - <<-'END' >"$T/watcher" 2>&1 &
		import socket, time
		until, tries, opened = time.time() + 3, 0, 0
		while time.time() < until:
		    tries += 1
		    s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
		    opened += s.connect_ex("/run/rolegate/recorder.sock") == 0
		    s.close()
		print(tries, opened)
	END
	local watcher=$! i
	for i in {1..5}; do
		_rec_start
		_rec_stop
	done
	wait "$watcher"
	_rec_start
	grep -qE '^[0-9]{4,} 0$' "$T/watcher" || fail "watcher: $(<"$T/watcher")"
}

R29_log_is_verified_by_other_means_after_kill_and_start() {
	local last id
	id=$(_rec_id)
	python3 "$TESTS/recorder.py" hold 20 &
	wait_for compgen -G "/var/log/recorded/transcripts/0/*.cast" || fail "no transcript"
	_rec events 50
	status_is 0
	last=${out##* }
	_rec_stop KILL
	_rec_start
	_rec verify /var/log/recorded
	status_is 0
	((out > last)) || fail "the log ends at $out, and $last was taken"
	grep '"op":"recorder-start"' /var/log/recorded/events.jsonl | tail -n 1 |
		grep -q '"recovered":1' || fail "not recovered"
	grep -q '"state":"recovered"' /var/log/recorded/events.jsonl || fail "no event of its end"
	rm -f /var/log/recorded/transcripts/0/*.cast
	kill %1 2>/dev/null
	_rec events 1
	status_is 0
}

R29_head_of_the_log_is_in_the_audit_log() {
	needs_audit
	local line hash
	_rec events 3
	_rec_stop
	_rec_start
	line=$(grep '"op":"recorder-stop"' /var/log/recorded/events.jsonl | tail -n 1)
	hash=$(grep -oE '"hash":"[0-9a-f]{64}' <<<"$line" | cut -d'"' -f4)
	audit_has "op=log-head chain=[0-9a-f]{32} seq=[0-9]+ hash=$hash" -m USYS_CONFIG -ts recent
	audit_has "exe=./opt/rolegate/sbin/rolegate-recorder" -m USYS_CONFIG -ts recent
}

a_second_recorder_does_not_start() {
	local before
	before=$(stat -c %i /run/rolegate/recorder.sock)
	run timeout 5 rolegate-recorder -f
	status_is 1
	err_has 'another recorder writes there'
	[[ $(stat -c %i /run/rolegate/recorder.sock) == "$before" ]] || fail "it took the socket"
}

R5_R28_recorder_starts_with_no_wrong_configuration() {
	mkdir "$T/conf"
	printf 'rotate_sizes = "1M";\nsync = "never";\n' >"$T/conf/recorder.conf"
	run timeout 5 rolegate-recorder -f -c "$T/conf"
	status_is 1
	err_has 'recorder.conf:1: key "rotate_sizes" is unknown'
	err_has 'recorder.conf:2: sync = "never"'
	run rolegatectl check --config "$T/conf"
	status_is 2
	out_has 'recorder.conf:1: key "rotate_sizes" is unknown'
	echo 'account = "root";' >"$T/conf/recorder.conf"
	run timeout 5 rolegate-recorder -f -c "$T/conf"
	status_is 1
	err_has 'root is no account for it'
	echo >"$T/conf/recorder.conf"
	chmod 666 "$T/conf/recorder.conf"
	run timeout 5 rolegate-recorder -f -c "$T/conf"
	status_is 1
	err_has 'writable by everybody'
	run _rec_as dana rolegate-recorder -f
	status_is 1
	err_has 'only root or rolegate-recorder can start'
	mkdir -m 777 "$T/open"
	chmod 644 "$T/conf/recorder.conf"
	echo "directory = \"$T/open/log\";" >"$T/conf/recorder.conf"
	run timeout 5 rolegate-recorder -f -c "$T/conf"
	status_is 1
	err_has 'writable by everybody'
	openssl genpkey -algorithm ed25519 -out "$T/key.pem" 2>/dev/null
	chmod 644 "$T/key.pem"
	printf 'directory = "%s/log";\nsigning_key = "%s/key.pem";\n' "$T" "$T" >"$T/conf/recorder.conf"
	run timeout 5 rolegate-recorder -f -c "$T/conf"
	status_is 1
	err_has 'others can read the key'
}

# What a gateway wrote by itself goes on under the recorder, as one chain.
recorder_takes_over_the_log_of_a_gateway() {
	_rec_stop
	mkdir "$T/conf"
	changes_files
	sed -i "1i event_log = \"$T/log/events.jsonl\";" /etc/rolegate/rolegate.conf
	mkdir -m 700 "$T/log"
	reload || fail "reload: $(<"$T/reload")"
	gate dana -- pick alpha
	status_is 0
	put_back
	trap - EXIT
	echo "directory = \"$T/log\";" >"$T/conf/recorder.conf"
	setsid rolegate-recorder -f -c "$T/conf" >"$T/out" 2>&1 </dev/null &
	echo $! >/run/jump-host/recorder.pid
	disown
	wait_for python3 "$TESTS/recorder.py" connect
	_rec_stop
	_rec_start
	[[ $(stat -c %U "$T/log/events.jsonl") == rolegate-recorder ]] || fail "owner"
	_rec verify "$T/log"
	status_is 0
	grep -q '"op":"decision".*"acct":"dana"' "$T/log/events.jsonl" || fail "the gateway's lines"
	grep -q '"op":"recorder-stop"' "$T/log/events.jsonl" || fail "the recorder's lines"
}

hangup_begins_a_new_file() {
	local before
	before=$(ls /var/log/recorded/events-*.jsonl 2>/dev/null | wc -l)
	kill -HUP "$(_rec_pid)"
	wait_for _rec_has_files $((before + 1)) || fail "no new file"
	_rec events 1
	_rec verify /var/log/recorded
	status_is 0
}

_rec_has_files() {
	[[ $(ls /var/log/recorded/events-*.jsonl | wc -l) == "$1" ]]
}
