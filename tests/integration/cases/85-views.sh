# Views of the file system, from a profile to what a program finds.

make_area() {
	rm -rf /srv/area /srv/other /srv/secret
	mkdir -p /srv/area /srv/other /srv/secret
	echo page >/srv/area/page
	echo rules >/srv/area/.htaccess
	echo other >/srv/other/file
	echo secret >/srv/secret/key
	chown -R svc-ops: /srv/area /srv/other
}

R37_a_program_writes_in_its_area_alone() {
	make_area
	touch /tmp/of-the-system
	gate dana -- area write
	rm /tmp/of-the-system
	out_is $'new\nx'
	err_has 'cannot create /srv/other/file: Read-only file system'
	err_has '/srv/secret/key: Permission denied'
	err_has '/proc/1.: No such file or directory'
	[[ $(</srv/other/file) == other && $(</srv/area/new) == new && ! -e /tmp/mine ]] ||
		fail "something else was written"
}

R37_protected_names_are_not_written() {
	make_area
	gate dana -- area edit
	out_is edited
	err_has 'cannot create /srv/area/.htaccess: Read-only file system'
	err_has 'cannot create /srv/area/.new: Read-only file system'
	[[ $(</srv/area/.htaccess) == rules && ! -e /srv/area/.new ]] || fail "it was written"
}

R37_a_program_sees_and_starts_what_is_listed() {
	make_area
	run as dana sh -c "$rolegate -- area read 2>&1 | cat"
	out_has '^/srv:$'
	out_has '^area$'
	out_has '^page$'
	out_lacks 'other|secret|uid='
	out_has "'/home': No such file or directory"
	out_has 'id: Permission denied'
	out_has 'failed to map segment'
	out_has 'cannot create /srv/area/page: Read-only file system'
}

R37_a_callers_file_is_no_way_round() {
	make_area
	run as dana sh -c "$rolegate -- area copy </srv/area/page | cat"
	err_has 'could be executed past the profile.s list.*blocked-by-profile'
	run as dana sh -c "cat /srv/area/page | $rolegate -- area copy 2>&1 | cat"
	out_is page
	run as dana sh -c "$rolegate -- area dump </srv/other/file"
	status_is 126
	err_has 'rules about files would not hold.*blocked-by-profile'
	run as dana sh -c "$rolegate -- area dump </etc/hostname"
	status_is 0
}

# A function's text is a sealed file without a name: no mount of a view has it, and none needs to.
R26_a_functions_text_runs_where_writing_is_limited() {
	changes_files
	mkdir -p /srv/area
	sed -i '/name = "tell descriptors"/s/profile = "unrestricted"/profile = "area-writer"/' \
		/etc/rolegate/functions.d/results.conf
	reload || fail "$(<"$T/reload")"
	gate dana -e results -- tell descriptors
	status_is 0
	out_has 'success: by path'
}
