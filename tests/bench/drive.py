#!/usr/bin/env python3
"""What a user drive costs: runs on a private jump host with the cases' configuration.

The same sshd and the same sftp(1), with the drive behind it or sshd's own server, in turns.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

import quiet_time
from contenders import write
from tables import machine, quantile, table_head, table_row

TURNS = max(1, int(sys.argv[1]) // 50)
quiet_time.PATIENCE = 60
SIZE = int(os.environ.get('ROLEGATE_BENCH_BYTES', 256 << 20))
SMALL = 200
PORTS = {'sshd': 2223, 'drive': 2222}
PLAIN = '/srv/plain'
FORCED = {'sshd': 'internal-sftp -d ' + PLAIN,
          'drive': '/opt/rolegate/bin/rolegate-shell -e wide-drives'}


def start_sshd(name, directory):
    with open('/etc/ssh/sshd_config', encoding='utf-8') as file:
        lines = file.read()
    path = os.path.join(directory, name)
    lines = re.sub('(?m)^ListenAddress.*', 'ListenAddress 127.0.0.1:%d' % PORTS[name], lines)
    lines = re.sub('(?m)^PidFile.*', 'PidFile %s.pid' % path, lines)
    write(path, 'Match User dana\n\tForceCommand %s\nMatch all\n%s' % (FORCED[name], lines))
    subprocess.run(['/usr/sbin/sshd', '-f', path, '-E', path + '.log'], check=True)


def busy_seconds():
    with open('/proc/stat', encoding='ascii') as file:
        fields = [int(field) for field in file.readline().split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / os.sysconf('SC_CLK_TCK')


def sftp(name, *lines):
    """Seconds, and processor seconds of the whole machine."""
    quiet_time.wait()
    before, busy = time.monotonic(), busy_seconds()
    subprocess.run(['sftp', '-q', '-P', str(PORTS[name]), '-b', '-', 'dana@jump'], check=True,
                   input=''.join(line + '\n' for line in lines), text=True,
                   stdout=subprocess.DEVNULL)
    return time.monotonic() - before, busy_seconds() - busy


def in_turns(*lines):
    values = {name: [] for name in PORTS}
    for turn in range(TURNS):
        names = list(PORTS)
        for name in names if turn % 2 == 0 else reversed(names):
            values[name].append(sftp(name, *lines))
    return values


def row(what, values):
    times = {name: sorted(time for time, _ in values[name]) for name in PORTS}
    busy = {name: quantile([busy for _, busy in values[name]], 0.5) for name in PORTS}
    table_row(what, *('%.2f s, %.2f s' % (times[name][0], quantile(times[name], 0.5))
                      for name in PORTS),
              '%.2f, %.2f' % (times['drive'][0] / times['sshd'][0],
                              quantile(times['drive'], 0.5) / quantile(times['sshd'], 0.5)),
              '%.2f s, %.2f s' % (busy['sshd'], busy['drive']))


def main():
    directory = tempfile.mkdtemp(dir='/dev/shm')
    try:
        os.makedirs(PLAIN, exist_ok=True)
        shutil.chown(PLAIN, 'dana')
        for name in PORTS:
            start_sshd(name, directory)
        time.sleep(0.5)
        large = os.path.join(directory, 'large')
        with open(large, 'wb') as file:
            for _ in range(SIZE >> 20):
                file.write(os.urandom(1 << 20))
        os.mkdir(os.path.join(directory, 'small'))
        for number in range(SMALL):
            with open('%s/small/%d' % (directory, number), 'wb') as file:
                file.write(os.urandom(10000))
        print('Measured on: %s. Of %d turns.\n' % (machine(), TURNS))
        table_head('what', 'sshd alone, least and median', 'drive', 'ratio', 'processor, median')
        row('nothing', in_turns('pwd'))
        row('put %d MB' % (SIZE >> 20), in_turns('put %s large' % large))
        row('get %d MB' % (SIZE >> 20), in_turns('get large /dev/null'))
        row('put %d files of 10 kB' % SMALL, in_turns('put %s/small/*' % directory))
        print('\n' + quiet_time.summary())
    finally:
        for name in PORTS:
            with open('%s/%s.pid' % (directory, name), encoding='ascii') as file:
                os.kill(int(file.read()), 15)
        shutil.rmtree(directory, ignore_errors=True)  # sshd removes its own files


main()
