#!/usr/bin/env python3
"""The line editor of rolegate-shell on a pty: hostile terminals, history, Tab, colours, silence."""

import fcntl
import os
import random
import signal
import stat
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from shell_case import Case, Terminal, SHELL  # noqa: E402

HOSTILE = (
    b"\x1b[200~echo pasted\x1b[201~", b"\x1b[M !!\x1b[M\x00\xff\x80", b"\x1b[<0;10;10M\x1b[<0;10;10m",
    b"\x1b]0;title\x07", b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\", b"\x1bP1$r0m\x1b\\", b"\x1b[?62;1;2c",
    b"\x1b[24;80R", b"\x1b[I\x1b[O", b"\x1b[1;2P\x1bOP\x1b[15~\x1b[24~", b"\x1b[27;5;9~", b"\x1b\x1b\x1b[",
    b"\x1b[" + b"9" * 5000 + b"m", b"\x1b]52;c;" + b"QUFB" * 500 + b"\x07", b"\xff\xfe\xc3\x28\xed\xa0\x80",
    b"\x1b[0n\x1b[?1;2c\x1b[>0;276;0c")


class Hostile(Case):
    def alive(self, terminal):
        """Whatever was there before: the line is given up, and the next one runs."""
        for _ in range(5):  # a busy machine may still be reading what was typed before
            terminal.type(b"\x11\x03")  # ^Q: the terminal's own ^S may have been in it
            while terminal.read(0.2):
                pass
            terminal.seen = ""
            terminal.type("echo ali''ve\n")
            while "\r\nalive\r\n" not in terminal.seen and terminal.read(3):
                pass
            if "\r\nalive\r\n" in terminal.seen:
                terminal.expect("\r\nalive\r\n")
                terminal.expect("fake> ")
                return
        self.fail("it does not run a line any more: %r" % terminal.seen[-500:])

    def test_what_a_terminal_says_does_not_get_into_a_line(self):
        terminal = self.prompt()
        for sequence in HOSTILE:
            if sequence[:2] in (b"\x1b[", b"\x1b]", b"\x1bP") and b"pasted" not in sequence and b"\x1b[M" not in sequence:
                terminal.type("echo le" + "x")
                terminal.expect("lex")
                terminal.type(sequence)
                time.sleep(0.25)
                terminal.type("t\n")
                terminal.expect("\r\nlext\r\n")
                terminal.expect("fake> ")

    def test_a_paste_is_what_was_pasted(self):
        terminal = self.prompt()
        terminal.type(b"\x1b[200~echo o''ne\x1b[201~\r")
        terminal.expect("\r\none\r\n")

    def test_every_byte(self):
        terminal = self.prompt()
        for byte in range(256):
            if byte not in (3, 4):
                terminal.type(b"a" + bytes([byte]) + b"b")
            if byte % 32 == 31:
                self.alive(terminal)

    def test_sequences_and_noise(self):
        terminal = self.prompt()
        noise = random.Random(5)
        for _ in range(int(os.environ.get("ROLEGATE_TEST_ROUNDS", "8"))):
            data = b"".join(noise.choice(HOSTILE) + noise.randbytes(noise.randrange(40))
                            for _ in range(20))
            # ^S is the terminal's own: behind it and a full buffer not even ^Q gets through.
            terminal.type(bytes(byte for byte in data if byte not in b"\x03\x04\x13\r\n"))
            self.alive(terminal)

    def test_a_line_of_a_megabyte(self):
        terminal = self.prompt()
        begun = time.monotonic()
        terminal.type(b"echo " + b"x" * 1000000)
        terminal.type("\n")
        terminal.expect("(limit, request ", 60)
        self.assertLess(time.monotonic() - begun, 60)
        terminal.expect("[126 refused] ")
        self.alive(terminal)

    def test_the_window_changes_while_a_line_is_typed(self):
        terminal = self.prompt()
        for rows, columns in ((24, 30), (5, 12), (50, 200), (1, 1), (24, 80)):
            terminal.type("echo a-" + "long" * 10)
            terminal.resize(rows, columns)
            time.sleep(0.2)
            terminal.type("-end\n")
            time.sleep(0.2)
            terminal.resize(24, 80)
            terminal.expect("\na-" + "long" * 10 + "-end\r\n")
            terminal.expect("fake> ")

    def test_wide_and_combining_characters(self):
        terminal = self.prompt()
        for line, out in (("echo 漢字かな\x02\x02X", "漢字Xかな"), ("echo e\u0301a\x7fb", "e\u0301b"),
                          ("echo \U0001f600x\x02\x7fy", "yx"), ("echo 漢\x01\x06\x06\x06\x06\x06\x04字", "字")):
            terminal.type(line + "\n")
            terminal.expect("\r\n" + out + "\r\n")
            terminal.expect("fake> ")

    def test_a_wide_line_over_the_edge(self):
        terminal = self.prompt()
        terminal.resize(24, 21)
        text = "漢" * 60
        terminal.type("echo " + text + "\n")
        time.sleep(0.3)
        terminal.resize(24, 200)
        terminal.expect("\n" + text + "\r\n")


class History(Case):
    def path(self):
        return self.home.name + "/.local/state/rolegate/history"

    def text(self):
        with open(self.path()) as file:
            return file.read()

    def leave(self, terminal):
        terminal.expect("fake> ")
        terminal.type("exit\n")
        terminal.finish()

    def test_no_value_of_a_secret_is_stored(self):
        terminal = self.prompt()
        for line in ("login web1 --password hunter2", "login web1 --password=hunter2", "login 'hunter2",
                     "logni web1 --password hunter2", "nope --password hunter2", "login hunter2 > x",
                     "echo a | login web1 --password hunter2", "login hunter2 | echo a", "xx; login hunter2"):
            terminal.type(line + "\n")
            terminal.expect("fake> ")
        terminal.type("echo kept\n")
        terminal.expect("\r\nkept\r\n")
        terminal.expect("fake> ")
        terminal.type("\x1b[A\x1b[A\x1b[A\n")
        self.assertNotIn("hunter2", terminal.expect("\r\nkept\r\n"))
        self.leave(terminal)
        self.assertNotIn("hunter2", self.text())
        self.assertIn("kept", self.text())

    def test_why_does_not_show_one_again(self):
        terminal = self.prompt()
        terminal.type("logni --password hunter2\n")
        before = terminal.expect("(not-permitted, request ")
        terminal.expect("fake> ")
        terminal.type("why\n")
        self.assertNotIn("hunter2", terminal.expect("was refused"))
        self.assertIn("hunter2", before)  # as it was typed

    def test_search(self):
        terminal = self.prompt()
        for word in ("alpha", "beta", "gamma"):
            terminal.type("echo %s\n" % word)
            terminal.expect("\r\n%s\r\n" % word)
            terminal.expect("fake> ")
        terminal.type("\x12alph")
        time.sleep(0.3)
        terminal.type("\n")
        terminal.expect("\r\nalpha\r\n")
        self.leave(terminal)

    def test_two_sessions_keep_both(self):
        first, second = self.prompt(), self.prompt()
        for terminal, word in ((first, "one"), (second, "two")):
            terminal.type("echo %s\n" % word)
            terminal.expect("\r\n%s\r\n" % word)
        self.leave(second)
        self.leave(first)
        self.assertIn("one", self.text())
        self.assertIn("two", self.text())
        self.assertEqual(stat.S_IMODE(os.stat(self.path()).st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(os.stat(os.path.dirname(self.path())).st_mode), 0o700)

    def test_it_is_bounded(self):
        os.makedirs(os.path.dirname(self.path()))
        with open(self.path(), "w") as file:
            file.write("_HiStOrY_V2_\n" + "".join("echo\\040%d\n" % i for i in range(1500)))
        os.chmod(self.path(), 0o644)
        terminal = self.prompt()
        terminal.type("echo " + "y" * 5000 + "\n")
        terminal.expect("fake> ")
        terminal.type("echo last\n")
        terminal.expect("\r\nlast\r\n")
        self.leave(terminal)
        self.assertEqual(self.text().count("\n"), 1001)
        self.assertIn("last", self.text())
        self.assertNotIn("yyyy", self.text())
        self.assertEqual(stat.S_IMODE(os.stat(self.path()).st_mode), 0o600)

    def test_lines_of_sessions_that_end_at_once_are_all_kept(self):
        terminals = [self.prompt() for _ in range(8)]
        for number, terminal in enumerate(terminals):
            terminal.type("echo session%d\n" % number)
            terminal.expect("\r\nsession%d\r\n" % number)
            terminal.expect("fake> ")
        for terminal in terminals:
            os.kill(terminal.pid, signal.SIGHUP)
        for terminal in terminals:
            terminal.finish()
        for number in range(8):
            self.assertIn("session%d\n" % number, self.text())
        self.assertEqual(os.listdir(os.path.dirname(self.path())), ["history"])

    def test_somebody_holds_the_lock(self):
        terminal = self.prompt()
        terminal.type("echo kept\n")
        terminal.expect("\r\nkept\r\n")
        held = os.open(os.path.dirname(self.path()), os.O_RDONLY) if os.path.isdir(
            os.path.dirname(self.path())) else None
        if held is None:
            os.makedirs(os.path.dirname(self.path()))
            held = os.open(os.path.dirname(self.path()), os.O_RDONLY)
        fcntl.flock(held, fcntl.LOCK_EX)
        begun = time.monotonic()
        self.leave(terminal)
        self.assertLess(time.monotonic() - begun, 6)
        os.close(held)
        self.assertIn("kept", self.text())

    def test_a_draft_of_one_that_was_killed(self):
        os.makedirs(os.path.dirname(self.path()))
        terminal = self.prompt()
        os.symlink("/etc/passwd", "%s.%d" % (self.path(), terminal.pid))
        terminal.type("echo kept\n")
        terminal.expect("\r\nkept\r\n")
        self.leave(terminal)
        self.assertIn("kept", self.text())

    def test_R32_what_a_terminal_obeys_is_no_line_of_it(self):
        os.makedirs(os.path.dirname(self.path()))
        with open(self.path(), "wb") as file:
            file.write(b"_HiStOrY_V2_\necho\\040plain\necho\\040\\033]0;owned\\007\necho \xc2\x9b31m\n"
                       b"echo \xe2\x80\xaetxet\necho \x1b[2J\necho\\040one\\012echo\\040two\n")
        terminal = self.prompt()
        for _ in range(8):
            terminal.type("\x1b[A")
        time.sleep(0.5)
        terminal.type("\n")
        terminal.expect("\r\nplain\r\n")
        self.assertNotRegex(terminal.raw, rb"owned|\xc2\x9b|\xe2\x80\xae|\x1b\[2J|two")
        self.leave(terminal)
        self.assertNotIn("owned", self.text())

    def test_a_file_of_somebody_else_is_not_read(self):
        if os.geteuid() != 0:
            self.skipTest("only root can give a file away")
        os.makedirs(os.path.dirname(self.path()))
        with open(self.path(), "w") as file:
            file.write("_HiStOrY_V2_\necho\\040theirs\n")
        os.chown(self.path(), 12345, 12345)
        terminal = self.prompt()
        terminal.type("echo mine\n")
        terminal.expect("\r\nmine\r\n")
        terminal.expect("fake> ")
        terminal.type("\x1b[A\x1b[A\n")
        terminal.expect("\r\nmine\r\n")
        self.leave(terminal)

    def test_a_directory_in_its_place_and_a_home_that_takes_nothing(self):
        os.makedirs(self.path())
        for home in (self.home.name, "/proc/self", "relative", ""):
            self.environment["HOME"] = home
            terminal = self.prompt()
            terminal.type("echo works\n")
            self.assertNotIn("history", terminal.expect("\r\nworks\r\n"))
            self.leave(terminal)
        self.assertEqual(os.listdir(self.path()), [])
        self.assertEqual(os.listdir(os.path.dirname(self.path())), ["history"])

    def test_what_is_no_history_is_survived(self):
        os.makedirs(os.path.dirname(self.path()))
        for kind in ("pipe", "link", "noise", "huge"):
            if kind == "pipe":
                os.mkfifo(self.path())
            elif kind == "link":
                os.symlink("/etc/passwd", self.path())
            else:
                with open(self.path(), "wb") as file:
                    file.write(os.urandom(5000))
                    file.truncate(5000 if kind == "noise" else 1 << 34)
            terminal = self.prompt()
            terminal.type("echo works\n")
            terminal.expect("\r\nworks\r\n")
            self.leave(terminal)
            self.assertIn("works", self.text())
            os.unlink(self.path())


class Tab(Case):
    def test_once_more_says_what_each_is(self):
        terminal = self.prompt()
        terminal.type("systemctl \t")
        terminal.expect("restart  status\r\n")
        terminal.type("\t")
        terminal.expect("  restart  Restart a unit of the web tier\r\n  status   Show a unit\r\n")
        terminal.type("\x03")
        terminal.expect("[130 INT] ")
        terminal.type("journalctl --\t\t")
        terminal.expect("  --follow  no value: it is there or not\r\n")
        terminal.expect("  --lines   a whole number from 1 to 10000\r\n")

    def test_computed_choices(self):
        terminal = self.prompt()
        terminal.type("drain node \t")
        terminal.expect("alpha      beta node  words-2\r\n")
        terminal.type("b\t\n")
        terminal.expect("\r\ndrain node beta node\r\n")

    def test_choices_that_take_long_can_be_left(self):
        terminal = self.prompt()
        terminal.type("drain node --force slow \t")
        time.sleep(0.5)
        terminal.type("\x03")
        time.sleep(0.3)
        terminal.type("\x03")
        terminal.expect("fake> ")
        terminal.type("echo alive\n")
        terminal.expect("\r\nalive\r\n")

    def test_aliases_booleans_and_names_of_the_prompt(self):
        terminal = self.prompt()
        terminal.type("jc --unit ng\t\n")
        terminal.expect('"jc" is not a command')  # of this fake; the line is what counts
        terminal.expect("fake> ")
        terminal.type("drain node alpha --force t\t\n")
        terminal.expect("\r\ndrain node alpha --force true\r\n")
        terminal.expect("fake> ")
        terminal.type("wh\t\n")
        terminal.expect("was refused (not-permitted)")


class Looks(Case):
    catalogue = {"motd": "Careful \x1b[31mred\x1b[0m\nsecond \u202eline"}

    def test_the_message_of_the_day_is_text(self):
        terminal = self.prompt_of()
        terminal.expect("Careful \\x1b[31mred\\x1b[0m\r\nsecond \\u{202e}line\r\nType help for help")
        self.assertNotIn("Careful", self.shell("-c", "echo x").stdout)
        self.assertNotIn("Careful", self.shell(input="echo x\n").stdout)

    def prompt_of(self):
        terminal = Terminal(SHELL, ["-rolegate-shell", "-e", self.gateway.path], self.environment)
        self.terminals.append(terminal)
        return terminal

    def look(self, **environment):
        self.environment.update(environment)
        terminal = self.prompt()
        terminal.type("nope\n")
        terminal.expect("[126 refused] ")
        terminal.expect("fake> ")
        return terminal.raw

    def test_colours(self):
        raw = self.look()
        self.assertIn(b"\x1b[31m[126 refused]", raw)
        self.assertIn(b"\x1b[32m", raw)

    def test_no_colour_where_none_is_wanted(self):
        for environment in ({"NO_COLOR": "1"}, {"NO_COLOR": "", "TERM": "dumb"}, {"TERM": ""}):
            raw = self.look(**environment)
            self.assertNotRegex(raw, rb"\x1b\[[0-9;]*m")

    def test_a_dumb_terminal_gets_no_sequence_at_all(self):
        self.assertNotIn(b"\x1b", self.look(TERM="dumb"))

    def test_a_suggestion_and_why(self):
        terminal = self.prompt()
        terminal.type("systemctl restart sshd.service\n")
        terminal.expect("(value-not-allowed, request ")
        terminal.expect("fake> ")
        terminal.type("why\n")
        terminal.expect("  systemctl restart sshd.service\r\nwas refused (value-not-allowed): UNIT:")
        terminal.expect("UNIT: one of: nginx.service, php8.2-fpm.service; required\r\n")
        terminal.expect("Whom to ask: ")
        terminal.expect("request 0123456789abcdef0123456789abcdef")
        terminal.expect("fake> ")
        terminal.type("jurnalctl -n 5\n")
        terminal.expect("did you mean: journalctl -n 5\r\n")

    def test_R24_nothing_is_suggested_that_may_not_be_run(self):
        terminal = self.prompt()
        terminal.type("systemctl restart sshd.servic\n")  # near to what others may restart
        terminal.expect("fake> ")
        terminal.type("slep 5\n")  # the fake runs "sleep", but lists it for nobody
        self.assertNotIn("did you mean", terminal.expect("[126 refused] "))

    def test_help_has_examples(self):
        terminal = self.prompt()
        terminal.type("help\n")
        terminal.expect("For example:")
        terminal.expect("  cat 'an example'\r\n")
        self.assertIn("  cat 'an example'\n", self.shell("-c", "help").stdout)


class Silence(Case):
    def test_a_long_run_shows_that_it_is_alive(self):
        terminal = self.prompt()
        terminal.type("sh -c 'echo begun; sleep 8; echo done'\n")
        terminal.expect("begun\r\n")
        terminal.expect("(still running, 5 s; ^C interrupts)")
        terminal.expect("(still running, 6 s; ^C interrupts)")
        terminal.expect("done\r\n")
        self.assertIn(b"\r\x1b[Kdone\r\n", terminal.raw)

    def test_not_where_it_could_disturb(self):
        """A question that waits, a screen that is drawn, a terminal that can't erase, a pipe."""
        line = "sh -c 'printf \"%s\"; sleep 7; echo done'\n"
        terminals = []
        for text, term in (("Name? ", "xterm"), ("\\\\033[2J\\\\n", "xterm"), ("begun\\\\n", "dumb")):
            self.environment["TERM"] = term
            terminals.append(self.prompt())
            terminals[-1].type(line % text)
        self.assertNotIn("still running", self.shell("-c", "sleep 6").stdout)
        for terminal in terminals:
            terminal.expect("done\r\n")
            self.assertNotIn(b"still running", terminal.raw)
            terminal.abandon()
            terminal.status = 0


if __name__ == "__main__":
    unittest.main(verbosity=2)
