# A configuration that is signed, installed over the running one, and rolled back.

_remove_bundles() {
	rm -rf /etc/rolegate.staging /etc/rolegate.previous /etc/rolegate.discard
	put_back
}

# A bundle in $T/bundle, of the running configuration and a command "bundled" that prints its
# version. $T/release.pub has the key that signed it, which it trusts itself.
_make_bundle() {
	changes_files
	trap _remove_bundles EXIT
	(umask 077 && openssl genpkey -algorithm ed25519 -out "$T/release.pem" 2>/dev/null)
	rolegatectl bundle key --key "$T/release.pem" >"$T/release.pub"
	cp -r /etc/rolegate "$T/bundle"
	sed -i "1i trusted_keys = ( { name = \"release\"; key = \"$(cut -d ' ' -f 2 "$T/release.pub")\"; } );" \
		"$T/bundle/rolegate.conf"
	sed -i '1i visible_external_commands = [ "/etc/rolegate/scripts/bundled" ];' \
		"$T/bundle/roles.d/operator.role"
	mkdir "$T/bundle/scripts"
	_sign 1
}

# _sign VERSION: of what the command prints.
_sign() {
	cp /usr/bin/echo "$T/bundle/scripts/bundled"
	printf 'version %s\n' "$1" >"$T/bundle/version"
	chmod -R u=rwX,go=rX "$T/bundle"
	rolegatectl bundle sign "$T/bundle" --key "$T/release.pem" --name "version $1" >/dev/null ||
		fail "it can't be signed"
}

_digest() {
	rolegatectl status --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["configuration"]["sha256"])'
}

_files() {
	(cd "$1" && find . -type f -exec sha256sum {} + | sort -k 2)
}

# _unchanged COMMAND …: it fails, with nothing but a message.
_unchanged() {
	local before after
	before=$(_files /etc/rolegate)
	run "$@"
	((status != 0)) || fail "expected a failure"
	after=$(_files /etc/rolegate)
	[[ $before == "$after" ]] || fail "the configuration changed"
	[[ ! -e /etc/rolegate.staging && ! -e /etc/rolegate.discard ]] || fail "leftovers"
	as dana "$rolegate" -- exit 0 || fail "the gateway does not serve"
}

a_bundle_is_installed_run_and_rolled_back() {
	_make_bundle
	local before=$(_files /etc/rolegate)
	gate dana -- /etc/rolegate/scripts/bundled hello
	refused not-permitted
	run rolegatectl bundle install "$T/bundle" --trust-key "$T/release.pub"
	status_is 0
	out_has 'installed "version 1", serial [0-9]+ .*, signed by key "release"'
	out_has 'the gateway has loaded it'
	gate dana -- /etc/rolegate/scripts/bundled hello
	status_is 0
	out_is hello
	[[ $(_files /etc/rolegate.previous) == "$before" ]] || fail "the former one is another"
	[[ $(find /etc/rolegate ! -user root -o -perm /022 ! -type l) == '' ]] || fail "others can write"
	run rolegatectl bundle list
	status_is 0
	out_has '^installed +"version 1", .*signed by key "release"$'
	out_has '^previous +not a bundle$'
	run rolegatectl bundle rollback
	status_is 0
	out_has 'rolled back to a configuration that is no bundle'
	gate dana -- /etc/rolegate/scripts/bundled hello
	refused not-permitted
	run rolegatectl bundle rollback
	status_is 0
	out_has 'rolled back to "version 1"'
	gate dana -- /etc/rolegate/scripts/bundled hello
	status_is 0
}

status_and_records_name_the_bundle() {
	_make_bundle
	local serial=$(sed -n 's/^serial //p' "$T/bundle/bundle.manifest")
	run rolegatectl status
	out_lacks 'version 1'
	local since=$(date +%T)
	run rolegatectl bundle install "$T/bundle" --trust-key "$T/release.pub"
	status_is 0
	run rolegatectl status
	out_has 'name +version 1$'
	out_has "serial +$serial$"
	out_has 'unchanged +yes$'
	audit_has "op=load-config .*by=rolegatectl bundle=76657273696F6E2031 serial=$serial sha256=" \
		-m USYS_CONFIG -ts "$since"
	echo '# by hand' >>/etc/rolegate/roles.d/operator.role
	reload || fail "reload: $(<"$T/reload")"
	run rolegatectl status --json
	grep -qE '"unchanged": ?false' "$T/out" || fail "a change is not seen"
}

