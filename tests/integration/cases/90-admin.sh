# rolegatectl against a running gateway, and the examples of the man pages that need one.

status_shows_means_and_configuration() {
	run rolegatectl status
	status_is 0
	out_has 'operations'
	run rolegatectl status --json
	status_is 0
	python3 -m json.tool "$T/out" >/dev/null || fail "not JSON"
}

status_shows_what_is_run_whatever_its_name() {
	changes_files
	local name pid
	name=/opt/tests/$(printf 'é%.0s' {1..40})
	cp /usr/bin/sleep "$name"
	sed -i "1i visible_external_commands = [ \"$name\" ];" /etc/rolegate/roles.d/operator.role
	reload || fail "reload: $(<"$T/reload")"
	"$TESTS/as" dana "$rolegate" -- "$name" 20 &
	pid=$!
	wait_for pgrep -u svc-ops -f '^/opt/tests/.* 20' || fail "it did not start"
	run rolegatectl status --json
	kill $pid
	rm "$name"
	python3 - "$T/out" <<-'END' || fail "it is not among the sessions"
		import json, sys
		status = json.load(open(sys.argv[1]))
		running = [session["running"] for session in status["sessions"]["list"]]
		assert any(text.startswith("/opt/tests/ééé") for text in running), running
	END
}

explain_agrees_with_the_gateway() {
	local words
	for words in whoami "pick alpha" "pick delta" "pick gamma" cat "journal -n 1000" "exit 3" off; do
		run rolegatectl explain --user dana -- $words
		local explained=$status
		gate dana --dry-run -- $words
		[[ $((explained == 0)) == $((status == 0)) ]] || fail "they differ about: $words"
	done
}

explain_needs_no_root() {
	run as nora /opt/rolegate/bin/rolegatectl explain --user dana -- pick delta
	((status == 1 || status == 127)) || fail "expected 1"
	run as nora /opt/rolegate/sbin/rolegatectl explain --user dana -- pick delta
	status_is 1
	out_has 'value-not-allowed'
}

check_of_the_running_configuration() {
	run rolegatectl check
	((status <= 1)) || fail "errors"
}

check_takes_a_directory_below_this_one() {
	local whole
	run rolegatectl --config /etc/rolegate check
	whole=$out$err
	cd /etc
	run rolegatectl --config rolegate check
	[[ $out$err == "$whole" ]] || fail "other findings by another name of the same directory"
}

show_names_sources() {
	run rolegatectl show dana
	status_is 0
	out_has 'operator.role:[0-9]+'
}

examples_of_the_man_pages() {
	needs_audit
	gate dana -- whoami
	audit_has 'op=end ' -m USER_CMD -ua dana
	mkdir -p /var/log/rolegate
	ROLEGATE_TEST_AS="$TESTS/as dana env PATH=/opt/rolegate/bin:/usr/bin" \
		run python3 "$TESTS/man/man-examples" --gateway /opt/rolegate/sbin "$TESTS"/man/*.[158]
	cat "$T/out"
	status_is 0
}

# _completes USER WORD …: the candidates for the last one, in $out.
_completes() {
	run as "$1" /bin/bash -c 'PATH=/opt/rolegate/bin:/opt/rolegate/sbin:$PATH
		. "/opt/rolegate/share/bash-completion/completions/$1.bash"
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		"_$1"
		printf "%s\n" "${COMPREPLY[@]}"' bash "${@:2}"
}

completions_know_functions_and_their_inputs() {
	_completes dana rolegate -e desk desk drain --
	out_has '^--node$'
	out_has '^--ticket$'
	_completes dana rolegate -e desk desk drain --zone east --no
	out_is $'--node\n--note'
	_completes dana rolegate -e desk pick alpha --
	out_is ''
	changes_files
	cat >/etc/rolegate/functions.d/late.conf <<-'END'
		functions = (
		  { name = "late by program"; script = "exit 0"; interpreter = "/bin/sh"; profile = "unrestricted"; },
		  { name = "late lent"; script = "exit 0"; interpreter = "/bin/sh"; profile = "unrestricted"; } );
	END
	_completes dana rolegatectl trust add 'late\ b'
	out_is 'late\ by\ program'
}
