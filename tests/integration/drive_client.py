#!/usr/bin/python3
"""A small SFTP client that says what a real one never would (draft-ietf-secsh-filexfer-02).

drive_client.py ENDPOINT SCENARIO [ARG ...]: as an operator, through rolegate(1); prints what came of
each step. "ssh:COMMAND" as ENDPOINT: through that command instead.
"""
import os
import struct
import subprocess
import sys
import time

INIT, OPEN, CLOSE, READ, WRITE, SETSTAT, FSETSTAT = 1, 3, 4, 5, 6, 9, 10
OPENDIR, READDIR, REMOVE, MKDIR, RMDIR, REALPATH, STAT = 11, 12, 13, 14, 15, 16, 17
LSTAT, RENAME, READLINK, SYMLINK, EXTENDED = 7, 18, 19, 20, 200
STATUS, HANDLE, DATA, NAME, ATTRS = 101, 102, 103, 104, 105
R, W, APPEND, CREAT, TRUNC, EXCL = 1, 2, 4, 8, 16, 32
WORDS = {0: "ok", 1: "eof", 2: "none", 3: "denied", 4: "failure", 8: "unsupported"}


def text(value):
    value = os.fsencode(value) if isinstance(value, str) else value
    return struct.pack(">I", len(value)) + value


def size_of(number):
    return struct.pack(">IQ", 1, number)


class Gone(Exception):
    pass


class Client:
    def __init__(self, endpoint):
        command = ["/opt/rolegate/bin/rolegate", "-e", endpoint, "--", "sftp"]
        if endpoint.startswith("ssh:"):
            command = endpoint[4:].split()
        self.run = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE)
        self.number = 0
        self.send(INIT, struct.pack(">I", 3))
        self.receive()

    def send(self, kind, body):
        packet = bytes([kind]) + body
        try:
            self.run.stdin.write(struct.pack(">I", len(packet)) + packet)
            self.run.stdin.flush()
        except BrokenPipeError:
            raise Gone from None

    def read(self, length):
        data = self.run.stdout.read(length)
        if len(data) < length:
            raise Gone
        return data

    def receive(self):
        length = struct.unpack(">I", self.read(4))[0]
        packet = self.read(length)
        return packet[0], packet[1:]

    def ask(self, kind, body):
        self.number += 1
        self.send(kind, struct.pack(">I", self.number) + body)
        kind, body = self.receive()
        return kind, body[4:]

    def status(self, kind, body):
        kind, body = self.ask(kind, body)
        return WORDS.get(struct.unpack(">I", body[:4])[0], "?") if kind == STATUS else "reply"

    def open(self, name, flags, attributes=struct.pack(">I", 0)):
        kind, body = self.ask(OPEN, text(name) + struct.pack(">I", flags) + attributes)
        if kind == HANDLE:
            return body[4:]
        return None

    def write(self, handle, offset, data):
        return self.status(WRITE, text(handle) + struct.pack(">Q", offset) + text(data))

    def close(self, handle):
        return self.status(CLOSE, text(handle))

    def put(self, name, data, flags=W | CREAT | TRUNC):
        handle = self.open(name, flags)
        if handle is None:
            return "not opened"
        for start in range(0, len(data), 32768):
            result = self.write(handle, start, data[start:start + 32768])
            if result != "ok":
                self.close(handle)
                return result
        return self.close(handle)

    def get(self, name):
        handle = self.open(name, R)
        if handle is None:
            return None
        data = b""
        while True:
            kind, body = self.ask(
                READ, text(handle) + struct.pack(">QI", len(data), 32768))
            if kind != DATA:
                break
            data += body[4:]
        self.close(handle)
        return data

    def end(self):
        try:
            self.run.stdin.close()
        except BrokenPipeError:
            pass
        error = self.run.stderr.read().decode(errors="replace")
        return self.run.wait(), error


def hostile_names(client):
    """Names of every kind: each is put, taken, renamed, removed."""
    names = [b"n" * 255, b"new\nline", b"op=drive action=put file=forged res=success",
             b'quote" digest=sha256:00 ', b"\x1b[31mred\x07", b"\xff\xfe\x80", "\u202egnp.exe".encode(),
             b"-rf", b"a\\x41b", b"  ", b"'", bytes(range(1, 47)), bytes(range(48, 256))]
    for name in names:
        print(client.put(name, b"of " + name), client.get(name) == b"of " + name)
    print(client.status(RENAME, text(names[1]) + text(b"to\nline")))
    print(client.status(REMOVE, text(names[2])))


