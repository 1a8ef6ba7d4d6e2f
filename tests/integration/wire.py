#!/usr/bin/env python3
"""Speaks the gateway's protocol, mostly wrongly: wire.py CASE [ARG …]. Ends 1 on surprise."""
import array
import os
import random
import socket
import struct
import sys
import time

RUN, REPLY, INPUT, INPUT_END, WINDOW, SIGNAL, CONTINUE = 1, 2, 3, 4, 5, 6, 7
LIST, DESCRIBE, CHECK, STATUS, RELOAD = 8, 9, 10, 11, 12
CHOICES, APPROVAL = 15, 16
REFUSED, STARTED, OUTPUT, STOPPED, ENDED, PROMPT, ANSWER = 64, 65, 66, 67, 68, 69, 70
DIRECTORY = '/run/rolegate/'


def text(value):
    value = value.encode() if isinstance(value, str) else value
    return struct.pack('<I', len(value)) + value


def words(*values):
    return struct.pack('<I', len(values)) + b''.join(text(value) for value in values)


def packet(kind, body=b'', version=3):
    return struct.pack('<HH', version, kind) + body


def run_body(*values, streams=7, account='', flags=0, act_as='', pipeline=''):
    return (struct.pack('<I', flags) + text(account) + bytes([streams]) + text('') +
            struct.pack('<HHHH', 24, 80, 0, 0) + text(act_as) + text(pipeline) +
            words(*values))


BODIES = {
    RUN: run_body('sleep', '1000'),
    REPLY: b'\1' + text('secret'),
    INPUT: text('typed'),
    INPUT_END: b'',
    WINDOW: struct.pack('<HHHH', 1, 2, 3, 4),
    SIGNAL: struct.pack('<I', 15),
    LIST: struct.pack('<I', 0) + text(''),
    DESCRIBE: struct.pack('<I', 0) + text('') + words('pick'),
    CHECK: struct.pack('<I', 0) + text('') + text('') + text('') + words('pick', 'alpha'),
    CHOICES: struct.pack('<I', 0) + text('') + text('size') + words('pick', 'alpha'),
    APPROVAL: struct.pack('<I', 0) + words('pending'),
}


def connect(endpoint='operations'):
    peer = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    peer.connect(DIRECTORY + endpoint + '.sock')
    peer.settimeout(15)
    return peer


def send(peer, data, descriptors=()):
    control = []
    if descriptors:
        control = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', descriptors))]
    peer.sendmsg([data], control)


def replies(peer):
    """The types of all packets until the gateway refuses or ends the session."""
    kinds = []
    while True:
        try:
            got = peer.recv(1 << 18)
        except ConnectionResetError:
            got = b''
        if not got:
            return kinds
        kinds.append(struct.unpack('<HH', got[:4])[1])
        if kinds[-1] == REFUSED:
            return kinds


def null():
    return [os.open('/dev/null', os.O_RDWR) for _ in range(3)]


def must_end(data, descriptors=(), endpoint='operations'):
    with connect(endpoint) as peer:
        try:
            send(peer, data, descriptors)
        except (BrokenPipeError, ConnectionResetError):
            return
        kinds = replies(peer)
    if STARTED in kinds or ANSWER in kinds:
        raise SystemExit('served: %r gave %r' % (data[:60], kinds))


def case_cross():
    for kind in list(BODIES) + [STATUS, RELOAD, 0, 13, 14, 63, 64, 65, 70, 71, 255, 65535]:
        for other, body in BODIES.items():
            if kind != other and not (kind in BODIES and BODIES[kind] == body):
                must_end(packet(kind, body))
    for kind, body in BODIES.items():
        must_end(packet(kind, body + b'\0'), null() if kind == RUN else ())


def case_version():
    must_end(packet(RUN, BODIES[RUN], version=1), null())


