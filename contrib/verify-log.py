#!/usr/bin/env python3
"""Whether an event log of rolegate is what was written, by rolegate-records(5) alone.

usage: verify-log.py [--key PUBLIC.pem] [--head SEQ:HASH] [DIRECTORY | FILE]

It shares no code with rolegate, and is short, so that it can be read instead of believed:
rolegatectl verify-log does the same and more, faster. Exit status: 0 good, 1 something is wrong,
2 could not. Signatures are checked by openssl(1).
"""
import argparse
import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile

TAIL = re.compile(rb',"seq":([1-9][0-9]*),"prev":"([0-9a-f]{64})","hash":"([0-9a-f]{64})"\}')
ZEROS = '0' * 64
wrong = []


def found(place, what):
    wrong.append(place)
    print(f'{place}: {what}')


def files_of(path):
    """events-SEQ.jsonl in the order of SEQ, then events.jsonl."""
    if not os.path.isdir(path):
        return [path]
    names = sorted(name for name in os.listdir(path)
                   if re.fullmatch(r'events-[0-9]{20}\.jsonl', name))
    if os.path.exists(os.path.join(path, 'events.jsonl')):
        names.append('events.jsonl')
    return [os.path.join(path, name) for name in names]


def lines_of(path):
    """(FILE:LINE, bytes without the line end) of all files."""
    for name in files_of(path):
        with open(name, 'rb') as lines:
            for number, line in enumerate(lines, 1):
                if not line.endswith(b'\n'):
                    found(f'{name}:{number}', 'the file ends in the middle of a line')
                    break
                yield f'{name}:{number}', line[:-1]


def key_name(pem):
    der = subprocess.run(['openssl', 'pkey', '-pubin', '-in', pem, '-outform', 'DER'], check=True,
                         capture_output=True).stdout
    return hashlib.sha256(der[-32:]).hexdigest()[:16]


def signature_holds(pem, message, signature):
    with tempfile.TemporaryDirectory() as directory:
        names = [os.path.join(directory, name) for name in ('message', 'signature')]
        for name, content in zip(names, (message, signature)):
            with open(name, 'wb') as out:
                out.write(content)
        return subprocess.run(
            ['openssl', 'pkeyutl', '-verify', '-rawin', '-pubin', '-inkey', pem, '-in', names[0],
             '-sigfile', names[1]], capture_output=True, check=False).returncode == 0


class Log:
    """What was read so far."""

    def __init__(self, arguments):
        self.sequence, self.hash, self.first = 0, ZEROS, None
        self.chain = None
        self.keys = {key_name(pem): pem for pem in arguments.key}
        self.heads = dict(head.split(':') for head in arguments.head)
        self.signatures = 0
        self.expired = {}  # seq -> hash of the last line of files that are gone
        self.beside = {}   # file -> (place, event)

    def line(self, place, line):
        tail = TAIL.search(line, len(line) - 256 if len(line) > 256 else 0)
        if tail is None or tail.end() != len(line):
            return found(place, 'this is no line of an event log')
        sequence, prev, digest = int(tail[1]), tail[2].decode(), tail[3].decode()
        # "hash" is that of all bytes before the comma in front of it.
        if hashlib.sha256(line[:tail.start(3) - len(',"hash":"')]).hexdigest() != digest:
            found(place, 'the line was changed')
        if self.first is None:
            self.first = (place, sequence, prev)
        elif sequence != self.sequence + 1:
            found(place, f'seq {sequence} follows {self.sequence}')
        elif prev != self.hash:
            found(place, 'the line before it is not the one that was written')
        if self.heads.pop(str(sequence), digest) != digest:
            found(place, 'another hash of it is known')
        before, (self.sequence, self.hash) = self.hash, (sequence, digest)
        try:
            self.event(place, json.loads(line), before)
        except (ValueError, KeyError, TypeError) as error:
            found(place, f'it does not say what it should: {error!r}')

    def event(self, place, event, before):
        operation = event['op']
        if place.endswith(':1'):
            if operation != 'chain' or event['format'] != 1:
                found(place, 'the file does not begin with an op=chain of format 1')
            elif self.chain not in (None, event['chain']):
                found(place, 'another chain begins here')
            self.chain = event.get('chain')
        elif operation == 'sign' and self.keys:
            message = b'rolegate-log-1\0' + f'{self.chain} {event["to"]} {before}'.encode()
            if event['to'] != event['seq'] - 1 or event['key'] not in self.keys or \
                    not signature_holds(self.keys[event['key']], message,
                                        base64.b64decode(event['signature'], validate=True)):
                found(place, 'the signature does not hold')
            else:
                self.signatures += 1
        elif operation == 'expired' and 'last' in event:
            self.expired[event['last']] = event['last_hash']
        elif operation in ('transcript-open', 'transcript-part', 'transcript', 'expired'):
            self.beside[event['file']] = (place, event)

    def end(self, directory):
        place, first, prev = self.first or (directory, 1, ZEROS)
        if (ZEROS if first == 1 else self.expired.get(first - 1)) != prev:
            found(place, f'what was before seq {first} is missing')
        for sequence in self.heads:
            if int(sequence) > self.sequence:
                found(directory, f'the end is cut off: seq {sequence} is known')
        if self.keys and not self.signatures:
            found(directory, 'nothing in it is signed by that key')
        for name, (place, event) in self.beside.items():
            if event['op'] != 'expired':
                self.transcript(os.path.join(directory, name), place, event)
        for folder, _, names in os.walk(os.path.join(directory, 'transcripts')):
            for name in names:
                if os.path.relpath(os.path.join(folder, name), directory) in self.beside:
                    continue
                path = os.path.join(folder, name)
                # Recordings may be kept for longer than the lines that name them.
                if first > 1:
                    print(f'{path}: the log says nothing of it, or said so before its start')
                else:
                    found(path, 'the log says nothing of it')

    @staticmethod
    def transcript(path, place, event):
        if not os.path.exists(path):
            return found(path, f'it is missing; {place} names it')
        if 'sha256' not in event:
            return
        with open(path, 'rb') as content:
            text = content.read()
        if hashlib.sha256(text[:event['bytes']]).hexdigest() != event['sha256']:
            found(path, f'it is not what {place} says')
        elif event['op'] == 'transcript' and len(text) != event['bytes']:
            found(path, f'something was added to what {place} says')


def main():
    parser = argparse.ArgumentParser(description='Verify an event log of rolegate.')
    parser.add_argument('--key', action='append', default=[], metavar='PUBLIC.pem')
    parser.add_argument('--head', action='append', default=[], metavar='SEQ:HASH')
    parser.add_argument('path', nargs='?', default='/var/log/rolegate')
    arguments = parser.parse_args()
    try:
        log = Log(arguments)
        for place, line in lines_of(arguments.path):
            log.line(place, line)
        directory = arguments.path
        log.end(directory if os.path.isdir(directory) else os.path.dirname(directory) or '.')
    except (OSError, subprocess.CalledProcessError) as error:
        print(f'verify-log.py: {error}', file=sys.stderr)
        return 2
    print(f'seq {log.sequence}, hash {log.hash}: ' + ('wrong' if wrong else 'good'))
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
