"""What both measurements print with."""
import os
import re


def quantile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def machine():
    with open('/proc/cpuinfo', encoding='utf-8') as file:
        model = re.search(r'model name\s*: (.*)', file.read())
    return '%s, %d processors, Linux %s' % (
        model[1] if model else os.uname().machine, os.cpu_count(), os.uname().release.split('-')[0])


def table_row(*cells):
    print('| ' + ' | '.join(cells) + ' |', flush=True)


def table_head(*cells):
    table_row(*cells)
    table_row('---', *('---:' for _ in cells[1:]))
