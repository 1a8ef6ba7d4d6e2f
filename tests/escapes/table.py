"""The table of escapes: what configure and run know about it.

A table is lines; '#' starts a comment line.

  NAME PACKAGE PROGRAM [ARG …]    one escape; words are quoted as in a shell
  <tab>setup SHELL-LINE           before it, as the service account, in the escape's directory
  <tab>stdin TEXT                 given to it through a pipe; without any, the pipe is empty
  <tab>keys TEXT                  typed when its terminal is quiet; it has a terminal then
  <tab>env NAME=VALUE
  <tab>detach                     it may go on when its client has ended
  <tab>as ACCOUNT                 other than the service account
  <tab>profile NAME               that has to stop it; default: standard
  <tab>proof mark                 @x@ ran (the default)
  <tab>proof file PATH            PATH holds the token
  <tab>proof output [TEXT]        what is printed holds the secret, or TEXT
  <tab>proof shell SHELL-LINE     it succeeds afterwards
  <tab>in DIR                     working directory, instead of the escape's own
  <tab>works                      what the profile lets: it has to succeed there too
  <tab>always                     stopped without any profile as well
  <tab>passes REASON              may pass its profile: a named limit
  <tab>landlock ABI               passes only where the kernel's Landlock is older, or off
  <tab>needs WHAT: SHELL-LINE     it is skipped where that fails

@x@ is the program that marks its run, @dir@ the escape's own directory, @token@ a word that is new
in each run of the tests; TEXT has Python's backslash escapes.
"""
import codecs
import os
import shlex

TOP = '/run/jump-host/escapes'
PROGRAMS = '/opt/tests/x'


class Escape:
    def __init__(self, name, package, argv):
        self.name = name
        self.package = package
        self.argv = argv
        self.setup = []
        self.stdin = ''
        self.keys = []
        self.environment = {}
        self.account = None
        self.profile = 'standard'
        self.proof = ('mark', '')
        self.passes = None
        self.landlock = 0
        self.needs = []
        self.detach = self.works = self.always = False
        self.place = '@dir@'

    def program(self):
        """Where it really is; None if it isn't installed."""
        if self.argv[0].startswith('/opt/tests/'):
            return self.argv[0]
        path = os.path.realpath(self.argv[0])
        return path if os.access(path, os.X_OK) else None


class Run:
    """One escape under one profile."""

    def __init__(self, escape, variant, token):
        self.escape = escape
        self.variant = variant
        self.token = token
        self.name = escape.name + '.' + variant
        self.profile = 'unrestricted' if variant == 'open' else escape.profile
        self.directory = TOP + '/dir/' + self.name
        self.program = PROGRAMS + '/' + self.name
        self.mark = TOP + '/marks/' + self.name

    def fill(self, text):
        for mark, value in (('@x@', self.program), ('@dir@', self.directory),
                            ('@name@', self.name), ('@token@', self.token)):
            text = text.replace(mark, value)
        return text

    def typed(self, text):
        return codecs.decode(self.fill(text), 'unicode_escape').encode('latin-1')


def detail(escape, line):
    verb, _, rest = line.partition(' ')
    if verb in ('setup', 'needs', 'keys'):
        getattr(escape, verb).append(rest)
    elif verb == 'stdin':
        escape.stdin += rest
    elif verb == 'env':
        name, _, value = rest.partition('=')
        escape.environment[name] = value
    elif verb in ('detach', 'works', 'always'):
        setattr(escape, verb, True)
    elif verb == 'in':
        escape.place = rest
    elif verb == 'as':
        escape.account = rest
    elif verb == 'landlock':
        escape.landlock = int(rest)
    elif verb in ('profile', 'passes'):
        setattr(escape, verb, rest)
    elif verb == 'proof':
        kind, _, path = rest.partition(' ')
        escape.proof = (kind, path)
    else:
        raise ValueError('no detail is called ' + verb)


def read_table(path):
    found = []
    for number, line in enumerate(open(path, encoding='utf-8'), 1):
        line = line.rstrip('\n')
        if not line.strip() or line.startswith('#'):
            continue
        try:
            if line.startswith('\t'):
                detail(found[-1], line.strip('\t'))
            else:
                name, package, *argv = shlex.split(line)
                found.append(Escape(name, package, argv))
        except (ValueError, IndexError) as problem:
            raise SystemExit('%s:%d: %s' % (path, number, problem))
    return found


def read_tables(directory):
    found = {}
    for name in sorted(os.listdir(directory)):
        if not name.endswith('.table'):
            continue
        for escape in read_table(os.path.join(directory, name)):
            if escape.name in found:
                raise SystemExit('%s: %s is there twice' % (name, escape.name))
            found[escape.name] = escape
    return list(found.values())


def runs_of(escape, token):
    return [Run(escape, 'open', token), Run(escape, 'held', token)]
