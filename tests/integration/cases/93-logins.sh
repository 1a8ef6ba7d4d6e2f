# pam_rolegate(8) in sshd's account stack: who has no role gets no login.

_module=/opt/rolegate/lib/security/pam_rolegate.so

# sshd's account stack with the module and these options.
_logins() {
	changes_files
	sed -i "/^account/i account required $_module $*" /etc/pam.d/sshd
}

_ssh() {
	run timeout 30 ssh -o LogLevel=INFO "$@"
}

_denied() {
	status_is 255
	[[ -z $out ]] || fail "something ran"
}

login_is_for_those_who_have_a_role() {
	_logins endpoint=operations
	_ssh dana@jump whoami
	status_is 0
	out_has 'svc-ops'
	_ssh frank@jump whoami # by a group
	status_is 0
	_ssh nora@jump whoami
	_denied
	err_has 'You have no role on this host'
	# The gateway would have refused her too, but after a login.
	run as nora "$rolegate" -- whoami
	refused no-role
}

login_message_is_the_administrators() {
	_logins endpoint=operations '[message=Ask the service desk, please.]'
	_ssh nora@jump whoami
	_denied
	err_has 'Ask the service desk, please\.'
	out_lacks 'You have no role'
}

login_message_names_whom_to_ask() {
	_logins endpoint=prompts-asked
	_ssh nora@jump whoami
	_denied
	err_has "You have no role on this host, so that you can't log in here\. Ask the web desk, tel\. 4711\."
	put_back
	_logins endpoint=prompts
	_ssh nora@jump whoami
	_denied
	err_has "can't log in here\.\$"
}

login_needs_a_role_at_one_of_the_endpoints() {
	_logins endpoint=changes endpoint=desk
	_ssh -o SendEnv=none dana@jump whoami
	status_is 0
	_ssh frank@jump whoami # "desk" alone
	status_is 0
	_ssh erin@jump whoami # may act as others there, without a role of her own
	[[ $status != 255 ]] || fail "erin may act as dana at desk"
	put_back
	_logins endpoint=changes
	_ssh frank@jump whoami
	_denied
	put_back
	_logins endpoint=no-such-endpoint failure=allow
	_ssh dana@jump whoami
	_denied
}

login_follows_a_reload() {
	_logins endpoint=operations
	_ssh dana@jump exit 3
	status_is 3
	sed -i '/name = "operations"/,/run_as/ { /group = "web-ops"/d; s/user  = "dana"/user = "nora"/ }' \
		/etc/rolegate/rolegate.conf
	reload || fail "$(<"$T/reload")"
	_ssh dana@jump exit 3
	_denied
	_ssh nora@jump exit 3
	status_is 3
}

login_without_a_gateway_is_denied_or_allowed_as_configured() {
	_logins endpoint=operations
	gateway_stop
	trap 'gateway_is_down && gateway_start; put_back' EXIT
	_ssh dana@jump exit 3
	_denied
	err_has "can't be found out now"
	sed -i 's/endpoint=operations/& failure=allow/' /etc/pam.d/sshd
	_ssh dana@jump exit 3
	status_is 125 # she is in, and the gateway that she wants is not there
	gateway_start
	_ssh dana@jump exit 3
	status_is 3
	_ssh nora@jump exit 3
	_denied
}

login_at_a_gateway_that_hangs_ends_at_the_deadline() {
	_logins endpoint=operations timeout=2
	trap 'kill -CONT "$(gateway_pid)"; put_back' EXIT
	kill -STOP "$(gateway_pid)"
	local start took
	start=$(date +%s%N)
	_ssh dana@jump exit 3
	took=$((($(date +%s%N) - start) / 1000000))
	_denied
	((took >= 1900 && took < 4500)) || fail "took $took ms"
	sed -i 's/endpoint=operations/& failure=allow/' /etc/pam.d/sshd
	# rolegate-shell waits for the gateway by itself, so that this is not about its end.
	start=$(date +%s%N)
	timeout 4 ssh dana@jump exit 3 >/dev/null 2>&1
	[[ $? == 124 ]] || fail "failure=allow did not let her in"
	kill -CONT "$(gateway_pid)"
	wait_for _served || fail "the gateway does not serve"
}

_served() {
	[[ $("$TESTS/as" dana "$rolegate" -- exit 3; echo $?) == 3 ]]
}

login_root_is_exempt_only_where_a_line_says_so() {
	cp /etc/ssh/authorized/dana /etc/ssh/authorized/root
	_logins endpoint=operations
	_ssh root@jump true
	_denied
	sed -i 's/endpoint=operations/& exempt_user=root/' /etc/pam.d/sshd
	_ssh root@jump true
	status_is 0
	gateway_stop
	trap 'gateway_is_down && gateway_start; rm -f /etc/ssh/authorized/root; put_back' EXIT
	_ssh root@jump true
	status_is 0
	_ssh dana@jump exit 3
	_denied
	# A group of the host's own file, whatever the gateway says.
	groupadd breakglass
	usermod -aG breakglass nora
	sed -i 's/endpoint=operations/& exempt_group=breakglass/' /etc/pam.d/sshd
	_ssh nora@jump exit 3
	groupdel breakglass
	status_is 125
	gateway_start
}