an_installed_bundle_decides_who_signs_the_next() {
	_make_bundle
	run rolegatectl bundle install "$T/bundle" --trust-key "$T/release.pub"
	status_is 0
	openssl genpkey -algorithm ed25519 -out "$T/other.pem" 2>/dev/null
	rolegatectl bundle key --key "$T/other.pem" >"$T/other.pub"
	rolegatectl bundle sign "$T/bundle" --key "$T/other.pem" --key-name release >/dev/null
	_unchanged rolegatectl bundle install "$T/bundle"
	status_is 1
	err_has 'signed by key "release" \(ed25519:[^)]*\), which is not trusted; expected one of: release'
	_unchanged rolegatectl bundle install "$T/bundle" --trust-key "$T/other.pub"
	status_is 1
	err_has '--trust-key is for a first install'
	_sign 2
	run rolegatectl bundle install "$T/bundle"
	status_is 0
	run rolegatectl bundle list
	out_has '^installed +"version 2"'
	out_has '^previous +"version 1"'
}

an_older_bundle_is_not_installed() {
	_make_bundle
	cp -r "$T/bundle" "$T/older"
	_sign 2
	run rolegatectl bundle install "$T/bundle" --trust-key "$T/release.pub"
	status_is 0
	_unchanged rolegatectl bundle install "$T/older"
	status_is 1
	err_has 'serial [0-9]+ \(.* UTC\) is older than the installed one, [0-9]+ .*--allow-older'
	run rolegatectl bundle install "$T/older" --allow-older
	status_is 0
	out_has 'installed "version 1"'
}

a_bundle_that_was_changed_is_not_installed() {
	_make_bundle
	local file=$T/bundle/roles.d/operator.role
	cp -a "$T/bundle" "$T/kept"
	_again() {
		rm -rf "$T/bundle"
		cp -a "$T/kept" "$T/bundle"
	}
	_refused_with() {
		_unchanged rolegatectl bundle install "$T/bundle" --trust-key "$T/release.pub"
		status_is 1
		err_has "$1"
		_again
	}
	echo '# more' >>"$file"
	_refused_with 'roles.d/operator.role: its SHA-256 is [0-9a-f]{64}; expected [0-9a-f]{64}, as signed'
	chmod 600 "$file"
	_refused_with 'roles.d/operator.role: its mode is 0600; expected 0644, as signed'
	rm "$file"
	_refused_with 'roles.d/operator.role: it is missing'
	echo >"$T/bundle/roles.d/evil.role"
	_refused_with 'roles.d/evil.role: it is not in the manifest'
	ln -sf /etc/passwd "$T/bundle/passwd"
	_refused_with 'passwd is a symbolic link'
	mkfifo "$T/bundle/fifo"
	_refused_with 'fifo is no file'
	rm "$T/bundle/bundle.sig"
	_refused_with 'bundle.sig: it is missing'
	rm "$T/bundle/bundle.manifest"
	_refused_with 'bundle.manifest: it is missing'
	sed -i 's/^name .*/name mine/' "$T/bundle/bundle.manifest"
	_refused_with 'the signature by key "release" is not over this bundle.manifest'
	sed -i 's/$/\r/' "$T/bundle/bundle.sig"
	_refused_with 'bundle.sig:1: expected "rolegate-signature 1"'
	truncate -s 5M "$T/bundle/bundle.manifest"
	_refused_with 'bundle.manifest: larger than 4194304 bytes'
}

# Well signed, but no manifest: by hand, since rolegatectl signs no such thing.
a_manifest_that_leads_outside_is_refused() {
	_make_bundle
	local path
	for path in ../etc/passwd /etc/passwd roles.d/../../x .hidden bundle.sig; do
		printf 'rolegate-bundle 1\nname x\nserial 9\nfiles 1\n%064d  0644  %s\n' 0 "$path" \
			>"$T/bundle/bundle.manifest"
		openssl pkeyutl -sign -rawin -inkey "$T/release.pem" \
			-in "$T/bundle/bundle.manifest" -out "$T/raw"
		printf 'rolegate-signature 1\nkey %s\nsignature %s\n' "$(<"$T/release.pub")" \
			"$(base64 -w 0 "$T/raw")" >"$T/bundle/bundle.sig"
		_unchanged rolegatectl bundle install "$T/bundle" --trust-key "$T/release.pub"
		status_is 1
		err_has "bundle.manifest:5: \"$path\" "
	done
}

a_configuration_with_errors_is_not_installed() {
	_make_bundle
	echo 'visible_comands = [ "x" ];' >>"$T/bundle/roles.d/operator.role"
	_sign 2
	_unchanged rolegatectl bundle install "$T/bundle" --trust-key "$T/release.pub"
	status_is 2
	err_has 'roles.d/operator.role:[0-9]+: .*visible_comands'
	err_has 'nothing was installed'
}

