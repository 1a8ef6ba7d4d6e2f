#!/usr/bin/env python3
"""`a | b | c` at the prompt and from standard input, against a FAKE gateway."""

import os
import signal
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
import fake_gateway  # noqa: E402
from shell_case import Case, Gateway  # noqa: E402


class Input(Case):
    """Lines of standard input."""

    def test_data_goes_through(self):
        done = self.shell(input="echo one two | tr a-z A-Z | cat\n")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "ONE TWO\n", ""))

    def test_binary_data_is_left_alone(self):
        done = self.shell(input="sh -c 'head -c 3000000 /dev/zero' | cat | wc -c\n")
        self.assertEqual((done.returncode, done.stdout), (0, "3000000\n"))

    def test_R1_a_quoted_pipe_is_data(self):
        done = self.shell(input="echo 'a | b' \"|\" \\| c\n")
        self.assertEqual((done.returncode, done.stdout), (0, "a | b | | c\n"))

    def test_the_status_is_the_last_ones(self):
        done = self.shell(input="sh -c 'echo x; exit 3' | cat\n")
        self.assertEqual((done.returncode, done.stdout), (0, "x\n"))
        self.assertEqual(done.stderr, "rolegate: line 1: exit statuses of the pipeline: 3 | 0\n")
        done = self.shell(input="echo x | sh -c 'exit 4'\n")
        self.assertEqual((done.returncode, done.stderr), (4, ""))

    def test_a_reader_that_has_had_enough_ends_the_writer(self):
        done = self.shell(input="yes | head -n 2\n")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "y\ny\n", ""))

    def test_nothing_runs_if_one_is_refused(self):
        mark = self.home.name + "/mark"
        for line, stage in (("sh -c 'touch %s' | nope", 2), ("nope | sh -c 'touch %s'", 1),
                            ("echo x | sh -c 'touch %s' | nope x", 3)):
            done = self.shell(input="\n" + line % mark + "\n")
            self.assertEqual((done.returncode, done.stdout), (126, ""), line)
            self.assertEqual(done.stderr, 'rolegate: line 2: stage %d: "nope" is not permitted; nothing of '
                             "the pipeline was run (not-permitted, request %s)\n" %
                             (stage, fake_gateway.REQUEST))
            self.assertFalse(os.path.exists(mark))

    def test_one_that_is_refused_late_leaves_no_data(self):
        """It passed the dry run and is refused when it is to start: what reads from it has read nothing."""
        mark = self.home.name + "/mark"
        done = self.shell(input="late | sh -c 'cat > %s.data; touch %s'\n" % (mark, mark))
        self.assertEqual((done.returncode, done.stdout), (126, ""))
        self.assertIn("line 1: stage 1: ", done.stderr)
        self.assertIn("stage 1 did not start; those after it were ended before any data", done.stderr)
        # It may have been ended before it had opened its file.
        self.assertFalse(os.path.exists(mark + ".data") and os.path.getsize(mark + ".data"))
        self.assertFalse(os.path.exists(mark))

    def test_one_that_is_refused_late_is_no_end_of_data(self):
        """What reads from it and will not end sees the pipe's end only once the gateway has killed it."""
        mark = self.home.name + "/mark"
        done = self.shell(input="late | sh -c 'trap \"\" TERM; cat; touch %s'\necho next\n" % mark)
        self.assertEqual((done.returncode, done.stdout), (0, "next\n"))
        self.assertIn("stage 1 did not start; those after it were ended before any data", done.stderr)
        self.assertFalse(os.path.exists(mark))

    def test_only_there(self):
        """R1: a line from sshd or after -c is one command, whatever is typed elsewhere."""
        done = self.shell("-c", "echo a | cat")
        self.assertEqual((done.returncode, done.stdout), (126, ""))
        self.assertIn("(syntax, request ", done.stderr)
        self.assertIn("; a pipeline is for the prompt, or for standard input (syntax", done.stderr)
        self.assertNotIn("a pipeline", self.shell("-c", "echo a || cat").stderr)
        done = self.shell(env=dict(self.environment, SSH_ORIGINAL_COMMAND="echo a | cat"))
        self.assertEqual((done.returncode, done.stdout), (126, ""))

    def test_syntax_is_refused_with_its_place(self):
        for line, column in (("echo a | cat; id", 13), ("echo a ||  cat", 9), ("echo a |", 8), ("| cat", 1)):
            done = self.shell(input=line + "\n")
            self.assertEqual((done.returncode, done.stdout), (126, ""), line)
            self.assertRegex(done.stderr, r"^rolegate: line 1: column %d: .* \(syntax, request %s\)\n$" %
                             (column, fake_gateway.REQUEST))

    def test_lines_of_another_system(self):
        done = self.shell("-e", self.home.name + "/missing.sock", "-c", "echo a\r")
        self.assertEqual((done.returncode, done.stdout), (126, ""))
        self.assertIn("column 7: a carriage return can't stand in a line", done.stderr)

    def test_lines_after_it_go_on(self):
        done = self.shell(input="echo a | cat\necho b\necho c | cat\n")
        self.assertEqual((done.returncode, done.stdout), (0, "a\nb\nc\n"))

    def test_comments(self):
        done = self.shell(input="#!/usr/bin/rolegate-shell\n# a | b; $(c)\n  # more\necho a\n")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "a\n", ""))
        # One after a command is refused, as it always was.
        self.assertEqual(self.shell(input="echo a # b\n").returncode, 126)
        self.assertEqual(self.shell("-c", "# a").returncode, 126)

    def test_stop_at_the_first_failure(self):
        script = "echo a\nsh -c 'exit 5'\necho b\n"
        self.assertEqual(self.shell(input=script).stdout, "a\nb\n")
        for arguments, text in ((("-E",), script), (("--stop-on-error",), script), ((), "set -e\n" + script),
                                (("-E",), "set +e\nset -e\n" + script)):
            done = self.shell(*arguments, input=text)
            self.assertEqual((done.returncode, done.stdout), (5, "a\n"), text)
        self.assertEqual(self.shell("-E", input="set +e\n" + script).stdout, "a\nb\n")
        done = self.shell("-E", input="echo a | nope\necho b\n")
        self.assertEqual((done.returncode, done.stdout), (126, ""))

    def test_stop_at_the_first_failure_by_a_bare_e(self):
        """`-e NAME` is the endpoint; a last -e, with nothing after it, is the shell's own."""
        script = "echo a | cat\nsh -c 'exit 5'\necho b\n"
        done = self.shell("-e", input=script)
        self.assertEqual((done.returncode, done.stdout), (5, "a\n"))
        self.assertEqual(self.shell("-E", "-e", input=script).returncode, 5)
        self.assertEqual(self.shell("-e", input="set +e\n" + script).stdout, "a\nb\n")
        # One could be an endpoint that somebody forgot.
        done = self.shell("-c", "echo a", "-e")
        self.assertEqual((done.returncode, done.stdout), (125, ""))
        self.assertIn("-e without an endpoint's name is for lines of standard input", done.stderr)
        self.assertEqual(self.shell("-e", env=dict(self.environment, SSH_ORIGINAL_COMMAND="echo a")).stdout, "")
        for arguments in (["-c"], ["--endpoint"], ["--act-as"]):
            self.assertIn("a value is missing after " + arguments[0], self.shell(*arguments).stderr)
        self.assertIn("there is no option -x", self.shell("-x").stderr)
        self.assertIn("a last -e", self.shell("--help").stdout)

    def test_where_a_script_fails(self):
        """The status is that of the line that failed, whatever it was."""
        for line, status in (("sh -c 'exit 3' | cat", 0), ("echo x | sh -c 'exit 4'", 4), ("echo x | nope", 126),
                             ("nope", 126), ("why", 126), ("fg", 126), ("echo a; b", 126), ("echo 'a", 126),
                             ("sh -c 'kill -9 $$'", 137), ("echo x | sh -c 'kill -9 $$'", 137),
                             ("help nope", 0), ("commands", 0), ("vanish", 125), ("echo x | vanish", 126),
                             ("late | cat", 126), ("set -x", 126), ("set -e", 0)):
            done = self.shell("-E", input="echo a\n" + line + "\necho b\n")
            lines = done.stdout.splitlines()
            self.assertEqual(done.returncode, status, line)
            self.assertEqual((lines[0], lines[-1] == "b"), ("a", status == 0), line)
            if status == 126:
                self.assertIn("rolegate: line 2: ", done.stderr, line)

    def test_no_gateway_for_the_other_sessions(self):
        done = self.shell("-e", self.home.name + "/missing", input="echo a | cat\n")
        self.assertEqual((done.returncode, done.stdout), (125, ""))


