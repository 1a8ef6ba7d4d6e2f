# User drives: sftp and scp through the gateway, what they can't do, what is recorded, the quota,
# and files of a drive that commands take.

_drive=/var/lib/rolegate/drives/$(id -u dana)

_drive_fresh() {
	rm -rf /var/lib/rolegate/drives
}

# _drive_raw [USER@]ENDPOINT SCENARIO …: the hostile client.
_drive_raw() {
	local user=dana endpoint=$1
	shift
	run as "$user" /usr/bin/python3 "$TESTS/drive_client.py" "$endpoint" "$@"
}

# An sshd of its own, whose operators come to the endpoint $1; the further arguments are lines of
# its configuration, before all others.
_drive_sshd() {
	local endpoint=$1
	shift
	{
		printf '%s\n' "$@"
		printf 'Match User dana,frank\n\tForceCommand %s -e %s\nMatch all\n' \
			/opt/rolegate/bin/rolegate-shell "$endpoint"
		sed -e 's/^ListenAddress.*/ListenAddress 127.0.0.1:2222/' \
			-e "s|^PidFile.*|PidFile $T/sshd.pid|" /etc/ssh/sshd_config
	} >"$T/sshd_config"
	/usr/sbin/sshd -f "$T/sshd_config" -E "$T/sshd.log" || fail "sshd: $(<"$T/sshd.log")"
	trap '[[ ! -s $T/sshd.pid ]] || kill "$(<"$T/sshd.pid")"' EXIT
	wait_for test -s "$T/sshd.pid" || fail "sshd does not listen"
}

# Of the records since the case began.
_drive_since() {
	needs_audit
	sleep 1.1
	since=$(date '+%x %X')
}

# What the records say, one a line: action, name, new name, size, hash; decoded.
_drive_records() {
	ausearch -m USER_CMD --start $since 2>/dev/null | python3 "$TESTS/drive_records.py" "$@"
}

_drive_recorded() {
	local tries
	for tries in {1..20}; do
		_drive_records >"$T/records"
		grep -qxF -- "$1" "$T/records" && return 0
		sleep 0.1
	done
	fail "expected the record $1 among: $(<"$T/records")"
}

_drive_sum() {
	printf '%s' "$1" | sha256sum | cut -d' ' -f1
}

drive_sftp_and_scp() {
	_drive_fresh
	_drive_since
	_drive_sshd drives
	printf 'one\ntwo\n' >"$T/local file"
	run scp -P 2222 "$T/local file" dana@jump:
	status_is 0
	run scp -P 2222 dana@jump:'local file' "$T/back"
	status_is 0
	cmp -s "$T/local file" "$T/back" || fail "other bytes came back"
	printf 'pwd\nput "%s" second\n' "$T/local file" >"$T/batch"
	run sftp -P 2222 -b "$T/batch" dana@jump
	status_is 0
	out_has '^Remote working directory: /drive$'
	printf 'rename second third\nls -1\nget third %s\n' "$T/third" >"$T/batch"
	run sftp -P 2222 -b "$T/batch" dana@jump
	status_is 0
	out_has '^third$'
	run bash -c 'echo "rm third" | sftp -P 2222 -b - dana@jump'
	status_is 0
	cmp -s "$T/local file" "$T/third" || fail "other bytes came by sftp"
	[[ $(ls "$_drive") == 'local file' ]] || fail "left: $(ls "$_drive")"
	local hash
	hash=$(sha256sum <"$T/back" | cut -d' ' -f1)
	_drive_recorded "put b'local file' - 8 $hash"
	_drive_recorded "get b'local file' - 8 $hash"
	_drive_recorded "put b'second' - 8 $hash"
	_drive_recorded "rename b'second' b'third' 8 $hash"
	_drive_recorded "get b'third' - 8 $hash"
	_drive_recorded "remove b'third' - - -"
	_drive_recorded 'decision sftp success'
	_drive_recorded 'end sftp success'
}