R28_a_key_file_that_others_can_write_is_refused() {
	_make_bundle
	chmod 666 "$T/release.pub"
	_unchanged rolegatectl bundle install "$T/bundle" --trust-key "$T/release.pub"
	status_is 1
	err_has 'not trusted: .* is writable by everybody'
	_unchanged rolegatectl bundle install "$T/bundle"
	err_has 'has no trusted_keys; expected --trust-key FILE for a first install'
	run as nora rolegatectl bundle install "$T/bundle"
	((status != 0)) || fail "somebody else could install"
}

# The gateway sees less than rolegatectl: a file is hidden from it.
what_the_gateway_refuses_is_undone() {
	_make_bundle
	mkdir -p /opt/tests/hidden "$T/bundle/functions.d"
	printf '#!/bin/sh\n' >/opt/tests/hidden/script
	chmod 755 /opt/tests/hidden/script
	cat >"$T/bundle/functions.d/hidden.conf" <<-'END'
		functions = ( { name = "hidden"; file = "/opt/tests/hidden/script"; } );
	END
	_sign 2
	cat >"$T/wrapper" <<-'END'
		#!/bin/sh
		mount -t tmpfs -o mode=755 hidden /opt/tests/hidden && exec "$@"
	END
	chmod 755 "$T/wrapper"
	gateway_stop
	gateway_start unshare --mount "$T/wrapper"
	local digest=$(_digest)
	_unchanged rolegatectl bundle install "$T/bundle" --trust-key "$T/release.pub"
	status_is 1
	err_has '/opt/tests/hidden/script'
	err_has 'the former configuration is in its place again'
	[[ $(_digest) == "$digest" ]] || fail "the gateway runs another one"
	gateway_stop
	gateway_start
	run rolegatectl bundle install "$T/bundle" --trust-key "$T/release.pub"
	status_is 0
	rm -rf /opt/tests/hidden
}

# Its own script, by the path that it will have.
a_bundle_is_checked_as_if_it_were_in_place() {
	_make_bundle
	mkdir "$T/bundle/functions.d"
	printf '#!/bin/sh\n' >"$T/bundle/scripts/new"
	chmod 755 "$T/bundle/scripts/new"
	cat >"$T/bundle/functions.d/new.conf" <<-'END'
		functions = ( { name = "new"; file = "/etc/rolegate/scripts/new"; } );
	END
	_sign 2
	run rolegatectl bundle install "$T/bundle" --trust-key "$T/release.pub"
	status_is 0
	rm "$T/bundle/scripts/new"
	_sign 3
	_unchanged rolegatectl bundle install "$T/bundle"
	status_is 2
	err_has 'functions.d/new.conf:1: .*/etc/rolegate/scripts/new: No such file'
}

# Killed while the gateway loads it: it is there, whole, and the next run finishes it.
an_install_that_is_killed_is_finished_by_the_next_run() {
	_make_bundle
	local before=$(_files /etc/rolegate)
	kill -STOP "$(gateway_pid)"
	rolegatectl bundle install "$T/bundle" --trust-key "$T/release.pub" >/dev/null 2>&1 &
	local pid=$!
	wait_for test -e /etc/rolegate/version || fail "it was not installed"
	kill -KILL $pid
	wait $pid 2>/dev/null
	kill -CONT "$(gateway_pid)"
	[[ $(_files /etc/rolegate.staging) == "$before" ]] || fail "the former one is not whole"
	run rolegatectl bundle rollback
	status_is 0
	err_has 'an install that was interrupted had taken effect; it was finished'
	[[ $(_files /etc/rolegate) == "$before" ]] || fail "the former one is not back"
	[[ ! -e /etc/rolegate.staging ]] || fail "leftovers"
	gate dana -- /etc/rolegate/scripts/bundled hello
	refused not-permitted
}

what_the_host_added_is_named_before_it_goes() {
	_make_bundle
	echo 'description = "Written here";' >/etc/rolegate/roles.d/local.role
	run rolegatectl bundle install "$T/bundle" --trust-key "$T/release.pub"
	status_is 0
	err_has 'roles.d/local.role is not in the bundle: it goes with the former configuration'
	[[ -e /etc/rolegate.previous/roles.d/local.role ]] || fail "it is lost"
	echo '# by hand' >>/etc/rolegate/roles.d/operator.role
	run rolegatectl bundle list
	out_has 'changed since: roles.d/operator.role: its SHA-256'
}
