#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The threading tutorial's queue.Queue as an external backend of ringbench.

Reads a cell as `column value` lines from stdin (or --input FILE) up to `end`
or the end of the file; prints the observation's `column value` lines, then
for each thread a line `thread NAME` and its lines, then `end`.

The interpreter lock is part of what is measured: the switch interval stays
as it is, which makes two polling threads hand over about once in 5 ms.
"""
import argparse
import os
import queue
import re
import resource
import signal
import sys
import threading
import time

UNITS = {"ns": 1, "us": 10**3, "ms": 10**6, "s": 10**9}
PRODUCER_SHIFT = 48  # stream: word = producer << 48 | sequence from 1
THREADS_MAX = 64
NO_LIMIT = sys.maxsize
STOP = None  # ends a stream's consumer; never counted


class CannotDo(Exception):
    """The cell is not one for this program; the text says what would be."""


class Doorbell(threading.Condition):
    """A queue's `not_empty`, which tells the thread that its wait begins.

    get() calls wait() only where it found the queue empty. Hooking in here
    times the waits inside get() without a clock, a lock or a look at the
    queue on the way of a get() that finds a message at once.
    """

    def wait(self, timeout=None):
        threading.current_thread().start_wait()
        return super().wait(timeout)


class Queue(queue.Queue):
    """The tutorial's queue: unbounded, with its own get() and put()."""

    def __init__(self):
        super().__init__()
        self.not_empty = Doorbell(self.mutex)


# The wait policies: generators of the messages that a thread takes. All but
# `block` end by themselves when they wait and the window is over.


def poll(me, source, nap):
    """`if not q.empty(): q.get()`, else again, after a nap for sleep:D."""
    while True:
        if not source.empty():
            yield source.get()  # may block: another consumer was faster
        elif not me.start_wait():
            return
        elif nap is not None:
            time.sleep(nap)


def spin(me, source, nap):
    """`get(block=False)`; yield naps for 0 s, which gives up the lock too."""
    while True:
        try:
            message = source.get(block=False)
        except queue.Empty:
            if not me.start_wait():
                return
            if nap is not None:
                time.sleep(nap)
        else:
            yield message


def block(_me, source, _):
    """`get()`, for as long as it takes."""
    while True:
        yield source.get()


def expire(me, source, patience):
    """`get(timeout=D)`; a timeout is counted and tried again."""
    while True:
        try:
            message = source.get(timeout=patience)
        except queue.Empty:
            me.timeouts += 1
            if me.window.over:
                return
        else:
            yield message


# By name: the generator, and its seconds; ... where the cell gives them.
POLICIES = {"poll": (poll, None), "spin": (spin, None), "yield": (spin, 0),
            "sleep": (poll, ...), "block": (block, None),
            "timeout": (expire, ...)}


def handle(me):
    """pingpong: take the list, raise its numbers, put it on the other queue.

    A handler that leaves passes the list on first, untouched. So the other
    one never waits for a list that does not come, whatever the policy.
    """
    window, limit, put, taken = me.window, me.limit, me.sink.put, 0
    for numbers in me.arrivals():
        if me.waiting_since:
            me.end_wait()
        if window.over or numbers[0] > limit:
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


def produce(me):
    """stream: send words that count up."""
    window, limit, put, sent = me.window, me.limit, me.sink.put, 0
    first = me.number << PRODUCER_SHIFT
    while sent < limit and not window.over:
        sent += 1
        put(first + sent)
    me.messages, me.total = sent, first * sent + sent * (sent + 1) // 2


def consume(me):
    """stream: the words of a producer rise; the totals tell of gaps."""
    window, limit, newest, taken, total = me.window, me.limit, {}, 0, 0
    for word in me.arrivals():
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
        if window.over or taken == limit:
            break
    me.messages, me.total = taken, total