def way_out(client):
    """Every request with a path that leads out, or that makes one that would: one line each that
    was not refused."""
    client.put("inside", b"inside")
    outside = ["/etc/shadow", "../etc/shadow", "/drive/../etc/shadow", "../../../../etc/rolegate",
               "/proc/1/root/etc/shadow", "/proc/self/root/../etc/shadow", "/proc/self/cwd/../etc/shadow",
               "/var/lib/rolegate", "/home/dana", "/tmp", "/srv", "/usr/bin/id", "/etc/group",
               "/run/rolegate/control.sock", "/dev/tty", "/dev/shm", "/proc/self/fd/7", "/sys"]
    for path in outside:
        for kind in (STAT, LSTAT, OPENDIR):
            if client.status(kind, text(path)) == "reply":
                print("seen", kind, path)
        for flags in (R, W, W | CREAT, R | W | CREAT | EXCL, W | APPEND):
            if client.open(path, flags) is not None:
                print("opened", flags, path)
    for path in ["/proc/self/mem", "/proc/self/comm", "/proc/self/oom_score_adj", "/proc/self/loginuid",
                 "/proc/self/attr/current", "/dev/null/x", "/new", "/etc/passwd", "/drive/sub/x",
                 "/proc/sys/kernel/core_pattern", "/lib/x86_64-linux-gnu/libc.so.6"]:
        for flags in (W, W | CREAT, R | W, W | TRUNC):
            if client.open(path, flags) is not None:
                print("writable", flags, path)
        for kind, body in ((SETSTAT, text(path) + struct.pack(">II", 4, 0o777)),
                           (SETSTAT, text(path) + size_of(0)), (REMOVE, text(path)),
                           (RENAME, text(path) + text("taken")), (RENAME, text("inside") + text(path))):
            if client.status(kind, body) == "ok":
                print("changed", kind, path)
    requests = {
        "symlink": (SYMLINK, text("/etc/passwd") + text("link")),
        "symlink inside": (SYMLINK, text("inside") + text("link")),
        "mkdir": (MKDIR, text("sub") + struct.pack(">I", 0)),
        "mkdir /": (MKDIR, text("/sub") + struct.pack(">I", 0)),
        "rmdir": (RMDIR, text("/drive")),
        "readlink": (READLINK, text("/proc/self/exe")),
        "hardlink": (EXTENDED, text("hardlink@openssh.com") + text("inside") + text("hard")),
        "hardlink out": (EXTENDED, text("hardlink@openssh.com") + text("/etc/passwd") + text("hard")),
        "posix-rename": (EXTENDED, text("posix-rename@openssh.com") + text("/etc/passwd") + text("hard")),
        "posix-rename out": (EXTENDED, text("posix-rename@openssh.com") + text("inside") + text("/tmp/x")),
        "statvfs": (EXTENDED, text("statvfs@openssh.com") + text("/drive")),
        "lsetstat": (EXTENDED, text("lsetstat@openssh.com") + text("/etc/passwd") +
                     struct.pack(">II", 4, 0o777)),
        "copy-data": (EXTENDED, text("copy-data") + text(b"\0\0\0\0") + struct.pack(">QQ", 0, 0) +
                      text(b"\0\0\0\0") + struct.pack(">Q", 0)),
        "names": (EXTENDED, text("users-groups-by-id@openssh.com") + text(struct.pack(">I", 0)) + text(b"")),
        "chown": (SETSTAT, text("inside") + struct.pack(">III", 2, 0, 0)),
    }
    for name, (kind, body) in requests.items():
        result = client.status(kind, body)
        if result in ("ok", "reply"):
            print("allowed", name)
    print("inside is", client.get("inside"))


def listing(client, path="/drive"):
    kind, body = client.ask(OPENDIR, text(path))
    kind, body = client.ask(READDIR, text(body[4:]))
    print(struct.unpack(">I", body[:4])[0] - 2 if kind == NAME else "nothing")


def fill_one(client, size):
    """One file: the kernel's own limit."""
    print(client.put("one", b"x" * int(size)))


