#!/usr/bin/env python3
"""rolegate-shell and rolegate as programs, on a pty and off it, against a FAKE gateway."""

import os
import signal
import stat
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
import fake_gateway  # noqa: E402
from shell_case import CLIENT, SHELL, Case  # noqa: E402


class Lines(Case):
    def test_a_line_and_its_status(self):
        done = self.shell("-c", "sh -c 'echo out; exit 7'")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (7, "out\n", ""))

    def test_what_ssh_was_asked_to_run(self):
        environment = dict(self.environment, SSH_ORIGINAL_COMMAND="echo 'a  b'")
        self.assertEqual(self.shell(env=environment).stdout, "a  b\n")

    def test_force_command_of_a_login_shell(self):
        """sshd starts it as `rolegate-shell -c "rolegate-shell -e NAME"`."""
        line = "/usr/bin/rolegate-shell -e " + self.gateway.path
        done = subprocess.run([SHELL, "-c", line], text=True, capture_output=True, timeout=20,
                              env=dict(self.environment, SSH_ORIGINAL_COMMAND="echo once"))
        self.assertEqual((done.returncode, done.stdout), (0, "once\n"))
        # Only the command line of sshd is for us, never what the person asked for.
        done = self.shell(env=dict(self.environment,
                                   SSH_ORIGINAL_COMMAND="rolegate-shell -c 'echo x'"))
        self.assertEqual(done.returncode, 126)

    def test_lines_of_standard_input(self):
        done = self.shell(input="echo one\n\n   \ncat\nnope\nsh -c 'exit 3'\n")
        self.assertEqual((done.returncode, done.stdout), (3, "one\n"))
        self.assertIn("(not-permitted, request ", done.stderr)
        self.assertEqual(self.shell(input="").returncode, 0)
        self.assertEqual(self.shell(input="echo no line end").stdout, "no line end\n")

    def test_lines_stop_when_the_gateway_is_gone(self):
        done = self.shell(input="vanish\necho two\n")
        self.assertEqual((done.returncode, done.stdout), (125, ""))

    def test_R2_bytes_that_no_line_may_hold(self):
        for byte in list(range(1, 32)) + [127]:
            done = self.shell("-c", "echo a" + chr(byte) + "b")
            self.assertEqual((done.returncode, done.stdout), (126, ""), byte)
            self.assertIn("(syntax, request ", done.stderr)

    def test_R1_shell_syntax_is_refused_and_told_to_the_gateway(self):
        for line in ("echo a; id", "echo $(id)", "a | b", "X=1 echo"):
            done = self.shell("-c", line)
            self.assertEqual((done.returncode, done.stdout), (126, ""), line)
            advice = "; a pipeline is for the prompt, or for standard input" if "|" in line else ""
            self.assertEqual(done.stderr, "rolegate: FAKE: refused%s (syntax, request %s)\n" %
                             (advice, fake_gateway.REQUEST))

    def test_R1_shell_syntax_is_refused_without_a_gateway(self):
        missing = self.home.name + "/missing.sock"
        for line, column in (("echo a; id", 7), ("echo $(id)", 6), ("a | b", 3)):
            done = self.shell("-e", missing, "-c", line)
            self.assertEqual((done.returncode, done.stdout), (126, ""), line)
            self.assertRegex(done.stderr, r"\nrolegate: column %d: .* \(syntax\)\n$" % column)

    def test_limits(self):
        for line in ("echo " + "w " * 1100, "echo " + "w" * 70000):
            done = self.shell(input=line + "\n")
            self.assertEqual((done.returncode, done.stdout), (126, ""))
            self.assertIn("(limit, request ", done.stderr)

    def test_those_who_expect_a_shell_are_told(self):
        for line, text in (("scp -t /tmp", "file transfer"), ("internal-sftp", "file transfer"),
                           ("/usr/lib/openssh/sftp-server", "file transfer"),
                           ("rsync --server . x", "file transfer"), ("scp -f *.log", "file transfer"),
                           ("bash -c 'cd /tmp && ls'", "no shell"), ("sudo ls", "sudo"),
                           ("git-upload-pack 'x.git'", "repositories")):
            done = self.shell("-c", line)
            self.assertEqual(done.returncode, 126, line)
            self.assertIn(text, done.stderr, line)

    def test_usage(self):
        for arguments in (["word"], ["-x"], ["-c"]):
            self.assertEqual(self.shell(*arguments).returncode, 125)
        self.assertIn("usage: ", self.shell("--help").stdout)
        self.assertEqual(self.shell("-e", "../x", "-c", "echo").returncode, 125)

    def test_R11_an_empty_argv_is_refused(self):
        # The kernel makes of it one word that is empty.
        for program in (SHELL, CLIENT):
            done = subprocess.run(["bash", "-c", 'exec -a "" "$0"', program], text=True, timeout=20,
                                  capture_output=True, env=self.environment)
            self.assertEqual((done.returncode, done.stdout), (125, ""))
            self.assertIn("empty argv", done.stderr)

    def test_closed_streams(self):
        done = subprocess.run(["/bin/sh", "-c", '"$1" -e "$2" -c "cat" <&- >&- 2>&-', "sh", SHELL,
                               self.gateway.path], env=self.environment, timeout=20)
        self.assertEqual(done.returncode, 0)


