# Screens of a real terminal (tmux, on a socket of its own), compared with golden text.

_tmux() {
	command -v tmux >/dev/null || skip "tmux is not installed"
	tmux -L "$prompt_server" -f /dev/null "$@"
}

# _screen ENDPOINT [NAME=VALUE …]: dana's prompt there, in 24 lines of 80 columns.
_screen() {
	prompt_server=rolegate-$$-$RANDOM # one that has just ended takes no new one
	local endpoint=$1
	shift
	rm -rf /home/dana/.local
	_tmux new-session -d -x 80 -y 24 "$TESTS/as" dana env TERM=screen-256color HOME=/home/dana "$@" \
		/opt/rolegate/bin/rolegate-shell -e "$endpoint" || fail "no terminal"
	trap '_tmux kill-server 2>/dev/null' EXIT
	_until "^dana@jump $endpoint> *$"
}

# _paste TEXT [OPTION]: "-p" marks it as pasted, if the program wants that.
_paste() {
	printf '%s' "$1" | _tmux load-buffer -
	shift
	_tmux paste-buffer "$@"
}

# What is on the screen, with the terminal's own line breaks undone, without request ids and without
# empty lines at its end.
_capture() {
	_tmux capture-pane -p -J "$@" |
		sed -E -e 's/[0-9a-f]{32}/REQUEST/g' -e 's/ +$//' | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}'
}

# The last line of the screen is this, soon.
_until() {
	local tries
	for tries in {1..80}; do
		_capture | tail -n 1 | grep -qE -- "$1" && return 0
		sleep 0.1
	done
	out=$(_capture)
	fail "the screen does not end with: $1"
}

# _type KEY …: as tmux names them.
_type() {
	_tmux send-keys "$@"
}

# _enter LINE [LAST-LINE]: and waits for the next prompt.
_enter() {
	_tmux clear-history
	_type C-l
	_type -l "$1"
	_type Enter
	sleep 0.3
	_until "${2:-> *$}"
}

# The screen is what stands on stdin.
_screen_is() {
	out=$(_capture)
	diff -u --label expected --label screen - <(printf '%s\n' "$out") || fail "another screen"
}
