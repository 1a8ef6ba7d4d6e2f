# Shared by the cases: how to act as an operator, and what to expect. Each case runs in a process
# of its own, with T, an empty directory, and the jump host's gateway up.
set -uo pipefail
export LC_ALL=C.UTF-8
export PATH=/opt/rolegate/bin:/opt/rolegate/sbin:$PATH
rolegate=/opt/rolegate/bin/rolegate
status=0 out='' err=''

fail() {
	printf '%s\n' "$*" >&2
	printf 'status %s\n--- out\n%s\n--- err\n%s\n' "$status" "${out:0:2000}" "${err:0:2000}" >&2
	exit 1
}

skip() {
	printf '%s\n' "$*" >"$T/skip"
	exit 77
}

# Runs a command and keeps $status, $out and $err; $T/out has the bytes.
run() {
	status=0
	"$@" >"$T/out" 2>"$T/err" || status=$?
	out=$(tr -d '\0' <"$T/out")
	err=$(tr -d '\0' <"$T/err")
}

# In the background use "$TESTS/as" itself, so that $! is the client.
as() {
	"$TESTS/as" "$@"
}

# gate USER [OPTION …] -- WORD …: through the client, as that operator.
gate() {
	local user=$1
	shift
	run as "$user" "$rolegate" "$@"
}

status_is() {
	[[ $status == "$1" ]] || fail "expected status $1"
}

out_is() {
	[[ $out == "$1" ]] || fail "expected output: $1"
}

out_has() {
	grep -qE -- "$1" <<<"$out" || fail "expected output with: $1"
}

out_lacks() {
	! grep -qE -- "$1" <<<"$out" || fail "expected no output with: $1"
}

err_has() {
	grep -qE -- "$1" <<<"$err" || fail "expected an error with: $1"
}

