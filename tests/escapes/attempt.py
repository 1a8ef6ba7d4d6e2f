"""One attempt at an escape, through the gateway as an operator."""
import fcntl
import os
import select
import signal
import struct
import subprocess
import termios
import time

OPERATOR = ['/run/jump-host/tests/as', 'dana', '/usr/bin/env', 'TERM=linux',
            '/opt/rolegate/bin/rolegate', '-e', 'escapes', '--']
LIMIT = {'open': 12.0, 'held': 4.0}     # seconds for everything
QUIET = 0.15    # a terminal that is silent for so long waits for keys
AFTER = 1.5     # how long a program may take to do what was typed


class Attempt:
    def __init__(self, run, marked):
        self.run = run
        self.marked = marked
        self.output = b''
        self.ended = False
        self.seen = False

    def make(self):
        """The client's exit status, or None if it had to be ended."""
        keys = self.run.escape.keys
        if keys:
            self.in_terminal([self.run.typed(text) for text in keys])
        else:
            self.with_pipes()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(2)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            return None
        return self.process.returncode

    def start(self, prefix, **streams):
        self.process = subprocess.Popen(prefix + OPERATOR + [self.run.name], **streams)

    def read_some(self, fd, seconds):
        """False if nothing came."""
        if self.ended or not select.select([fd], [], [], seconds)[0]:
            if self.ended:
                time.sleep(seconds)
            return False
        try:
            got = os.read(fd, 65536)
        except OSError:
            got = b''
        self.ended = not got
        self.output = (self.output + got)[-200000:]
        return bool(got)

    def over(self):
        # Once seen is enough: csplit takes its files back when it is asked to end.
        self.seen = self.seen or self.marked(self.run, self.output)
        return self.seen or self.process.poll() is not None

    def settle(self, fd, seconds):
        """Until the program is quiet, but it has to have said something."""
        end = time.monotonic() + seconds
        start = len(self.output)
        while time.monotonic() < end and not self.over():
            if not self.read_some(fd, QUIET) and len(self.output) > start:
                return

    def wait(self, fd, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.over():
            self.read_some(fd, 0.03)
        while self.read_some(fd, 0):
            pass
        # What it started may take a moment longer than itself.
        end = time.monotonic() + 0.3
        while time.monotonic() < end and not self.marked(self.run, self.output):
            time.sleep(0.02)

    def in_terminal(self, keys):
        ours, theirs = os.openpty()
        fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))
        self.start(['/usr/bin/setsid', '--ctty'], stdin=theirs, stdout=theirs, stderr=theirs)
        os.close(theirs)
        self.settle(ours, 6)
        for text in keys:
            if self.over():
                break
            os.write(ours, text)
            self.settle(ours, 1)
        self.wait(ours, AFTER)
        os.close(ours)

    def with_pipes(self):
        self.start([], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        try:
            self.process.stdin.write(self.run.typed(self.run.escape.stdin))
            self.process.stdin.close()
        except OSError:
            pass
        self.wait(self.process.stdout.fileno(), LIMIT[self.run.variant])
        self.process.stdout.close()
