# rolegatectl trial: what it sees, what it prints, and that the printed profile is the right one.

# Commands that a role of dana's has, besides those of the other cases.
_trial_commands() {
	changes_files
	cat >/etc/rolegate/commands.d/trial.conf <<-'END'
		commands = (
		  { name = "shell"; program = "/usr/bin/dash"; arguments = [ "-c" ]; profile = "unrestricted";
		    end_of_options = false;
		    parameters = ( { name = "text"; position = 1; validate = "none"; required = true; } ); },
		  { name = "perl"; program = "/usr/bin/perl"; arguments = [ "-e" ]; profile = "unrestricted";
		    end_of_options = false;
		    parameters = ( { name = "text"; position = 1; validate = "none"; required = true; } ); },
		  { name = "note"; program = "/usr/bin/touch";
		    parameters = ( { name = "file"; position = 1; type = "path"; under = [ "/srv/notes", "/srv/other" ]; required = true; } ); } );
	END
	printf 'visible_commands = ( "shell", "perl", "note" );\n' >/etc/rolegate/roles.d/trier.role
	sed -i 's/roles = \[ "operator"/&, "trier"/' /etc/rolegate/rolegate.conf
	install -d -o svc-ops /srv/notes /srv/other
	reload || fail "reload: $(<"$T/reload")"
}

# The printed profile is one that the loader takes, with the command's definition saying so.
_profile_loads() {
	mkdir -p /etc/rolegate/profiles.d
	cp "$T/out" /etc/rolegate/profiles.d/trial.conf
	run rolegatectl check
	((status <= 1)) || fail "the printed profile is refused"
}

# As dana; a profile with rules about files takes no file of the caller's for its output.
_through_pipes() {
	as dana "$rolegate" -- "$@" 2>&1 </dev/null | cat
}

# Nothing is confined by a build without filters.
_needs_filters() {
	gate dana -- show status
	grep -q '^Seccomp:.2' "$T/out" || skip "this build does not enforce profiles"
}

R38_trial_of_a_command_that_reads() {
	changes_files
	run rolegatectl trial -- whoami
	status_is 0
	err_has 'about to run, as svc-ops, on this host: /usr/bin/id'
	err_has 'nothing confines it but its account and no_new_privs'
	err_has 'uid=[0-9]+\(svc-ops\)'
	out_has 'name = "trial-whoami";'
	out_has 'execute = "none";'
	out_has 'write = \[\];'
	out_has '^#   class = "read-only";'
	out_lacks 'uid='
	_profile_loads
	run rolegatectl show --profile trial-whoami
	status_is 0
	out_has 'none'
}

R18_trial_is_recorded_with_who_ran_it() {
	run rolegatectl trial -- whoami
	status_is 0
	audit_has 'op=trial .*runas=svc-ops .*cmd=.*res=success' -m USER_CMD -ts recent
	grep -E 'op=trial ' "$T/audit" | found -E ' oauid=[0-9]+' || fail "no login uid"
	local request
	request=$(grep -oE 'op=trial req=[0-9a-f]{32}' "$T/audit" | tail -n 1)
	audit_has "op=end ${request#op=trial }.*status=0" -m USER_CMD -ts recent
}

R18_trial_that_can_not_be_recorded_runs_nothing() {
	needs_audit
	_trial_commands
	rm -f /srv/notes/unrecorded
	auditctl -e 0 >/dev/null
	run rolegatectl trial -- note /srv/notes/unrecorded
	auditctl -e 1 >/dev/null
	status_is 1
	err_has 'could not be recorded, so nothing was run'
	[[ ! -e /srv/notes/unrecorded ]] || fail "it ran"
}

R43_trial_has_the_identity_of_a_run() {
	run rolegatectl trial -- show status
	status_is 0
	local uid
	uid=$(id -u svc-ops)
	err_has "^Uid:.$uid.$uid.$uid.$uid$"
	err_has '^NoNewPrivs:.1$'
	err_has '^CapEff:.0+$'
	err_has '^CapBnd:.0+$'
	run rolegatectl trial --as svc-logs -- show status
	err_has "^Uid:.$(id -u svc-logs)."
	run rolegatectl trial -- whoami-caller
	status_is 1
	err_has '\-\-user or \-\-as is needed'
	run rolegatectl trial --user dana -- whoami-caller
	err_has '\(dana\)'
}