# R29: whatever becomes of an upload in the same session, the records have its size and hash.
R29_an_upload_is_recorded_whatever_becomes_of_it() {
	_drive_fresh
	_drive_since
	_drive_raw drives fleeting 60
	out_is $'ok\nstatus 0'
	[[ -z $(ls "$_drive") ]] || fail "left: $(ls "$_drive")"
	local number kind failed=0
	_drive_recorded "remove b'fleeting59' - - -"
	for ((number = 0; number < 60; number++)); do
		for kind in first second; do
			grep -qxF "put b'fleeting$number' - 100000 $(printf '%s of %05d' "$kind" "$number" |
				python3 -c 'import sys; print(sys.stdin.read().ljust(100000, "."), end="")' |
				sha256sum | cut -d' ' -f1)" "$T/records" || failed=$((failed + 1))
		done
	done
	((failed == 0)) || fail "$failed of 120 uploads have no record with their hash"
	! grep -q '^put .* -$' "$T/records" || fail "no hash: $(grep '^put .* -$' "$T/records")"
	[[ $(grep -c '^remove ' "$T/records") == 60 && $(grep -c '^rename ' "$T/records") == 120 ]] ||
		fail "$(cut -d' ' -f1 "$T/records" | sort | uniq -c)"
	# By the real clients.
	_drive_sshd drives
	head -c 300000 /dev/urandom >"$T/large"
	printf 'put %s gone\nrm gone\nput %s here\nrename here there\nput %s there\nrm there\n' \
		"$T/large" "$T/large" "$T/batch" >"$T/batch"
	run sftp -P 2222 -b "$T/batch" dana@jump
	status_is 0
	_drive_recorded "put b'gone' - 300000 $(sha256sum <"$T/large" | cut -d' ' -f1)"
	_drive_recorded "put b'here' - 300000 $(sha256sum <"$T/large" | cut -d' ' -f1)"
	_drive_recorded "put b'there' - $(stat -c %s "$T/batch") $(sha256sum <"$T/batch" | cut -d' ' -f1)"
	_drive_recorded "remove b'there' - - -"
}

# A file that another session writes to before it was read has no hash, and the record says why.
R29_a_missing_hash_is_said() {
	_drive_fresh
	_drive_since
	_drive_raw drives put large "$(printf '%01000000d' 0)"
	_drive_records >"$T/records"
	! grep -q 'missing' "$T/records" || fail "$(<"$T/records")"
	_drive_raw drives renames 40
	out_has '^ok$'
	sleep 0.5
	_drive_records >"$T/records"
	# Each with a hash or a reason: the last with a hash.
	grep -qx "rename b'b39' b'b40' 7 $(_drive_sum renamed)" "$T/records" || fail "$(<"$T/records")"
	! grep '^rename .* -$' "$T/records" || fail "neither a hash nor a reason"
}

drive_scp_and_sftp_preserve_times() {
	_drive_fresh
	_drive_sshd drives
	touch -d 2001-02-03 "$T/old"
	run scp -p -P 2222 "$T/old" dana@jump:
	status_is 0
	[[ $(stat -c %y "$_drive/old") == 2001-02-03* ]] || fail "time: $(stat -c %y "$_drive/old")"
}

R41_other_protocols_are_told_what_works() {
	_drive_fresh
	_drive_sshd drives
	echo x >"$T/file"
	run scp -O -P 2222 "$T/file" dana@jump:
	((status != 0)) || fail "scp -O worked"
	err_has 'by sftp or scp \(without -O\).*\(not-permitted, request'
	if command -v rsync >/dev/null; then
		run rsync -e 'ssh -p 2222' "$T/file" dana@jump:
		((status != 0)) || fail "rsync worked"
		err_has 'by sftp or scp \(without -O\).*\(not-permitted, request'
	fi
	run scp -r -P 2222 /usr/share/doc/bash dana@jump:
	((status != 0)) || fail "a directory was put"
	[[ ! -d $_drive ]] || [[ -z $(find "$_drive" -type d -mindepth 1) ]] || fail "a directory"
}

# Whatever sshd's file says of the subsystem, and whichever way the operator comes.
R41_one_way_in_for_every_subsystem() {
	local line user
	for line in '/usr/lib/openssh/sftp-server' internal-sftp; do
		_drive_fresh
		_drive_since
		sed -i "/^Subsystem/d" /etc/ssh/sshd_config
		_drive_sshd drives "Subsystem sftp $line"
		for user in dana frank; do
			run bash -c "echo 'ls -1 /etc' | sftp -P 2222 -b - $user@jump"
			status_is 0
			[[ $(grep -c passwd <<<"$out") == 1 && $(wc -l <<<"$out") == 2 ]] ||
				fail "$user sees more by $line"
		done
		_drive_recorded 'decision sftp success'
		kill "$(<"$T/sshd.pid")"
		rm "$T/sshd.pid"
	done
	_drive_sshd drives 'Subsystem sftp /usr/lib/openssh/sftp-server -R'
	run ssh -p 2222 -s dana@jump sftp
	status_is 126
	echo 'Subsystem sftp /usr/lib/openssh/sftp-server' >>/etc/ssh/sshd_config
}

R41_internal_sftp_of_sshd_is_no_way_past() {
	sed 's|^Subsystem.*|Subsystem sftp internal-sftp|; s/^ListenAddress.*/ListenAddress 127.0.0.1:2223/; s|^PidFile.*|PidFile '"$T"'/sshd.pid|' \
		/etc/ssh/sshd_config >"$T/sshd_config"
	/usr/sbin/sshd -f "$T/sshd_config" -E "$T/sshd.log"
	trap 'kill "$(<"$T/sshd.pid")"' EXIT
	wait_for test -s "$T/sshd.pid"
	local user
	for user in dana frank; do
		run bash -c "echo 'ls /' | sftp -P 2223 -b - $user@jump"
		((status != 0)) || fail "$user: sftp at an endpoint without a drive"
		out_lacks '/usr|usr '
	done
}

