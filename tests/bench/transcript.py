#!/usr/bin/env python3
"""What a transcript costs: runs on a private jump host with the cases' configuration.

Each pair of endpoints differs in `transcript` alone, and their runs are taken in turns.
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
ROUNDS = 25
quiet_time.PATIENCE = 60
TURNS = 4
SIZE = int(os.environ.get('ROLEGATE_BENCH_BYTES', 1 << 30))
TEXT = '/dev/shm/rolegate-bench'
ENDPOINTS = {'without': 'unnoted', 'with': 'recorded'}


def default_recorder():
    """The cases keep less of a transcript than the recorder does by itself."""
    write('/etc/rolegate/recorder.conf', 'directory = "/var/log/recorded";\n')
    with open('/run/jump-host/recorder.pid', encoding='ascii') as file:
        os.kill(int(file.read()), signal.SIGTERM)
    time.sleep(1)
    subprocess.Popen(['rolegate-recorder', '-f'], stdin=subprocess.DEVNULL)
    time.sleep(1)


def in_turns(run, turns):
    values = {name: [] for name in ENDPOINTS}
    for turn in range(turns):
        names = list(ENDPOINTS)
        for name in names if turn % 2 == 0 else reversed(names):
            quiet_time.wait()
            values[name] += run(ENDPOINTS[name])
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


def throughput(what, run):
    values = in_turns(run, TURNS)
    plain, recorded = (quantile(values[name], 0.5) for name in ENDPOINTS)
    table_row(what, '%.2f s' % plain, '%.2f s' % recorded,
              '%.3f of the throughput' % (plain / recorded))


def main():
    os.makedirs('/opt/tests', exist_ok=True)
    quiet('cc', '-O2', '-o', TIMER, os.path.join(HERE, 'spawn_timer.c'))
    default_recorder()
    line = b'%s\n' % (b'0123456789' * 7)
    with open(TEXT, 'wb') as file:
        file.write(line * (SIZE // len(line) + 1))
    os.chmod(TEXT, 0o644)
    try:
        print('Measured on: %s.\n' % machine())
        table_head('what', 'without a transcript', 'with one', 'difference')
        values = in_turns(short_command, ROUNDS)
        for share, name in ((0.05, '5 %'), (0.5, 'median'), (0.95, '95 %'), (0.99, '99 %')):
            plain, recorded = (quantile(values[key], share) for key in ENDPOINTS)
            table_row('a short command by pipes, %s of %d' % (name, len(values['with'])),
                      '%.2f ms' % plain, '%.2f ms' % recorded, '%+.2f ms' % (recorded - plain))
        throughput('%.2f GB through a pty, median of %d' % (SIZE / (1 << 30), TURNS), through_terminal)
        throughput('%.2f GB through pipes, median of %d' % (SIZE / (1 << 30), TURNS), through_pipe)
        print('\n' + quiet_time.summary())
    finally:
        os.unlink(TEXT)


main()
