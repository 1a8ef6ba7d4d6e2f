"""A FAKE gateway: it speaks the wire format and decides nothing. For tests of the client alone."""

import array
import json
import os
import pty
import select
import signal
import socket
import struct
import sys
import termios
import time
import fcntl

RUN, REPLY, INPUT, INPUT_END, WINDOW, SIGNAL, CONTINUE, LIST, DESCRIBE, CHECK = range(1, 11)
LINE, CHOICES = 13, 15
REFUSED, STARTED, OUTPUT, STOPPED, ENDED, PROMPT, ANSWER = range(64, 71)
RUNNABLE = ("sh", "cat", "echo", "sleep", "stty", "vi", "less", "journalctl", "systemctl", "yes", "head",
            "wc", "tr", "drain", "login")
REQUEST = "0123456789abcdef0123456789abcdef"

CATALOGUE = {
    "user": "dana",
    "roles": ["web-operator"],
    "commands": [
        {"name": "cat", "description": "Copy input to output", "enabled": True, "parameters": []},
        {"name": "journalctl", "description": "Read the journal of one unit", "run_as": "svc-logs",
         "enabled": True, "parameters": [
             {"name": "unit", "type": "string", "options": ["-u", "--unit"], "required": True,
              "repeat": 1, "allowed": "set", "values": ["nginx.service", "php8.2-fpm.service"]},
             {"name": "lines", "type": "integer", "options": ["-n", "--lines"], "repeat": 1,
              "minimum": 1, "maximum": 10000, "allowed": "any"},
             {"name": "output", "type": "choice", "options": ["--output"], "repeat": 1,
              "choices": ["short", "json", "with blank", "with other"], "allowed": "any"},
             {"name": "follow", "type": "flag", "options": ["-f", "--follow"], "repeat": 1,
              "allowed": "any"}]},
        {"name": "drain node", "kind": "function", "description": "Take a node out", "enabled": True,
         "parameters": [
             {"name": "node", "type": "choice", "position": 1, "required": True, "repeat": 1,
              "description": "Which one", "choices_from": "nodes", "allowed": "any"},
             {"name": "force", "type": "boolean", "options": ["--force"], "repeat": 1,
              "allowed": "any"}]},
        {"name": "login", "description": "Of a device", "enabled": True, "parameters": [
            {"name": "device", "type": "string", "position": 1, "repeat": 1, "allowed": "any"},
            {"name": "password", "type": "string", "options": ["--password"], "repeat": 1,
             "secret": True, "allowed": "any"}]},
        {"name": "sh", "description": "Not in a real policy", "enabled": True, "parameters": []},
        {"name": "systemctl restart", "description": "Restart a unit of the web tier",
         "enabled": True, "parameters": [
             {"name": "unit", "type": "string", "position": 1, "required": True, "repeat": 1,
              "allowed": "set", "values": ["nginx.service", "php8.2-fpm.service"]}]},
        {"name": "systemctl status", "description": "Show a unit", "enabled": True, "parameters": [
            {"name": "unit", "type": "string", "position": 1, "required": True, "repeat": 1,
             "allowed": "pattern", "values": ["(nginx|php.*)\\.service"]}]},
    ],
    "aliases": [{"name": "jc", "command": "journalctl"}],
    "providers": [],
}


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, code):
        value = struct.unpack_from("<" + code, self.data, self.at)[0]
        self.at += struct.calcsize("<" + code)
        return value

    def string(self):
        length = self.take("I")
        self.at += length
        return self.data[self.at - length:self.at]


def string(text):
    data = text if isinstance(text, bytes) else text.encode()
    return struct.pack("<I", len(data)) + data


