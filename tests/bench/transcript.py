#!/usr/bin/env python3
"""What a transcript costs: runs on a private jump host with the cases' configuration.

usage: transcript.py RUNS [short] [pty] [pipe]     all of them unless some are named

Each pair of endpoints differs in `transcript` alone, and their runs are taken in turns, as many of
the streams as $ROLEGATE_BENCH_TURNS says, $ROLEGATE_BENCH_BYTES each. Processor time is that of
the gateway, its sessions and what they run, and of the recorder: it says more than the clock
where others use the machine.
"""
import os
import pty
import signal
import subprocess
import sys
import time

import quiet_time
from contenders import AS, CLIENT, HERE, TIMER, quiet, timed, write
from tables import machine, quantile, table_head, table_row

RUNS = int(sys.argv[1])
PARTS = sys.argv[2:] or ['short', 'pty', 'pipe']
ROUNDS = 25
quiet_time.PATIENCE = 60
TURNS = int(os.environ.get('ROLEGATE_BENCH_TURNS', 4))
SIZE = int(os.environ.get('ROLEGATE_BENCH_BYTES', 1 << 30))
TEXT = '/dev/shm/rolegate-bench'
ENDPOINTS = {'without': 'unnoted', 'with': 'recorded'}


def gateway_pid(name='gateway'):
    with open('/run/jump-host/%s.pid' % name, encoding='ascii') as file:
        return int(file.read())


def default_recorder():
    """The cases keep less of a transcript than the recorder does by itself."""
    write('/etc/rolegate/recorder.conf', 'directory = "/var/log/recorded";\n')
    os.kill(gateway_pid('recorder'), signal.SIGTERM)
    time.sleep(1)
    recorder = subprocess.Popen(['rolegate-recorder', '-f'], stdin=subprocess.DEVNULL)
    time.sleep(1)
    return recorder.pid


class Processor:
    """Seconds of processor time of these processes and of their children that have ended."""

    def __init__(self, *pids):
        self.pids = pids
        self.used = {name: [] for name in ENDPOINTS}

    def now(self):
        time.sleep(0.2)  # until sessions are waited for
        ticks = []
        for pid in self.pids:
            with open('/proc/%d/stat' % pid, encoding='ascii') as file:
                fields = file.read().rpartition(')')[2].split()
            ticks.append(sum(map(int, fields[11:15])) / os.sysconf('SC_CLK_TCK'))
        return ticks

    def measure(self, name, run):
        before = self.now()
        values = run(ENDPOINTS[name])
        self.used[name].append([b - a for a, b in zip(before, self.now())])
        return values

    def text(self, name, share=1):
        """`share`: so many runs are in one turn."""
        turns = self.used[name]
        return ' + '.join('%.2f' % (sum(turn[i] for turn in turns) / len(turns) * share)
                          for i in range(len(self.pids)))


def in_turns(run, turns, processor):
    values = {name: [] for name in ENDPOINTS}
    for turn in range(turns):
        names = list(ENDPOINTS)
        for name in names if turn % 2 == 0 else reversed(names):
            quiet_time.wait()
            values[name] += processor.measure(name, run)
    return values


def short_command(endpoint):
    return timed(max(1, RUNS // ROUNDS), [CLIENT, '-e', endpoint, '--', 'whoami'])


def through_terminal(endpoint):
    """Seconds of a gigabyte of lines, read by whoever has the operator's terminal."""
    before = time.monotonic()
    child, master = pty.fork()
    if child == 0:
        os.execvp(AS, [AS, 'dana', CLIENT, '-e', endpoint, '--', 'produce', str(SIZE), TEXT])
    count = 0
    try:
        while got := os.read(master, 1 << 16):
            count += len(got)
    except OSError:
        pass
    os.close(master)
    assert os.waitpid(child, 0)[1] == 0 and count >= SIZE, count
    return [time.monotonic() - before]


def through_pipe(endpoint):
    before = time.monotonic()
    subprocess.run('%s dana %s -e %s -- produce %d %s | cat >/dev/null'
                   % (AS, CLIENT, endpoint, SIZE, TEXT), shell=True, check=True)
    return [time.monotonic() - before]


def measure_short(pids):
    """The row for README.md, after what it comes from."""
    processor = Processor(*pids)
    short_command('recorded')
    values = in_turns(short_command, ROUNDS, processor)
    count = len(values['with'])
    shares = {}
    for share, name in ((0, 'minimum'), (0.05, '5 %'), (0.5, 'median'), (0.95, '95 %')):
        plain, recorded = shares[name] = [quantile(values[key], share) for key in ENDPOINTS]
        table_row('a short command by pipes, %s of %d' % (name, count), '%.2f ms' % plain,
                  '%.2f ms' % recorded, '%+.2f ms' % (recorded - plain))
    table_row('processor: gateway with the program + recorder',
              *(processor.text(name, 1000 * ROUNDS / count) + ' ms' for name in ENDPOINTS), '')
    plain, recorded = shares['median']
    return ('a transcript of a short command (`tests/bench/run --transcript`, medians of %d runs '
            'each, in turns)' % count,
            '%+.2f ms (%.2f to %.2f)' % (recorded - plain, plain, recorded))


def measure_stream(what, run, pids):
    processor = Processor(*pids)
    values = in_turns(run, TURNS, processor)
    shares = {}
    size = '%.2f' % (SIZE / (1 << 30)) if SIZE % (1 << 30) else '%d' % (SIZE >> 30)
    for share, name in ((0, 'minimum'), (0.5, 'median')):
        plain, recorded = (quantile(values[key], share) for key in ENDPOINTS)
        shares[name] = plain / recorded
        table_row('%s GB through %s, %s of %d' % (size, what, name, TURNS), '%.2f s' % plain,
                  '%.2f s' % recorded, '%.3f of the throughput' % shares[name])
    table_row('processor: gateway with the program + recorder',
              *(processor.text(name) + ' s' for name in ENDPOINTS), '')
    return ('%s GB through %s with a transcript, as a share of the throughput without: medians of '
            '%d turns (minima)' % (size, what, TURNS),
            '%.2f (%.2f)' % (shares['median'], shares['minimum']))


def main():
    os.makedirs('/opt/tests', exist_ok=True)
    quiet('cc', '-O2', '-o', TIMER, os.path.join(HERE, 'spawn_timer.c'))
    pids = gateway_pid(), default_recorder()
    line = b'%s\n' % (b'0123456789' * 7)
    with open(TEXT, 'wb') as file:
        file.write(line * (SIZE // len(line) + 1))
    os.chmod(TEXT, 0o644)
    rows = []
    try:
        print('Measured on: %s.\n' % machine())
        table_head('what', 'without a transcript', 'with one', 'difference')
        if 'short' in PARTS:
            rows.append(measure_short(pids))
        if 'pty' in PARTS:
            rows.append(measure_stream('a pty', through_terminal, pids))
        if 'pipe' in PARTS:
            rows.append(measure_stream('a pipe', through_pipe, pids))
        print()
        table_head('what', 'measured')
        for row in rows:
            table_row(*row)
        print('\n' + quiet_time.summary())
    finally:
        os.unlink(TEXT)


main()
