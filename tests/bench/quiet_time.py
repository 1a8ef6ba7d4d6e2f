"""A measurement begins when nobody else uses the machine, or when that was waited for too long."""
import time

SAMPLE = 0.05  # seconds
BUSY = 0.1  # share of all processors
PATIENCE = 240  # seconds, in all

_waited = 0.0
_began = {'quiet': 0, 'busy': 0}


def _ticks():
    with open('/proc/stat', encoding='ascii') as file:
        fields = [int(field) for field in file.readline().split()[1:9]]
    return sum(fields), fields[3] + fields[4]


def _is_busy():
    total, idle = _ticks()
    time.sleep(SAMPLE)
    total_now, idle_now = _ticks()
    return idle_now - idle < (1 - BUSY) * (total_now - total)


def wait():
    global _waited
    before = time.monotonic()
    while (busy := _is_busy()) and _waited + time.monotonic() - before < PATIENCE:
        pass
    _waited += time.monotonic() - before
    _began['busy' if busy else 'quiet'] += 1


def summary():
    return '%(quiet)d turns began on an idle machine, %(busy)d on a busy one.' % _began
