"""Event logs and transcripts as rolegate-records(5) describes them, made without rolegate's code."""
import base64
import hashlib
import json
import os
import subprocess

ZEROS = '0' * 64
CHAIN_ID = '00112233445566778899aabbccddeeff'


def stamp(milliseconds):
    """RFC 3339 in UTC. By hand: a million of them are needed."""
    seconds, rest = divmod(milliseconds, 1000)
    days, seconds = divmod(seconds, 86400)
    era, day = divmod(days + 719468, 146097)
    of_era = (day - day // 1460 + day // 36524 - day // 146096) // 365
    day -= 365 * of_era + of_era // 4 - of_era // 100
    month = (5 * day + 2) // 153
    day -= (153 * month + 2) // 5 - 1
    month += 3 if month < 10 else -9
    year = of_era + era * 400 + (month <= 2)
    return (f'{year:04}-{month:02}-{day:02}T{seconds // 3600:02}:{seconds // 60 % 60:02}:'
            f'{seconds % 60:02}.{rest:03}Z')


class Key:
    """An Ed25519 key made by openssl(1)."""

    def __init__(self, directory, name='key'):
        self.path = os.path.join(directory, f'{name}.pem')
        self.public = os.path.join(directory, f'{name}.pub')
        run('genpkey', '-algorithm', 'ed25519', '-out', self.path)
        run('pkey', '-in', self.path, '-pubout', '-out', self.public)
        der = run('pkey', '-in', self.path, '-pubout', '-outform', 'DER')
        self.id = hashlib.sha256(der[-32:]).hexdigest()[:16]

    def sign(self, text):
        message = f'{self.path}.message'
        with open(message, 'wb') as out:
            out.write(text)
        return base64.b64encode(run('pkeyutl', '-sign', '-rawin', '-inkey', self.path, '-in',
                                    message)).decode()


def run(*words):
    return subprocess.run(['openssl', *words], check=True, capture_output=True).stdout


class Log:
    """A log that is written: a directory with events.jsonl and transcripts/."""

    def __init__(self, directory, chain_id=CHAIN_ID, start=1764374400000, host='gate'):
        self.directory = directory
        self.chain_id = chain_id
        self.host = host
        self.sequence, self.last = 0, ZEROS
        self.now = start
        self.signed = 0
        os.makedirs(directory, exist_ok=True)
        self.lines = []
        self.first = 1
        self.add('chain', format=1, chain=chain_id)

    def path(self, *names):
        return os.path.join(self.directory, *names)

    def seal(self, head):
        """The object's text without its brace, as a line."""
        self.sequence += 1
        head = f'{head},"seq":{self.sequence},"prev":"{self.last}"'
        self.last = hashlib.sha256(head.encode()).hexdigest()
        line = f'{head},"hash":"{self.last}"}}\n'
        self.lines.append(line)
        return line

    def add(self, operation, **members):
        members = {'time': stamp(self.now), 'host': self.host, 'op': operation, **members}
        return self.seal(json.dumps(members, separators=(',', ':'))[:-1])

    def request(self, number, user='dana', command='systemctl restart', words='nginx.service',
                roles='web-operator', run_as='svc-ops', status=0, took=250, reason=None,
                endpoint='operations', login=3, **more):
        """A decision and its end. Returns the request's id."""
        request = hashlib.md5(str(number).encode()).hexdigest()
        common = {'req': request, 'endpoint': endpoint, 'acct': user, 'id': 1001, 'oauid': 1001,
                  'oses': login, 'opid': 4711, 'role': roles}
        line = f'{command} {words}'.strip()
        if reason is not None:
            self.add('decision', **common, cwd='/', cmd=line, reason=reason, **more, res='failed')
            return request
        common |= {'comm': command, 'runas': run_as, 'cwd': '/', 'cmd': line, **more}
        self.add('decision', **common, reason='permitted', sha256='ab' * 32, res='success')
        if status is not None:
            self.now += took
            self.add('end', **common, status=status, child=4712,
                     res='success' if status == 0 else 'failed')
        return request

    def sign(self, key, forged=False):
        """All that was not signed so far."""
        text = b'rolegate-log-1\0' + f'{self.chain_id} {self.sequence} {self.last}'.encode()
        signature = key.sign(text + (b'x' if forged else b''))
        self.add('sign', key=key.id, **{'from': self.signed + 1}, to=self.sequence,
                 signature=signature)
        self.signed = self.sequence

    def transcript(self, request, events, uid=1001, state='end', opened=True, header=None,
                   closed=True, cut=None):
        """A cast with these events ([seconds, code, text], …), and what the log says of it."""
        name = f'transcripts/{uid}/{request}.cast'
        os.makedirs(self.path('transcripts', str(uid)), exist_ok=True)
        header = header or {'version': 2, 'width': 80, 'height': 24}
        text = ''.join(json.dumps(line) + '\n' for line in [header, *events]).encode()
        with open(self.path(name), 'wb') as out:
            out.write(text if cut is None else text[:cut])
        if opened:
            self.add('transcript-open', req=request, id=uid, file=name, res='success')
        if closed:
            self.add('transcript', req=request, id=uid, file=name, bytes=len(text),
                     sha256=hashlib.sha256(text).hexdigest(), state=state, truncated=False,
                     res='success')
        return self.path(name)

    def write(self):
        """Appends what is not yet in the file."""
        with open(self.path('events.jsonl'), 'a', encoding='ascii') as out:
            out.write(''.join(self.lines))
        self.lines = []

    def rotate(self):
        self.write()
        name = f'events-{self.first:020}.jsonl'
        os.rename(self.path('events.jsonl'), self.path(name))
        self.first = self.sequence + 1
        self.add('chain', format=1, chain=self.chain_id, after=name)
        return name