trial_is_roots_alone() {
	run as dana /opt/rolegate/sbin/rolegatectl trial -- whoami
	status_is 2
	err_has 'only root'
	run rolegatectl trial --roles log-reader -- whoami
	status_is 1
	err_has 'refused: .*not-permitted'
	run rolegatectl trial -- cat /etc/shadow
	status_is 1
	run rolegatectl trial -- off
	status_is 1
	err_has 'disabled'
}

R28_trial_runs_nothing_that_others_can_write() {
	run rolegatectl trial -- loose
	local first=$status
	chmod 777 /opt/tests/loose
	run rolegatectl trial -- loose
	chmod 755 /opt/tests/loose
	[[ $first == 0 ]] || fail "it should run"
	status_is 1
	changes_files
	chmod 666 /etc/rolegate/roles.d/operator.role
	run rolegatectl trial -- whoami
	status_is 2
}

R38_trial_of_a_command_that_does_much() {
	_trial_commands
	run rolegatectl trial -- shell 'echo x >/srv/notes/a; date; ls /srv/other; echo t >/tmp/rolegate-t; rm /tmp/rolegate-t'
	status_is 0
	out_has 'execute = \[ "/usr/bin/date", "/usr/bin/ls", "/usr/bin/rm" \];'
	out_has 'write = \[ "/srv/notes" \];'
	out_has 'read = .*"/srv/other"'
	out_has 'tmp = "own";'
	out_has 'network = "(none|local)";'
	out_has 'class = "write-capable";'
	out_has 'changed /srv/notes/a$'
	! grep -q 'its profile unrestricted' <<<"$err" || fail "unrestricted refuses nothing"
	_profile_loads
	run rolegatectl trial -- perl 'use Socket; socket(S, PF_INET, SOCK_STREAM, 0); connect(S, sockaddr_in(22, inet_aton("127.0.0.1")))'
	out_has 'network = "any";'
	out_has '127.0.0.1 port 22'
	out_has 'class = "write-capable";'
	_profile_loads
}

R38_trial_sees_what_is_elevated() {
	_trial_commands
	local act
	for act in 'touch /etc/rolegate/roles.d/x; rm /etc/rolegate/roles.d/x' \
		'cp -p /etc/passwd /etc/passwd.new; mv /etc/passwd.new /etc/passwd' \
		'touch /srv/notes/s; chmod u+s /srv/notes/s; rm /srv/notes/s' \
		'touch /srv/notes/o; chown svc-logs /srv/notes/o; rm /srv/notes/o' \
		'mkdir /run/m; mount -t tmpfs none /run/m; umount /run/m; rmdir /run/m'; do
		run rolegatectl trial --as root -- shell "$act"
		status_is 0
		out_has 'class = "elevated";'
		if [[ $act == *mount* ]]; then
			out_has 'called mount\(2\)|called move_mount\(2\)'
			out_has 'allow = \[ .*mount'
		fi
		_profile_loads
	done
	run rolegatectl trial --as root -- perl '$) = $( = 65534; $> = $< = 65534; exec "id"'
	out_has 'called set(re|res|)[ug]id\(2\)|called setgroups\(2\)'
	out_has 'CAP_SETUID'
	# Not allowed, so not done: nothing was changed.
	run rolegatectl trial -- shell 'echo x >>/etc/passwd; touch /etc/shadow; true'
	out_has 'class = "read-only";'
	out_has 'write = \[\];'
}

R38_trial_says_what_the_profile_would_have_refused() {
	_trial_commands
	sed -i 's|"/usr/bin/dash"; arguments = \[ "-c" \]; profile = "unrestricted"|"/usr/bin/dash"; arguments = [ "-c" ]; profile = "read-only"|' \
		/etc/rolegate/commands.d/trial.conf
	run rolegatectl trial -- shell 'date; echo x >/srv/notes/a'
	status_is 0
	err_has 'its profile read-only would have refused it to execute /usr/bin/date'
	err_has 'its profile read-only would have refused it to write /srv/notes/a'
	[[ -s /srv/notes/a ]] || fail "the trial enforced something"
}

R16_trial_leaves_nothing_running() {
	_trial_commands
	run rolegatectl trial -- shell 'setsid sleep 300 & sleep 300 & sleep .3'
	status_is 0
	out_has 'processes = (8|16|32);'
	no_process_of svc-ops
}

