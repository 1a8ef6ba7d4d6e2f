#!/usr/bin/env python3
"""The prompt on the screen of a real terminal (tmux, on a socket of its own), against a FAKE gateway."""

import os
import pwd
import shutil
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from shell_case import SHELL, Case, Gateway  # noqa: E402

COLUMNS, ROWS = 80, 24
REQUEST = "0123456789abcdef0123456789abcdef"


class Screen:
    def __init__(self, case, gateway=None):
        self.name = "rolegate-test-%d-%d" % (os.getpid(), time.monotonic_ns())
        environment = ["%s=%s" % item for item in case.environment.items() if item[1]]
        path = (gateway or case.gateway).path
        self.tmux("new-session", "-d", "-x", str(COLUMNS), "-y", str(ROWS), "env", "-i", *environment,
                  "LANG=C.UTF-8", "NO_COLOR=1", SHELL, "-e", path)
        case.addCleanup(lambda: self.tmux("kill-server"))
        self.head = "%s@%s fake>" % (user_name(), os.uname().nodename.split(".")[0])
        self.until(lambda lines: lines[-1] == self.head)

    def tmux(self, *words, data=None):
        return subprocess.run(["tmux", "-u", "-L", self.name, "-f", "/dev/null", *words], input=data,
                              capture_output=True, timeout=20, encoding="utf-8",
                              env=dict(os.environ, LC_ALL="C.UTF-8")).stdout

    def lines(self):
        """Rows without blanks at their ends, the prompt as "$", and no empty ones at the end."""
        text = self.tmux("capture-pane", "-p").rstrip("\n")
        return [row.rstrip() for row in text.split("\n")]

    def shown(self):
        return [row.replace(self.head, "$") for row in self.lines()]

    def until(self, condition, seconds=10):
        limit = time.monotonic() + seconds
        while not condition(self.lines()):
            if time.monotonic() > limit:
                raise AssertionError("the screen is: %r" % self.shown())
            time.sleep(0.05)

    def keys(self, *keys):
        self.tmux("send-keys", *keys)

    def text(self, text):
        self.tmux("send-keys", "-l", text)

    def clear(self):
        self.keys("C-l")
        self.until(lambda lines: lines[0].endswith(self.head) and len(lines) == 1)

    def enter(self, line):
        """Runs it on an empty screen, up to the next prompt."""
        self.clear()
        self.text(line)
        self.keys("Enter")
        self.until(lambda lines: len(lines) > 1 and lines[-1].endswith(self.head))

    def paste(self, text, marked=True):
        self.tmux("load-buffer", "-", data=text)
        self.tmux("paste-buffer", *(["-p"] if marked else []))

    def resize(self, columns, rows):
        self.tmux("resize-window", "-x", str(columns), "-y", str(rows))
        time.sleep(0.4)


def user_name():
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return "?"


class ScreenCase(Case):
    def setUp(self):
        if shutil.which("tmux") is None:
            self.skipTest("tmux is not installed")
        super().setUp()
        self.environment["TERM"] = "screen-256color"

    def expect(self, screen, *rows):
        try:
            screen.until(lambda lines: screen.shown() == list(rows))
        except AssertionError:
            self.assertEqual(screen.shown(), list(rows))


class Help(ScreenCase):
    catalogue = {"drive": {"maximum_size": 1 << 20, "maximum_files": 10, "read_only": True}}

    def test_words_of_the_prompt(self):
        """Each is told of, and asked of no gateway, whose record would have a refusal of it."""
        screen = Screen(self)
        screen.enter("help why")
        self.expect(screen, "$ help why", "why", "    Explain the last refusal", "$")
        screen.enter("help kill")
        self.expect(screen, "$ help kill", "kill [-9]", "    End the command that ^Z stopped", "$")

    def test_the_drive(self):
        screen = Screen(self)
        screen.enter("help")
        text = "Your drive, for sftp and scp: at most 1M in 10 files, to read only"
        self.assertIn(text, screen.shown())
        self.assertIn("\n%s\n" % text, self.shell("-c", "help").stdout)

    def test_tab_says_what_is_expected(self):
        screen = Screen(self)
        screen.clear()
        screen.text("journalctl --lines ")
        screen.keys("Tab")
        self.expect(screen, "$ journalctl --lines", "  -n, --lines: a whole number from 1 to 10000",
                    "$ journalctl --lines")
        screen.keys("C-u", "C-l")
        screen.text("login ")
        screen.keys("Tab")
        self.expect(screen, "$ login", "--password", "$ login")
        screen.keys("Tab")
        self.expect(screen, "$ login", "--password", "$ login", "  --password  a secret", "  DEVICE: any text",
                    "$ login")


