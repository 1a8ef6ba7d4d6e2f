#!/usr/bin/env python3
"""Runs on a private jump host (tests/bench/run): measures and prints markdown."""
import json
import os
import re
import subprocess
import sys
import time

import quiet_time
from contenders import (AS, CLIENT, HERE, OURS, PEERS, SCRIPT, TIMER, Gateway, configure_ours,
                        configure_peers, configure_script, quiet, roles_of, timed, write)
from tables import machine, quantile, table_head, table_row

RUNS = int(sys.argv[1])
ROUNDS = 25
ENTRIES = (10, 1000, 10000, 100000)
# With as many rules a peer takes up to two seconds a run: it gets so small a share of the runs.
PEER_SHARE = {10: 1, 1000: 1, 10000: 5, 100000: 20}


def note(text):
    print(text, file=sys.stderr, flush=True)


def gateway_pid():
    with open('/run/jump-host/gateway.pid', encoding='ascii') as file:
        return int(file.read())


def side_by_side(contenders):
    """Milliseconds of each, taken in turns, so that all see the same machine."""
    times = {name: [] for name in contenders}
    for run, _ in contenders.values():
        run(5)
    for turn in range(ROUNDS):
        names = list(contenders)
        for name in names if turn % 2 == 0 else reversed(names):
            run, runs = contenders[name]
            quiet_time.wait()
            times[name] += run(max(1, runs // ROUNDS))
    return times


def with_peers(entries):
    """The jump host's gateway and the peers, all with so many entries."""
    def contender(command, runs):
        return (lambda count: timed(count, command), runs)
    size = format(entries, ',')
    contenders = {'bare spawn': contender(['/usr/bin/true'], RUNS)} if entries == ENTRIES[0] else {}
    contenders['rolegate, %s entries' % size] = contender(OURS, RUNS)
    for name, command in PEERS.items():
        runs = RUNS // PEER_SHARE[entries]
        label = '%s, %s rules' % (name, size)
        if os.path.exists(command[0]):
            contenders[label if runs == RUNS else '%s (%d runs)' % (label, runs)] = \
                contender(command, runs)
    return side_by_side(contenders)


def small_and_large():
    """Two gateways that differ in their configuration alone."""
    gateways = {entries: Gateway(entries) for entries in (ENTRIES[0], ENTRIES[-1])}

    def contender(gateway):
        return (lambda count: timed(count, OURS, gateway), RUNS)
    try:
        return side_by_side({'rolegate, %s entries in %s' % (
            format(entries, ','), 'one role' if roles_of(entries) == 1 else
            format(roles_of(entries), ',') + ' roles'): contender(gateway)
            for entries, gateway in gateways.items()})
    finally:
        for gateway in gateways.values():
            gateway.end()


def reload_time():
    best = None
    for _ in range(3):
        quiet_time.wait()
        before = time.monotonic()
        quiet('rolegatectl', 'reload')
        took = time.monotonic() - before
        best = took if best is None else min(best, took)
    return best


def explain_time(roles):
    """Microseconds of one decision: from the first answer of a long batch to the last."""
    request = json.dumps({'roles': roles, 'argv': ['bench', 'c0', '-u', 'a0.service']}) + '\n'
    write('/run/jump-host/batch', request * 20001)

    def batch():
        quiet_time.wait()
        with subprocess.Popen(['rolegatectl', 'explain', '--batch', '/run/jump-host/batch'],
                              stdout=subprocess.PIPE) as explain:
            explain.stdout.readline()
            before = time.monotonic()
            answers = sum(1 for _ in explain.stdout)
            return (time.monotonic() - before) / answers * 1e6
    return min(batch() for _ in range(3))


def private_kilobytes(pid):
    with open('/proc/%d/smaps_rollup' % pid, encoding='ascii') as file:
        return sum(int(n) for n in re.findall(r'^Private_\w+: +(\d+)', file.read(), re.M))


def resident_kilobytes(pid):
    with open('/proc/%d/status' % pid, encoding='ascii') as file:
        return int(re.search(r'^VmRSS:\s+(\d+)', file.read(), re.M)[1])


def session_memory():
    client = subprocess.Popen([AS, 'dana', CLIENT, '--', 'sleep', '5'])
    time.sleep(1)
    children = subprocess.run(['pgrep', '-P', str(gateway_pid())], check=True,
                              stdout=subprocess.PIPE, text=True).stdout.split()
    memory = max(private_kilobytes(int(pid)) for pid in children)
    client.wait()
    return memory


def pipe_share():
    """Throughput through the gateway as a share of the same pipe without it."""
    def seconds(command):
        quiet_time.wait()
        before = time.monotonic()
        subprocess.run('head -c 1G /dev/zero | ' + command + ' >/dev/null', shell=True, check=True)
        return time.monotonic() - before
    plain, gated = [], []
    for _ in range(12):
        plain.append(seconds('%s dana cat | cat' % AS))
        gated.append(seconds('%s dana %s -- copy | cat' % (AS, CLIENT)))
    plain, gated = quantile(plain, 0.5), quantile(gated, 0.5)
    return plain / gated, plain, gated


def spawn_rows(times):
    for name, values in times.items():
        table_row(name, *('%.2f' % quantile(values, share) for share in (0.5, 0.95, 0.99)))


def measure_sizes():
    """The main table; and what loading and deciding took at each size."""
    loads, explains = {}, {}
    table_head('one run of `true`', 'median', '95 %', '99 %')
    for entries in ENTRIES:
        note('%d entries' % entries)
        configure_ours('/etc/rolegate', entries)
        configure_peers(entries)
        loads[entries] = reload_time()
        spawn_rows(with_peers(entries))
        explains[entries] = explain_time(['r%d' % n for n in range(roles_of(entries))][:20])
    return loads, explains


def measure_growth():
    note('two gateways')
    print()
    table_head('two gateways in turns, nothing else', 'median', '95 %', '99 %')
    times = small_and_large()
    spawn_rows(times)
    small, large = (quantile(values, 0.5) for values in times.values())
    table_row('the second median as a share of the first', '%.3f' % (large / small), '', '')


def measure_function():
    """The same script, as a command and as a function."""
    note('functions')
    configure_script('/etc/rolegate')
    quiet('rolegatectl', 'reload')
    print()
    table_head('one run of a script', 'median', '95 %', '99 %')
    times = side_by_side({name: (lambda count, command=command: timed(count, command), RUNS)
                          for name, command in SCRIPT.items()})
    spawn_rows(times)
    command, function = (quantile(values, 0.5) for values in times.values())
    table_row('the second median as a share of the first', '%.3f' % (function / command), '', '')


def main():
    os.makedirs('/opt/tests', exist_ok=True)
    quiet('cc', '-O2', '-o', TIMER, os.path.join(HERE, 'spawn_timer.c'))
    time.sleep(1)
    idle = resident_kilobytes(gateway_pid())
    if len(sys.argv) > 2:  # that part alone
        measure_function()
        return
    note('memory and pipes')
    session = session_memory()
    share, plain, gated = pipe_share()
    print('Measured on: %s. Milliseconds of %d runs, in turns, as the operator; same PAM modules.\n'
          % (machine(), RUNS))
    loads, explains = measure_sizes()
    measure_growth()
    measure_function()
    print()
    table_head('what', 'measured')
    for entries in ENTRIES:
        table_row('a decision, %s entries (`explain --batch`)' % format(entries, ','),
                  '%.1f µs' % explains[entries])
    table_row('loading 100,000 entries', '%.2f s' % loads[100000])
    table_row('`rolegated` idle, resident', '%.1f MB' % (idle / 1024))
    table_row('a session, private memory', '%.1f MB' % (session / 1024))
    table_row('1 GB through a pipe: throughput, as a share of the same without the gateway',
              '%.2f (%.2f s, %.2f s)' % (share, gated, plain))
    print('\n' + quiet_time.summary())


main()