class Client(Case):
    def client(self, *arguments, **options):
        return subprocess.run([CLIENT, "-e", self.gateway.path, *arguments], text=True, timeout=20,
                              capture_output=True, env=self.environment, **options)

    def test_words_are_not_parsed(self):
        self.assertEqual(self.client("--", "echo", "a; b  'c'").stdout, "a; b  'c'\n")
        self.assertEqual(self.client("echo", "-n", "--json", "-l").stdout, "--json -l")

    def test_streams_are_the_programs(self):
        self.assertEqual(self.client("cat", input="in\n").stdout, "in\n")
        self.assertEqual(self.client("sh", "-c", "echo e >&2; kill -9 $$").returncode, 137)

    def test_a_closed_pipe_is_141(self):
        line = 'yes | "$1" -e "$2" cat | head -1 >/dev/null; echo "${PIPESTATUS[1]}"'
        done = subprocess.run(["bash", "-c", line, "sh", CLIENT, self.gateway.path], text=True,
                              capture_output=True, env=self.environment, timeout=20,
                              preexec_fn=lambda: signal.signal(signal.SIGPIPE, signal.SIG_DFL))
        self.assertIn(done.stdout, ("141\n", "1\n"))  # cat's own choice, if SIGPIPE is ignored

    def test_usage(self):
        for arguments in ([], ["-l", "x"], ["--describe"], ["--describe", "--dry-run", "x"], ["-z"],
                          ["-u", "a", "-l"]):
            done = self.client(*arguments)
            self.assertEqual((done.returncode, done.stdout), (125, ""), arguments)
        self.assertEqual(self.client("--version").returncode, 0)

    def test_list_and_describe(self):
        self.assertIn('"commands":', self.client("-l", "--json").stdout)
        self.assertEqual(self.client("--describe", "systemctl", "restart").stdout,
                         "systemctl  restart\n    described\n")


