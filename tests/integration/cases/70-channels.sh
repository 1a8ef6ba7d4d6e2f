# R41: every other channel of sshd is shut, for the login shell and for ForceCommand.


R41_scp_is_refused() {
	local name
	for name in dana frank; do
		run scp -O $name@jump:/etc/passwd "$T/copy"
		((status != 0)) || fail "$name: scp -O worked"
		run scp -s $name@jump:/etc/passwd "$T/copy"
		((status != 0)) || fail "$name: scp -s worked"
		run scp -O /etc/passwd $name@jump:/tmp/rolegate-copy
		((status != 0)) || fail "$name: scp to the host worked"
		[[ ! -e $T/copy && ! -e /tmp/rolegate-copy ]] || fail "$name: a file came"
	done
}

R41_sftp_is_refused() {
	local name
	for name in dana frank; do
		run bash -c "echo ls | sftp -b - $name@jump"
		((status != 0)) || fail "$name: sftp worked"
		out_lacks 'bin'
	done
	run ssh -s dana@jump sftp
	status_is 126
}

R41_rsync_is_refused() {
	command -v rsync >/dev/null || skip "rsync is not installed"
	local name
	for name in dana frank; do
		run rsync -e ssh $name@jump:/etc/passwd "$T/copy"
		((status != 0)) || fail "$name: rsync worked"
		[[ ! -e $T/copy ]] || fail "$name: a file came"
	done
}

R41_refusals_have_a_sentence() {
	run ssh dana@jump scp -f /etc/passwd
	status_is 126
	err_has '^rolegate'
	run ssh dana@jump /usr/lib/openssh/sftp-server
	status_is 126
	err_has '^rolegate'
	run ssh dana@jump rsync --server --sender . /etc
	status_is 126
	err_has '^rolegate'
	run ssh dana@jump "sh -c id"
	status_is 126
	err_has '^rolegate'
}

R41_local_forwarding_is_refused() {
	local name
	for name in dana frank; do
		run timeout 10 ssh -W 127.0.0.1:22 $name@jump
		((status != 0)) || fail "$name: -W worked"
		out_lacks 'SSH-2.0'
		# It waits for its own input even where it was refused.
		run timeout 2 ssh -W /run/rolegate/operations.sock $name@jump
		((status != 0)) || fail "$name: -W to a socket worked"
	done
}

R41_socks_forwarding_is_refused() {
	ssh -N -D 127.0.0.1:1080 dana@jump 2>"$T/ssh" &
	local pid=$!
	sleep 0.7
	run timeout 5 python3 - <<-'END'
		import socket
		s = socket.create_connection(('127.0.0.1', 1080), 2)
		s.sendall(b'\5\1\0')
		s.recv(2)
		s.sendall(b'\5\1\0\1\x7f\0\0\1\0\x16')
		s.settimeout(2)
		print(s.recv(10), s.recv(100))
	END
	kill $pid
	wait $pid 2>/dev/null
	out_lacks 'SSH-2.0'
}

R41_remote_forwarding_is_refused() {
	local name
	for name in dana frank; do
		run timeout 10 ssh -o ExitOnForwardFailure=yes -R 127.0.0.1:9999:127.0.0.1:22 $name@jump exit 0
		((status == 255)) || fail "$name: -R worked"
	done
}

R41_agent_and_x11_are_refused() {
	eval "$(ssh-agent -s)" >/dev/null
	run ssh -A dana@jump show env
	kill "$SSH_AGENT_PID"
	status_is 0
	out_lacks SSH_AUTH_SOCK
	run env DISPLAY=:9 ssh -Y dana@jump show env
	status_is 0
	out_lacks DISPLAY
	run env DISPLAY=:9 ssh -v -o LogLevel=DEBUG1 -Y dana@jump exit 0
	[[ ! -e /home/dana/.Xauthority ]] || fail "X11 forwarding was set up"
}

R41_tunnels_are_refused() {
	run timeout 10 ssh -o ExitOnForwardFailure=yes -w any dana@jump exit 0
	((status != 0)) || [[ $err == *unnel* ]] || fail "-w worked"
}

R41_user_files_do_not_run() {
	local name
	for name in dana frank; do
		mkdir -p /home/$name/.ssh
		echo 'echo rc-ran >&2; touch /tmp/rolegate-rc-ran' >/home/$name/.ssh/rc
		echo 'LD_PRELOAD=/tmp/x.so' >/home/$name/.ssh/environment
		chown -R $name: /home/$name/.ssh
		run ssh $name@jump show env
		rm -rf /home/$name/.ssh
		status_is 0
		[[ ! -e /tmp/rolegate-rc-ran ]] || {
			rm /tmp/rolegate-rc-ran
			fail "$name: rc ran"
		}
		out_lacks LD_PRELOAD
	done
}
