# What programs are told: each answer as its schema says, each refusal with its code, each status.

_answers_schema=/opt/rolegate/share/rolegate/schema
_answers_examples=/opt/rolegate/share/doc/rolegate/examples

# What "run" kept is one answer of this schema, the last line of its output.
_answers_valid() {
	local said state=0
	said=$(python3 "$TESTS/schema.py" "$_answers_schema" "$1" "$T/out" 2>&1) || state=$?
	[[ $state != 77 ]] || skip "python3-jsonschema is not installed"
	[[ $state == 0 ]] || fail "not as $1 says: $said"
}

# _answers_has EXPRESSION: about the answer, a.
_answers_has() {
	tail -n 1 "$T/out" | python3 -c "import json, sys
a = json.load(sys.stdin)
sys.exit(not ($1))" || fail "expected: $1"
}

# _answers_refused CODE: one object, one line, one code, one request.
_answers_refused() {
	refused "$1"
	_answers_valid decision
	_answers_has "a['decision'] == 'deny' and a['reason'] == '$1' and a['request'] == '$request'"
}

every_reason_has_its_code_in_words_and_in_json() {
	gate dana --json -- pick $'al\e[31mpha'
	_answers_refused syntax
	gate dana --json -- cat /etc/shadow
	_answers_refused not-permitted
	gate dana --json -- journal --nothing
	_answers_refused parameter-not-allowed
	gate dana --json -- pick delta
	_answers_refused value-not-allowed
	gate dana --json -- journal -n 1000
	_answers_refused invalid-value
	_answers_has "a['parameter'] == 'lines' and a['word'] == 2"
	gate dana --json -- pick
	_answers_refused missing-parameter
	gate dana --json -- off
	_answers_refused disabled
	gate dana --json -- linked
	_answers_refused untrusted
	gate dana --json -e reviewed -- spread
	_answers_refused blocked-by-profile
	gate nora --json -- whoami
	_answers_refused no-role
	gate dana@unset --json -- whoami
	_answers_refused not-identified
	gate dana --json -u root -- whoami
	_answers_refused account-refused
	gate erin --json -- say $(seq 2000)
	_answers_refused limit
	gate dana --json -n -e guarded -- whoami
	_answers_refused authentication-failed
}

what_waits_and_what_the_gateway_cannot_have_their_codes() {
	rm -rf /var/lib/rolegate/approvals
	gate dana --json -e paired -- deploy
	_answers_refused pending-approval
	_answers_has "a['approval'] == 1"
	run rolegatectl pending --json
	_answers_valid pending
	run rolegatectl pending show 1 --json
	_answers_valid pending-show
	run rolegatectl reject 1 --reason no --json
	_answers_valid approval
	run rolegatectl pending show 99 --json
	_answers_valid error
	chown dana /var/lib/rolegate/approvals
	gate dana --json -e paired -- deploy
	chown root /var/lib/rolegate/approvals
	_answers_refused gateway-error
	rm -rf /var/lib/rolegate/approvals
}

questions_are_refused_with_an_object_too() {
	local question
	for question in -l '--describe whoami' '--dry-run whoami'; do
		gate nora --json $question
		_answers_refused no-role
		gate dana@unset --json $question
		_answers_refused not-identified
	done
	gate dana --json --describe cat
	_answers_refused not-permitted
}

who_is_turned_away_at_the_door_gets_an_object_too() {
	local i
	for i in {1..4}; do
		"$TESTS/as" dana "$rolegate" -e narrow -- sleep 20 &
	done
	wait_for eval '[[ $(pgrep -u svc-ops -xc sleep) == 4 ]]'
	gate dana --json -e narrow -- whoami
	pkill -u svc-ops -x sleep
	wait
	status_is 126
	err_has '\(limit[,)]'
	_answers_valid decision
	_answers_has "a['decision'] == 'deny' and a['reason'] == 'limit'"
}

lists_and_descriptions_are_as_their_schemas_say() {
	local endpoint
	for endpoint in operations members reviewed desk starting results functions functions-alone \
		approved changes; do
		gate dana --json -e $endpoint -l
		status_is 0
		_answers_valid list
	done
	local name
	for name in pick journal 'show env' read-log; do
		gate dana --json --describe -- $name
		status_is 0
		_answers_valid description
	done
	gate dana --json -e desk --describe -- desk drain
	_answers_valid description
	run rolegatectl show dana --json
	_answers_valid permissions
}

runs_and_dry_runs_are_as_their_schema_says() {
	gate dana --json --dry-run -- pick alpha
	status_is 0
	_answers_valid decision
	_answers_has "a['reason'] == 'permitted' and 'status' not in a"
	gate dana --json -e desk --dry-run -- desk drain --node a --ticket CHG-1
	_answers_valid decision
	gate dana --json -e results -- say success fine
	_answers_valid decision
	gate dana --json -- pick alpha
	_answers_valid decision
	_answers_has "a['status'] == 0 and a['argv'][-1] == 'alpha'"
	[[ $(head -n 1 "$T/out") == alpha ]] || fail "the output comes first"
}

# The table of rolegate(1).
every_exit_status_means_what_the_table_says() {
	gate dana --json -- exit 7
	status_is 7
	_answers_valid decision
	_answers_has "a['status'] == 7 and a['decision'] == 'allow'"
	gate dana --json -- exit 125
	status_is 125
	_answers_has "a['status'] == 125 and 'error' not in a"
	gate dana --json -- die 15
	status_is 143
	_answers_valid decision
	_answers_has "a['signal'] == 15"
	gate dana --json -- slow
	status_is 124
	_answers_valid decision
	_answers_has "a['timed_out']"
	gate dana --json -e nosuch -- whoami
	status_is 125
	_answers_valid decision
	_answers_has "a['error'] == 'unreachable' and a['status'] == 125"
	gate dana --json --frob -- whoami
	status_is 125
	_answers_valid decision
	_answers_has "a['error'] == 'usage'"
	gate dana --json -- cat
	status_is 126
}

