# With a terminal: the gateway's own pty, the prompt, signals, window size, hang-up.

prompt_runs_commands_over_ssh() {
	pty ssh -tt dana@jump <<-'END'
		expect [>$] ?
		send whoami\r
		expect uid=\d+\(svc-ops\)
		expect [>$] ?
		send pick delta\r
		expect value-not-allowed
		expect [>$] ?
		send help\r
		expect [>$] ?
		send commands\r
		expect read-log
		expect [>$] ?
		send exit\r
		status 0
	END
}

prompt_refuses_shell_syntax() {
	pty ssh -tt dana@jump <<-'END'
		expect operations> 
		send whoami; id\r
		expect column|syntax
		expect operations> 
		send $(id)\r
		expect column|syntax
		expect operations> 
		send \x04
		status 126
	END
}

prompt_completes_with_tab() {
	pty ssh -tt dana@jump <<-'END'
		expect [>$] ?
		send pi\t
		expect ck 
		send al\t
		expect pha
		send \r
		expect alpha\r\n
		expect [>$] ?
		send exit\r
		status 0
	END
}

command_with_a_terminal_gets_the_gateways_own() {
	pty ssh -tt dana@jump show terminal <<-'END'
		expect /dev/pts/\d+
		expect 24 80
		expect pts/\d+
		status 0
	END
}

R15_program_cannot_type_into_the_callers_terminal() {
	pty "$TESTS/as" dana bash --norc --noprofile -i <<-'END'
		send PS1=ready:; stty -echo\r
		expect ready:
		send /opt/rolegate/bin/rolegate -- type into terminal\r
		expect stdin: (.*)
		expect ready:
		never touched: command not found|touched
		send exit\r
		status 0
	END
	grep -q touched /run/jump-host/case/pty && fail "typed"
	return 0
}

R15_terminal_in_disguise_is_not_handed_on() {
	run as dana /usr/bin/python3 "$TESTS/wire.py" null_discipline
	status_is 0
}

R15_program_with_pipes_has_no_terminal() {
	local out
	out=$(as dana "$rolegate" -- type into terminal </dev/null 2>&1)
	! grep -q typed <<<"$out" || fail "$out"
}

window_size_follows() {
	pty "$TESTS/as" dana "$rolegate" -- sleep 1 <<-'END'
		size 50 120
		status 0
	END
	pty ssh -tt dana@jump <<-'END'
		expect [>$] ?
		size 33 111
		sleep 0.3
		send show terminal\r
		expect 33 111
		expect [>$] ?
		send exit\r
		status 0
	END
}

interrupt_reaches_the_program() {
	pty "$TESTS/as" dana "$rolegate" -- sleep 500 <<-'END'
		sleep 0.5
		send \x03
		status 130
	END
	no_process_of svc-ops
	pty ssh -tt dana@jump sleep 500 <<-'END'
		sleep 0.7
		send \x03
		status 130
	END
	no_process_of svc-ops
}

quit_reaches_the_program() {
	pty "$TESTS/as" dana "$rolegate" -- sleep 500 <<-'END'
		sleep 0.5
		send \x1c
		status 131
	END
	no_process_of svc-ops
}

end_of_input_reaches_the_program() {
	pty "$TESTS/as" dana "$rolegate" -- copy <<-'END'
		sleep 0.3
		send hello\r
		expect hello
		expect hello
		send \x04
		status 0
	END
}

stop_and_continue() {
	pty "$TESTS/as" dana bash --norc --noprofile -i <<-'END'
		send PS1=ready:\r
		expect ready:.*ready:|ready:
		send /opt/rolegate/bin/rolegate -- copy\r
		sleep 0.5
		send \x1a
		expect Stopped
		send fg\r
		sleep 0.3
		send again\r
		expect again
		send \x04
		sleep 0.3
		send echo s=$?\r
		expect s=0
		send exit\r
		status 0
	END
	no_process_of svc-ops
}

stop_at_the_prompt() {
	pty ssh -tt dana@jump <<-'END'
		expect [>$] ?
		send copy\r
		sleep 0.5
		send \x1a
		expect [>$] ?
		send fg\r
		sleep 0.3
		send again\r
		expect again
		send \x04
		expect [>$] ?
		send exit\r
		status 0
	END
	no_process_of svc-ops
}

hang_up_ends_the_program() {
	pty "$TESTS/as" dana "$rolegate" -- spread <<-'END'
		expect started
		hangup
	END
	no_process_of svc-ops
	pty ssh -tt dana@jump spread <<-'END'
		expect started
		hangup
	END
	no_process_of svc-ops
}

R16_killed_client_of_a_terminal_leaves_nothing() {
	pty "$TESTS/as" dana bash -c '/opt/rolegate/bin/rolegate -- spread & p=$!; sleep 1; kill -9 $p; wait $p; echo gone' <<-'END'
		expect gone
	END
	no_process_of svc-ops
}

terminal_is_restored_after_a_kill() {
	pty "$TESTS/as" dana bash --norc --noprofile -i <<-'END'
		send PS1=ready:\r
		expect ready:
		send /opt/rolegate/bin/rolegate -- die 9\r
		sleep 0.5
		send stty -a | grep -o ' icanon'\r
		expect [\r\n] icanon
		send exit\r
		status 0
	END
}

output_of_a_terminal_program_is_complete() {
	pty "$TESTS/as" dana "$rolegate" -- say start aaa bbb finish <<-'END'
		expect start
		expect finish
		status 0
	END
}

job_in_a_pipe_with_a_terminal() {
	pty "$TESTS/as" dana bash -c 'echo through | /opt/rolegate/bin/rolegate -- copy | sed s/through/passed/' <<-'END'
		expect passed
		status 0
	END
}