R5_login_with_an_option_that_is_unknown_is_denied() {
	_logins endpoint=operations failure=allow nonsense
	_ssh dana@jump exit 3
	_denied
	sed -i 's/nonsense//; s/endpoint=operations//' /etc/pam.d/sshd
	_ssh dana@jump exit 3
	_denied
}

# The module asks; the listener, which has other things to do, waits for no name service.
login_with_a_name_service_that_hangs_hangs_nobody_else() {
	nss_stub_up
	sed -i "/^account/i account required $_module endpoint=operations timeout=2" /etc/pam.d/sshd
	nss_answers <<<'fail initgroups hang'
	local start took
	start=$(date +%s%N)
	_ssh dana@jump exit 3 &
	sleep 0.7
	run timeout 2 rolegatectl status
	status_is 0
	wait
	took=$((($(date +%s%N) - start) / 1000000))
	((took < 5000)) || fail "took $took ms"
	nss_answers </dev/null
	_ssh dana@jump exit 3
	status_is 3
}

R20_permitted_is_roots_to_ask() {
	run as dana python3 -c 'import socket
peer = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
peer.connect("/run/rolegate/control.sock")'
	[[ $status != 0 ]] || fail "dana may connect to the control socket"
}

control_socket_takes_no_malformed_question() {
	run python3 - <<-'END'
		import socket, struct
		def text(value):
		    value = value.encode()
		    return struct.pack("<I", len(value)) + value
		def words(*values):
		    return struct.pack("<I", len(values)) + b"".join(text(value) for value in values)
		def packet(kind, body=b"", version=3):
		    return struct.pack("<HH", version, kind) + body
		def ask(data):
		    peer = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
		    peer.connect("/run/rolegate/control.sock")
		    peer.settimeout(20)
		    peer.send(data)
		    try:
		        return peer.recv(1 << 17)
		    except ConnectionResetError:
		        return b""
		none = struct.pack("<I", 0)
		def permitted(user, *endpoints): return packet(19, none + text(user) + words(*endpoints))
		def status(got): return struct.unpack("<BI", got[4:9])
		assert status(ask(permitted("dana", "operations"))) == (0, 0x59)
		assert status(ask(permitted("nora", "operations"))) == (0, 1)
		assert status(ask(permitted("nora", "operations", "nowhere"))) == (0, 1)
		assert status(ask(permitted("dana", "nowhere", "operations"))) == (0, 0x59)
		assert status(ask(permitted("no-such-account", "operations"))) == (0, 0)
		for user in "", "../x", "a b", "-x", "4294967295", "0", "dana\n", "x" * 40, "d\u00e4na":
		    assert status(ask(permitted(user, "operations")))[1] != 0x59, user
		for bad in permitted("dana"), permitted("dana", "../x"), permitted("dana", ""), \
		        permitted("dana", *["a"] * 33), permitted("dana", "operations") + b"x", \
		        packet(19, none), packet(19, struct.pack("<I", 2) + text("dana") + words("a")), \
		        packet(17, none + b"x"), packet(17), packet(18, none), \
		        packet(18, none + b"\0" + text("0" * 32) + text("")), \
		        packet(18, none + b"\1" + text("0" * 31) + text("")), \
		        packet(18, none + b"\2" + text("") + text("")), \
		        packet(18, none + b"\3" + text("-1") + text("")), \
		        packet(18, none + b"\3" + text("4294967295") + text("")), \
		        packet(18, none + b"\3" + text("1") + text("a\nb")), packet(20, none), \
		        packet(11, none + b"x"), packet(19, none, version=2):
		    assert ask(bad) == b"", bad
		whole = permitted("dana", "operations")
		for length in range(1, len(whole)):
		    assert ask(whole[:length]) == b"", length
	END
	status_is 0
	gateway_serves
}

# What a login waits for it; README.md has the numbers of a quiet machine.
login_costs_little() {
	run python3 - "$_module" <<-'END'
		import ctypes, os, statistics, sys, time
		pam = ctypes.CDLL("libpam.so.0")
		class Conv(ctypes.Structure):
		    _fields_ = [("conv", ctypes.c_void_p), ("data", ctypes.c_void_p)]
		os.makedirs("/run/jump-host/pam", exist_ok=True)
		open("/run/jump-host/pam/with", "w").write("account required pam_unix.so\naccount required %s endpoint=operations\n" % sys.argv[1])
		open("/run/jump-host/pam/without", "w").write("account required pam_unix.so\n")
		def once(service):
		    handle = ctypes.c_void_p()
		    start = time.monotonic()
		    assert pam.pam_start_confdir(service, b"dana", ctypes.byref(Conv()), b"/run/jump-host/pam", ctypes.byref(handle)) == 0
		    assert pam.pam_acct_mgmt(handle, 0) == 0
		    pam.pam_end(handle, 0)
		    return (time.monotonic() - start) * 1000
		for service in b"with", b"without":
		    once(service)
		pairs = [(once(b"with"), once(b"without")) for _ in range(200)]
		added = statistics.median(a for a, b in pairs) - statistics.median(b for a, b in pairs)
		print("medians of 200: %.2f ms with, %.2f ms without: %.2f ms added" % (
		    statistics.median(a for a, b in pairs), statistics.median(b for a, b in pairs), added))
		assert added < 50
	END
	status_is 0
	echo "$out"
}
