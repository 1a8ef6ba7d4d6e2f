# What the gateway itself holds of a profile; what the kernel holds is tested elsewhere.

profile_blocks_a_command_by_its_name() {
	gate dana -e reviewed -- spread
	refused blocked-by-profile
	err_has '"spread" is blocked by profile "reviewed"'
	gate dana -e reviewed -- nobody-has-this
	refused not-permitted
}

profile_blocks_a_command_by_its_class() {
	gate dana -e reviewed -- noise
	refused blocked-by-profile
	err_has '"noise" has no class, so that it counts as elevated, which profile "reviewed" does not let through'
	gate dana -- noise
	status_is 3
}

# The command has no timeout of its own, then a shorter and a longer one.
profile_ends_a_run_that_takes_too_long() {
	local start=$SECONDS
	gate dana -e reviewed -- sleep 100
	status_is 124
	((SECONDS - start < 30)) || fail "it took $((SECONDS - start)) s"
	gate dana -e reviewed -- sleep 0
	status_is 0
}

profile_raises_what_is_recorded() {
	needs_audit
	gate dana -e reviewed -- whoami
	status_is 0
	audit_has 'op=decision .*endpoint=reviewed .*profile="?reviewed,standard .*res=success' \
		-m USER_CMD -ua dana -i -ts recent
	gate dana -e reviewed -- spread
	refused blocked-by-profile
	audit_has "req=\"?$request.*reason=\"?blocked-by-profile.*res=failed" \
		-m USER_CMD -ua dana -i -ts recent
	gate dana -e reviewed -- pick delta
	refused value-not-allowed
	audit_has "req=\"?$request.*reason=\"?value-not-allowed" -m USER_CMD -ua dana -i -ts recent
}

profile_that_is_wrong_changes_nothing() {
	changes_files
	printf 'profiles = ( { name = "bad"; extends = "standrad"; } );\n' \
		>/etc/rolegate/profiles.d/bad.conf
	run rolegatectl reload
	status_is 2
	grep -q 'profiles.d/bad.conf:1: profile "bad": extends = "standrad" is not defined' \
		"$T/out" "$T/err" || fail "no such complaint"
	gateway_serves
}

describe_names_profile_and_class() {
	gate dana -e reviewed --describe whoami
	status_is 0
	out_has 'profile standard within reviewed, class read-only'
}