R43_a_program_that_can_not_be_started_is_told() {
	_trial_commands
	printf 'commands = ( { name = "far"; program = "/usr/bin/true"; directory = "/root"; } );\n' \
		>/etc/rolegate/commands.d/far.conf
	printf 'visible_commands = ( "far" );\n' >/etc/rolegate/roles.d/far.role
	run rolegatectl trial -- far
	status_is 1
	err_has 'could not be started: directory: '
	out_is ''
}

# 300 files and 40 processes at once: limits leave room, and the trial sees each.
trial_measures_peaks() {
	_trial_commands
	run rolegatectl trial -- perl 'for (1..300) { open(my $f, "<", "/etc/passwd"); push @f, $f } for (1..40) { push @p, fork || do { sleep 1; exit } } waitpid($_, 0) for @p'
	status_is 0
	out_has 'open_files = 1024;'
	out_has 'processes = (128|256);'
	run rolegatectl trial -- perl 'my $x = "x" x 200e6; open(my $f, ">", "/srv/notes/big"); print $f "y" x 3e6'
	out_has 'memory = "(512|1024)M";'
	out_has 'file_size = "8M";'
	rm -f /srv/notes/big
}

R15_trial_on_a_terminal_types_nothing_into_it() {
	pty bash --norc --noprofile -i <<-'END'
		send PS1=ready:; stty -echo\r
		expect ready:
		send rolegatectl trial -- type into terminal\r
		expect stdin: Operation not permitted
		expect trial-type-into-terminal
		expect ready:
		never touched: command not found|touched
		send rolegatectl trial -- show terminal\r
		expect /dev/pts/
		expect ready:
		send exit 7\r
		status 7
	END
}

# Least privilege by watching: the same call passes under the printed profile, another does not.
R38_the_printed_profile_lets_the_same_through_and_no_more() {
	_trial_commands
	_needs_filters
	run rolegatectl trial -- note /srv/notes/one
	status_is 0
	_profile_loads
	sed -i '/name = "note"/s|;|; profile = "trial-note";|' /etc/rolegate/commands.d/trial.conf
	reload || skip "this kernel can't enforce it: $(<"$T/reload")"
	rm -f /srv/notes/one /srv/other/two
	run _through_pipes note /srv/notes/one
	status_is 0
	[[ -e /srv/notes/one ]] || fail "it did nothing"
	run _through_pipes note /srv/other/two
	((status != 0)) || fail "it was not refused"
	[[ ! -e /srv/other/two ]] || fail "it was written"
}

# What a script names as its interpreter is looked at as root: were it a device, opening it would do.
R38_trial_opens_nothing_but_files() {
	local writer
	_trial_commands
	rm -f /srv/notes/fifo
	mkfifo -m 755 /srv/notes/fifo
	printf '#!/srv/notes/fifo\n' >/srv/notes/script
	chmod 755 /srv/notes/script
	chown svc-ops: /srv/notes/*
	dash -c 'echo opened >/srv/notes/fifo' &
	writer=$!
	run rolegatectl trial -- shell /srv/notes/script
	status_is 0
	kill -0 "$writer" 2>/dev/null || fail "the fifo was opened"
	kill "$writer"
}

# Sockets without socket(2): what network = "none" refuses of them counts.
R38_trial_sees_pairs_that_lead_elsewhere() {
	_trial_commands
	run rolegatectl trial -- perl \
		'use Socket; socketpair(A, B, AF_UNIX, SOCK_STREAM, 0) or die; send(A, q(x), 0)'
	out_has 'network = "none";'
	run rolegatectl trial -- perl \
		'use Socket; socketpair(A, B, AF_UNIX, SOCK_DGRAM, 0) or die'
	out_has 'network = "local";'
}

# All that standard refuses is asked about, but for the call by which the trial gets to know of it.
trial_does_not_wait_for_itself() {
	changes_files
	cat >/etc/rolegate/profiles.d/trial.conf <<-'END'
		profiles = ( { name = "standard"; system_calls = { deny = [ "@network-io" ]; }; } );
	END
	run timeout 20 rolegatectl trial -- whoami
	status_is 0
	out_has 'name = "trial-whoami";'
}