class Prompt(Case):
    def leave(self, terminal, status=0):
        """From a prompt that was not yet waited for: while a command runs, typing is its input."""
        terminal.expect("fake> ")
        terminal.type("exit\n")
        self.assertEqual(terminal.finish(), status)

    def test_help_and_commands(self):
        terminal = self.prompt()
        terminal.type("help\n")
        terminal.expect("help COMMAND")
        terminal.expect("fake> ")
        terminal.type("commands\n")
        terminal.expect("systemctl restart  Restart a unit of the web tier")
        terminal.expect("fake> ")
        terminal.type("help systemctl restart\n")
        terminal.expect("    described")
        self.leave(terminal)

    def test_statuses_show_in_the_prompt(self):
        terminal = self.prompt()
        terminal.type("sh -c 'exit 9'\n")
        terminal.expect("[9] ")
        terminal.expect("fake> ")
        terminal.type("nope\n")
        terminal.expect("(not-permitted, request ")
        terminal.expect("[126 refused] ")
        terminal.expect("fake> ")
        terminal.type("echo a; b\n")
        terminal.expect("  echo a; b\r\n        ^\r\n")
        terminal.expect("(syntax, request ")
        terminal.type("\n")
        terminal.expect("[126 refused] ")
        self.leave(terminal, 126)

    def test_tab(self):
        terminal = self.prompt()
        terminal.type("syst\tr\tn\t\n")
        terminal.expect("\nsystemctl restart nginx.service\r\n")
        terminal.expect("fake> ")
        terminal.type("journalctl --out\tw\tb\t\n")
        terminal.expect("journalctl --output with blank\r\n")
        terminal.expect("fake> ")
        terminal.type("journalctl --unit \t")
        terminal.expect("nginx.service       php8.2-fpm.service")
        terminal.type("\x03")
        terminal.expect("[130 INT] ")
        self.leave(terminal, 130)

    def test_interrupt_clears_the_line(self):
        terminal = self.prompt()
        terminal.type("echo not this")
        terminal.expect("not this")
        terminal.type("\x03")
        terminal.expect("[130 INT] ")
        terminal.type("echo but this\n")
        terminal.expect("\r\nbut this\r\n")
        terminal.expect("fake> ")
        terminal.type("\x04")
        self.assertEqual(terminal.finish(), 0)

    def test_history_is_kept_but_for_private_lines(self):
        terminal = self.prompt()
        terminal.type("echo remembered\n")
        terminal.expect("\r\nremembered\r\n")
        terminal.expect("fake> ")
        terminal.type(" echo private\n")
        terminal.expect("\r\nprivate\r\n")
        self.leave(terminal)
        path = self.home.name + "/.local/state/rolegate/history"
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        with open(path) as file:
            text = file.read()
        self.assertIn("remembered", text)
        self.assertNotIn("private", text)
        terminal = self.prompt()
        terminal.type("\x1b[A\x1b[A\n")
        terminal.expect("\r\nremembered\r\n")
        self.leave(terminal)

    def test_no_home_no_history_no_word_about_it(self):
        self.environment["HOME"] = self.home.name + "/missing"
        terminal = self.prompt()
        terminal.type("echo works\n")
        self.assertNotIn("history", terminal.expect("\r\nworks\r\n"))
        self.leave(terminal)
        self.assertFalse(os.path.exists(self.environment["HOME"]))

    def test_stop_and_resume(self):
        terminal = self.prompt()
        terminal.type("cat\n")
        time.sleep(0.5)  # what is typed before it runs is echoed by both terminals
        terminal.type("before\n")
        terminal.expect("before\r\nbefore\r\n")
        terminal.type("\x1a")
        terminal.expect("Stopped: cat")
        terminal.expect("fake> ")
        terminal.type("echo other\n")
        terminal.expect("a stopped command keeps the session")
        terminal.expect("fake> ")
        terminal.type("fg\n")
        terminal.expect("\r\ncat\r\n")
        time.sleep(0.5)
        terminal.type("after\n")
        terminal.expect("after\r\nafter\r\n")
        terminal.type("\x04")
        self.leave(terminal)

    def test_kill(self):
        terminal = self.prompt()
        self.stop_and_kill(terminal, "sleep 100\n")
        # Another session, if the first was the price.
        terminal.type("echo alive\n")
        terminal.expect("\r\nalive\r\n")
        self.leave(terminal)

    def test_leaving_with_a_stopped_command_asks_once(self):
        terminal = self.prompt()
        terminal.type("sleep 100\n")
        time.sleep(0.5)
        terminal.type("\x1a")
        terminal.expect("[148 TSTP] ")
        terminal.type("exit\n")
        terminal.expect("leaving once more ends it")
        terminal.expect("fake> ")
        terminal.type("exit\n")
        self.assertNotEqual(terminal.finish(), 0)

    def test_interrupt_reaches_the_command(self):
        terminal = self.prompt()
        terminal.type("sleep 100\n")
        time.sleep(0.5)
        terminal.type("\x03")
        terminal.expect("^C\r\n")
        terminal.expect("[130 INT] ")
        self.leave(terminal, 130)

    def test_a_password(self):
        terminal = self.prompt()
        terminal.type("secret\n")
        terminal.expect("Password for dana: ")
        terminal.type("sesame\n")
        self.assertNotIn("sesame", terminal.expect("the password is "))
        terminal.expect("sesame\r\n")
        self.leave(terminal)

    def test_window(self):
        terminal = self.prompt()
        terminal.type("stty size\n")
        terminal.expect("24 80")
        terminal.expect("fake> ")
        terminal.resize(30, 100)
        terminal.type("sh\n")
        terminal.expect("inner$ ")
        terminal.type("stty size\n")
        terminal.expect("30 100")
        terminal.resize(12, 44)
        time.sleep(0.3)
        terminal.type("stty size\n")
        terminal.expect("12 44")
        terminal.type("exit\n")
        self.leave(terminal)

    def test_a_long_line(self):
        terminal = self.prompt()
        text = "x" * 300
        terminal.type("echo " + text + "\n")
        terminal.expect("\r\n" + text)
        self.leave(terminal)

    def test_letters_of_the_world(self):
        terminal = self.prompt()
        terminal.type("echo ünï 漢字\x1b[D\x7f\n")
        terminal.expect("\r\nünï 字\r\n")
        self.leave(terminal)

    def test_bytes_that_are_no_letters(self):
        terminal = self.prompt()
        os.write(terminal.master, b"echo a\xff\xfe\xc3(b\n")
        terminal.expect("  echo a(b\r\n")
        terminal.expect("[126 refused] ")
        terminal.type("echo alive\n")
        terminal.expect("\r\nalive\r\n")
        self.leave(terminal)

    def test_the_gateway_goes(self):
        terminal = self.prompt()
        os.kill(self.gateway.pid, signal.SIGSTOP)
        subprocess.run(["pkill", "-KILL", "-P", str(self.gateway.pid)], check=True)
        terminal.expect("the gateway closed the session")
        self.assertEqual(terminal.finish(), 125)

    def test_the_gateway_goes_during_a_command(self):
        terminal = self.prompt()
        terminal.type("vanish\n")
        terminal.expect("closed the connection before")
        self.assertEqual(terminal.finish(), 125)

    def test_hang_up_keeps_the_history(self):
        terminal = self.prompt()
        terminal.type("echo remembered\n")
        terminal.expect("\r\nremembered\r\n")
        terminal.expect("fake> ")
        os.kill(terminal.pid, signal.SIGHUP)
        self.assertEqual(terminal.finish(), 129)
        with open(self.home.name + "/.local/state/rolegate/history") as file:
            self.assertIn("remembered", file.read())

    def test_the_gateway_goes_at_a_line_that_is_refused(self):
        terminal = self.prompt()
        os.kill(self.gateway.pid, signal.SIGSTOP)
        terminal.type("echo a; b")
        terminal.expect("; b")
        subprocess.run(["pkill", "-KILL", "-P", str(self.gateway.pid)], check=True)
        terminal.type("\n")
        terminal.expect("the gateway closed the ")
        self.assertEqual(terminal.finish(), 125)

    def test_no_gateway(self):
        terminal = self.terminal(self.home.name + "/missing.sock")
        terminal.expect("does not exist")
        self.assertEqual(terminal.finish(), 125)


if __name__ == "__main__":
    unittest.main(verbosity=2)
