#!/usr/bin/env python3
"""Runs on a private jump host (tests/bench/run --confine): what each means of confinement costs."""
import os
import shutil
import subprocess
import sys

import quiet_time
from contenders import AS, CLIENT, HERE, TIMER, quiet, timed, write
from tables import machine, quantile, table_head, table_row

RUNS = int(sys.argv[1])
ROUNDS = 25
# What each profile has beside the one before it is named in its row.
PROFILES = {
    'unrestricted': 'extends = "unrestricted"',
    'filter': 'extends = "standard"; execute = "any"; if_unsupported = "warn"',
    'standard': 'extends = "standard"',
    'offline': 'extends = "standard"; network = "none"',
    'write': 'extends = "standard"; filesystem = { write = []; }',
    'hidden': 'extends = "standard"; filesystem = { hidden = [ "/root", "/home" ]; }',
    'own': 'extends = "standard"; filesystem = { proc = "own"; tmp = "own"; }',
    'read': 'extends = "standard"; filesystem = { read = [ "/var/log" ]; write = []; }',
    'listed': 'extends = "standard"; execute = [ "/usr/bin/true" ]',
    'all': 'extends = "standard"; network = "none"; filesystem = { read = [ "/var/log" ]; '
           'write = []; hidden = [ "/root", "/home" ]; proc = "own"; tmp = "own"; }; '
           'limits = { processes = 64; cpu_seconds = 60; file_size = "100M"; open_files = 256; }',
}
LABELS = {
    'unrestricted': 'rolegate, `unrestricted`',
    'filter': '… system calls denied, other programs allowed',
    'standard': 'rolegate, `standard`',
    'offline': '… and no network',
    'write': '… and nothing written',
    'hidden': '… and two directories hidden',
    'own': '… and /proc and /tmp of its own',
    'read': '… and only one directory read',
    'listed': '… but one program allowed by its path',
    'all': '`standard` and all of these but the last, with limits',
}
SANDBOX = ['/usr/bin/bwrap', '--ro-bind', '/usr', '/usr', '--symlink', 'usr/bin', '/bin',
           '--symlink', 'usr/lib', '/lib', '--symlink', 'usr/lib64', '/lib64',
           '--ro-bind', '/var/log', '/var/log', '--dev', '/dev', '--proc', '/proc',
           '--tmpfs', '/tmp', '--unshare-net', '--unshare-user', '--die-with-parent',
           '--clearenv', '/usr/bin/true']


def configure():
    for name in ('commands.d', 'roles.d', 'profiles.d'):
        shutil.rmtree('/etc/rolegate/' + name, ignore_errors=True)
        os.mkdir('/etc/rolegate/' + name)
    write('/etc/rolegate/profiles.d/bench.conf', 'profiles = (\n%s );\n' % ',\n'.join(
        '  { name = "bench-%s"; %s; }' % item for item in PROFILES.items()))
    write('/etc/rolegate/commands.d/bench.conf', 'commands = (\n%s );\n' % ',\n'.join(
        '  { name = "bench %s"; program = "/usr/bin/true"; profile = "bench-%s"; }' % (name, name)
        for name in PROFILES))
    write('/etc/rolegate/roles.d/bench.role', 'visible_commands = ( "bench *" );\n')
    write('/etc/rolegate/rolegate.conf',
          'endpoints = ( { name = "operations"; run_as = "svc-ops";\n'
          '  role_definitions = ( { user = "dana"; roles = [ "bench" ]; } ); } );\n')
    quiet('rolegatectl', 'reload')


def measure(contenders):
    times = {name: [] for name in contenders}
    for command in contenders.values():
        timed(5, command)
    for turn in range(ROUNDS):
        names = list(contenders)
        for name in names if turn % 2 == 0 else reversed(names):
            quiet_time.wait()
            times[name] += timed(max(1, RUNS // ROUNDS), contenders[name])
    return times


def main():
    os.makedirs('/opt/tests', exist_ok=True)
    quiet('cc', '-O2', '-o', TIMER, os.path.join(HERE, 'spawn_timer.c'))
    configure()
    contenders = {'bare spawn': ['/usr/bin/true']}
    if os.path.exists(SANDBOX[0]) and \
            subprocess.run([AS, 'dana'] + SANDBOX, check=False).returncode == 0:
        contenders['bwrap'] = SANDBOX
    contenders.update({name: [CLIENT, '--', 'bench', name] for name in PROFILES})
    times = measure(contenders)
    medians = {name: quantile(values, 0.5) for name, values in times.items()}
    print('Measured on: %s. Milliseconds of %d runs of `true`, in turns.\n' % (machine(), RUNS))
    table_head('one run', 'median', '95 %', 'added', 'added, as a share')
    for name, values in times.items():
        base = medians['bare spawn' if name in ('bare spawn', 'bwrap') else 'unrestricted']
        label = LABELS.get(name, 'bubblewrap, a sandbox much like the last row' if name == 'bwrap'
                           else name)
        table_row(label, '%.2f' % medians[name], '%.2f' % quantile(values, 0.95),
                  '%.2f' % (medians[name] - base), '%+.0f %%' % (100 * (medians[name] / base - 1)))
    print('\n' + quiet_time.summary())


main()
