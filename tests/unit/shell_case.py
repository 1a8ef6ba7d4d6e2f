"""What the tests of rolegate-shell share: a FAKE gateway, a terminal, and a home for each test."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
import fake_gateway  # noqa: E402

SHELL, CLIENT = os.path.abspath("rolegate-shell"), os.path.abspath("rolegate")
# Who is started in the background is given them ignored, and so would be our programs.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGQUIT, signal.SIG_DFL)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\x07")


class Gateway:
    def __init__(self, catalogue=None):
        self.directory = tempfile.TemporaryDirectory()
        self.path = self.directory.name + "/fake.sock"
        self.pid = os.fork()
        if self.pid == 0:
            # One group, so that one signal ends whatever it has started.
            os.setpgid(0, 0)
            try:
                fake_gateway.CATALOGUE.update(catalogue or {})
                fake_gateway.main(self.path)
            finally:
                os._exit(1)
        while not os.path.exists(self.path):
            time.sleep(0.01)

    def stop(self):
        os.killpg(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self.directory.cleanup()


class Terminal:
    """A program that leads a session on a pty of its own, as sshd would start it."""

    def __init__(self, program, arguments, environment):
        self.seen, self.raw, self.status = "", b"", None
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            try:
                os.execve(program, arguments, environment)
            finally:
                os._exit(99)
        self.resize(24, 80)

    def resize(self, rows, columns):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, text):
        """Text or bytes; what comes back meanwhile is read, so that neither side waits for ever."""
        data = text if isinstance(text, bytes) else text.encode()
        while data:
            readable, writable, _ = select.select([self.master], [self.master], [], 10)
            if readable:
                self.read(0)
            if writable:
                data = data[os.write(self.master, data[:1024]):]

    def read(self, seconds):
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.master, 4096)
        except OSError:
            data = b""
        self.raw += data
        # A program of a pipeline writes to a terminal that is not raw: "\r\n" becomes "\r\r\n".
        self.seen = (self.seen + CONTROL.sub("", data.decode(errors="replace"))).replace("\r\r\n", "\r\n")
        return bool(data)

    def expect(self, text, seconds=10):
        """Waits for `text`, and forgets what came before its end."""
        limit = time.monotonic() + seconds
        while text not in self.seen:
            if time.monotonic() > limit or not self.read(limit - time.monotonic()):
                raise AssertionError("no %r in %r" % (text, self.seen))
        before, _, self.seen = self.seen.partition(text)
        return before

    def abandon(self):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            os.close(self.master)

    def finish(self, seconds=10):
        limit = time.monotonic() + seconds
        while self.read(max(0, limit - time.monotonic())):
            pass
        if time.monotonic() > limit:
            os.kill(self.pid, signal.SIGKILL)
        self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self.master)
        return self.status


class Case(unittest.TestCase):
    catalogue = {}  # in place of what the fake gateway lists

    def setUp(self):
        self.gateway = Gateway(self.catalogue)
        self.addCleanup(self.gateway.stop)
        self.terminals = []
        self.addCleanup(lambda: [terminal.abandon() for terminal in self.terminals])
        self.home = tempfile.TemporaryDirectory()
        self.addCleanup(self.home.cleanup)
        self.environment = {"HOME": self.home.name, "TERM": "xterm", "LANG": "C",
                            "PATH": "/usr/bin:/bin",
                            "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")}

    def shell(self, *arguments, **options):
        options.setdefault("env", self.environment)
        return subprocess.run([SHELL, "-e", self.gateway.path, *arguments], text=True,
                              capture_output=True, timeout=20, **options)

    def stop_and_kill(self, terminal, line):
        """A line that runs is stopped and ended, in both ways that there are."""
        for how, status in (("kill\n", "[143 TERM] "), ("kill -9\n", "[137 KILL] ")):
            terminal.type(line)
            time.sleep(1)
            terminal.type("\x1a")
            terminal.expect("[148 TSTP] ")
            terminal.expect("fake> ")
            terminal.type(how)
            terminal.expect(status)
            terminal.expect("fake> ")

    def terminal(self, endpoint):
        terminal = Terminal(SHELL, ["-rolegate-shell", "-e", endpoint], self.environment)
        self.terminals.append(terminal)
        return terminal

    def prompt(self):
        terminal = self.terminal(self.gateway.path)
        terminal.expect(" fake> ")
        return terminal
