#!/usr/bin/env python3
"""Runs a command in a terminal, by steps on standard input, one a line.

  expect REGEX      within ten seconds; matched against what came since the last match
  never REGEX       what came since the last match, and within half a second, has none
  send TEXT         with Python's backslash escapes
  size ROWS COLS    changes the window
  sleep SECONDS
  hangup            closes the terminal
  status N          waits for the end and checks the exit status
"""
import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

child, master = pty.fork()
if child == 0:
    for number in range(1, 32):
        if number not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(number, signal.SIG_DFL)
    os.execvp(sys.argv[1], sys.argv[1:])
seen = b''


def read_some(seconds):
    """False at the end of the terminal."""
    global seen
    if not select.select([master], [], [], seconds)[0]:
        return True
    try:
        got = os.read(master, 65536)
    except OSError:
        got = b''
    seen += got
    return bool(got)


def give_up(step):
    print('at: %s\nseen: %r' % (step, seen))
    try:
        os.killpg(child, signal.SIGKILL)
    except OSError:
        pass
    sys.exit(1)


def expect(pattern, step):
    global seen
    end = time.time() + 10
    alive = True
    while True:
        found = re.search(pattern.encode(), seen)
        if found:
            seen = seen[found.end():]
            return
        if time.time() > end or not alive:
            give_up(step)
        alive = read_some(0.2)


def never(pattern, step):
    end = time.time() + 0.5
    while time.time() < end and read_some(0.1):
        pass
    if re.search(pattern.encode(), seen):
        give_up(step)


def end_status(step):
    end = time.time() + 10
    while time.time() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        read_some(0.1)
    return give_up(step)


def resize(rows, columns):
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))


resize(24, 80)
for step in sys.stdin.read().split('\n'):
    verb, _, rest = step.lstrip().partition(' ')
    if verb == 'expect':
        expect(rest, step)
    elif verb == 'never':
        never(rest, step)
    elif verb == 'send':
        os.write(master, codecs.decode(rest, 'unicode_escape').encode('latin-1'))
    elif verb == 'size':
        resize(*map(int, rest.split()))
    elif verb == 'sleep':
        time.sleep(float(rest))
    elif verb == 'hangup':
        os.close(master)
        break
    elif verb == 'status':
        if end_status(step) != int(rest):
            give_up(step)
