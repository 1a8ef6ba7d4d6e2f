# rolegatectl against a running gateway, and the examples of the man pages that need one.

status_shows_means_and_configuration() {
	run rolegatectl status
	status_is 0
	out_has 'operations'
	run rolegatectl status --json
	status_is 0
	python3 -m json.tool "$T/out" >/dev/null || fail "not JSON"
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

show_names_sources() {
	run rolegatectl show dana
	status_is 0
	out_has 'operator.role:[0-9]+'
}

examples_of_the_man_pages() {
	needs_audit
	gate dana -- whoami
	ROLEGATE_TEST_AS="$TESTS/as dana env PATH=/opt/rolegate/bin:/usr/bin" \
		run python3 "$TESTS/man/man-examples" --gateway /opt/rolegate/sbin "$TESTS"/man/*.[158]
	cat "$T/out"
	status_is 0
}
