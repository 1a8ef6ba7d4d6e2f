#!/usr/bin/env python3
"""What sudo itself decides: run as root by `unshare -m`, since it puts files over /etc/sudoers.

usage: sudo_oracle.py DIRECTORY < calls > answers

DIRECTORY has sudoers, passwd and group. A call is a JSON array on a line, [user, account, argv];
an answer is "1" if sudo would let it through, else "0".
"""
import json
import os
import subprocess
import sys


def main():
    directory = sys.argv[1]
    for name in ('sudoers', 'passwd', 'group'):
        path = os.path.join(directory, name)
        os.chmod(path, 0o440 if name == 'sudoers' else 0o644)
        os.chown(path, 0, 0)
        subprocess.run(['mount', '--bind', path, '/etc/' + name], check=True)
    for line in sys.stdin:
        user, account, argv = json.loads(line)
        done = subprocess.run(['sudo', '-l', '-U', user, '-u', account, '--', *argv],
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, check=False)
        print(1 if done.returncode == 0 else 0)
    return 0


if __name__ == '__main__':
    sys.exit(main())
