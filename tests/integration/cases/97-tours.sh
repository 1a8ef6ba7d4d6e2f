# The tours of README.md, pasted line by line. Only where things are differs here: the prefix, the
# init system, and who lets dana log in. A comment at the end of a line says what it ends with.

# The commands of a section: one a line, and here-documents as they stand.
_section() {
	awk -v title="## $1" 'index($0, "## ") == 1 { inside = index($0, title) == 1 }
		inside && /^    /' "$TESTS/README.md" | sed -e 's/^    //' \
		-e 's|/usr/bin/rolegate|/opt/rolegate/bin/rolegate|g' -e 's|/root/|/run/jump-host/root/|g'
}

_paste() {
	local line text
	while IFS= read -r line; do
		text=$line
		if [[ $line == *"<<'EOF'" ]]; then
			while IFS= read -r line; do
				text+=$'\n'$line
				[[ $line != EOF ]] || break
			done
		fi
		pasted=$((pasted + 1))
		_one "$text"
	done < <(_section "$1")
	((pasted > 10)) || fail "only $pasted commands in the section $1"
}

_one() {
	printf '# %s\n' "$1"
	case $1 in
	'systemctl enable --now '*) gateway_stop && gateway_start ;;
	'systemctl restart rolegate-recorder.service'*) _recorder_restart ;;
	*'# type: '*) _type "${1##*# type: }" ;;
	*'# refused: '*)
		run bash -c "$1" </dev/null
		status_is 126
		err_has "\(${1##*: }, request "
		;;
	*'# wrong: '*)
		run bash -c "$1"
		status_is 1
		out_has "${1##*# wrong: }[0-9]+: "
		;;
	*'# denied' | *'# warns') run bash -c "$1" && status_is 1 ;;
	*)
		run bash -c "$1" </dev/null
		status_is 0
		;;
	esac
	cat "$T/out" "$T/err"
}

_type() {
	pty ssh -tt dana@localhost <<-END
		expect operations> 
		send $1\r
		expect text: One line
		send Back at one\r
		expect level \[info\]: $
		send outage\r
		expect The same in one line: post notice .--text=Back at one. --level=outage
		expect success:.* posted as outage
		expect operations> 
		send exit\r
		status 0
	END
}

_recorder_restart() {
	local pid
	pid=$(</run/jump-host/recorder.pid)
	kill "$pid"
	while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
	setsid rolegate-recorder -f >/var/log/rolegate-recorder.out 2>&1 </dev/null &
	echo $! >/run/jump-host/recorder.pid
	disown
	wait_for grep -q ready /var/log/rolegate-recorder.out || fail "the recorder did not start"
}

_accounts_again() {
	cp -p "$T"/accounts/* /etc/
	rm -rf /home/dana
	mv "$T/home" /home/dana
	gateway_stop
	put_back
	_recorder_restart
	rm -rf /var/log/rolegate
	mv "$T/log" /var/log/rolegate
	gateway_start
}

# Without dana and svc-ops, with an empty configuration and queue.
_newcomer() {
	needs_audit
	changes_files
	mkdir "$T/accounts"
	cp -p /etc/{passwd,shadow,group,gshadow} "$T/accounts/"
	mv /home/dana "$T/home"
	trap _accounts_again EXIT
	userdel dana
	userdel svc-ops
	mkdir -p /var/log/apt /var/log/rolegate
	mv /var/log/rolegate "$T/log"
	rm -rf /var/lib/rolegate/approvals /etc/rolegate/*
	mkdir /etc/rolegate/{commands,functions,roles,profiles,providers}.d
	sed '/^Host jump/,$s/^Host jump/Host localhost/' /etc/ssh/ssh_config |
		sed 's/StrictHostKeyChecking yes/StrictHostKeyChecking no/' >/run/jump-host/root/.ssh.config
	mkdir -p /run/jump-host/root/.ssh
	mv /run/jump-host/root/.ssh.config /run/jump-host/root/.ssh/config
	pasted=0
}

the_tours_of_the_readme_work_when_pasted() {
	_newcomer
	_paste 'Five minutes,'
	_paste 'Five more, for a script'
	grep -q 'outage: Back at one$' /srv/notice/now || fail "nothing was posted"
	out_has 'op=approval .*acct=root.*comm=post notice.* edge=approve'
	out_has 'op=decision .*grant=roles.d/tour.role:4,approval:1 .*script=sha256:.*trust=trusted .*approval=1'
	out_has 'op=end .*result=success transaction=committed'
}

the_tour_of_the_log_works_when_pasted() {
	local copied
	_newcomer
	_paste 'Five minutes,'
	_paste 'Five more, for a log'
	run rolegatectl log --user dana --csv
	[[ -z $err ]] || fail "the log has a line that can't be read"
	out_has ',disk usage,.*,allowed,'
	out_has ',denied,invalid-value,'
	grep -q 'disk usage' /run/jump-host/root/report.html || fail "the report lacks the command"
	# What was pasted changed one line, and that is the one that is named.
	run diff /var/log/rolegate/events.jsonl /run/jump-host/root/copy/events.jsonl
	copied=$(sed -n 's/^\([0-9]*\)[,0-9]*[ac].*/\1/p' "$T/out" | head -n 1)
	run rolegatectl verify-log --key /run/jump-host/root/recorder.pub --log /run/jump-host/root/copy
	status_is 1
	out_has "events.jsonl:$copied: "
	run rolegatectl replay --text --log /var/log/rolegate \
		"$(basename /var/log/rolegate/transcripts/*/*.cast .cast)"
	out_has '/var/log/apt$'
}

the_example_of_the_readme_loads() {
	mkdir -p "$T/example/"{functions,profiles}.d "$T/example/scripts"
	_section 'Functions, trust' | sed "s|/etc/rolegate|$T/example|" >"$T/example/functions.d/pool.conf"
	cat >>"$T/example/functions.d/undo.conf" <<-'END'
		functions = ( { name = "undrain node"; run_as = "caller"; script = "#!/bin/sh\n:\n";
		  inputs = ( { name = "node"; type = "string"; validate = "hostname"; required = true; } ); } );
	END
	echo 'profiles = ( { name = "pool"; extends = "standard"; execute = "any"; } );' \
		>"$T/example/profiles.d/pool.conf"
	echo 'endpoints = ( { name = "operations"; role_definitions = (); } );' >"$T/example/rolegate.conf"
	printf '#!/bin/sh\n:\n' >"$T/example/scripts/drain"
	run rolegatectl --config "$T/example" check
	status_is 1
	out_has '^0 errors,'
	out_has 'function "drain node" is untrusted'
}