class Session:
    def __init__(self, connection):
        self.connection = connection

    def send(self, kind, body=b""):
        self.connection.send(struct.pack("<HH", 3, kind) + body)

    def receive(self):
        data, control, _, _ = self.connection.recvmsg(131072, socket.CMSG_SPACE(12))
        if not data:
            return None, None, []
        descriptors = array.array("i")
        for level, kind, payload in control:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                descriptors.frombytes(payload)
        reader = Reader(data)
        assert reader.take("H") == 3
        return reader.take("H"), reader, list(descriptors)

    def serve(self):
        while True:
            kind, reader, descriptors = self.receive()
            if kind is None:
                return
            if kind == LIST:
                self.answer(json.dumps(CATALOGUE, separators=(",", ":")))
            elif kind == DESCRIBE:
                json_wanted = reader.take("I") & 1
                reader.string()
                words = [reader.string().decode() for _ in range(reader.take("I"))]
                about = next((command for command in CATALOGUE["commands"]
                              if command["name"].split() == words[:len(command["name"].split())]), {})
                self.answer(json.dumps({**about, "name": about.get("name", words[0]),
                                        "examples": [words + ["an example"]]}) if
                            json_wanted else "  ".join(words) + "\n    described\n")
            elif kind == CHECK:
                reader.take("I"), reader.string(), reader.string(), reader.string()
                self.check([reader.string().decode() for _ in range(reader.take("I"))])
            elif kind == CHOICES:
                reader.take("I"), reader.string(), reader.string()
                words = [reader.string().decode() for _ in range(reader.take("I"))]
                if "slow" in words:
                    time.sleep(100)
                self.answer(json.dumps(["alpha", "beta node", "words-%d" % len(words)]))
            elif kind == LINE:
                reader.take("I")
                self.refuse("limit" if len(reader.string()) > 2000 else "syntax", "FAKE: refused")
            elif kind == RUN:
                self.run(reader, descriptors)
            for fd in descriptors:
                os.close(fd)

    def check(self, words):
        if words[0] in RUNNABLE or words[0] == "late":
            self.answer(json.dumps({"request": REQUEST, "decision": "allow"}))
        else:
            self.answer(json.dumps({"request": REQUEST, "decision": "deny", "reason": "not-permitted",
                                    "message": '"%s" is not permitted' % words[0]}), 126)

    def answer(self, text, status=0):
        data = text.encode()
        parts = [data[i:i + 1000] for i in range(0, len(data), 1000)] or [b""]
        for i, part in enumerate(parts):
            self.send(ANSWER, struct.pack("<BI", i + 1 < len(parts), status) + string(part))

    def refuse(self, code, detail):
        self.send(REFUSED, string(code) + string(detail) + string(REQUEST) + string(""))

    def run(self, reader, descriptors):
        reader.take("I"), reader.string()
        passed, term = reader.take("B"), reader.string().decode() or "dumb"
        rows, columns = reader.take("H"), reader.take("H")
        reader.take("H"), reader.take("H"), reader.string(), reader.string()
        words = [reader.string().decode() for _ in range(reader.take("I"))]
        if words[0] == "secret":
            self.send(PROMPT, struct.pack("<B", 1) + string("Password for dana: "))
            _, reply, _ = self.receive()
            if not reply.take("B"):
                return self.refuse("authentication-failed", "authentication failed")
            words = ["echo", "the password is", reply.string().decode()]
        if words[0] in ("vanish",):
            self.connection.close()
            os._exit(0)
        if words[:2] == ["systemctl", "restart"] and words[2:] == ["sshd.service"]:
            return self.refuse("value-not-allowed", 'UNIT: "sshd.service" is not allowed; '
                               "allowed: nginx.service, php8.2-fpm.service")
        if words[0] not in RUNNABLE:
            return self.refuse("not-permitted", '"%s" is not a command that you may run' % words[0])
        if words[0] in ("journalctl", "systemctl", "drain", "login"):
            words = ["echo"] + words
        self.spawn(words, passed, descriptors, term, rows, columns)

    def spawn(self, words, passed, descriptors, term, rows, columns):
        master, slave = (None, None) if passed == 7 else pty.openpty()
        if master is not None:
            fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        ready = list(descriptors)
        group, grouped = os.pipe()
        child = os.fork()
        if child == 0:
            # A shell of its own holds the session, or ^Z would find an orphaned group.
            os.setsid()
            if slave is not None:
                fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
            streams = [ready.pop(0) if passed >> n & 1 else slave for n in range(3)]
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)
            for n, fd in enumerate(streams):
                os.dup2(fd, n + 100)
            for n in range(3):
                os.dup2(n + 100, n)
            os.closerange(3, 200)
            os.execvpe(words[0], words, {"PATH": "/usr/bin:/bin", "TERM": term, "PS1": "inner$ "})
        # Before it has a group of its own, no signal reaches it.
        os.close(grouped)
        os.read(group, 1)
        os.close(group)
        if slave is not None:
            os.close(slave)
        # Only the program holds them, so that the ends of its pipes are seen.
        while descriptors:
            os.close(descriptors.pop())
        self.send(STARTED, string(REQUEST))
        self.relay(child, master)

    def relay(self, child, master):
        watched = [self.connection] + ([master] if master is not None else [])
        while True:
            ready, _, _ = select.select(watched, [], [], 0.05)
            if master in ready:
                try:
                    self.send(OUTPUT, string(os.read(master, 4096)))
                except OSError:
                    watched.remove(master)
            if self.connection in ready:
                self.control(child, master)
            pid, status = os.waitpid(child, os.WNOHANG | os.WUNTRACED)
            if pid and os.WIFSTOPPED(status):
                self.send(STOPPED, struct.pack("<I", os.WSTOPSIG(status)))
            elif pid and not (master in watched and select.select([master], [], [], 0)[0] and
                              self.drain(master)):
                return self.ended(status)

    def drain(self, master):
        try:
            while True:
                data = os.read(master, 4096)
                if not data:
                    return False
                self.send(OUTPUT, string(data))
        except OSError:
            return False

    def ended(self, status):
        kind, value = (2, os.WTERMSIG(status)) if os.WIFSIGNALED(status) else \
            (1, os.WEXITSTATUS(status))
        self.send(ENDED, struct.pack("<II", kind, value) + string(REQUEST) + string(""))

    def control(self, child, master):
        kind, reader, _ = self.receive()
        if kind is None:
            time.sleep(0.3)  # as a gateway that is busy
            os.killpg(child, signal.SIGKILL)
            os._exit(0)
        if kind == INPUT:
            data = reader.string()
            # The kernel drops the stop of an orphaned group: the real gateway has its own way.
            if data == b"\x1a":
                os.killpg(child, signal.SIGSTOP)
            else:
                os.write(master, data)
        elif kind == WINDOW:
            rows, columns = reader.take("H"), reader.take("H")
            fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        elif kind == SIGNAL:
            number = reader.take("I")
            os.killpg(child, signal.SIGSTOP if number == signal.SIGTSTP else number)
        elif kind == CONTINUE:
            os.killpg(child, signal.SIGCONT)


def main(path):
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    # Whoever sees the name is answered.
    listener.bind(path + ".new")
    listener.listen(8)
    os.rename(path + ".new", path)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    while True:
        connection, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            Session(connection).serve()
            os._exit(0)
        connection.close()


if __name__ == "__main__":
    main(sys.argv[1])