class Pastes(ScreenCase):
    def test_lines_wait_for_enter_and_are_run_in_turn(self):
        screen = Screen(self)
        screen.clear()
        screen.paste("echo one\n\n\techo two\necho three\n")
        self.expect(screen, "$ echo one", " echo two", "echo three")
        screen.keys("Enter")
        self.expect(screen, "$ echo one", " echo two", "echo three", "one", "$  echo two", "two", "$ echo three",
                    "three", "$")

    def test_unmarked_lines_are_run_in_turn(self):
        """None goes to the command before it, which runs long enough to have taken it."""
        screen = Screen(self)
        screen.clear()
        screen.paste("sh -c 'sleep 1; echo slow'\necho one\nnope\necho three", marked=False)
        self.expect(screen, "$ sh -c 'sleep 1; echo slow'", "slow", "$ echo one", "one", "$ nope",
                    'rolegate: "nope" is not a command that you may run',
                    "  (not-permitted, request %s)" % REQUEST, "[126 refused] $ echo three")

    def test_what_is_typed_while_a_command_runs_is_its_input(self):
        screen = Screen(self)
        screen.clear()
        screen.text("head -n 1")
        screen.keys("Enter")
        time.sleep(0.5)
        screen.text("mine")
        screen.keys("Enter")
        self.expect(screen, "$ head -n 1", "mine", "mine", "$")

    def test_an_interrupt_drops_the_rest_aloud(self):
        screen = Screen(self)
        screen.clear()
        screen.paste("sleep 100\necho two\nexit\n", marked=False)
        time.sleep(0.7)
        screen.keys("C-c")
        self.expect(screen, "$ sleep 100", "^C", "rolegate: 2 lines that had been typed or pasted are not run",
                    "[130 INT] $")

    def test_what_a_terminal_obeys_is_left_out(self):
        """R32: C0, C1 and bidi controls, marked as pasted or not."""
        for marked in (True, False):
            screen = Screen(self)
            screen.clear()
            # As keys, ESC and the byte after it would be one.
            screen.paste("echo a\u202eb\u009b31mc\u2066d%s\n" % ("\x1b]0;x\x07" if marked else ""), marked)
            if marked:
                self.expect(screen, "rolegate: left out of the line: 5 characters that would change how it looks",
                            "$ echo ab31mcd]0;x")
            else:
                self.expect(screen, "$ echo ab31mcd",
                            "rolegate: left out of the line: 3 characters that would change how it looks",
                            "ab31mcd", "$")

    def test_too_much_is_not_taken_at_all(self):
        screen = Screen(self)
        screen.clear()
        screen.paste("echo x\n" * 40000)
        self.expect(screen, "rolegate: more than 262144 bytes were pasted: none of it was taken", "$")

    def test_what_is_left_at_the_end_is_named(self):
        screen = Screen(self)
        screen.tmux("set-option", "-g", "remain-on-exit", "on")
        screen.paste("exit\necho two\n", marked=False)
        screen.until(lambda lines: "rolegate: 1 line that had been typed or pasted is not run" in lines)


class Windows(ScreenCase):
    LINE = "echo " + "word " * 25

    def drawn_once(self, screen, text):
        """The line stands there whole, and but once."""
        joined = screen.tmux("capture-pane", "-p", "-J")
        self.assertEqual(joined.count(screen.head), 1, joined)
        self.assertIn(text.rstrip(), joined)

    def test_while_a_line_is_edited(self):
        screen = Screen(self)
        screen.resize(120, 40)
        screen.clear()
        screen.text(self.LINE)
        for columns, rows in ((80, 24), (40, 10)):
            screen.resize(columns, rows)
            self.drawn_once(screen, self.LINE)
        screen.keys("C-a")
        screen.resize(60, 24)
        screen.keys("Enter")
        screen.until(lambda lines: lines[-1] == screen.head)
        self.assertIn("word word", "".join(screen.lines()))

    def test_while_the_search_is_open(self):
        screen = Screen(self)
        screen.enter(self.LINE)
        screen.resize(120, 40)
        screen.clear()
        screen.keys("C-r")
        screen.text("wor")
        for columns, rows in ((80, 24), (40, 10)):
            screen.resize(columns, rows)
            self.drawn_once(screen, self.LINE)
            self.assertEqual(screen.lines()[-1], "bck:wor")
        screen.keys("Enter")
        screen.until(lambda lines: lines[-1] == screen.head)

    def test_while_a_command_runs(self):
        screen = Screen(self)
        screen.clear()
        screen.text("sh -c 'sleep 1; stty size'")
        screen.keys("Enter")
        time.sleep(0.4)
        screen.resize(40, 10)
        self.expect(screen, "$ sh -c 'sleep 1; stty size'", "10 40", "$")

    def test_tab_below_a_broken_line(self):
        screen = Screen(self)
        screen.resize(40, 10)
        screen.clear()
        screen.text("echo some words | journalctl --output ")
        screen.keys("Tab")
        head = len(screen.head) + 1
        text = "echo some words | journalctl --output"
        broken = ["$ " + text[:40 - head], text[40 - head:]]
        self.expect(screen, *broken, "json        with blank", "short       with other", *broken)


