# What a script may do follows from its content: R26, R28, R34, R35, over the real gateway.

_scripts=/opt/tests/trust

# A script that tells whether it may start another program, which "standard" refuses.
_script() {
	printf '#!/bin/sh\n# %s\nif /usr/bin/id -u 2>/dev/null; then echo wide; else echo narrow; fi\n' \
		"${2-}" >"$_scripts/$1"
}

_digest() {
	sha256sum "$1" | cut -d' ' -f1
}

# _trusted ID TARGET MORE: an entry for content as it is now; $trusted_file, or a file of trusted.d.
_trusted() {
	local id=$1 target=$2 more=$3
	mkdir -p /etc/rolegate/trusted.d
	printf 'trusted = ( { id = "0000000%s-0000-4000-8000-000000000000"; %s %s } );\n' \
		"$id" "$target" "$more" >>"${trusted_file:-/etc/rolegate/trusted.d/t$id.conf}"
}

_hash() {
	printf 'content_hash = "sha256:%s";' "$(_digest "$_scripts/$1")"
}

_reload() {
	reload || fail "reload: $(<"$T/reload")"
}

_begin() {
	changes_files
	rm -rf "$_scripts"
	mkdir -p "$_scripts" /etc/rolegate/functions.d
	_script main.sh
	_script root.sh
	cat >/etc/rolegate/functions.d/trust.conf <<-END
		functions = (
		  { name = "main"; file = "$_scripts/main.sh"; profile = "unrestricted"; },
		  { name = "as root"; file = "$_scripts/root.sh"; run_as = "root"; } );
	END
	cat >/etc/rolegate/functions.d/library.conf <<-END
		functions = (
		  { name = "one"; script = "if /usr/bin/id -u; then echo wide; else echo narrow; fi"; interpreter = "/bin/sh"; profile = "unrestricted"; },
		  { name = "two"; script = "if /usr/bin/id -u; then echo wide; else echo narrow; fi"; interpreter = "/bin/sh"; profile = "unrestricted"; } );
	END
	echo 'visible_functions = [ "main", "as root", "one", "two" ];' >/etc/rolegate/roles.d/trusting.role
	sed -i '$ s/ );$/,/' /etc/rolegate/rolegate.conf
	cat >>/etc/rolegate/rolegate.conf <<-'END'
		  { name = "trusting"; run_as = "svc-ops";
		    role_definitions = ( { user = "dana"; roles = [ "trusting" ]; } ); } );
		event_log = "/var/log/rolegate/trust.jsonl";
	END
	install -d -m 700 /var/log/rolegate
	rm -f /var/log/rolegate/trust.jsonl
	_reload
}

_call() {
	gate dana -e trusting -- "$@"
}

# _event PYTHON: the last record of a decision or an end, as `e`, makes the expression true.
_event() {
	python3 - "$1" <<-'END' || fail "the record is not as expected: $1"
		import json, sys
		with open("/var/log/rolegate/trust.jsonl") as log:
		    events = [json.loads(line) for line in log]
		e = [x for x in events if x.get("op") in ("decision", "end")][-1]
		if not eval(sys.argv[1]):
		    print(e, file=sys.stderr)
		    sys.exit(1)
	END
}

untrusted_runs_under_the_callers_profile() {
	_begin
	_call main
	status_is 0
	out_is narrow
	_event "e['trust'] == 'untrusted' and e['script'] == 'sha256:$(_digest $_scripts/main.sh)'"
	_trusted 1 "path = \"$_scripts/main.sh\";" "$(_hash main.sh) level = \"untrusted\";"
	_reload
	_call main
	out_is narrow
}

trusted_runs_under_the_profile_that_it_asks_for() {
	_begin
	_trusted 1 "path = \"$_scripts/main.sh\";" "$(_hash main.sh) level = \"trusted\";"
	_reload
	_call main
	status_is 0
	out_is "$(id -u svc-ops)"$'\nwide'
	_event "e['trust'] == 'trusted' and e['script'] == 'sha256:$(_digest $_scripts/main.sh)'"
}