class Worker(threading.Thread):
    """A thread of the window, and what it measures of itself."""

    def __init__(self, window, name, job, number, limit, source, sink):
        super().__init__(name=name, daemon=True)
        self.window, self.job, self.number = window, job, number
        self.limit, self.source, self.sink = limit, source, sink
        self.waiting_since = self.wait_ns = self.waits = self.tries = 0
        self.messages = self.total = self.timeouts = 0
        self.repeated = self.reordered = 0

    def arrivals(self):
        generator, seconds = self.window.policy
        return generator(self, self.source, seconds)

    def start_wait(self):
        """A try failed. False when there is nothing to wait for any more."""
        self.tries += 1
        if not self.waiting_since:
            self.waits += 1
            self.waiting_since = time.monotonic_ns()
        return not self.window.over

    def end_wait(self):
        self.wait_ns += time.monotonic_ns() - self.waiting_since
        self.waiting_since = 0

    def run(self):
        try:
            schedstat = os.open("/proc/thread-self/schedstat", os.O_RDONLY)
        except OSError:
            schedstat = 0
        self.window.barrier.wait()
        # Reading a file lets other threads in, so it is outside the stamps.
        before = [runqueue_ns(schedstat), *usage()]
        self.start_ns = time.monotonic_ns()
        self.job(self)
        if self.waiting_since:
            self.end_wait()
        self.end_ns = time.monotonic_ns()
        after = usage()
        after = [runqueue_ns(schedstat), *after]
        self.columns = self.account(*(b - a for a, b in zip(before, after)))
        if not schedstat:
            del self.columns["runqueue_ns"], self.columns["asleep_ns"]

    def account(self, queued, cpu, user, system, voluntary, forced, faults):
        """The thread's columns, but for its start."""
        elapsed = self.end_ns - self.start_ns
        user_ns = round(cpu * user / (user + system or 1))
        return {
            "elapsed_ns": elapsed, "messages": self.messages,
            "busy_ns": elapsed - self.wait_ns, "wait_empty_ns": self.wait_ns,
            "wait_full_ns": 0, "wait_scaled_ns": 0, "waits": self.waits,
            "cpu_ns": cpu, "cpu_user_ns": user_ns,
            "cpu_sys_ns": cpu - user_ns, "runqueue_ns": queued,
            "asleep_ns": max(0, elapsed - cpu - queued),
            "empty_tries": self.tries, "full_tries": 0,
            "timeouts": self.timeouts, "vol_switches": voluntary,
            "invol_switches": forced, "page_faults": faults,
        }


def runqueue_ns(schedstat):
    """How long the calling thread has queued for a processor so far."""
    return schedstat and int(os.pread(schedstat, 99, 0).split()[1])


def usage():
    """What the calling thread has used so far."""
    cpu = time.thread_time_ns()
    used = resource.getrusage(resource.RUSAGE_THREAD)
    return (cpu, used.ru_utime, used.ru_stime, used.ru_nvcsw, used.ru_nivcsw,
            used.ru_minflt + used.ru_majflt)


class Window:
    """Threads and queues of one cell, for a time or a number of messages."""

    def __init__(self, cell, messages):
        self.policy, self.over, self.torn = cell["policy"], False, False
        self.queues = [Queue() for _ in range(cell["queues"])]
        first, last, self.message = self.queues[0], self.queues[-1], None
        if cell["scenario"] == "pingpong":
            self.message = [1, 2, 3]
            first.put(self.message)
            limit = messages or NO_LIMIT
            parts = [("A", handle, 0, limit, first, last),
                     ("B", handle, 1, limit, last, first)]
        else:
            parts = [(part, job, i, share(messages, i, count), first, first)
                     for part, job, count in (
                         ("producer", produce, cell["producers"]),
                         ("consumer", consume, cell["consumers"]))
                     for i in range(count)]
        self.workers = [Worker(self, f"{part}-{i}", *rest)
                        for i, (part, *rest) in enumerate(parts)]
        self.consumers = [w for w in self.workers if w.job is consume]
        self.senders = [w for w in self.workers if w.job is not consume]
        self.barrier = threading.Barrier(len(parts) + 1)

    def run(self, seconds=None):
        """For so long, or until the messages are done."""
        for worker in self.workers:
            worker.start()
        self.barrier.wait()
        if seconds is not None:
            time.sleep(seconds)
            self.over = True
        for worker in self.senders:
            worker.join()
        for worker in self.consumers:  # one each: wakes those that block
            worker.source.put(STOP)
        for worker in self.consumers:
            worker.join()

    def observation(self):
        """The lines of the observation but the last, as pairs."""
        start = min(w.start_ns for w in self.workers)
        takers = self.consumers or self.workers
        taken = sum(w.messages for w in takers)
        left = [w for q in self.queues for w in q.queue if w is not STOP]
        repeated = sum(w.repeated for w in takers)
        reordered = sum(w.reordered for w in takers)
        if self.message:
            surplus, intact = len(left) - 1, self.message[0] - 1 == taken
        else:
            sent = sum(w.messages for w in self.senders)
            surplus = taken + len(left) - sent
            intact = (sum(w.total for w in self.consumers) + sum(left)
                      == sum(w.total for w in self.senders))
        bad = self.torn or surplus or repeated or reordered
        verified = intact and not bad
        yield "status", "ok" if verified else "failed"
        yield "verified", int(verified)
        yield "messages", taken
        yield "elapsed_ns", max(w.end_ns for w in self.workers) - start
        for name in self.workers[0].columns:
            if name not in ("elapsed_ns", "messages", "waits",
                            "wait_scaled_ns"):
                yield name, sum(w.columns[name] for w in self.workers)
        yield "lost", max(0, -surplus)
        yield "repeated", max(repeated, surplus)
        yield "reordered", reordered
        yield "left_over", len(left)
        yield "capacity_usable", 0
        yield "payload_bytes", 24 if self.message else 8
        for worker in self.workers:
            yield "thread", worker.name
            yield "start_ns", worker.start_ns - start
            yield from worker.columns.items()