def case_malformed():
    must_end(b'')
    must_end(b'\1')
    must_end(b'\1\0\1')
    for version in (0, 1, 2, 4, 512, 65535):
        must_end(packet(RUN, BODIES[RUN], version=version), null())
    whole = packet(RUN, BODIES[RUN])
    descriptors = null()
    for length in range(1, len(whole)):
        must_end(whole[:length], descriptors)
    must_end(whole + b'x', descriptors)
    must_end(packet(RUN, run_body('sleep', b'10\x0000')), descriptors)
    must_end(packet(RUN, run_body()), descriptors)
    must_end(packet(RUN, run_body('sleep', '1000', streams=255)), descriptors)
    must_end(packet(RUN, run_body('sleep', '1000', flags=0xfffffff0)), descriptors)
    for label in ('x', 'A' * 32, '0' * 31, '0' * 33, '0' * 31 + '=', '0' * 16 + '\n' + '0' * 15):
        must_end(packet(RUN, run_body('sleep', '1000', pipeline=label)), descriptors)
    for count in (0xffffffff, 0x80000000, 1025, 3):
        body = run_body('sleep', '1000').replace(words('sleep', '1000'),
                                                 struct.pack('<I', count) + text('sleep') + text('1000'))
        must_end(packet(RUN, body), descriptors)
    for length in (0xffffffff, 0x7fffffff, 1 << 20):
        body = struct.pack('<I', 0) + struct.pack('<I', length) + b'abc'
        must_end(packet(RUN, body), descriptors)


def case_descriptors():
    many = [os.open('/dev/null', os.O_RDWR) for _ in range(253)]
    must_end(packet(RUN, BODIES[RUN]), many)
    must_end(packet(RUN, BODIES[RUN]), many[:4])
    must_end(packet(RUN, BODIES[RUN]), many[:2])
    must_end(packet(RUN, BODIES[RUN]), ())
    must_end(packet(LIST, BODIES[LIST]), many[:1])
    must_end(packet(RUN, run_body('sleep', '1000', streams=0)), many[:3])


def case_oversized():
    descriptors = null()
    must_end(packet(RUN, run_body('say', 'a' * 70000)), descriptors)
    must_end(packet(RUN, run_body('say', 'a' * 126000)), descriptors)
    with connect() as peer:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        try:
            send(peer, packet(RUN, run_body('say', 'a' * 150000)), descriptors)
            kinds = replies(peer)
        except OSError:
            kinds = []
        if STARTED in kinds:
            raise SystemExit('served a packet over the limit')
    must_end(packet(RUN, run_body(*['say'] + ['a'] * 2000)), descriptors)


def case_late(endpoint):
    with connect(endpoint) as peer:
        before = time.time()
        kinds = replies(peer)
        took = time.time() - before
        if STARTED in kinds or took > 8:
            raise SystemExit('waited %.1f s: %r' % (took, kinds))


def case_early():
    for kind in (REPLY, INPUT, INPUT_END, WINDOW, SIGNAL, CONTINUE):
        must_end(packet(kind, BODIES.get(kind, b'')))
    with connect() as peer:
        descriptors = null()
        send(peer, packet(RUN, run_body('sleep', '2')), descriptors)
        send(peer, packet(RUN, run_body('sleep', '2')), descriptors)
        if replies(peer).count(STARTED) > 1:
            raise SystemExit('two at once')


def case_control():
    try:
        connect('control')
    except PermissionError:
        return
    raise SystemExit('the control socket let an operator in')


def case_forged():
    """Identity never comes from the message: an account that no rule names is refused."""
    for account in ('root', 'svc-logs', 'frank', '0', '-1', '../x', 'a' * 5000):
        refused(account)


def refused(account):
    with connect() as peer:
        send(peer, packet(RUN, run_body('whoami', account=account)), null())
        got = peer.recv(1 << 18)
        if got and struct.unpack('<HH', got[:4])[1] == STARTED:
            raise SystemExit('account %r was taken' % account)


def case_gone():
    for delay in [0] * 200 + [0.0005] * 50 + [0.002] * 50 + [0.005] * 30:
        peer = connect()
        descriptors = null()
        try:
            send(peer, packet(RUN, run_body('sleep', '1000')), descriptors)
        except OSError:
            pass  # over her limit for the moment
        for descriptor in descriptors:
            os.close(descriptor)
        if delay:
            time.sleep(delay)
        peer.close()


def case_race():
    whole = packet(RUN, BODIES[RUN])
    end = time.time() + 10
    while time.time() < end:
        step = random.randrange(4)
        try:
            peer = connect()
        except OSError:
            continue
        try:
            if step >= 1:
                descriptors = null()
                send(peer, whole, descriptors)
                for descriptor in descriptors:
                    os.close(descriptor)
            if step >= 2:
                peer.recv(1 << 18)
            if step >= 3:
                send(peer, packet(SIGNAL, struct.pack('<I', 15)))
        except OSError:
            pass
        peer.close()