drive_is_refused_where_there_is_none() {
	gate dana -e operations -- sftp
	refused not-permitted
	gate nora -e drives -- sftp
	refused no-role
	gate dana -e drives -- sftp /etc
	refused parameter-not-allowed
	run as dana /opt/rolegate/bin/rolegate -e drives --dry-run -- sftp
	status_is 0
	pty "$TESTS/as" dana "$rolegate" -e drives -- sftp <<-'END'
		expect speaks to a program
	END
}

R23_R28_a_drive_is_its_operators_alone() {
	_drive_fresh
	_drive_raw drives put mine data
	status_is 0
	[[ $(stat -c '%U %a' "$_drive") == 'dana 700' ]] || fail "$(stat -c '%U %a' "$_drive")"
	[[ $(stat -c '%U %a' /var/lib/rolegate/drives) == 'root 700' ]] || fail "above it"
	run as dana ls "$_drive"
	((status != 0)) || fail "it is reached past the gateway"
	run as frank /usr/bin/python3 "$TESTS/drive_client.py" drives get mine
	out_has '^None$'
	# One that is another's, and one that is no directory.
	chown svc-ops "$_drive"
	gate dana -e drives -- drive count mine
	refused gateway-error
	rm -rf "$_drive"
	ln -s /etc "$_drive"
	gate dana -e drives -- drive count passwd
	refused gateway-error
	rm "$_drive"
	chmod 770 /var/lib/rolegate/drives
	chmod o+w /var/lib/rolegate/drives
	gate dana -e drives -- drive count mine
	refused gateway-error
	chmod 700 /var/lib/rolegate/drives
}

R6_R32_hostile_names_forge_no_record() {
	_drive_fresh
	_drive_since
	_drive_raw drives hostile_names
	status_is 0
	[[ $(grep -cx 'ok True' <<<"$out") == 13 ]] || fail "not all were put"
	[[ $(tail -n 3 <<<"$out") == $'ok\nok\nstatus 0' ]] || fail "rename, remove"
	_drive_recorded "rename b'new\\nline' b'to\\nline' 11 $(_drive_sum $'of new\nline')"
	_drive_recorded "remove b'op=drive action=put file=forged res=success' - - -"
	# 13 put, 13 taken, one renamed, one removed, and not a record more.
	[[ $(grep -c '^put ' "$T/records") == 13 && $(grep -c '^get ' "$T/records") == 13 ]] ||
		fail "$(<"$T/records")"
	[[ $(grep -c '^re' "$T/records") == 2 ]] || fail "$(<"$T/records")"
	! grep -q "b'forged'" "$T/records" || fail "a forged record"
	[[ $(find "$_drive" -type f | wc -c) -gt 300 ]] || fail "files are missing"
}

# What sftp(1) and scp(1) can say, by both of scp's protocols; rsync(1) too, which is refused.
R6_R32_hostile_names_by_real_clients() {
	_drive_fresh
	_drive_since
	_drive_sshd drives
	local name number=0 names=($'new\nline' $'\e[31mred\a' '..hidden' "$(printf '%0255d' 7)" $'\xff\xfe'
		'-rf' 'op=drive did=put file=forged res=success' '"quoted" \x41' "it's" $'\u202egnp.exe' '*' ' ')
	mkdir "$T/local"
	for name in "${names[@]}"; do
		printf 'of %d' "$number" >"$T/local/$name"
		run scp -P 2222 "$T/local/$name" dana@jump:
		status_is 0
		cmp -s "$T/local/$name" "$_drive/$name" || fail "$(ls -b "$_drive") after $name"
		_drive_recorded "put $(python3 -c 'import os, sys; print(os.fsencode(sys.argv[1]))' "$name") - $(stat -c %s "$T/local/$name") $(_drive_sum "of $number")"
		run scp -O -P 2222 "$T/local/$name" "dana@jump:target$number"
		((status != 0)) || fail "scp -O worked"
		run scp -O -P 2222 "$T/local/$name" "dana@jump:$name"
		((status != 0)) || fail "scp -O worked"
		run rsync -e 'ssh -p 2222' "$T/local/$name" "dana@jump:$name"
		((status != 0)) || fail "rsync worked"
		number=$((number + 1))
	done
	[[ $(find "$_drive" -type f -printf x | wc -c) == "${#names[@]}" ]] || fail "$(ls -b "$_drive")"
	# By sftp's own words, which can't say a line end.
	for name in $'\e[31mred\a' '..hidden' '-rf' 'it'"'"'s' ' '; do
		printf 'get "./%s" "%s/got"\nput "%s/got" "./%s"\nrm "./%s"\n' "$name" "$T" "$T" "$name" "$name" >"$T/batch"
		run sftp -P 2222 -b "$T/batch" dana@jump
		status_is 0
		[[ ! -e $_drive/$name ]] || fail "it was not removed: $name"
		_drive_recorded "remove $(python3 -c 'import os, sys; print(os.fsencode(sys.argv[1]))' "$name") - - -"
	done
	! grep -q "b'forged'" "$T/records" || fail "a forged record"
	run scp -P 2222 "$T/local/..hidden" dana@jump:../../etc/cron.d/x
	((status != 0)) || fail "out of the drive"
	run sftp -P 2222 -b - dana@jump <<<'get ../etc/shadow'
	((status != 0)) || fail "out of the drive"
}

