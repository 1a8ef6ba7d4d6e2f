# Functions whose changes are committed as one, or thrown away.

_site() {
	rm -rf /srv/site /run/jump-host/linger/*
	mkdir -m 755 /srv/site
	printf old >/srv/site/index
	printf old >/srv/site/old
	printf same >/srv/site/mode
	mkdir /srv/site/many
	touch /srv/site/many/{1..3000}
	chown -R svc-ops:svc-ops /srv/site
	site_before=$(_tree)
}

_tree() {
	find /srv/site -printf '%P %y %m %U:%G %l\n' -type f -exec cat {} + | sort
}

_unchanged() {
	[[ $(_tree) == "$site_before" ]] || fail "not as before: $(_tree)"
	[[ -z $(_leftovers) ]] || fail "left over: $(_leftovers)"
}

_leftovers() {
	find /var/lib/rolegate/transactions -mindepth 1 -maxdepth 1 ! -name locks
}

_no_leftovers() {
	[[ -z $(_leftovers) ]]
}

_is() {
	[[ $(<"/srv/site/$1") == "$2" ]] || fail "$1: $(<"/srv/site/$1")"
}

# _start WORD …: in the background, until it says that it waits.
_start() {
	"$TESTS/as" dana "$rolegate" -e changes -- "$@" >"$T/waiting" 2>"$T/waiting.err" &
	client=$!
	wait_for grep -q waiting "$T/waiting" || fail "it does not wait: $(<"$T/waiting.err")"
}

success_commits_and_every_step_is_recorded() {
	_site
	gate dana -e changes -- site change
	status_is 0
	out_has changed
	_is index new
	_is made/page ''
	[[ ! -e /srv/site/old && $(readlink /srv/site/link) == made/page ]] || fail "$(_tree)"
	[[ $(stat -c '%a %U:%G' /srv/site/mode) == '600 svc-ops:svc-ops' ]] || fail "$(_tree)"
	[[ $(stat -c '%U:%G' /srv/site/index) == svc-ops:svc-ops ]] || fail "$(_tree)"
	_no_leftovers || fail "$(_leftovers)"
	needs_audit
	audit_has 'op=end .*comm="?site change.*transaction=committed.*res=success' \
		-m USER_CMD -ua dana -i -ts recent
	audit_has 'op=step .*step=write path="?/srv/site/index .*res=success' -m USER_CMD -ua dana -i -ts recent
	audit_has 'op=step .*step=remove path="?/srv/site/old ' -m USER_CMD -ua dana -i -ts recent
	audit_has 'op=step .*step=mkdir path="?/srv/site/made ' -m USER_CMD -ua dana -i -ts recent
	audit_has 'op=step .*step=write path="?/srv/site/made/page ' -m USER_CMD -ua dana -i -ts recent
	audit_has 'op=step .*step=link path="?/srv/site/link ' -m USER_CMD -ua dana -i -ts recent
}

failure_throws_away_and_the_rest_is_undone() {
	_site
	gate dana -e changes -- site fail --name it --other x
	status_is 3
	_unchanged
	[[ $(</run/jump-host/linger/undone) == 'undone it' ]] || fail "it was not undone"
	needs_audit
	audit_has 'op=end .*comm="?site fail.*transaction=undone' -m USER_CMD -ua dana -i -ts recent
	audit_has 'op=end .*comm="?site undo.*for=.*res=success' -m USER_CMD -ua dana -i -ts recent
}

an_invalid_input_throws_away_and_is_no_error() {
	_site
	gate dana -e changes --json -- site picky --name it
	status_is 1
	out_has '"result":\{"outcome":"invalid-input","messages":\[\{"type":"invalid","input":"name","text":"it is taken"\}\]\}'
	_unchanged
	[[ $(</run/jump-host/linger/undone) == 'undone it' ]] || fail "it was not undone"
	gate dana -e changes -- site picky --name it
	[[ $err == 'invalid name: it is taken' ]] || fail "no such message"
}

one_after_the_other_never_waits() {
	_site
	run as dana bash -c 'for ((i = 0; i < 40; i++)); do "$0" -e changes -- site few || exit; done' \
		"$rolegate"
	status_is 0
}

a_timeout_throws_away_even_if_the_script_says_success() {
	_site
	gate dana -e changes -- site late
	status_is 124
	_unchanged
	needs_audit
	audit_has 'op=end .*comm="?site late.*transaction=rolled-back' -m USER_CMD -ua dana -i -ts recent
}

R16_the_clients_death_throws_away() {
	_site
	_start site wait
	_is index old
	pkill -KILL -u dana -x rolegate
	wait_for _no_leftovers || fail "$(_leftovers)"
	_unchanged
	no_process_of svc-ops
}

the_sessions_death_throws_away() {
	_site
	_start site wait
	local session
	session=$(ps -o ppid= -C perl -u svc-ops | tr -d ' ' | head -n 1)
	[[ $(ps -o comm= -p "$session") == rolegated ]] || fail "not a session: $session"
	kill -KILL "$session"
	wait_for _no_leftovers || fail "$(_leftovers)"
	_unchanged
	gateway_serves
	needs_audit
	audit_has 'op=step .*transaction=rolled-back step=recover' -m USER_CMD -i -ts recent
}

the_gateways_death_throws_away_at_its_next_start() {
	_site
	_start site wait
	pkill -KILL -x rolegated
	wait_for gateway_is_down
	no_process_of svc-ops
	[[ -n $(_leftovers) ]] || fail "who cleaned up?"
	find /run/rolegate -name "*.sock" ! -name recorder.sock -delete
	gateway_start
	_unchanged
	gateway_serves
}

# Many files are being replaced: $directory is the transaction's.
_amid() {
	local tries
	_site
	"$TESTS/as" dana "$rolegate" -e changes -- site many >/dev/null 2>&1 &
	for ((tries = 0; tries < 20000; tries++)); do
		directory=$(echo /var/lib/rolegate/transactions/*/commit)
		[[ ! -e $directory ]] || break
	done
}