class Forbidden(Case):
    catalogue = {"pipelines": False}

    def test_the_endpoint_forbids_it(self):
        done = self.shell(input="echo a | cat\n")
        self.assertEqual((done.returncode, done.stdout), (126, ""))
        self.assertEqual(done.stderr, "rolegate: line 1: FAKE: refused (syntax, request %s)\n" %
                         fake_gateway.REQUEST)

    def test_at_the_prompt_too(self):
        terminal = self.prompt()
        terminal.type("echo a | cat\n")
        terminal.expect("(syntax, request ")
        terminal.expect("[126 refused] ")


class Prompt(Case):
    def leave(self, terminal, status=0):
        terminal.expect("fake> ")
        terminal.type("exit\n")
        self.assertEqual(terminal.finish(), status)

    def test_data_goes_through(self):
        terminal = self.prompt()
        terminal.type("echo one two | tr a-z A-Z\n")
        terminal.expect("\r\nONE TWO\r\n")
        self.leave(terminal)

    def test_refused(self):
        terminal = self.prompt()
        terminal.type("echo x | journalctll | cat\n")
        terminal.expect('stage 2: "journalctll" is not permitted; nothing of the pipeline was\r\n  run (not-p')
        terminal.expect("did you mean: journalctl\r\n")
        terminal.expect("[126 refused] ")
        terminal.type("why\n")
        terminal.expect("  journalctll\r\nwas refused (not-permitted)")
        self.leave(terminal)

    def test_interrupt_reaches_all(self):
        terminal = self.prompt()
        terminal.type("sleep 100 | sleep 101 | sleep 102\n")
        time.sleep(1)
        terminal.type("\x03")
        terminal.expect("[130 INT] ")
        terminal.type("echo alive | cat\n")
        terminal.expect("\r\nalive\r\n")
        self.leave(terminal)

    def test_stop_and_resume_all(self):
        terminal = self.prompt()
        terminal.type("sh -c 'sleep 2; echo slow' | cat\n")
        time.sleep(1)
        terminal.type("\x1a")
        terminal.expect("Stopped: sh -c 'sleep 2; echo slow' | cat")
        terminal.expect("[148 TSTP] ")
        terminal.expect("fake> ")
        terminal.type("echo other\n")
        terminal.expect("a stopped command keeps the session")
        terminal.expect("fake> ")
        terminal.type("fg\n")
        terminal.expect("\r\nslow\r\n")
        self.leave(terminal)

    def test_kill_all(self):
        terminal = self.prompt()
        self.stop_and_kill(terminal, "sleep 100 | sleep 101\n")
        terminal.type("echo alive\n")
        terminal.expect("\r\nalive\r\n")
        self.leave(terminal)

    def test_the_keyboard_is_nobodys(self):
        terminal = self.prompt()
        terminal.type("cat | wc -c\n")
        terminal.expect("\r\n0\r\n")
        self.leave(terminal)

    def test_hang_up_ends_all(self):
        terminal = self.prompt()
        terminal.type("sleep 103 | sleep 104\n")
        time.sleep(1)
        os.kill(terminal.pid, signal.SIGHUP)
        self.assertEqual(terminal.finish(), 129)
        time.sleep(0.5)
        left = [name for name in os.listdir("/proc") if name.isdigit() and is_sleeping(name)]
        self.assertEqual(left, [])

    def test_tab_after_a_pipe(self):
        terminal = self.prompt()
        terminal.type("echo nginx.service | tr a-z A-Z | journ\t --unit ng\t\n")
        terminal.expect("\r\njournalctl --unit nginx.service\r\n")
        self.leave(terminal)

    def test_the_gateway_goes(self):
        gateway = Gateway()
        terminal = self.terminal(gateway.path)
        terminal.expect("fake> ")
        terminal.type("sleep 100 | sleep 100\n")
        time.sleep(1)
        gateway.stop()
        terminal.expect("stage 2: the gateway closed the connection before the command had ended")
        self.assertEqual(terminal.finish(), 125)


