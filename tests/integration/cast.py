#!/usr/bin/env python3
"""What is in a transcript.

  cast.py FILE CODE             the bytes of all events of this code, as the run had them
  cast.py FILE --header MEMBER  one member of the header ("rolegate.user")
  cast.py FILE --count CODE     how many such events
"""
import json
import sys

path, what = sys.argv[1:3]
with open(path, encoding='utf-8') as file:
    header, *events = [json.loads(line) for line in file]
assert header['version'] == 2 and header['width'] > 0 and header['height'] > 0, header
assert [e[0] for e in events] == sorted(e[0] for e in events), 'time goes back'
if what == '--header':
    value = header
    for name in sys.argv[3].split('.'):
        value = value[name]
    print(value)
elif what == '--count':
    print(sum(e[1] == sys.argv[3] for e in events))
else:
    # The recorder's own marks, which are events of their own as well, were not shown by the run.
    events = [e for mark, e in zip([[0, '', '']] + events, events)
              if not (mark[1] == 'm' and e[2] == '\r\n[rolegate: %s]\r\n' % mark[2])]
    sys.stdout.buffer.write(''.join(e[2] for e in events if e[1] == what).encode())