def case_noise():
    seeded = random.Random(1)
    wholes = [packet(kind, body) for kind, body in BODIES.items() if kind != RUN]
    wholes.append(packet(RUN, run_body('show cwd')))
    for _ in range(1500):
        data = bytearray(seeded.choice(wholes))
        for _ in range(seeded.randrange(1, 6)):
            data[seeded.randrange(len(data))] = seeded.randrange(256)
        try:
            with connect() as peer:
                send(peer, bytes(data), null() if seeded.random() < 0.3 else ())
        except OSError:
            pass
        for number in range(3, 60):
            try:
                os.close(number)
            except OSError:
                pass


def case_flood(endpoint, count):
    import resource
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    held = []
    for _ in range(int(count)):
        peer = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        peer.setblocking(False)
        try:
            peer.connect(DIRECTORY + endpoint + '.sock')
        except OSError:
            peer.close()
            time.sleep(0.001)
            continue
        held.append(peer)
        if len(held) == 20:
            print('open', flush=True)
    print('open', len(held), flush=True)
    time.sleep(30)


def kind_of(peer):
    """Of the next packet; 0 at the end, None when none comes."""
    try:
        got = peer.recv(1 << 18)
    except ConnectionResetError:
        return 0
    except socket.timeout:
        return None
    return struct.unpack('<HH', got[:4])[1] if got else 0


def case_no_role(endpoint):
    """Who was refused as a person has no reason to stay."""
    with connect(endpoint) as peer:
        peer.settimeout(8)
        send(peer, packet(LIST, BODIES[LIST]))
        kinds = [kind_of(peer), kind_of(peer)]
        if kinds != [REFUSED, 0]:
            raise SystemExit('refused, and still there: %r' % kinds)


def case_many_uids(endpoint, count):
    """As root: one login under many uids, as a user namespace gives them to anybody."""
    held, pipe = 0, os.pipe()
    for number in range(int(count)):
        if os.fork() == 0:
            os.setresgid(*[200000 + number] * 3)
            os.setresuid(*[200000 + number] * 3)
            peer = connect(endpoint)
            peer.settimeout(0.8)
            os.write(pipe[1], b'+' if kind_of(peer) is None else b'-')
            os._exit(0)
    for number in range(int(count)):
        held += os.read(pipe[0], 1) == b'+'
    print(held)


def case_refusals(count):
    """One after the other, over one connection; each is refused."""
    with connect() as peer:
        for _ in range(int(count)):
            send(peer, packet(RUN, run_body('nosuch')), null_once())
            if kind_of(peer) != REFUSED:
                raise SystemExit('not refused')


NULL = []


def null_once():
    NULL[:] = NULL or null()
    return NULL


def case_fill(endpoint, count):
    """As root: many logins that connect and say nothing; then somebody who does."""
    import subprocess
    pipe = os.pipe()
    children = []
    for number in range(int(count)):
        children.append(os.fork())
        if children[-1] == 0:
            os.close(pipe[0])
            open('/proc/self/loginuid', 'w').write(str(300000 + number))
            os.setresgid(*[300000 + number] * 3)
            os.setresuid(*[300000 + number] * 3)
            peer = connect(endpoint)
            os.write(pipe[1], b'+')
            time.sleep(60)
            os._exit(peer.fileno() < 0)
        os.read(pipe[0], 1)
    served = subprocess.run([os.environ['TESTS'] + '/as', 'dana', '/opt/rolegate/bin/rolegate',
                             '--', 'exit', '0']).returncode == 0
    for child in children:
        os.kill(child, 9)
        os.waitpid(child, 0)
    print('served' if served else 'not served')


def case_hidden_socket():
    """Dies while its end of the connection lives on, on its way to nowhere."""
    one, other = socket.socketpair()
    peer = connect()
    send(one, b'x', [peer.fileno()])
    send(peer, packet(RUN, run_body('sleep', '1000')), [other.fileno()] + null()[1:])
    if kind_of(peer) != STARTED:
        raise SystemExit('not started')
    os.kill(os.getpid(), 9)


def case_null_discipline():
    """A terminal that for the moment does not answer like one."""
    import fcntl
    import termios
    _, terminal = os.openpty()
    fcntl.ioctl(terminal, termios.TIOCSETD, struct.pack('i', 27))
    must_end(packet(RUN, run_body('copy')), [terminal] + null()[1:])