def fill_many(client, size, count, name="many"):
    """Files, each smaller than what is left."""
    for number in range(int(count)):
        print(client.put("%s%d" % (name, number), b"x" * int(size)), flush=True)


def fill_open(client, size, count):
    """The same, all open at once and filled in turn."""
    handles = [client.open("open%d" % number, W | CREAT) for number in range(int(count))]
    sent = 0
    for offset in range(0, int(size), 32768):
        for handle in handles:
            client.number += 1
            client.send(WRITE, struct.pack(">I", client.number) + text(handle) +
                        struct.pack(">Q", offset) + text(b"y" * 32768))
            sent += 1
    failures = [client.receive()[1][4:8] for _ in range(sent)].count(struct.pack(">I", 4))
    print(failures, "failures")


def fill_removed(client, size, count):
    """Into files that are in no directory any more: removed, and replaced by another one."""
    handles = []
    for number in range(int(count)):
        handles.append(client.open("removed%d" % number, W | CREAT))
        if number % 2 == 0:
            client.status(REMOVE, text("removed%d" % number))
        else:
            client.put("other", b"x")
            client.status(EXTENDED, text("posix-rename@openssh.com") + text("other") +
                          text("removed%d" % number))
            client.status(REMOVE, text("removed%d" % number))
    for offset in range(0, int(size), 32768):
        for handle in handles:
            if client.write(handle, offset, b"z" * 32768) != "ok":
                print("not written")
                return
    print("all written")


def sparse(client, size):
    """A size that was never written."""
    handle = client.open("sparse", W | CREAT)
    print(client.status(FSETSTAT, text(handle) + size_of(int(size))))
    time.sleep(0.3)
    print(client.close(handle))


def put(client, name, data):
    print(client.put(name, os.fsencode(data)))


def get(client, name):
    print(client.get(name))


def stay(client, name):
    """Puts a file and leaves it open, until told to go on."""
    handle = client.open(name, W | CREAT | TRUNC)
    print(client.write(handle, 0, b"half"), flush=True)
    sys.stdin.readline()
    print(client.write(handle, 4, b"whole"), client.close(handle))


def stay_removed(client, size):
    """A file without a name, held until told to go on."""
    handle = client.open("nameless", W | CREAT)
    client.status(REMOVE, text("nameless"))
    for start in range(0, int(size), 32768):
        result = client.write(handle, start, b"n" * 32768)
    time.sleep(0.2)
    print(result, flush=True)
    sys.stdin.readline()
    print(client.close(handle))


def attributes(client):
    """Of a file, by name and by handle."""
    client.put("file", b"some text")
    fsync, lsetstat = text("fsync@openssh.com"), text("lsetstat@openssh.com")
    mode_of = struct.Struct(">II").pack
    handle = client.open("file", R | W)
    for name, kind, body in (
            ("chmod 4755", SETSTAT, text("file") + mode_of(4, 0o4755)),
            ("chmod 0", SETSTAT, text("file") + mode_of(4, 0)),
            ("times", SETSTAT, text("file") + struct.pack(">III", 8, 1, 1)),
            ("truncate", SETSTAT, text("file") + size_of(4)),
            ("ftruncate", FSETSTAT, text(handle) + size_of(4)),
            ("fsync", EXTENDED, fsync + text(handle)),
            ("lsetstat", EXTENDED, lsetstat + text("file") + struct.pack(">III", 8, 2, 2))):
        print(name, client.status(kind, body))


def swap(client, seconds):
    """The name "moving" is one file after the other, a link, nothing: as fast as it goes."""
    client.put("one", b"1" * 100000)
    client.put("two", b"2" * 100000)
    end = time.time() + float(seconds)
    rounds = 0
    while time.time() < end:
        client.status(RENAME, text("one") + text("moving"))
        client.put("moving", b"2" * 70000, W)
        client.status(SYMLINK, text("/etc/shadow") + text("moving"))
        client.status(RENAME, text("moving") + text("one"))
        client.status(REMOVE, text("moving"))
        client.put("one", b"1" * 100000)
        rounds += 1
    print("rounds", rounds > 10)


