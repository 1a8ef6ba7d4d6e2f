# Decisions on functions, over the real gateway.

# The member of the last answer, as jq(1) would print it.
_member() {
	python3 -c 'import json, sys
value = json.load(open(sys.argv[1]))
for key in sys.argv[2].split("."):
	value = value.get(key) if isinstance(value, dict) else None
print(json.dumps(value, separators=(",", ":")))' "$T/out" "$1"
}

_member_is() {
	local found
	found=$(_member "$1")
	[[ $found == "$2" ]] || fail "$1 is $found, expected $2"
}

_call() {
	gate dana -e functions -- "$@"
}

_plan() {
	gate dana -e functions --dry-run --json -- "$@"
}

a_granted_function_runs() {
	_call drain node web1
	status_is 0
	out_has '^ran$'
	_call dn web1
	status_is 0
	out_has '^ran$'
}

an_answer_has_the_inputs_and_no_script() {
	_plan drain node --ticket=OPS-1 web1 --key hunter2
	status_is 0
	_member_is command '"drain node"'
	_member_is kind '"function"'
	_member_is argv '["drain","node","--mode=soft","--ticket=OPS-1","--key=<secret>","--","web1"]'
	_member_is inputs '{"node":["web1"],"mode":["soft"],"ticket":["OPS-1"],"key":["<secret>"]}'
	out_lacks 'hunter2|secret-of-the-script'
}

a_function_is_listed_and_described() {
	gate dana -e functions -l
	status_is 0
	out_has '^drain node .*\[--mode MODE\]'
	out_has 'Which one'
	out_lacks 'pool members|not granted'
	gate dana -e functions --describe drain node
	out_has '\(function\)'
	out_has 'only while --mode is hard, and required then'
	out_lacks 'secret-of-the-script'
	gate dana -e functions --json --describe drain node
	_member_is kind '"function"'
	out_lacks 'secret-of-the-script'
	out_has '"show_if":\{"input":"mode","values":\["hard"\]\}'
}

a_function_is_disabled_and_one_is_not_granted() {
	_call off duty
	refused disabled
	_call not granted
	refused not-permitted
	gate dana -- drain node web1
	refused not-permitted
}

inputs_are_validated() {
	_call drain node web1 --until 2026-02-30
	refused invalid-value
	err_has 'expected a date'
	_call drain node web1 --ticket ops-1
	refused invalid-value
	err_has 'a ticket such as OPS-12'
	_call drain node web1 --mode firm
	refused invalid-value
	_call drain node
	refused missing-parameter
	_call drain node web1 web2
	refused parameter-not-allowed
	_call drain node -- -x
	refused invalid-value
}

a_hidden_input_is_refused() {
	_call drain node web1 --reason x
	refused parameter-not-allowed
	err_has -- '--reason is only there while --mode is "hard"'
	_call drain node web1 --mode soft --force true
	refused parameter-not-allowed
	_call drain node web1 --mode hard
	refused missing-parameter
	_plan drain node web1 --mode hard --reason x
	_member_is inputs '{"node":["web1"],"mode":["hard"],"reason":["x"],"force":["false"]}'
}

R2_line_ends_stand_in_texts_alone() {
	_plan drain node web1 --mode hard --reason $'one\n\ttwo'
	status_is 0
	_member_is inputs.reason '["one\n\ttwo"]'
	_call drain node web1 --mode hard --reason=$'one\n\ttwo'
	status_is 0
	_call drain node web1 --mode hard --reason $'one\r\n'
	refused syntax
	_call drain node web1 --mode hard --reason x --key $'a\nb'
	refused syntax
	_call drain node $'web1\n'
	refused syntax
	_call drain $'node\n' web1
	refused syntax
	_call not granted --note $'a\nb'
	refused syntax
	local unknown=$err
	_call never heard --note $'a\nb'
	refused syntax
	[[ ${err%% (*} == "${unknown%% (*}" ]] || fail "told apart: $unknown"
}

R4_a_runaway_pattern_is_refused_by_its_limits() {
	_call drain node web1 --slow aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!b
	refused invalid-value
	err_has 'within the limits'
}

# The pattern of the second role takes the place of the first one's set (rule 7); alone, neither
# role grants a call that needs both.
roles_of_functions_are_merged() {
	_plan drain node web1 --mode hard --reason x
	status_is 0
	_member_is roles '["functions","functions-hard"]'
	gate dana -e functions-alone --dry-run --json -- drain node web1 --mode hard --reason x
	status_is 126
	gate dana -e functions-alone --dry-run --json -- drain node web1 --mode soft --ticket OPS-1
	status_is 0
	_member_is roles '["functions"]'
}

a_trial_is_of_commands_alone() {
	run rolegatectl trial --endpoint functions --as svc-ops -- drain node web1
	[[ $status != 0 ]] || fail "it was run"
	err_has '"drain node" is a function'
}

# A mistake in a function leaves the running gateway as it was.
R5_a_mistake_in_a_function_changes_nothing() {
	changes_files
	printf 'functions = ( { name = "new"; script = "echo"; } );\n' >/etc/rolegate/functions.d/new.conf
	! reload || fail "it was loaded"
	grep -q 'functions.d/new.conf:1: function "new": script: it has no interpreter line' \
		"$T/reload" || fail "expected the problem: $(<"$T/reload")"
	_call drain node web1
	status_is 0
	printf 'functions = ( { name = "new"; script = "echo"; interpreter = "/bin/sh"; } );\n' \
		>/etc/rolegate/functions.d/new.conf
	reload || fail "it was not loaded: $(<"$T/reload")"
}

R28_a_script_that_others_may_write_is_not_loaded() {
	changes_files
	printf '#!/bin/sh\necho from-file\n' >/opt/tests/function-script
	chmod 644 /opt/tests/function-script
	printf 'functions = ( { name = "filed"; file = "/opt/tests/function-script"; } );\n' \
		>/etc/rolegate/functions.d/filed.conf
	printf 'visible_functions = ( "filed" );\n' >/etc/rolegate/roles.d/functions-hard.role
	reload || fail "it was not loaded: $(<"$T/reload")"
	_call filed
	status_is 0
	out_has '^from-file$'
	chmod 666 /opt/tests/function-script
	! reload || fail "it was loaded"
	grep -q 'not trusted: /opt/tests/function-script is writable' "$T/reload" ||
		fail "expected the problem: $(<"$T/reload")"
	chmod 644 /opt/tests/function-script
}