# rsync(1) would start one of its own here: refused, told of, and recorded with what it asked for.
R41_rsync_is_refused_with_a_record() {
	_drive_fresh
	_drive_since
	_drive_sshd drives
	echo x >"$T/file"
	run rsync -e 'ssh -p 2222' "$T/file" dana@jump:name
	((status != 0)) || fail "rsync worked"
	err_has 'by sftp or scp \(without -O\).*\(not-permitted, request'
	audit_has 'op=decision .*cmd=.*rsync --server .* name.* res=failed' -m USER_CMD -ts recent -i
	run rsync -e 'ssh -p 2222' dana@jump:name "$T/back"
	((status != 0)) || fail "rsync worked"
	err_has 'not-permitted, request'
	run scp -O -P 2222 dana@jump:name "$T/back"
	((status != 0)) || fail "scp -O worked"
	err_has 'not-permitted, request'
	audit_has 'op=decision .*cmd=.*scp -f name.* res=failed' -m USER_CMD -ts recent -i
	[[ ! -e $_drive/name && ! -e $T/back ]] || fail "something came through"
}

# sftp(1) and scp(1) tell why, and go on with what fits.
drive_quota_is_told_by_real_clients() {
	_drive_fresh
	_drive_sshd drives
	head -c 5M /dev/zero >"$T/large"
	echo small >"$T/small"
	run scp -P 2222 "$T/large" "$T/small" dana@jump:
	((status != 0)) || fail "it was all taken"
	err_has 'large.*: Failure'
	run bash -c "printf 'rm large\nput $T/small\nput $T/large\n' | sftp -P 2222 dana@jump"
	grep -q 'large.*: Failure' "$T/out" "$T/err" || fail "sftp does not say it"
	[[ $(<"$_drive/small") == small ]] || fail "what fits is missing: $(ls -l "$_drive")"
	rm "$_drive"/*
	_drive_raw drives fill_many 1 20
	run scp -P 2222 "$T/small" dana@jump:
	((status != 0)) || fail "one file too many"
	err_has 'small.*: Permission denied'
	[[ $(ls "$_drive" | wc -l) == 20 ]] || fail "$(ls "$_drive")"
	run scp -r -P 2222 /usr/share/doc/bash dana@jump:
	((status != 0)) || fail "a directory was put"
	err_has 'failed to upload directory'
	run bash -c 'echo "mkdir sub" | sftp -P 2222 -b - dana@jump'
	((status != 0)) || fail "a directory was made"
	err_has 'mkdir.*: Permission denied'
}

# What is no content: modes, times, lengths.
drive_attributes() {
	_drive_fresh
	_drive_raw drives attributes
	out_is "$(printf '%s\n' 'chmod 4755 ok' 'chmod 0 ok' 'times ok' 'truncate denied' 'ftruncate ok' \
		'fsync ok' 'lsetstat ok' 'status 0')"
	gate dana -e drives -- drive look file
	out_is '0 444 0 regular file'
	_drive_raw drives put file again
	out_has '^not opened$'
}

R31_no_way_out() {
	_drive_fresh
	_drive_raw drives way_out
	status_is 0
	[[ $out == $'inside is b\'inside\'\nstatus 0' ]] || fail "a way out"
	[[ $(ls -A "$_drive") == inside ]] || fail "left: $(ls -A "$_drive")"
	cmp -s /etc/passwd <(getent passwd) || fail "passwd"
}

drive_garbage_ends_the_session_alone() {
	_drive_fresh
	_drive_raw drives garbage
	out_has '^gone$'
	gateway_serves
}

drive_quota_of_size() {
	_drive_fresh
	_drive_since
	# By the kernel, to the byte.
	_drive_raw drives put small text
	_drive_raw drives fill_one 4194301
	out_is $'failure\nstatus 0'
	err_has 'your drive is full: it holds at most 4M in 20 files'
	_drive_recorded "put b'one' - 4194300 $(head -c 4194300 /dev/zero | tr '\0' x | sha256sum | cut -d' ' -f1)"
	_drive_recorded "full b'one' - - -"
	_drive_recorded 'end sftp success'
	_drive_raw drives fill_one 4194300
	out_is $'ok\nstatus 0'
	(($(cat "$_drive"/* | wc -c) == 4194304)) || fail "size"
	rm "$_drive"/one
	# What was whole before stays, and the session goes on.
	_drive_raw drives fill_many 1500000 4
	out_is $'ok\nok\nfailure\nfailure\nstatus 0'
	err_has 'at most 4M'
	(($(cat "$_drive"/* | wc -c) == 4194304)) || fail "size"
	_drive_raw drives get small
	out_has "b'text'"
	rm "$_drive"/many*
	_drive_raw drives sparse 9000000000
	out_has '^failure$'
	[[ ! -s $_drive/sparse ]] || fail "a file of a size that was never written"
}

# All at once, as fast as it goes: never much above, and nothing of it after the end.
drive_quota_while_writing() {
	_drive_fresh
	(
		most=0
		for i in {1..400}; do
			now=$(du -sb "$_drive" 2>/dev/null | cut -f1)
			((${now:-0} <= most)) || most=$now
			echo "$most" >"$T/most"
			sleep 0.01
		done
	) &
	_drive_raw drives fill_open 3900000 15
	out_has '^gone$'
	err_has 'went over it .* not kept'
	kill $!
	(($(<"$T/most") < 24 * 1024 * 1024)) || fail "it went to $(<"$T/most") bytes"
	(($(du -sb "$_drive" | cut -f1) <= 4 * 1024 * 1024 + 4096)) || fail "more than there may be"
}

drive_quota_of_files() {
	_drive_fresh
	_drive_since
	_drive_raw drives fill_many 1 30
	[[ $(grep -c '^ok$' <<<"$out") == 20 && $(grep -c '^not opened$' <<<"$out") == 10 ]] ||
		fail "other answers"
	[[ $(ls "$_drive" | wc -l) == 20 ]] || fail "$(ls "$_drive" | wc -l) files"
	err_has '10 files that went over it were not kept'
	_drive_recorded "quota b'many29' - - -"
	_drive_raw drives put many3 again
	out_has '^ok$'
	# It can be put right.
	rm "$_drive"/*
	_drive_raw drives put again data
	out_has '^ok$'
}

drive_quota_of_removed_files() {
	_drive_fresh
	_drive_raw drives fill_removed 2000000 10
	out_has '^not written$'
	_drive_raw drives put again data
	out_has '^ok$'
}

drive_quota_at_the_start() {
	_drive_fresh
	_drive_raw drives put first text
	head -c 5M /dev/zero >"$_drive/huge"
	chown dana "$_drive/huge"
	_drive_raw drives put more text
	out_is $'not opened\nstatus 0'
	[[ ! -e $_drive/more && -e $_drive/huge ]] || fail "left: $(ls "$_drive")"
	_drive_sshd drives
	run bash -c "echo 'rm huge' | sftp -P 2222 -b - dana@jump"
	[[ ! -e $_drive/huge ]] || fail "it can't be put right"
}

# What each holds without a name counts for the other.
drive_quota_of_two_sessions() {
	_drive_fresh
	mkfifo "$T/go"
	"$TESTS/as" dana python3 "$TESTS/drive_client.py" drives stay_removed 3000000 <"$T/go" >"$T/first" 2>&1 &
	exec 8>"$T/go"
	wait_for grep -q ok "$T/first" || fail "the first one: $(<"$T/first")"
	[[ -z $(ls "$_drive") ]] || fail "left: $(ls "$_drive")"
	_drive_raw drives fill_one 2000000
	out_has '^failure$'
	rm -f "$_drive"/*
	echo >&8
	wait
	_drive_raw drives fill_one 2000000
	out_has '^ok$'
	rm -f "$_drive"/*
	# Both at once, as fast as they go: never more than there may be once they have ended.
	"$TESTS/as" dana python3 "$TESTS/drive_client.py" drives fill_many 700000 9 a >"$T/a" 2>&1 &
	_drive_raw drives fill_many 700000 9 b
	wait
	(($(cat "$_drive"/* | wc -c) <= 4194304)) || fail "$(cat "$_drive"/* | wc -c) bytes"
	grep -qE '^(failure|gone)$' "$T/a" "$T/out" || fail "nobody was told: $(cat "$T/a" "$T/out")"
	gateway_serves
}

drive_without_a_name() {
	_drive_fresh
	_drive_since
	_drive_raw drives unlinked
	out_has '^ok ok ok$'
	_drive_recorded "remove b'brief' - - -"
	grep -q "^put b'brief'" "$T/records" || fail "it was put, too: $(<"$T/records")"
}

drive_read_only() {
	_drive_fresh
	_drive_raw drives put kept text
	_drive_raw drive-reading put more text
	out_has '^not opened$'
	_drive_raw drive-reading get kept
	out_has "^b'text'$"
	_drive_raw drive-reading way_out
	out_lacks 'writable|changed|allowed'
	[[ $(<"$_drive/kept") == text && $(ls "$_drive") == kept ]] || fail "changed"
}

drive_of_another_account() {
	_drive_fresh
	run as frank /usr/bin/python3 "$TESTS/drive_client.py" drive-held put held text
	out_has '^ok$'
	[[ $(stat -c %U "/var/lib/rolegate/drives/$(id -u frank)/held") == svc-logs ]] || fail "owner"
	gate frank -e drive-held -- drive count held
	status_is 0
}

drive_two_sessions_at_once() {
	_drive_fresh
	_drive_since
	mkfifo "$T/go"
	"$TESTS/as" dana python3 "$TESTS/drive_client.py" drives stay first <"$T/go" >"$T/first" 2>&1 &
	exec 8>"$T/go"
	wait_for grep -q ok "$T/first" || fail "the first one: $(<"$T/first")"
	_drive_raw drives put second text
	out_has '^ok$'
	echo >&8
	wait
	grep -q '^ok ok$' "$T/first" || fail "$(<"$T/first")"
	_drive_recorded "put b'first' - 9 $(_drive_sum halfwhole)"
	# Each in its own session, and once.
	[[ $(_drive_records --requests | sort | uniq -c | awk '{ print $1 }') == $'1\n1' ]] ||
		fail "$(_drive_records --requests)"
}

# R16: with the session killed, its server is gone, and what it was at comes out at the next one.
R16_a_killed_session_leaves_nothing() {
	_drive_fresh
	_drive_since
	mkfifo "$T/go"
	"$TESTS/as" dana python3 "$TESTS/drive_client.py" drives stay half <"$T/go" >"$T/half" 2>&1 &
	exec 8>"$T/go"
	wait_for grep -q ok "$T/half" || fail "it did not start"
	local server session
	server=$(pgrep -u dana -f sftp-server)
	session=$(awk '/^PPid/ { print $2 }' "/proc/$server/status")
	kill -KILL "$session"
	for _ in {1..30}; do
		kill -0 "$server" 2>/dev/null || break
		sleep 0.1
	done
	! kill -0 "$server" 2>/dev/null || fail "the server lives on"
	echo >&8
	wait
	_drive_raw drives put next text
	out_has '^ok$'
	_drive_recorded "found b'half' - 4 $(_drive_sum half)"
	_drive_raw drives put last text
	[[ $(_drive_records | grep -c ^found) == 1 ]] || fail "found more than once"
	gateway_serves
}

R16_a_gone_client_ends_the_server() {
	_drive_fresh
	mkfifo "$T/go"
	"$TESTS/as" dana python3 "$TESTS/drive_client.py" drives stay half <"$T/go" >"$T/half" 2>&1 &
	exec 8>"$T/go"
	wait_for grep -q ok "$T/half" || fail "it did not start"
	pkill -KILL -u dana -f 'rolegate -e drives'
	for _ in {1..30}; do
		pgrep -u dana -f sftp-server >/dev/null || break
		sleep 0.1
	done
	! pgrep -u dana -f sftp-server >/dev/null || fail "the server lives on"
	exec 8>&-
	wait
}

drive_expires() {
	_drive_fresh
	_drive_since
	changes_files
	_drive_raw drives put old text
	sed -i 's/keep = "30d"/keep = "1s"/' /etc/rolegate/rolegate.conf
	reload
	# A time that its owner sets is not when it was put there.
	touch -d 2099-01-01 "$_drive/old"
	sleep 2.1
	_drive_raw drives put new text
	[[ $(ls "$_drive") == new ]] || fail "left: $(ls "$_drive")"
	_drive_recorded "expire b'old' - 4 -"
}

# By the gateway itself, and by what the endpoint says at which it was opened last.
drive_expires_with_nobody_opening_it() {
	_drive_fresh
	_drive_since
	changes_files
	_drive_raw drives put old text
	_drive_raw drives put young text
	mkdir -p /var/lib/rolegate/drives/copies
	echo left >/var/lib/rolegate/drives/copies/1.0123456789abcdef0123456789abcdef
	sed -i 's/keep = "30d"/keep = "3s"/' /etc/rolegate/rolegate.conf
	sleep 4.1
	touch "$_drive/young"
	# One that was never opened at an endpoint, and one whose endpoint is gone.
	mkdir -m 700 /var/lib/rolegate/drives/4242
	touch -d 2001-01-01 /var/lib/rolegate/drives/4242/kept
	echo -n gone >/var/lib/rolegate/drives/at/4242
	reload
	wait_for test ! -e "$_drive/old" || fail "it is still there"
	_drive_recorded "expire b'old' - 4 -"
	[[ $(ls "$_drive") == young ]] || fail "left: $(ls "$_drive")"
	[[ -e /var/lib/rolegate/drives/4242/kept ]] || fail "what nobody said a word of is gone"
	[[ -z $(ls /var/lib/rolegate/drives/copies) ]] || fail "a crash's room is still taken"
	audit_has 'op=drive endpoint=drives acct="dana" .* did=expire file="old" size=4 ' -m USER_CMD -ts recent
}

# What commands have of a drive, of all sessions of one operator together.
R22_copies_of_drive_files_are_bounded() {
	_drive_fresh
	changes_files
	sed -i 's/maximum_files = 20; keep/maximum_files = 20; maximum_copies = "10K"; keep/' \
		/etc/rolegate/rolegate.conf
	reload
	_drive_raw drives put large "$(printf '%06000d' 0)"
	_drive_raw drives put larger "$(printf '%011000d' 0)"
	gate dana -e drives -- drive hash larger
	refused limit
	err_has 'at most 10K in 64 calls at a time, and this one would take'
	gate dana -e drives -- drive hash large
	status_is 0
	mkfifo "$T/wait"
	"$TESTS/as" dana "$rolegate" -e drives -- drive follow large >"$T/followed" 2>&1 <"$T/wait" &
	exec 8>"$T/wait"
	wait_for test -s "$T/followed" || fail "it does not run"
	gate dana -e drives -- drive hash large
	refused limit
	err_has 'wait until one has ended'
	# Each has their own; and the room comes back, even if the session was killed.
	run as frank /usr/bin/python3 "$TESTS/drive_client.py" drives put large "$(printf '%06000d' 0)"
	gate frank -e drives -- drive hash large
	status_is 0
	kill -KILL "$(awk '/^PPid/ { print $2 }' "/proc/$(pgrep -u svc-ops -x tail)/status")"
	exec 8>&-
	wait
	gate dana -e drives -- drive hash large
	status_is 0
	[[ -z $(ls /var/lib/rolegate/drives/copies) ]] || fail "$(ls /var/lib/rolegate/drives/copies)"
}

drive_file_for_a_command() {
	_drive_fresh
	_drive_since
	_drive_raw drives put 'a file' $'one\ntwo\n'
	_drive_raw drives put other $'three\n'
	gate dana -e drives -- drive count 'a file' other
	status_is 0
	out_is $' 2 /dev/fd/7\n 1 /dev/fd/8\n 3 total'
	_drive_recorded "use b'a file' - 8 $(printf 'one\ntwo\n' | sha256sum | cut -d' ' -f1)"
	# The account reads a copy that is nobody's to change, under a profile without files too.
	gate dana -e drives -- drive look other
	out_is '0 444 0 regular file'
	gate dana -e drives -- drive hash other
	out_has "^$(printf 'three\n' | sha256sum | cut -d' ' -f1) "
	[[ -z $(find /var/lib/rolegate/drives -maxdepth 1 -type f) ]] || fail "a copy was left"
	gate dana -e drives --json --dry-run -- drive count other
	out_has '"files":\[\{"parameter":"file","name":"other","path":"/dev/fd/7"\}\]'
}

drive_file_for_a_function() {
	_drive_fresh
	_drive_raw drives put numbers $'1\n2\n39\n'
	gate dana -e drives -- drive sum --file numbers
	status_is 0
	out_has '^42$'
}

R28_drive_file_values() {
	_drive_fresh
	_drive_raw drives put plain text
	local value
	for value in ../plain /etc/passwd sub/plain . .. '' "$(printf '%0256d' 0)" $'new\nline'; do
		gate dana -e drives -- drive count -- "$value"
		status_is 126
	done
	gate dana -e drives -- drive count -- -plain
	refused invalid-value
	gate dana -e drives -- drive words plain
	refused invalid-value
	gate dana -e drives -- drive count missing
	refused invalid-value
	err_has '"missing" is not in your drive'
	# What only root could put there.
	ln -s /etc/passwd "$_drive/link"
	ln "$_drive/plain" "$_drive/hard"
	mkfifo "$_drive/fifo"
	mkdir "$_drive/directory"
	echo root >"$_drive/roots"
	chown -h dana "$_drive"/{link,fifo,directory}
	for value in link hard plain fifo directory roots; do
		gate dana -e drives -- drive count "$value"
		refused invalid-value
		err_has 'is not a plain file of your drive'
	done
	rm -rf "$_drive"/*
	_drive_raw drives fill_many 1 9
	gate dana -e drives -- drive count many{0..8}
	status_is 126
}

# R26: what is read is what was hashed, whatever becomes of the name meanwhile.
R26_drive_file_is_what_was_recorded() {
	_drive_fresh
	_drive_since
	"$TESTS/as" dana python3 "$TESTS/drive_client.py" drives swap 8 >"$T/swap" 2>&1 &
	local client=$! hash read=0
	for _ in {1..150}; do
		gate dana -e drives -- drive hash moving
		((status == 0)) || continue
		read=$((read + 1))
		hash=${out%% *}
		echo "$hash" >>"$T/hashes"
		kill -0 "$client" 2>/dev/null || break
	done
	wait "$client"
	grep -q '^rounds True' "$T/swap" || fail "$(<"$T/swap")"
	((read > 3)) || fail "it was read $read times"
	_drive_records | awk '$1 == "use" { print $NF }' >"$T/recorded"
	diff "$T/hashes" "$T/recorded" >"$T/diff" || fail "$(head "$T/diff")"
	! grep -q "$(sha256sum </etc/shadow | cut -d' ' -f1)" "$T/hashes" || fail "shadow"
}

drive_file_without_a_drive() {
	changes_files
	sed -i 's/user_drive = { maximum_size = "4M"[^}]*};//' /etc/rolegate/rolegate.conf
	run rolegatectl check
	grep -q 'endpoint "drives" has no user_drive, and command "drive count" of role "driver"' \
		"$T/out" "$T/err" || fail "no warning"
	reload
	gate dana -e drives -- drive count x
	refused invalid-value
	err_has 'there is none at this endpoint'
	gate dana -e drives -- sftp
	refused not-permitted
}

R34_drive_file_is_not_approved_by_its_name() {
	changes_files
	queue_fresh
	_drive_fresh
	_drive_raw drives put numbers 1
	sed -i 's/{ name = "drives";/{ name = "drives"; approval = "required"; approver_groups = [ "log-readers" ];/' \
		/etc/rolegate/rolegate.conf
	reload
	gate dana -e drives -- drive sum --file numbers
	status_is 126
	err_has 'can change'
	_drive_raw drives put more text
	out_has '^ok$'
}

drive_configuration() {
	local setting
	for setting in '{ maximum_size = "1"; }' '{ maximum_size = "50X"; }' '{ maximum_files = 0; }' \
		'{ keep = "soon"; }' '{ keep = "0d"; }' '{ keep = "99999w"; }' '{ maximum = "50M"; }' \
		'{ program = "sftp-server"; }' '{ run_as = "a:b"; }' '"50M"'; do
		rm -rf "$T/etc"
		cp -r /etc/rolegate "$T/etc"
		sed -i "s/user_drive = { maximum_size = \"4M\"[^}]*}/user_drive = $setting/" \
			"$T/etc/rolegate.conf"
		run rolegatectl check --config "$T/etc"
		status_is 2
	done
	rm -rf "$T/etc"
	cp -r /etc/rolegate "$T/etc"
	sed -i 's/"drive hash"/"sftp"/' "$T/etc/commands.d/drives.conf"
	sed -i 's/"drive \*"/"sftp"/' "$T/etc/roles.d/driver.role"
	run rolegatectl check --config "$T/etc"
	status_is 2
	grep -q 'user_drive needs the name "sftp"' "$T/out" "$T/err" || fail "no reason"
}

drive_is_told_of() {
	run rolegatectl explain --user dana --endpoint drives -- sftp
	status_is 0
	out_has 'user-drive'
	run rolegatectl explain --user dana --endpoint drives --json -- sftp
	out_has '"argv":\["/usr/lib/openssh/sftp-server"'
	gate dana -e drives -l
	out_has 'at most 4M in 20 files'
	gate dana -e drives -l --json
	out_has '"drive":\{"maximum_size":4194304,"maximum_files":20'
	gate dana -e drives --describe -- drive count
	out_has 'the name of a file in your drive'
	run rolegatectl status
	out_has 'drive'
}

_drive_log=/var/log/recorded

_drive_log_down() {
	[[ ! -s $T/sshd.pid ]] || kill "$(<"$T/sshd.pid")"
	put_back
}

# _drive_log_of OP FIELD …: of the last event of that kind, one a line.
_drive_log_of() {
	rolegatectl log --log "$_drive_log" --op "$1" --json --last 1 | python3 -c 'import json, sys
event = json.load(sys.stdin)
print("\n".join(str(event.get(name)) for name in sys.argv[1:]))' "${@:2}"
}

R29_the_recorder_takes_what_is_done_to_a_drive() {
	changes_files
	sed -i '1i event_log = "recorder";' /etc/rolegate/rolegate.conf
	reload || fail "$(<"$T/reload")"
	_drive_fresh
	_drive_sshd drives
	trap _drive_log_down EXIT
	printf '1\n2\n' >"$T/numbers"
	run scp -P 2222 "$T/numbers" dana@jump:numbers
	status_is 0
	local digest
	digest=sha256:$(sha256sum <"$T/numbers" | cut -d' ' -f1)
	[[ $(_drive_log_of drive did file digest) == put$'\n'numbers$'\n'"$digest" ]] ||
		fail "put: $(_drive_log_of drive did file digest)"
	gate dana -e drives -- drive sum --file numbers
	status_is 0
	[[ $(_drive_log_of drive did file param digest) == use$'\n'numbers$'\n'file$'\n'"$digest" ]] ||
		fail "use: $(_drive_log_of drive did file param digest)"
	run rolegatectl log --log "$_drive_log" --op drive --last 1
	out_has "use numbers file $digest"
	run rolegatectl verify-log --no-transcripts --log "$_drive_log"
	status_is 0
}

drive_records_read_by_ausearch_say_what_was_done() {
	_drive_fresh
	_drive_sshd drives
	echo x >"$T/file"
	run scp -P 2222 "$T/file" dana@jump:seen
	status_is 0
	audit_has 'op=drive .* did=put file=seen .* digest=sha256:[0-9a-f]{64}' -m USER_CMD -ts recent -i
}
