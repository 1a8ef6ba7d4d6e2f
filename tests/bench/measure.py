#!/usr/bin/env python3
"""Runs on a private jump host (tests/bench/run): measures and prints markdown."""
import json
import os
import re
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
AS = os.path.join(HERE, '..', 'integration', 'as')
TIMER = '/opt/tests/spawn_timer'
CLIENT = '/opt/rolegate/bin/rolegate'
RUNS = int(sys.argv[1])
ROUNDS = 10
ENTRIES = (10, 1000, 10000, 100000)


def note(text):
    print(text, file=sys.stderr, flush=True)


def quiet(*command, **options):
    return subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **options)


def write(path, text, mode=0o644):
    with open(path, 'w', encoding='utf-8') as out:
        out.write(text)
    os.chmod(path, mode)


def gateway_pid():
    with open('/run/jump-host/gateway.pid', encoding='ascii') as file:
        return int(file.read())


def timed(runs, command):
    out = subprocess.run([AS, 'dana', TIMER, str(runs)] + command, check=True,
                         stdout=subprocess.PIPE, text=True).stdout
    return [int(line) / 1e6 for line in out.split()]


def side_by_side(contenders):
    """Milliseconds of each, taken in turns, so that all see the same machine."""
    times = {name: [] for name in contenders}
    for name, command in contenders.items():
        timed(5, command)
    for _ in range(ROUNDS):
        for name, command in contenders.items():
            times[name] += timed(max(1, RUNS // ROUNDS), command)
    return times


def quantile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def peers(rules):
    """sudo and doas with the PAM stack of rolegate, and as many rules."""
    for name in ('sudo', 'doas'):
        shutil.copy('/etc/pam.d/rolegate', '/etc/pam.d/' + name)
    lines = ['dana ALL=(svc-ops) NOPASSWD: /opt/tests/other%d\n' % n for n in range(rules - 1)]
    shutil.rmtree('/etc/sudoers.d', ignore_errors=True)
    write('/etc/sudoers', ''.join(lines) + 'dana ALL=(svc-ops) NOPASSWD: /usr/bin/true\n', 0o440)
    lines = ['permit nopass dana as svc-ops cmd /opt/tests/other%d\n' % n for n in range(rules - 1)]
    write('/etc/doas.conf', ''.join(lines) + 'permit nopass dana as svc-ops cmd /usr/bin/true\n', 0o400)


def ours(entries, roles):
    """A configuration with so many commands, spread over the roles; dana has all of them."""
    for directory in ('commands.d', 'roles.d'):
        shutil.rmtree('/etc/rolegate/' + directory, ignore_errors=True)
        os.mkdir('/etc/rolegate/' + directory)
    names = ['bench true'] + ['bench c%d' % n for n in range(1, entries)]
    commands = ',\n'.join(
        '  { name = "%s"; program = "/usr/bin/true"; parameters = ( { name = "unit"; '
        'options = [ "-u" ]; type = "string"; validate = "systemd-unit"; } ); }' % name
        for name in names)
    write('/etc/rolegate/commands.d/bench.conf', 'commands = (\n' + commands + ' );\n')
    for role in range(roles):
        grants = ',\n'.join(
            '  { name = "%s"; parameters = ( { name = "unit"; set = [ "a.service", "b.service" ]; } ); }'
            % name for name in names[role::roles])
        write('/etc/rolegate/roles.d/r%d.role' % role, 'visible_commands = (\n' + grants + ' );\n')
    listed = ', '.join('"r%d"' % role for role in range(roles))
    write('/etc/rolegate/rolegate.conf',
          'endpoints = ( { name = "operations"; run_as = "svc-ops";\n'
          '  role_definitions = ( { user = "dana"; roles = [ %s ]; } ); } );\n' % listed)


def reload_time():
    best = None
    for _ in range(3):
        before = time.monotonic()
        quiet('rolegatectl', 'reload')
        took = time.monotonic() - before
        best = took if best is None else min(best, took)
    return best


def explain_time(roles):
    """Microseconds of one decision: a long batch, less a short one."""
    def batch(count):
        request = json.dumps({'roles': roles, 'argv': ['bench', 'true', '-u', 'a.service']}) + '\n'
        write('/run/jump-host/batch', request * count)
        before = time.monotonic()
        subprocess.run(['rolegatectl', 'explain', '--batch', '/run/jump-host/batch'],
                       stdout=subprocess.DEVNULL, check=False)
        return time.monotonic() - before
    short = min(batch(1) for _ in range(3))
    return (batch(20001) - short) / 20000 * 1e6


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
        before = time.monotonic()
        subprocess.run('head -c 1G /dev/zero | ' + command + ' >/dev/null', shell=True, check=True)
        return time.monotonic() - before
    plain, gated = [], []
    for _ in range(5):
        plain.append(seconds('cat | cat'))
        gated.append(seconds('%s dana %s -- copy | cat' % (AS, CLIENT)))
    return min(plain) / min(gated), min(plain), min(gated)


def machine():
    with open('/proc/cpuinfo', encoding='utf-8') as file:
        model = re.search(r'model name\s*: (.*)', file.read())
    return '%s, %d processors, Linux %s' % (
        model[1] if model else os.uname().machine, os.cpu_count(), os.uname().release.split('-')[0])


def table_row(*cells):
    print('| ' + ' | '.join(cells) + ' |', flush=True)


def spawn_rows(times):
    for name, values in times.items():
        table_row(name, *('%.2f' % quantile(values, share) for share in (0.5, 0.95, 0.99)))


def main():
    os.makedirs('/opt/tests', exist_ok=True)
    quiet('cc', '-O2', '-o', TIMER, os.path.join(HERE, 'spawn_timer.c'))
    time.sleep(1)
    idle = resident_kilobytes(gateway_pid())
    note('memory and pipes')
    session = session_memory()
    share, plain, gated = pipe_share()
    print('Measured on: %s. Milliseconds of %d runs, in turns, as the operator; same PAM modules.\n'
          % (machine(), RUNS))
    table_row('one run of `true`', 'median', '95 %', '99 %')
    table_row('---', '---:', '---:', '---:')
    medians, loads, explains = {}, {}, {}
    for entries in ENTRIES:
        note('%d entries' % entries)
        roles = min(1000, max(1, entries // 10))
        ours(entries, roles)
        peers(entries)
        loads[entries] = reload_time()
        contenders = {'rolegate, %s entries' % format(entries, ','): [CLIENT, '--', 'bench', 'true']}
        if entries == ENTRIES[0]:
            contenders = {'bare spawn': ['/usr/bin/true'], **contenders}
        for name, command in (('sudo -n', ['/usr/bin/sudo', '-n', '-u', 'svc-ops', '/usr/bin/true']),
                              ('doas -n', ['/usr/bin/doas', '-n', '-u', 'svc-ops', '/usr/bin/true'])):
            if os.path.exists(command[0]):
                contenders['%s, %s rules' % (name, format(entries, ','))] = command
        times = side_by_side(contenders)
        spawn_rows(times)
        medians[entries] = quantile(next(v for k, v in times.items() if k.startswith('rolegate')), 0.5)
        explains[entries] = explain_time(['r%d' % n for n in range(roles)][:20])
    print()
    table_row('what', 'measured')
    table_row('---', '---:')
    table_row('median at 100,000 entries, as a share of that at 10',
              '%.2f' % (medians[100000] / medians[10]))
    for entries in ENTRIES:
        table_row('a decision, %s entries (`explain --batch`)' % format(entries, ','),
                  '%.1f µs' % explains[entries])
    table_row('loading 100,000 entries', '%.2f s' % loads[100000])
    table_row('`rolegated` idle, resident', '%.1f MB' % (idle / 1024))
    table_row('a session, private memory', '%.1f MB' % (session / 1024))
    table_row('1 GB through a pipe: throughput, as a share of the same without the gateway',
              '%.2f (%.2f s, %.2f s)' % (share, gated, plain))


main()