def share(messages, i, parts):
    """Part i of so many messages; no limit for 0 messages."""
    return (messages + i) // parts if messages else NO_LIMIT


def parse_policy(text):
    name, _, duration = text.partition(":")
    if name not in POLICIES:
        raise CannotDo(f"wait {text}: queue.Queue cannot wait like this; "
                       f"use one of {', '.join(POLICIES)}")
    generator, seconds = POLICIES[name]
    if seconds is not ...:
        if duration:
            raise CannotDo(f"wait {text}: takes no duration; use {name}")
        return generator, seconds
    match = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]+)?)(ns|us|ms|s)", duration)
    if not match:
        raise CannotDo(f"wait {text}: no duration in ns, us, ms or s; "
                       f"write for example {name}:1ms")
    return generator, float(match[1]) * UNITS[match[2]] / UNITS["s"]


def parse_number(given, name, default, low, high=NO_LIMIT):
    text = given.get(name, str(default))
    if not (re.fullmatch("[0-9]{1,18}", text) and low <= int(text) <= high):
        limits = f"from {low} on" if high == NO_LIMIT else f"{low} to {high}"
        raise CannotDo(f"{name} {text}: no number that works; use {limits}")
    return int(text)


def parse_cell(lines):
    """The cell that the lines describe. Columns it has no use for pass."""
    given = {}
    for line in lines:
        name, _, value = line.strip().partition(" ")
        if name == "end":
            break
        if value.strip():
            given[name] = value.strip()
    scenario = given.get("scenario", "missing")
    if scenario not in ("pingpong", "stream"):
        raise CannotDo(f"scenario {scenario}: not one of this backend; "
                       "use pingpong or stream")
    if given.get("placement", "any") != "any":
        raise CannotDo(f"placement {given['placement']}: Python's threads are "
                       "not pinned; use placement any")
    ms, queues_max = UNITS["ms"], 2 if scenario == "pingpong" else 1
    return {
        "scenario": scenario,
        "policy": parse_policy(given.get("wait", "missing")),
        "queues": parse_number(given, "queues", 1, 1, queues_max),
        "producers": parse_number(given, "producers", 1, 1, THREADS_MAX),
        "consumers": parse_number(given, "consumers", 1, 1, THREADS_MAX),
        "messages": parse_number(given, "messages", 0, 0),
        "warmup_ns": parse_number(given, "warmup_ns", 20 * ms, 0),
        "duration_ns": parse_number(given, "duration_ns", 200 * ms, 1),
    }


def observe(cell):
    if cell["warmup_ns"]:  # the same loops, on queues to throw away
        Window(cell, 0).run(cell["warmup_ns"] / UNITS["s"])
    window = Window(cell, cell["messages"])
    window.run(None if cell["messages"] else cell["duration_ns"] / UNITS["s"])
    return window.observation()


def main():
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # no traceback on Ctrl-C
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--input", metavar="FILE", default="/dev/stdin",
                         help="read the cell from FILE instead of stdin")
    try:
        with open(options.parse_args().input, errors="replace") as lines:
            cell = parse_cell(lines)
    except (CannotDo, OSError) as reason:
        print(f"python_reference: {reason}", file=sys.stderr)
        lines = [("status", "error"), ("reason", reason)]
    else:
        lines = observe(cell)
    for name, value in lines:
        print(name, value)
    print("end")


if __name__ == "__main__":
    main()
