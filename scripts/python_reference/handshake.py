# SPDX-License-Identifier: BSD-2-Clause
"""handshake: the producer waits until the consumer has processed its item."""
import itertools
import threading
import time

from .queues import STOP
from .window import Window, books
from .worker import Flag


def create(me):
    """The producer: pushes an item with a new event, waits for the event, and
    checks the result."""
    stop, limit, put, sent = me.stop, me.limit, me.put, 0
    while sent < limit and not stop.over:
        sent += 1
        item, event = [sent], threading.Event()
        put((item, event))
        me.waits += 1
        me.waiting_since = time.monotonic_ns()
        event.wait()
        woken = time.monotonic_ns()
        me.end_wait()
        me.wakes.append(woken - event.set_ns)
        if item[0] != 2 * sent:
            me.wrong += 1
    me.messages = sent


def double(me):
    """The consumer: doubles the item and sets its event."""
    done, taken = me.source.task_done, 0
    for message in me.arrivals:
        if me.waiting_since:
            me.end_wait()
        if message is STOP:
            break
        item, event = message
        item[0] *= 2
        taken += 1
        event.set_ns = time.monotonic_ns()
        event.set()
        done()
    me.messages = taken


def quantiles(values, *shares):
    """Nearest ranks."""
    values = sorted(values)
    return [values[max(0, -int(-share * len(values) // 1) - 1)]
            for share in shares]


class Handshake(Window):
    def __init__(self, cell, messages):
        super().__init__(cell, messages)
        only = self.queue()
        self.producers = self.hire("producer", create,
                                   range(cell["producers"]), sink=only)
        self.consumers = self.hire("consumer", double,
                                   range(cell["consumers"]), source=only)
        for me in self.producers:
            me.wakes, me.wrong = [], 0
        for me in self.consumers:  # until the sentinel: somebody waits
            me.stop = Flag()

    def finish(self):
        self.join(self.producers)
        self.queues[0].join()  # all of them done
        self.dismiss(self.consumers)

    def findings(self):
        taken = sum(w.messages for w in self.consumers)
        sent = sum(w.messages for w in self.producers)
        left = len(self.left_over())
        wakes = list(itertools.chain(*(w.wakes for w in self.producers)))
        findings = books(not any(w.wrong for w in self.producers), taken,
                         taken + left - sent, 0, 0, left)
        if wakes:
            names = "wake_p50_ns", "wake_p99_ns", "wake_max_ns"
            findings.update(zip(names, quantiles(wakes, 0.5, 0.99, 1)))
        return findings
