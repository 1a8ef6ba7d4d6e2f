#!/usr/bin/env python3
"""The gateway's side of the recorder's socket, and a reader of its log by other means.

usage: recorder.py events N          N events; prints the answers' numbers
       recorder.py transcript ID UID TEXT [STATE]
                                     one transcript; prints the file and its hash
       recorder.py connect           0 when the recorder talks to us, 3 when it does not
       recorder.py verify DIR        every line of the log is the chain's next; prints the last seq
       recorder.py hold SECONDS      a transcript that stays open
"""
import glob
import hashlib
import json
import os
import socket
import struct
import sys
import time

SOCKET = '/run/rolegate/recorder.sock'
VERSION, EVENT, OPEN, DATA, CLOSE, TAKEN = 3, 128, 129, 130, 133, 192
ID = '0123456789abcdef0123456789abcdef'


def text(value):
    value = value.encode() if isinstance(value, str) else value
    return struct.pack('<I', len(value)) + value


class Recorder:
    def __init__(self):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.socket.connect(SOCKET)

    def send(self, kind, fields):
        self.socket.send(struct.pack('<HH', VERSION, kind) + fields)

    def answer(self):
        packet = self.socket.recv(1 << 17)
        if not packet:
            sys.exit(3)
        kind = struct.unpack_from('<H', packet, 2)[0]
        if kind != TAKEN:
            length = struct.unpack_from('<I', packet, 6)[0]
            sys.exit('failed: ' + packet[10:10 + length].decode())
        number, length = struct.unpack_from('<QI', packet, 4)
        return number, packet[16:16 + length].decode()

    def event(self, **members):
        self.send(EVENT, text(json.dumps(members, separators=(',', ':'))))
        return self.answer()[0]

    def open(self, request, uid):
        header = json.dumps({'version': 2, 'width': 80, 'height': 24})
        self.send(OPEN, text(request) + struct.pack('<I', uid) + text(header) + struct.pack('<Q', 0))
        return self.answer()[1]

    def data(self, value):
        self.send(DATA, b'o' + struct.pack('<Q', 1000) + text(value))

    def close(self, state):
        self.send(CLOSE, struct.pack('<Q', 2000) + text(state))
        return self.answer()[1]


def verify(directory):
    expected, last = 1, '0' * 64
    files = sorted(glob.glob(directory + '/events-*.jsonl')) + [directory + '/events.jsonl']
    for name in files:
        for line in open(name, 'rb'):
            body, _, tail = line.rpartition(b',"hash":"')
            members = json.loads(line)
            assert tail == members['hash'].encode() + b'"}\n', line
            assert hashlib.sha256(body).hexdigest() == members['hash'], line
            assert members['seq'] == expected and members['prev'] == last, line
            expected, last = expected + 1, members['hash']
    return expected - 1


def main(verb, *words):
    if verb == 'verify':
        print(verify(*words))
        return
    try:
        recorder = Recorder()
    except OSError:
        sys.exit(3)
    if verb == 'events':
        print(*[recorder.event(op='decision', n=i) for i in range(int(words[0]))])
    elif verb == 'connect':
        recorder.event(op='decision')
    elif verb == 'transcript':
        print(recorder.open(words[0], int(words[1])))
        recorder.data(words[2])
        print(recorder.close(*words[3:] or ['end']))
    elif verb == 'hold':
        recorder.open(ID, os.getuid())
        recorder.data('held\r\n')
        time.sleep(float(words[0]))


try:
    main(*sys.argv[1:])
except (BrokenPipeError, ConnectionResetError):
    sys.exit(3)