_interrupt() {
	_amid
	pkill -KILL -x rolegated
	wait_for gateway_is_down
	no_process_of svc-ops
	directory=${directory%/commit}
	[[ -e $directory/commit ]] || fail "not interrupted"
	find /run/rolegate -name "*.sock" ! -name recorder.sock -delete
	[[ -n $(find /srv/site -name '.rolegate-*') ]] || fail "it came to its end"
}

_all_many() {
	[[ $(find /srv/site/many -type f | wc -l) == 3000 ]] || fail "$(ls -A /srv/site/many | wc -l)"
	[[ $(cat /srv/site/many/* | sort -u) == new ]] || fail "not all are new"
}

what_a_session_had_begun_is_finished_at_once() {
	_amid
	pkill -KILL -P "$(gateway_pid)" -x rolegated
	wait_for _no_leftovers || fail "$(_leftovers)"
	_all_many
	gateway_serves
	needs_audit
	audit_has 'op=step .*transaction=committed step=recover' -m USER_CMD -i -ts recent
}

what_had_begun_is_finished_at_the_next_start() {
	_interrupt
	gateway_start
	_all_many
	_no_leftovers || fail "$(_leftovers)"
	needs_audit
	audit_has "op=step req=\"?${directory##*/}.*transaction=committed step=recover" \
		-m USER_CMD -i -ts recent
}

what_can_not_be_finished_is_left_alone_and_refuses_others() {
	_interrupt
	mv /srv/site /srv/elsewhere
	gateway_start
	[[ -d $directory ]] || fail "it is gone"
	mkdir /srv/site
	gate dana -e changes -- site change
	refused limit
	err_has "${directory##*/}"
	rmdir /srv/site
	mv /srv/elsewhere /srv/site
	gateway_stop
	gateway_start
	_all_many
	_no_leftovers || fail "$(_leftovers)"
}

what_somebody_else_changed_meanwhile_stays() {
	_site
	_start site wait
	printf theirs >/srv/site/index
	: >/run/jump-host/linger/go
	status=0
	wait "$client" || status=$?
	status_is 125
	_is index theirs
	grep -q 'error: not committed: /srv/site/index was changed by somebody else' \
		"$T/waiting.err" || fail "not told: $(<"$T/waiting.err")"
	_no_leftovers || fail "$(_leftovers)"
	needs_audit
	audit_has 'op=end .*comm="?site wait.*reason="?gateway-error.*detail=.*index.was.changed.by.somebody.else.*transaction=failed.*res=failed' \
		-m USER_CMD -ua dana -i -ts recent
}

one_at_a_time_works_on_a_directory() {
	_site
	mkdir /srv/site/made
	chown svc-ops: /srv/site/made
	_start site wait
	gate dana -e changes -- site change
	refused limit
	err_has 'another transaction'
	gate dana -e changes -- site below
	refused limit
	: >/run/jump-host/linger/go
	wait "$client" || fail "the first one failed"
	_is index waited
	gate dana -e changes -- site below
	status_is 0
}

what_is_never_committed_fails_it() {
	_site
	gate dana -e changes -- site pipe
	status_is 125
	err_has 'error: its changes could not be committed'
	_unchanged
	needs_audit
	audit_has 'op=end .*comm="?site pipe.*FIFO.*transaction=failed' -m USER_CMD -ua dana -i -ts recent
}

a_directory_that_can_be_none_is_refused_and_told_at_the_start() {
	_site
	mount -t tmpfs -o ro none /srv/site
	gate dana -e changes -- site change
	local code=$err
	rolegatectl reload >/dev/null 2>&1
	umount /srv/site
	err=$code
	refused gateway-error
	err_has 'read-only'
	wait_for grep -q 'transaction of function "site change" can.t be opened: .*read-only' \
		/var/log/rolegated.out || fail "not told"
	_unchanged
}