def fleeting(client, count):
    """Files that are written, overwritten, renamed and removed, with no answer waited for."""
    packets, sent = b"", 0

    def add(kind, body):
        nonlocal packets, sent
        sent += 1
        packets += struct.pack(">IBI", 5 + len(body), kind, sent) + body

    # The first handle is number 0, and is free again each time.
    handle = text(b"\0\0\0\0")
    for number in range(int(count)):
        name = text("fleeting%d" % number)
        for word in ("first", "second"):
            data = ("%s of %05d" % (word, number)).ljust(100000, ".").encode()
            add(OPEN, name + struct.pack(">II", W | CREAT | TRUNC, 0))
            add(WRITE, handle + struct.pack(">Q", 0) + text(data))
            add(CLOSE, handle)
        add(EXTENDED, text("posix-rename@openssh.com") + name + text("other"))
        add(EXTENDED, text("posix-rename@openssh.com") + text("other") + name)
        add(REMOVE, name)
    feeder = os.fork()
    if feeder == 0:
        client.run.stdin.write(packets)
        client.run.stdin.flush()
        os._exit(0)
    bad = [answer for answer in (client.receive() for _ in range(sent))
           if answer[0] == STATUS and answer[1][4:8] != bytes(4)]
    os.waitpid(feeder, 0)
    print("ok" if not bad else bad)


def renames(client, count, size=7):
    """One file, from name to name, with no answer waited for."""
    client.put("b0", b"renamed".ljust(int(size), b"."))
    for number in range(int(count)):
        client.send(RENAME, struct.pack(">I", number) + text("b%d" % number) +
                    text("b%d" % (number + 1)))
    for number in range(int(count)):
        client.receive()
    print(client.status(STAT, text("b%s" % count)) == "reply" and "ok")


def unlinked(client):
    """Written and read after its name is gone."""
    handle = client.open("brief", R | W | CREAT)
    client.write(handle, 0, b"brief")
    print(client.status(REMOVE, text("brief")), client.write(handle, 5, b"more"), client.close(handle))


def mode(client, path, bits):
    """Another mode for the drive itself, or for a file in it."""
    print(client.status(SETSTAT, text(path) + struct.pack(">II", 4, int(bits, 8))))


def churn(client, seconds, kept=0):
    """Names that come and go, with no answer waited for; beside a file of `kept` bytes that is
    opened, read and closed again and again. The answers are thrown away by another process."""
    if int(kept) > 0:
        client.put("kept", b"k" * int(kept))
    reader = os.fork()
    if reader == 0:
        client.run.stdin.close()
        while os.read(client.run.stdout.fileno(), 65536):
            pass
        os._exit(0)
    client.run.stdout.close()
    end = time.time() + float(seconds)
    count = 0
    out = client.run.stdin
    none = struct.pack(">I", 0)
    # The first handle is number 0, and is free again each time.
    handle = text(b"\0\0\0\0")
    while time.time() < end:
        packets = b""
        for _ in range(64):
            name = text("churn%d" % count)
            for kind, body in ((OPEN, name + struct.pack(">I", W | CREAT) + none), (CLOSE, handle),
                               (REMOVE, name)):
                packets += struct.pack(">IBI", 5 + len(body), kind, count) + body
            if int(kept) > 0:
                for kind, body in ((OPEN, text("kept") + struct.pack(">I", R) + none),
                                   (READ, handle + struct.pack(">QI", 0, 1)), (CLOSE, handle)):
                    packets += struct.pack(">IBI", 5 + len(body), kind, count) + body
            count += 1
        try:
            out.write(packets)
            out.flush()
        except BrokenPipeError:
            break
    print("names", count, flush=True)
    try:
        client.run.stdin.close()
    except BrokenPipeError:
        pass
    start = time.time()
    status = client.run.wait()
    os.waitpid(reader, 0)
    print("status %d after %.1f s" % (status, time.time() - start))
    sys.stderr.buffer.write(client.run.stderr.read())
    sys.exit(0)


def garbage(client):
    """Lengths and types that are none."""
    client.run.stdin.write(b"\xff\xff\xff\xff" + os.urandom(4096))
    client.run.stdin.flush()
    client.receive()


def main():
    client = Client(sys.argv[1])
    try:
        globals()[sys.argv[2]](client, *sys.argv[3:])
    except Gone:
        print("gone")
    status, error = client.end()
    print("status", status)
    sys.stderr.write(error)


main()