system_alone_runs_as_root() {
	_begin
	_call as root
	refused untrusted
	err_has 'only a script of level "system" runs as root'
	_event "e['reason'] == 'untrusted' and e['script'] == 'sha256:$(_digest $_scripts/root.sh)'"
	_trusted 1 'function = "as root";' "$(_hash root.sh) level = \"trusted\";"
	_reload
	_call as root
	refused untrusted
	rm /etc/rolegate/trusted.d/*
	trusted_file=/etc/rolegate/rolegate.conf \
		_trusted 1 'function = "as root";' "$(_hash root.sh) level = \"system\";"
	_reload
	_call as root
	status_is 0
	out_is narrow
	_event "e['trust'] == 'system' and e['runas'] == 'root'"
}

root_by_another_name_is_root() {
	_begin
	echo 'toor:x:0:0::/:/usr/sbin/nologin' >>/etc/passwd
	sed -i 's/run_as = "root"/run_as = "toor"/' /etc/rolegate/functions.d/trust.conf
	_trusted 1 'function = "as root";' "$(_hash root.sh) level = \"trusted\";"
	_reload
	_call as root
	sed -i '/^toor:/d' /etc/passwd
	refused untrusted
	err_has 'toor is root'
}

R34_one_changed_byte_revokes_at_once() {
	local mismatch
	_begin
	for mismatch in block constrain warn; do
		rm -rf /etc/rolegate/trusted.d
		_script main.sh before
		_trusted 1 "path = \"$_scripts/main.sh\";" \
			"$(_hash main.sh) level = \"trusted\"; on_mismatch = \"$mismatch\";"
		_reload
		_call main
		out_has wide
		_script main.sh befOre
		_call main
		case $mismatch in
		block)
			refused untrusted
			err_has 'its script is not the one that trusted.d/t1.conf:1 trusts'
			_event "e['script'] == 'sha256:$(_digest $_scripts/main.sh)' and e['reason'] == 'untrusted'"
			;;
		constrain)
			status_is 0
			out_is narrow
			err_has 'warning: it runs as untrusted: its script is not the one'
			_event "e['trust'] == 'untrusted' and 'is not the one' in e['detail']"
			;;
		warn)
			status_is 0
			out_has wide
			_event "e['trust'] == 'trusted' and 'is not the one' in e['detail']"
			err_has 'warning: its script is not the one'
			gate dana -e trusting --json -- main
			out_has '"trust": ?"trusted"'
			out_has '"trust_reason": ?"its script is not the one'
			out_has '"messages".*its script is not the one'
			;;
		esac
		_script main.sh before
		_call main
		out_has wide
	done
}

what_is_changed_and_untrusted_runs_as_it_is_now() {
	_begin
	printf '#!/bin/sh\necho now\n' >"$_scripts/main.sh"
	_call main
	out_is now
	_event "e['script'] == 'sha256:$(_digest $_scripts/main.sh)'"
	gate dana -e trusting --dry-run -- main
	status_is 0
}

a_dry_run_sees_the_change_too() {
	_begin
	_trusted 1 "path = \"$_scripts/main.sh\";" "$(_hash main.sh) level = \"trusted\";"
	_reload
	gate dana -e trusting --dry-run -- main
	status_is 0
	_script main.sh other
	gate dana -e trusting --dry-run -- main
	status_is 126
}

R34_a_copy_and_a_renamed_script() {
	_begin
	_trusted 1 'function = "main";' "$(_hash main.sh) level = \"trusted\";"
	_reload
	mv "$_scripts/main.sh" "$_scripts/moved.sh"
	sed -i 's/main\.sh/moved.sh/' /etc/rolegate/functions.d/trust.conf
	_reload
	_call main
	out_has wide
	rm /etc/rolegate/trusted.d/*
	cp "$_scripts/moved.sh" "$_scripts/main.sh"
	_trusted 1 "path = \"$_scripts/main.sh\";" "$(_hash main.sh) level = \"trusted\";"
	_reload
	_call main
	out_is narrow
}

a_library_exports_and_removes_the_rest() {
	local hash
	_begin
	hash="content_hash = \"sha256:$(_digest /etc/rolegate/functions.d/library.conf)\"; level = \"trusted\";"
	_trusted 1 'path = "functions.d/library.conf";' "$hash exports = [ \"one\" ];"
	_reload
	_call one
	out_has wide
	_call two
	refused untrusted
	err_has 'does not export it'
	rm /etc/rolegate/trusted.d/*
	_trusted 1 'path = "functions.d/library.conf";' "$hash exports = [ \"one\" ]; others = \"constrain\";"
	_reload
	_call two
	out_is narrow
	sed -i 's/echo narrow/echo Narrow/' /etc/rolegate/functions.d/library.conf
	_reload
	_call one
	refused untrusted
	err_has 'its file functions.d/library.conf is not the one'
}

R35_a_weak_hash_is_refused_with_the_whole_configuration() {
	_begin
	_trusted 1 "path = \"$_scripts/main.sh\";" \
		"content_hash = \"sha1:$(sha1sum $_scripts/main.sh | cut -d' ' -f1)\"; level = \"trusted\";"
	! reload || fail "it was loaded"
	grep -q 'the algorithm "sha1" is too weak' "$T/reload" || fail "$(<"$T/reload")"
	_call main
	out_is narrow
}

_refuses() {
	_call main
	refused "$1"
	err_has "$2"
	_event "e['res'] == 'failed' and e['reason'] == '$1'"
}

bad_scripts_are_refused_and_recorded() {
	_begin
	printf '#!/bin/sh\necho \377\n' >"$_scripts/main.sh"
	_refuses gateway-error 'it is not UTF-8 text'
	head -c 1048577 /dev/zero | tr '\0' '#' >"$_scripts/main.sh"
	_refuses gateway-error 'it is larger than 1 MiB'
	echo 'echo no interpreter' >"$_scripts/main.sh"
	_refuses gateway-error 'no interpreter line'
	rm "$_scripts/main.sh"
	_refuses gateway-error 'No such file'
	ln -s root.sh "$_scripts/main.sh"
	_refuses untrusted 'is a symbolic link'
	rm "$_scripts/main.sh"
	_script main.sh
	chmod 666 "$_scripts/main.sh"
	_refuses untrusted 'writable by everybody'
	chmod 644 "$_scripts/main.sh"
	chown dana "$_scripts/main.sh"
	_refuses untrusted 'is owned by'
	chown root "$_scripts/main.sh"
	_call main
	out_is narrow
}

R26_the_interpreter_that_is_executed_is_the_one_that_was_trusted() {
	_begin
	cp /usr/bin/dash "$_scripts/sh"
	sed -i "1s|.*|#!$_scripts/sh|" "$_scripts/main.sh"
	_trusted 1 "path = \"$_scripts/main.sh\";" \
		"$(_hash main.sh) interpreter_hash = \"sha256:$(_digest $_scripts/sh)\"; level = \"trusted\";"
	_reload
	_call main
	out_has wide
	cp "$_scripts/sh" "$_scripts/new"
	printf x >>"$_scripts/new"
	mv "$_scripts/new" "$_scripts/sh"
	_call main
	refused untrusted
	err_has 'its interpreter is not the one that trusted.d/t1.conf:1 trusts'
	cp /usr/bin/dash "$_scripts/new"
	mv "$_scripts/new" "$_scripts/sh"
	_call main
	out_has wide
}

a_signature_is_as_good_as_a_hash() {
	command -v openssl >/dev/null || skip "no openssl(1)"
	_begin
	openssl genpkey -algorithm ed25519 -out "$T/key.pem" 2>/dev/null || fail "no key"
	local key
	key=$(openssl pkey -in "$T/key.pem" -pubout -outform DER | tail -c 32 | base64)
	echo "trusted_keys = ( { name = \"release\"; key = \"ed25519:$key\"; } );" \
		>>/etc/rolegate/rolegate.conf
	_trusted 1 "path = \"$_scripts/main.sh\";" 'signed_by = "release"; level = "trusted";'
	_reload
	_call main
	refused untrusted
	err_has 'no good signature by "release"'
	_sign
	_reload
	_call main
	out_has wide
	_script main.sh changed
	_call main
	refused untrusted
	_sign
	_call main
	out_has wide
}

_sign() {
	openssl pkeyutl -sign -rawin -inkey "$T/key.pem" -in "$_scripts/main.sh" \
		-out "$_scripts/main.sh.sig" || fail "not signed"
}

trust_add_and_reload() {
	_begin
	run rolegatectl trust add main
	status_is 0
	_reload
	_call main
	out_has wide
	_script main.sh new
	run rolegatectl trust verify
	status_is 1
	out_has '^differs'
	_call main
	refused untrusted
	run rolegatectl trust update main
	status_is 0
	run rolegatectl trust verify
	status_is 0
	_reload
	_call main
	out_has wide
}

# Every record's script= is the digest of what the script printed of itself.
R26_a_swapper_never_makes_other_bytes_run() {
	local a b swapper
	_begin
	a='#!/bin/sh\necho A $ROLEGATE_REQUEST\n' b='#!/bin/sh\necho B $ROLEGATE_REQUEST\n'
	python3 - "$_scripts" "$a" "$b" <<-'END' &
		import os, sys, time
		folder, *texts = sys.argv[1:]
		texts = [text.encode().decode("unicode_escape").encode() for text in texts]
		path, other, turn = folder + "/main.sh", folder + "/other", 0
		while True:
		    turn += 1
		    text = texts[turn & 1]
		    if turn % 3:
		        with open(other, "wb") as out:
		            out.write(text)
		        os.rename(other, path)
		    else:
		        fd = os.open(path, os.O_WRONLY)
		        os.pwrite(fd, text, 0)
		        os.ftruncate(fd, len(text))
		        os.close(fd)
		    time.sleep(0.001)
	END
	swapper=$!
	sleep 0.2
	for _ in {1..200}; do
		"$TESTS/as" dana "$rolegate" -e trusting -- main >>"$T/printed" 2>>"$T/refused" </dev/null
	done
	kill $swapper
	printf "$a" >"$T/a"
	printf "$b" >"$T/b"
	python3 - "$T/printed" "A=$(_digest "$T/a")" "B=$(_digest "$T/b")" <<-'END' || fail "other bytes ran"
		import json, sys
		digests = dict(text.split("=") for text in sys.argv[2:])
		with open("/var/log/rolegate/trust.jsonl") as log:
		    events = [json.loads(line) for line in log]
		scripts = {}
		for e in events:
		    if e.get("op") == "decision" and e["res"] == "success":
		        scripts[e["req"]] = e["script"]
		seen = {"A": 0, "B": 0}
		with open(sys.argv[1]) as printed:
		    for line in printed:
		        letter, request = line.split()
		        assert scripts[request] == "sha256:" + digests[letter], (line, scripts[request])
		        seen[letter] += 1
		print(seen, len(scripts), "records")
		assert seen["A"] > 20 and seen["B"] > 20, seen
	END
}
