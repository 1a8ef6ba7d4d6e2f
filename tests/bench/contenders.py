"""What is measured: gateways and the peers, each with a configuration of a wanted size."""
import hashlib
import os
import shutil
import subprocess
import time

HERE = os.path.dirname(os.path.abspath(__file__))
AS = os.path.join(HERE, '..', 'integration', 'as')
TIMER = '/opt/tests/spawn_timer'
CLIENT = '/opt/rolegate/bin/rolegate'
SCRIPT = {'a script as a command': [CLIENT, '--', 'bench', 'command'],
          'the same as a trusted function': [CLIENT, '--', 'bench', 'function']}
OURS = [CLIENT, '--', 'bench', 'c0']
PEERS = {'sudo -n': ['/usr/bin/sudo', '-n', '-u', 'svc-ops', '/usr/bin/true'],
         'doas -n': ['/usr/bin/doas', '-n', '-u', 'svc-ops', '/usr/bin/true']}


def quiet(*command, **options):
    return subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **options)


def write(path, text, mode=0o644):
    with open(path, 'w', encoding='utf-8') as out:
        out.write(text)
    os.chmod(path, mode)


def roles_of(entries):
    return min(1000, max(1, entries // 10))


def configure_ours(directory, entries):
    """So many commands, spread over as many as 1,000 roles; dana has all of them."""
    for name in ('commands.d', 'roles.d'):
        shutil.rmtree(os.path.join(directory, name), ignore_errors=True)
    quiet(os.path.join(HERE, 'make-config'), '--run-as', 'svc-ops', directory, str(entries),
          str(roles_of(entries)))


def configure_script(directory):
    """One script, as the program of a command and as a trusted function; dana has both."""
    script = '#!/bin/sh\n:\n'
    for name in ('commands.d', 'roles.d', 'functions.d', 'trusted.d'):
        shutil.rmtree(os.path.join(directory, name), ignore_errors=True)
        os.makedirs(os.path.join(directory, name))
    write('/opt/tests/bench-script', script, 0o755)
    write(directory + '/commands.d/script.conf',
          'commands = ( { name = "bench command"; program = "/opt/tests/bench-script"; } );\n')
    write(directory + '/functions.d/script.conf',
          'functions = ( { name = "bench function"; file = "/opt/tests/bench-script"; } );\n')
    write(directory + '/trusted.d/script.conf',
          'trusted = ( { id = "b3ac1f0c-8c3b-4d5e-9d52-3b1f0a4f7c11"; function = "bench function";\n'
          '  content_hash = "sha256:%s"; level = "trusted"; } );\n'
          % hashlib.sha256(script.encode()).hexdigest())
    write(directory + '/roles.d/script.role',
          'visible_commands = ( "bench command" );\nvisible_functions = ( "bench function" );\n')
    write(directory + '/rolegate.conf',
          'endpoints = ( { name = "operations"; run_as = "svc-ops";\n'
          '  role_definitions = ( { user = "dana"; roles = [ "script" ]; } ); } );\n')


def configure_peers(rules):
    """sudo and doas with the PAM stack of rolegate, and as many rules; the last one is used."""
    for name in ('sudo', 'doas'):
        shutil.copy('/etc/pam.d/rolegate', '/etc/pam.d/' + name)
    lines = ['dana ALL=(svc-ops) NOPASSWD: /opt/tests/other%d\n' % n for n in range(rules - 1)]
    shutil.rmtree('/etc/sudoers.d', ignore_errors=True)
    write('/etc/sudoers', ''.join(lines) + 'dana ALL=(svc-ops) NOPASSWD: /usr/bin/true\n', 0o440)
    lines = ['permit nopass dana as svc-ops cmd /opt/tests/other%d\n' % n for n in range(rules - 1)]
    write('/etc/doas.conf',
          ''.join(lines) + 'permit nopass dana as svc-ops cmd /usr/bin/true\n', 0o400)


class Gateway:
    """One beside the jump host's: a mount namespace gives it its own sockets and /etc/rolegate."""

    def __init__(self, entries):
        directory = '/srv/bench-%d' % entries
        os.makedirs(directory)
        configure_ours(directory, entries)
        script = ('mount -t tmpfs -o mode=755 bench /run/rolegate'
                  ' && mount --bind "$0" /etc/rolegate'
                  ' && exec rolegated -f >"/var/log/bench-$1.out" 2>&1')
        self.process = subprocess.Popen(
            ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', script, directory,
             str(entries)], stdin=subprocess.DEVNULL)
        socket = '/proc/%d/root/run/rolegate/operations.sock' % self.process.pid
        for _ in range(100):
            time.sleep(0.1)
            if os.path.exists(socket):
                time.sleep(0.1)  # bound, and soon listened at
                return
        raise RuntimeError('the gateway with %d entries did not start' % entries)

    def inside(self, command):
        return ['nsenter', '--mount', '--target', str(self.process.pid)] + command

    def end(self):
        self.process.terminate()
        self.process.wait()


def timed(runs, command, gateway=None):
    """Milliseconds of each run as dana; at the jump host's gateway, or at another one."""
    timer = [AS, 'dana', TIMER, str(runs)] + command
    out = subprocess.run(timer if gateway is None else gateway.inside(timer), check=True,
                         stdout=subprocess.PIPE, text=True).stdout
    return [int(line) / 1e6 for line in out.split()]
