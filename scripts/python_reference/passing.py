# SPDX-License-Identifier: BSD-2-Clause
"""pingpong and stream: messages through queues at full speed."""
import threading
import time

from .cell import NO_LIMIT
from .queues import STOP
from .window import Window, books
from .worker import Flag

PRODUCER_SHIFT = 48  # stream: word = producer << 48 | sequence from 1


def handle(me):
    """pingpong: pops the list, increments its numbers, and pushes it to the
    other queue.

    A thread that ends pushes the list unchanged first, so that the other
    thread does not wait for ever.
    """
    window, stop, limit, put, taken = me.window, me.stop, me.limit, me.put, 0
    for numbers in me.arrivals:
        if me.waiting_since:
            me.end_wait()
        if stop.over or numbers[0] > limit:
            put(numbers)
            break
        if not numbers[0] + 1 == numbers[1] == numbers[2] - 1:
            window.torn = True
        numbers[0] += 1
        numbers[1] += 1
        numbers[2] += 1
        taken += 1
        put(numbers)
    me.messages = taken


def handle_until_sentinel(me):
    """pingpong with a sentinel: at the end the first thread keeps the list and
    pushes a sentinel."""
    window, limit, put, taken = me.window, me.limit, me.put, 0
    keeps = me.number == 0
    asked = window.flag if keeps else me.stop
    for numbers in me.arrivals:
        if me.waiting_since:
            me.end_wait()
        if numbers is STOP:
            break
        if asked.over or numbers[0] > limit:
            if keeps:
                window.kept += 1
                put(STOP)
                break
            put(numbers)
            continue
        if not numbers[0] + 1 == numbers[1] == numbers[2] - 1:
            window.torn = True
        numbers[0] += 1
        numbers[1] += 1
        numbers[2] += 1
        taken += 1
        put(numbers)
    me.messages = taken


class PingPong(Window):
    payload_bytes = 24

    def __init__(self, cell, messages):
        super().__init__(cell, messages)
        self.message, self.torn, self.kept = [1, 2, 3], False, 0
        for _ in range(cell["queues"]):
            self.queue()
        first, last = self.queues[0], self.queues[-1]
        first.put(self.message)
        sentinel = cell["stop"] == "sentinel"
        job = handle_until_sentinel if sentinel else handle
        self.hire("A", job, [0], first, last)
        self.hire("B", job, [1], last, first)
        for worker in self.workers:
            worker.put = worker.sink.put  # one message always finds room
            worker.limit = messages or NO_LIMIT
            if sentinel:
                worker.stop = Flag()  # waits for what comes, flag or not

    def findings(self):
        taken = sum(w.messages for w in self.workers)
        left = len(self.left_over())
        intact = self.message[0] - 1 == taken and not self.torn
        return books(intact, taken, left + self.kept - 1, 0, 0, left)


def produce(me):
    """stream: pushes words that count up."""
    stop, limit, put, sent = me.stop, me.limit, me.put, 0
    first = me.number << PRODUCER_SHIFT
    while sent < limit and not stop.over:
        sent += 1
        put(first + sent)
    me.messages, me.total = sent, first * sent + sent * (sent + 1) // 2


def consume(me):
    """stream: checks that the words of each producer rise; totals show gaps."""
    stop, limit, newest, taken, total = me.stop, me.limit, {}, 0, 0
    for word in me.arrivals:
        if me.waiting_since:
            me.end_wait()
        if word is STOP:
            break
        sender = word >> PRODUCER_SHIFT
        last = newest.get(sender, sender << PRODUCER_SHIFT)
        if word > last:
            newest[sender] = word
        elif word == last:
            me.repeated += 1
        else:
            me.reordered += 1
        taken += 1
        total += word
        if stop.over or taken == limit:
            break
    me.messages, me.total = taken, total


def put_paced(me, put, every):
    """Sleeps after each push until the next push is due, or until the end of
    the window."""
    due = None

    def paced(word):
        nonlocal due
        due = (due or time.monotonic()) + every
        put(word)
        me.window.ended.wait(max(0, due - time.monotonic()))

    return paced


def put_and_tell(put, begun):
    def tell(word):
        put(word)
        begun.set()

    return tell


def arrive_paced(me, arrivals, every):
    """Sleeps after each message until the window ends."""
    for word in arrivals:
        yield word
        me.window.ended.wait(every)


def arrive_until_empty(me, begun):
    """Waits for the first message, then runs `while not q.empty(): q.get()`."""
    me.start_wait()
    begun.wait()
    me.end_wait()
    while not me.source.empty():
        yield me.source.get()  # may block: another consumer was faster


class Stream(Window):
    def __init__(self, cell, messages):
        super().__init__(cell, messages)
        only, self.begun = self.queue(), threading.Event()
        until_empty = cell["until"] == "empty"
        self.opens = self.opens or until_empty
        self.producers = self.hire("producer", produce,
                                   range(cell["producers"]), sink=only)
        self.consumers = self.hire("consumer", consume,
                                   range(cell["consumers"]), source=only)
        for me in self.producers:
            if until_empty:
                me.put = put_and_tell(me.put, self.begun)
            if cell["produce_every"]:
                me.put = put_paced(me, me.put, cell["produce_every"])
        for me in self.consumers:
            if cell["stop"] == "sentinel":
                me.stop, me.limit = Flag(), NO_LIMIT
            if until_empty:
                me.arrivals = arrive_until_empty(me, self.begun)
            if cell["consume_every"]:
                me.arrivals = arrive_paced(me, me.arrivals,
                                           cell["consume_every"])

    def finish(self):
        self.join(self.producers)
        self.begun.set()  # for consumers that nobody has sent anything
        self.dismiss(self.consumers)

    def findings(self):
        taken = sum(w.messages for w in self.consumers)
        left = self.left_over()
        sent = sum(w.messages for w in self.producers)
        intact = (sum(w.total for w in self.consumers) + sum(left)
                  == sum(w.total for w in self.producers))
        return books(intact, taken, taken + len(left) - sent,
                     sum(w.repeated for w in self.consumers),
                     sum(w.reordered for w in self.consumers), len(left))