R16_a_session_that_is_lost_is_told_as_an_object() {
	"$TESTS/as" dana "$rolegate" --json -- sleep 60 >"$T/out" 2>"$T/err" &
	local client=$!
	wait_for pgrep -u svc-ops -x sleep || fail "it did not start"
	kill -KILL "$(ps -o ppid= -p "$(pgrep -u svc-ops -x sleep)")"
	wait $client
	status=$?
	out=$(<"$T/out") err=$(<"$T/err")
	status_is 125
	_answers_valid decision
	_answers_has "a['error'] == 'lost' and a['decision'] == 'allow' and len(a['request']) == 32"
}

an_interrupt_is_told_as_an_object() {
	"$TESTS/as" dana "$rolegate" --json -- sleep 60 >"$T/out" 2>"$T/err" &
	local client=$!
	wait_for pgrep -u svc-ops -x sleep || fail "it did not start"
	kill -TERM $client
	wait $client
	status=$?
	status_is 143
	_answers_valid decision
}

what_rolegatectl_asks_the_gateway_is_as_its_schemas_say() {
	run rolegatectl status --json
	_answers_valid status
	run rolegatectl reload --json
	_answers_valid reload
	changes_files
	echo 'nonsense = 1;' >>/etc/rolegate/rolegate.conf
	run rolegatectl reload --json
	((status != 0)) || fail "it was loaded"
	_answers_valid reload
	run rolegatectl status --json
	_answers_valid status
	run rolegatectl check --json
	_answers_valid check
}

sessions_are_as_their_schemas_say() {
	"$TESTS/as" dana "$rolegate" -- sleep 60 &
	wait_for pgrep -u svc-ops -x sleep || fail "it did not start"
	run rolegatectl sessions --json
	_answers_valid sessions
	_answers_has "any(s['run'] and s['user'] == 'dana' for s in a['sessions'])"
	run rolegatectl terminate --user dana --json
	_answers_valid terminate
	wait
}

_answers_agent() {
	run as dana env PATH=/opt/rolegate/bin:/usr/bin:/bin "$_answers_examples/agent" "$@"
}

example_agent_lists_runs_and_tells_failures_apart() {
	_answers_agent
	status_is 0
	_answers_has "a['outcome'] == 'done' and any(c['name'] == 'pick' for c in a['answer']['commands'])"
	_answers_agent pick alpha
	status_is 0
	_answers_has "a['output'] == 'alpha' and a['answer']['decision'] == 'allow'"
	_answers_agent exit 3
	status_is 1
	_answers_has "a['outcome'] == 'failed' and a['status'] == 3"
	_answers_agent pick delta
	status_is 2
	_answers_has "sorted(a['parameters']['value']) == ['alpha', 'beta', 'gamma']"
	_answers_agent sleep 1001
	status_is 2
	_answers_has "a['parameters'] == {'seconds': {'type': 'integer', 'minimum': 0, 'maximum': 1000}}"
	_answers_agent cat /etc/shadow
	status_is 2
	_answers_has "a['answer']['reason'] == 'not-permitted' and 'parameters' not in a"
	_answers_agent slow
	status_is 4
	_answers_agent --timeout 1 sleep 77
	status_is 4
	wait_for eval '! pgrep -u svc-ops -x sleep' || fail "it runs on"
	_answers_agent -e nosuch pick alpha
	status_is 5
}

example_agent_waits_for_somebody_to_approve() {
	rm -rf /var/lib/rolegate/approvals
	_answers_agent -e approved deploy
	status_is 3
	_answers_has "a['outcome'] == 'waiting' and a['approval'] == 1"
	(
		sleep 3
		rolegatectl approve 1 --reason 'read it'
	) >"$T/approved" 2>&1 &
	_answers_agent --wait 40 -e approved deploy
	wait
	status_is 0
	_answers_has "a['output'] == 'deployed'"
	rm -rf /var/lib/rolegate/approvals
}

_answers_cron() {
	run as dana env PATH=/opt/rolegate/bin:/usr/bin:/bin PATIENCE="${patience-0}" \
		"$_answers_examples/cron-job" "$@"
}

example_cron_job_is_silent_unless_somebody_should_look() {
	local patience
	_answers_cron pick alpha
	status_is 0
	out_is ''
	_answers_cron exit 3
	status_is 3
	out_has '^exit 3: failed with status 3'
	_answers_cron pick delta
	status_is 126
	out_has '^pick delta: refused'
	out_has '\(value-not-allowed, request'
	_answers_cron slow
	status_is 124
	out_has 'took too long'
	mv /run/rolegate/default.sock /run/rolegate/operations.sock "$T"
	_answers_cron pick alpha
	local missed=$status
	(
		sleep 2
		mv "$T/default.sock" "$T/operations.sock" /run/rolegate/
	) &
	patience=30 _answers_cron pick alpha
	wait
	status_is 0
	out_is ''
	[[ $missed == 125 ]] || fail "it did not miss the gateway: $missed"
}

completions_of_fish_ask_the_gateway() {
	command -v fish >/dev/null || skip "fish is not installed"
	run as dana env PATH=/opt/rolegate/bin:/usr/bin:/bin fish --no-config -c '
		source /opt/rolegate/share/fish/vendor_completions.d/rolegate.fish
		complete -C "rolegate -e desk desk drain --"; complete -C "rolegate -e "
		complete -C "rolegate sho"'
	status_is 0
	out_has '^--ticket$'
	out_has '^desk	'
	out_has '^show$'
	out_lacks '^(control|default)'
}
