#!/usr/bin/python3
"""ausearch's text to lines: of a drive's files ACTION NAME TO SIZE HASH, names as Python writes
bytes; of its sessions OP sftp RESULT [ENDED]. --requests: the request of each put, instead."""
import re
import sys


def decode(value):
    """As auparse(3): hexadecimal where it is not in quotes and looks so. Names are never numbers."""
    if value is None:
        return None
    if value.startswith('"'):
        return value.strip('"').encode()
    if len(value) % 2 == 0 and re.fullmatch("[0-9A-F]+", value):
        return bytes.fromhex(value)
    return value.encode()


for line in sys.stdin:
    message = re.search(r"msg='(.*)'", line)
    if message is None:
        continue
    fields = dict(re.findall(r'(?:^| )([a-z0-9]+)=("[^"]*"|[^ ]*)', message.group(1)))
    if fields.get("op") == "drive":
        if "--requests" in sys.argv:
            if fields["did"] == "put":
                print(fields["req"])
            continue
        print(fields["did"], decode(fields["file"]), decode(fields.get("to")) or "-",
              fields.get("size", "-"),
              fields.get("digest", fields.get("missing", "-")).replace("sha256:", ""))
    elif fields.get("comm") == '"sftp"' and "--requests" not in sys.argv:
        print(*filter(None, [fields["op"], "sftp", fields["res"], fields.get("ended")]))
