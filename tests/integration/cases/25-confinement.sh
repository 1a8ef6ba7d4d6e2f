# The default profile through the real gateway: no other program, and what the kernel says of a try.

# Commands of these cases alone; each is one that dana may run, under the default profile.
_confined_commands() {
	changes_files
	sed -i 's/^visible_commands = (/&\n  "confined *",/' /etc/rolegate/roles.d/operator.role
	cat >/etc/rolegate/commands.d/confinement.conf <<-'END'
		commands = (
		  { name = "confined shell"; program = "/usr/bin/dash";
		    arguments = [ "-c", "/usr/bin/id; echo after $?" ]; },
		  { name = "confined find"; program = "/usr/bin/find";
		    arguments = [ "/etc/hostname", "-exec", "/usr/bin/id", ";" ]; },
		  { name = "confined perl"; program = "/usr/bin/perl";
		    arguments = [ "-e", "exec { q(/usr/bin/id) } q(id) or print qq($!)" ]; },
		  { name = "confined threads"; program = "/usr/bin/sort";
		    arguments = [ "--parallel=4", "/opt/tests/numbers" ]; },
		  { name = "confined script"; program = "/opt/tests/confined"; },
		  { name = "confined socket"; program = "/usr/bin/perl";
		    arguments = [ "-MSocket", "-e",
		      "socket(S, AF_INET, SOCK_STREAM, 0) and bind(S, sockaddr_in(80, INADDR_LOOPBACK)) and print q(bound) or print qq($!)" ]; } );
	END
	seq 200000 -1 1 >/opt/tests/numbers
	_script '#!/bin/sh -e\necho "$0 $#"\n/usr/bin/id || echo "not $?"\n'
	reload || fail "$(<"$T/reload")"
}

_script() {
	printf "$1" >/opt/tests/confined
	chmod 755 /opt/tests/confined
}

# _refusals: how many calls the kernel says that filters refused to dana's programs.
_refusals() {
	ausearch -m SECCOMP -ua dana --raw 2>/dev/null | grep -c '^type=SECCOMP'
}

R37_an_approved_program_starts_no_other() {
	_confined_commands
	gate dana -- confined shell
	status_is 0
	out_is 'after 126'
	err_has 'id: Permission denied'
	gate dana -- confined find
	out_lacks uid=
	err_has 'id.*: Permission denied'
	gate dana -- confined perl
	out_is 'Permission denied'
	gate dana -- confined threads
	status_is 0
	[[ $(head -n 1 "$T/out") == 1 && $(wc -l <"$T/out") == 200000 ]] || fail "not sorted"
}

R18_a_refused_call_is_recorded_under_the_operator() {
	needs_audit
	_confined_commands
	gate dana -- confined find
	audit_has 'type=SECCOMP .*auid=dana .*uid=svc-ops .*exe="?/usr/bin/find.*syscall=execve' \
		-m SECCOMP -ua dana -i -ts recent
}

# What the gateway asks to see that a filter holds, and what the C library asks for and does without,
# is no violation.
R37_a_run_that_keeps_to_its_profile_leaves_no_violation() {
	local before
	needs_audit
	_confined_commands
	before=$(_refusals)
	gate dana -- confined threads
	status_is 0
	gate dana -- whoami
	status_is 0
	sleep 0.5
	[[ $(_refusals) == "$before" ]] || fail "$(ausearch -m SECCOMP -ua dana -i -ts recent | tail -n 5)"
}

R26_a_scripts_interpreter_is_what_runs() {
	_confined_commands
	gate dana -- confined script
	status_is 0
	out_is "/dev/fd/3 0
not 126"
	needs_audit
	audit_has 'op=decision .*cmd=[^ ]*confined.*res=success' -m USER_CMD -ua dana -i -ts recent
	! grep -q 'cmd=[^ ]*fd/3' "$T/audit" || fail "the record has the interpreter's arguments"
}

scripts_that_cannot_be_right_are_refused_before_they_start() {
	local text sentence
	_confined_commands
	while IFS='|' read -r text sentence; do
		_script "$text"
		gate dana -- confined script
		[[ $status == 125 || $status == 126 ]] || fail "expected a refusal"
		out_is ''
		err_has "$sentence"
	done <<-'END'
		echo hello\n|neither a program nor a script
		#!\n|names no interpreter
		#!sh\n|not an absolute one
		#!/bin/sh\r\n|CR LF
		#!/opt/tests/script\n|is a script itself
		#!/tmp/sh\n|/tmp
		#!/no/such/file\n|No such file
	END
}

R37_capabilities_of_a_profile_need_no_root() {
	_confined_commands
	gate dana -- confined socket
	out_is 'Permission denied'
	mkdir -p /etc/rolegate/profiles.d
	cat >/etc/rolegate/profiles.d/confinement.conf <<-'END'
		profiles = ( { name = "web-port"; extends = "standard";
		  capabilities = [ "CAP_NET_BIND_SERVICE" ]; } );
	END
	sed -i '/"confined socket"/s/{ /{ profile = "web-port"; /' /etc/rolegate/commands.d/confinement.conf
	! reload || fail "a gateway that holds no such capability took the profile"
	grep -qi restart "$T/reload" || fail "$(<"$T/reload")"
}