class OwnLinesTest(Case):
    """Somebody who may "set banner"."""

    catalogue = {"commands": fake_gateway.CATALOGUE["commands"] + [
        {"name": "set banner", "enabled": True, "parameters": []}]}

    def test_what_a_script_says_to_the_shell_itself(self):
        """A "set -e" that is not taken would let run what is not to run: it is, whatever else begins with "set"."""
        script = "sh -c 'exit 5'\necho b\n"
        for line in ("set -e", " set  -e ", "'set' -e"):
            done = self.shell(input="%s\n%s" % (line, script))
            self.assertEqual((done.returncode, done.stdout), (5, ""), line)
        for line in ("set -eu", "set -euo pipefail", "set -x", "set -e x"):
            done = self.shell(input="echo a\n%s\n%s" % (line, script))
            self.assertEqual((done.returncode, done.stdout), (126, "a\n"), line)
            self.assertIn('rolegate: line 2: set: "set -e" and "set +e" are all', done.stderr)
        # The status is that of the line before it, as a shell's would be.
        for line in ("exit", " exit "):
            done = self.shell(input="echo a\nsh -c 'exit 5'\n%s\necho b\n" % line)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (5, "a\n", ""), line)
        self.assertEqual(self.shell(input="exit 3\necho b\n").stdout, "b\n")


def is_sleeping(pid):
    try:
        with open("/proc/%s/cmdline" % pid, "rb") as file:
            return file.read() in (b"sleep\x00103\x00", b"sleep\x00104\x00")
    except OSError:
        return False


if __name__ == "__main__":
    unittest.main(verbosity=2)