# A refusal of section 9: status 126, one line on stderr with the code and the request's id.
refused() {
	status_is 126
	[[ $(grep -c . <<<"$err") == 1 ]] || fail "expected one line on stderr"
	err_has "\($1, request [0-9a-f]{32}\)$"
	request=$(grep -oE 'request [0-9a-f]{32}' <<<"$err")
	request=${request#request }
}

# The gateway still serves.
gateway_serves() {
	local tries
	for tries in {1..30}; do
		gate "${1:-dana}" -- exit 0
		# Sessions that just lost their clients count until they have ended.
		[[ $err == *'(limit'* ]] || break
		sleep 0.1
	done
	status_is 0
}

reload() {
	rolegatectl reload >"$T/reload" 2>&1
}

# The case changes /etc/rolegate or other shared files: put them back at its end.
changes_files() {
	local file
	cp -a /etc/rolegate "$T/etc-rolegate"
	cp -a /etc/pam.d "$T/pam.d"
	trap put_back EXIT
	trap 'exit 1' TERM
}

put_back() {
	rm -rf /etc/rolegate.new
	find /etc/rolegate /etc/pam.d -mindepth 1 -delete
	cp -a "$T/etc-rolegate/." /etc/rolegate/
	cp -a "$T/pam.d/." /etc/pam.d/
	reload
}

needs_audit() {
	[[ $JUMP_HOST_AUDIT != none ]] || skip "the kernel has no audit here"
}

# found GREP-ARGUMENT …: at the end of a pipe. It reads all: "grep -q" ends at the first match, whoever
# writes to it then fails, and with pipefail the line says the opposite of what was found.
found() {
	local state=0
	grep -q "$@" || state=$?
	cat >/dev/null
	return $state
}

# audit_has PATTERN AUSEARCH-OPTION …: some record matches, at most six seconds from now (or the
# seconds of $AUDIT_PATIENCE): auditd may be behind.
audit_has() {
	local pattern=$1 tries
	shift
	needs_audit
	for ((tries = 0; tries < ${AUDIT_PATIENCE:-6} * 10; tries++)); do
		ausearch "$@" >"$T/audit" 2>/dev/null
		grep -qE -- "$pattern" "$T/audit" && return 0
		sleep 0.1
	done
	tail -n 5 "$T/audit" >&2
	fail "expected an audit record with: $pattern (ausearch $*)"
}

# After so many refusals of one person's that the next ones would only be counted.
records_settle() {
	[[ ! -e /run/jump-host/flood ]] && return
	local age=$(($(date +%s) - $(stat -c %Y /run/jump-host/flood)))
	((age > 25)) || sleep $((26 - age))
}

processes_of() {
	ps -o pid=,args= -u "$1" 2>/dev/null | grep -v defunct
}

# What has ended and was not fetched yet by the host's first process is no process.
pgrep() {
	command pgrep --runstates R,S,D,T,t,I "$@"
}

# An event log of this case's own, empty.
event_log_of_its_own() {
	changes_files
	mkdir -p "$T/log"
	chmod 755 "$T/log"
	sed -i "1i event_log = \"$T/log/events.jsonl\";" /etc/rolegate/rolegate.conf
	reload || fail "$(<"$T/reload")"
}

recorder_is_down() {
	! kill -0 "$(</run/jump-host/recorder.pid)" 2>/dev/null
}

recorder_start() {
	setsid rolegate-recorder -f >>/var/log/rolegate-recorder.out 2>&1 </dev/null &
	echo $! >/run/jump-host/recorder.pid
	disown
	wait_for recorder_answers || fail "the recorder did not start"
}

recorder_answers() {
	rolegatectl status --json | found '"recorder":"answers"'
}

# No process of the account is left, at most three seconds from now.
no_process_of() {
	local tries
	for tries in {1..30}; do
		[[ -n $(processes_of "$1") ]] || return 0
		sleep 0.1
	done
	local left
	left=$(processes_of "$1")
	pkill -KILL -u "$1"
	fail "left running as $1: $left"
}

wait_for() {
	local tries
	for tries in {1..50}; do
		"$@" >/dev/null 2>&1 && return 0
		sleep 0.1
	done
	return 1
}

gateway_pid() {
	cat /run/jump-host/gateway.pid
}

gateway_stop() {
	kill "$(gateway_pid)" 2>/dev/null
	wait_for gateway_is_down || fail "the gateway did not end"
	find /run/rolegate -name "*.sock" ! -name recorder.sock -delete
}

gateway_is_down() {
	! kill -0 "$(gateway_pid)" 2>/dev/null
}

# gateway_start [COMMAND …]: under that command.
gateway_start() {
	setsid "$@" rolegated -f >>/var/log/rolegated.out 2>&1 </dev/null &
	echo $! >/run/jump-host/gateway.pid
	disown
	wait_for test -S /run/rolegate/control.sock || fail "the gateway did not start"
}

# The gateway, and nobody else, has the NSS module of nss_stub.c behind the files of the jump host.
nss_stub_up() {
	mkdir -p /run/jump-host/nss
	: >/run/jump-host/nss/answers
	changes_files
	cp -p /etc/nsswitch.conf "$T/nsswitch.conf"
	trap nss_stub_down EXIT
	sed -i 's/^\(passwd\|group\): files$/\1: files rgstub/' /etc/nsswitch.conf
	gateway_stop
	gateway_start env LD_LIBRARY_PATH=/opt/tests/nss
}

nss_stub_down() {
	: >/run/jump-host/nss/answers
	cat "$T/nsswitch.conf" >/etc/nsswitch.conf
	gateway_stop
	gateway_start
	put_back
}

# What the module answers from now on: lines on stdin.
nss_answers() {
	cat >"$T/answers"
	mv "$T/answers" /run/jump-host/nss/answers
}

# Whoever has these numbers has this role, given by name at the endpoint "operations".
nss_role() {
	sed -i "0,/role_definitions = (/s//role_definitions = ( { $1 = \"$2\"; roles = [ \"operator\" ]; },/" \
		/etc/rolegate/rolegate.conf
}

# gate_uid UID [OPTION …] -- WORD …: as a person whom only that module knows.
gate_uid() {
	local uid=$1
	shift
	run python3 - "$uid" "$rolegate" "$@" <<-'END'
		import os, sys
		uid = int(sys.argv[1])
		open("/proc/self/loginuid", "w").write(str(uid))
		os.setgroups([])
		os.setresgid(uid, uid, uid)
		os.setresuid(uid, uid, uid)
		os.execv(sys.argv[2], sys.argv[2:])
	END
}

# pty COMMAND …: in a terminal; the steps are on stdin (see terminal.py).
pty() {
	python3 "$TESTS/terminal.py" "$@" >"$T/pty" 2>&1 || fail "terminal: $(<"$T/pty")"
}

wire() {
	local user=$1
	shift
	case $user:$1 in
	dana:cross | dana:malformed | dana:noise | dana:race) touch /run/jump-host/flood ;;
	esac
	run as "$user" /usr/bin/python3 "$TESTS/wire.py" "$@"
	status_is 0
}

# Nothing is in the queue of approvals.
queue_fresh() {
	rm -rf /var/lib/rolegate/approvals
}

# queue_waits USER ENDPOINT WORD …: refused as pending; $number.
queue_waits() {
	local user=$1 endpoint=$2
	shift 2
	gate "$user" -e "$endpoint" -- "$@"
	refused pending-approval
	number=$(grep -oE 'waits for approval as number [0-9]+' <<<"$err") || fail "no number"
	number=${number##* }
}

# queue_ctl USER ENDPOINT WORD …
queue_ctl() {
	local user=$1 endpoint=$2
	shift 2
	run as "$user" /opt/rolegate/sbin/rolegatectl "$@" -e "$endpoint"
}

# queue_approve NUMBER [ENDPOINT [WORD …]]: by erin.
queue_approve() {
	queue_ctl erin "${2-approved}" approve "$1" "${@:3}" --reason 'seen it'
	status_is 0
}