def case_stale_group():
    """The terminal's foreground group has ended; signals the run once told to."""
    peer = connect()
    send(peer, packet(RUN, run_body('leave', 'group', streams=0)))
    while True:
        got = peer.recv(1 << 18)
        if not got or struct.unpack('<HH', got[:4])[1] not in (STARTED, OUTPUT):
            raise SystemExit('no group: %r' % got)
        if struct.unpack('<HH', got[:4])[1] == OUTPUT:
            break
    print(got[8:].decode().strip(), flush=True)
    sys.stdin.readline()
    send(peer, packet(SIGNAL, struct.pack('<I', 15)))
    if kind_of(peer) != ENDED:
        raise SystemExit('the program did not get the signal')


def case_foreign():
    """What only the control socket, the recorder's or the gateway itself may say, with and without files."""
    zero, request = struct.pack('<I', 0), '0' * 32
    said = [packet(11, zero), packet(12, zero), packet(17, zero),
            packet(18, zero + b'\1' + text(request) + text('')),
            packet(18, zero + b'\2' + text(request[:16]) + text('')),
            packet(18, zero + b'\3' + text(str(os.getuid())) + text('')),
            packet(18, zero + b'\3' + text('0') + text('because')),
            packet(19, zero + text('dana') + words('operations')),
            packet(64, text('syntax') + text('no') + text(request) + text('')), packet(65, text(request)),
            packet(66, text('bytes')), packet(67, struct.pack('<I', 20)),
            packet(68, struct.pack('<II', 1, 0) + text(request) + text('')),
            packet(69, b'\1' + text('Password: ')),
            packet(70, b'\0' + zero + text('{}')), packet(71, b'\1' + text('') + text('done')),
            packet(72, text('the gateway says')), packet(73), packet(20, zero), packet(74),
            packet(128, text('{"op":"decision"}')),
            packet(129, text(request) + zero + text('{"version":2}') + struct.pack('<Q', 0)),
            packet(130, b'o' + struct.pack('<Q', 0) + text('x')),
            packet(133, struct.pack('<Q', 0) + text('end')),
            packet(192, struct.pack('<Q', 1) + text('')), packet(193, struct.pack('<H', 128) + text('full'))]
    descriptors = null()
    with connect() as other:
        send(other, packet(RUN, run_body('sleep', '1000')), descriptors)
        if kind_of(other) != STARTED:
            raise SystemExit('not started')
        for data in said:
            must_end(data)
            must_end(data, descriptors[:1])
            must_end(data, descriptors)
        send(other, packet(SIGNAL, struct.pack('<I', 15)))
        if kind_of(other) != ENDED:
            raise SystemExit('the run of another session was ended')
        # In the middle of a run as well: it ends, and so does the session.
        send(other, packet(RUN, run_body('sleep', '1000')), descriptors)
        kind_of(other)
        send(other, packet(73))
        if STARTED in replies(other):
            raise SystemExit('served after RENEW')


def case_mute(count):
    """Asks and asks, and never reads an answer."""
    peers = []
    for _ in range(int(count)):
        peer = connect()
        peer.setblocking(False)
        try:
            for _ in range(2000):
                send(peer, packet(LIST, BODIES[LIST]))
        except OSError:
            pass
        peers.append(peer)
    print('mute', flush=True)
    sys.stdin.readline()


def case_old_session(endpoint, kind, *values):
    """Connects, and sends its words only when it is told to: by then there is a new configuration."""
    peer = connect(endpoint)
    time.sleep(0.5)  # one that has been answered is told to connect again; this one is identified
    print('connected', flush=True)
    sys.stdin.readline()
    if kind == 'run':
        send(peer, packet(RUN, run_body(*values)), null())
    else:
        send(peer, packet(APPROVAL, struct.pack('<I', 0) + words(*values)))
    got = peer.recv(1 << 18)
    print(struct.unpack('<HH', got[:4])[1], got[4:].decode(errors='replace'))


def case_only_approves(endpoint):
    """An approver without a role is let in for that, and for nothing else."""
    for kind in (RUN, LIST, DESCRIBE, CHECK, CHOICES):
        with connect(endpoint) as peer:
            send(peer, packet(APPROVAL, BODIES[APPROVAL]))
            if kind_of(peer) != ANSWER:
                raise SystemExit('no approver')
            try:
                send(peer, packet(kind, BODIES[kind]), null() if kind == RUN else ())
            except (BrokenPipeError, ConnectionResetError):
                continue
            if kind_of(peer) not in (REFUSED, 0):
                raise SystemExit('served verb %d' % kind)


globals()['case_' + sys.argv[1]](*sys.argv[2:])