class Refusals(ScreenCase):
    def test_they_break_at_words(self):
        screen = Screen(self)
        screen.enter("systemctl restart sshd.service")
        self.expect(screen, "$ systemctl restart sshd.service",
                    'rolegate: UNIT: "sshd.service" is not allowed; allowed: nginx.service,', "  php8.2-fpm.service",
                    "  (value-not-allowed, request %s)" % REQUEST, "[126 refused] $")
        screen.resize(40, 20)
        screen.enter("nope")
        self.expect(screen, "[126 refused] $ nope", 'rolegate: "nope" is not a command that',
                    "  you may run (not-permitted, request", "  %s)" % REQUEST, "[126 refused] $")
        screen.enter("why")
        self.assertIn("  %s." % REQUEST, screen.lines())

    def test_elsewhere_each_is_one_line(self):
        done = self.shell("-c", "systemctl restart sshd.service")
        self.assertEqual(done.stderr.count("\n"), 1)


def commands(names):
    return [{"name": name, "description": "About " + name if name[0] != "/" else "", "enabled": True,
             "parameters": []} for name in names]


class Lists(ScreenCase):
    few = commands(["/usr/bin/df", "/usr/bin/uptime", "backup start", "backup status", "drain node", "tail log"])
    many = few + commands("%s %s" % (noun, verb) for noun in ("mail", "web", "db", "dns", "net", "vm", "job")
                          for verb in "abcdefghijklmnopqrstuvwxyzäöü")

    def screen_of(self, listed):
        gateway = Gateway({"commands": listed, "aliases": [{"name": "bs", "command": "backup status"}]})
        self.addCleanup(gateway.stop)
        return Screen(self, gateway)

    def test_own_commands_come_first(self):
        screen = self.screen_of(self.few)
        screen.enter("commands")
        self.expect(screen, "$ commands", "  backup start     About backup start",
                    "  backup status    About backup status", "  drain node       About drain node",
                    "  tail log         About tail log", '  bs               Short for "backup status"',
                    "  /usr/bin/df", "  /usr/bin/uptime", "$")
        screen.enter("help")
        lines = screen.lines()
        self.assertEqual(lines[lines.index("For example:") + 2:-1],
                         ["  backup start 'an example'", "  drain node 'an example'", "  tail log 'an example'"])

    def test_many_fit_on_a_screen(self):
        screen = self.screen_of(self.many)
        screen.enter("commands")
        lines = screen.lines()
        self.assertLess(len(lines), 24)
        self.assertIn('210 commands. "commands WORD" says what those do that begin with it.', lines)
        self.assertIn("web ...", " ".join(lines))
        self.assertIn("drain node", " ".join(lines))
        screen.enter("commands backup")
        self.expect(screen, "$ commands backup", "  backup start   About backup start",
                    "  backup status  About backup status", "$")
        screen.enter("commands xyz")
        self.expect(screen, "$ commands xyz", "Your roles allow no command here that begins so.", "$")
        # Whoever reads them by a program has all of them.
        listed = subprocess.run([SHELL, "-e", screen_path(screen), "-c", "commands"], env=self.environment,
                                capture_output=True, text=True, timeout=20).stdout
        self.assertEqual(listed.count("\n"), 210)


def screen_path(screen):
    return screen.tmux("list-panes", "-F", "#{pane_start_command}").split()[-1].strip('"')


class Form(ScreenCase):
    def form(self):
        screen = Screen(self)
        screen.clear()
        screen.text("drain node")
        screen.keys("Enter")
        screen.until(lambda lines: lines[-1] == "node:")
        return screen

    def test_tab_completes_what_may_be_chosen(self):
        screen = self.form()
        screen.keys("Tab")  # nothing in common: the bell
        screen.text("be")
        screen.keys("Tab")
        screen.until(lambda lines: lines[-1] == "node: beta node")
        screen.keys("Enter")
        screen.until(lambda lines: lines[-1] == "force:")
        screen.text("t")
        screen.keys("Tab", "Enter")
        screen.until(lambda lines: lines[-1] == screen.head)
        self.assertIn("drain node --force=true beta node", screen.lines())

    def test_a_line_is_edited(self):
        screen = self.form()
        screen.text("xüñ")
        screen.keys("Left", "BSpace", "BSpace", "BSpace", "BSpace")
        screen.until(lambda lines: lines[-1] == "node:")
        screen.text("some words")
        screen.keys("C-w")
        screen.until(lambda lines: lines[-1] == "node: some")
        screen.keys("C-u")
        screen.until(lambda lines: lines[-1] == "node:")
        screen.text("a\u202el\u009bp")
        screen.keys("Tab")
        screen.until(lambda lines: lines[-1] == "node: alpha")
        screen.keys("C-c")
        screen.until(lambda lines: lines[-1] == "[130 INT] " + screen.head)

    def test_lines_pasted_there_answer_one_question_each(self):
        screen = self.form()
        screen.paste("alpha\nfalse\n", marked=False)
        screen.until(lambda lines: lines[-1] == screen.head)
        self.assertIn("drain node --force=false alpha", screen.lines())


if __name__ == "__main__":
    unittest.main(verbosity=2)
