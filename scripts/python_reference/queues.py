# SPDX-License-Identifier: BSD-2-Clause
"""The tutorial's queue.Queue, and the wait policies."""
import queue
import sys
import threading
import time

STOP = None  # ends the thread that takes it; never counted


class Doorbell(threading.Condition):
    """A condition of a queue that notes when a thread begins to wait. get()
    calls wait() only if the queue is empty, put() only if it is full.

    So the waits inside get() and put() are timed, and calls that do not wait
    have no overhead.
    """

    def __init__(self, lock, begin):
        super().__init__(lock)
        self.begin = begin

    def wait(self, timeout=None):
        getattr(threading.current_thread(), self.begin)()
        return super().wait(timeout)


class Queue(queue.Queue):
    """The tutorial's queue with its own get() and put(); 0: unbounded."""

    def __init__(self, maxsize=0):
        super().__init__(maxsize)
        self.not_empty = Doorbell(self.mutex, "start_wait")
        self.not_full = Doorbell(self.mutex, "start_full_wait")

    def open(self):
        """After this call no thread waits for room."""
        with self.mutex:
            if self.maxsize:
                self.maxsize = sys.maxsize
            self.not_full.notify_all()


# Popping: generators of the messages that a thread pops. All except `block` end
# if they find the queue empty after the request to stop.


def poll(me, source, nap):
    """Repeats `if not q.empty(): q.get()`; with sleep:D sleeps if the queue is
    empty."""
    while True:
        if not source.empty():
            yield source.get()  # may block: another consumer was faster
        elif not me.start_wait():
            return
        elif nap is not None:
            time.sleep(nap)


def spin(me, source, nap):
    """Repeats `get(block=False)`. yield sleeps for 0 s, which also gives up
    the interpreter lock."""
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
    """Calls `get()` without a timeout."""
    while True:
        yield source.get()


def expire(me, source, patience):
    """Calls `get(timeout=D)`; counts a timeout and tries again."""
    while True:
        try:
            message = source.get(timeout=patience)
        except queue.Empty:
            me.timeouts += 1
            if me.stop.over:
                return
        else:
            yield message


# Pushing to a queue with a capacity. No push waits for ever: when the consumers
# have ended, the capacity is removed.


def poll_room(me, message, nap):
    while me.sink.full():
        me.start_full_wait()
        if nap is not None:
            time.sleep(nap)
    me.sink.put(message)  # may block: another producer was faster


def spin_room(me, message, nap):
    while True:
        try:
            return me.sink.put(message, block=False)
        except queue.Full:
            me.start_full_wait()
            if nap is not None:
                time.sleep(nap)


def block_room(me, message, _):
    me.sink.put(message)


def expire_room(me, message, patience):
    while True:
        try:
            return me.sink.put(message, timeout=patience)
        except queue.Full:
            me.timeouts += 1


# For each policy: how to pop, how to push, and the seconds; ... means that the
# cell gives the seconds.
POLICIES = {"poll": (poll, poll_room, None), "spin": (spin, spin_room, None),
            "yield": (spin, spin_room, 0), "sleep": (poll, poll_room, ...),
            "block": (block, block_room, None),
            "timeout": (expire, expire_room, ...)}


def put_of(me, policy):
    """Returns the thread's put(): for an unbounded queue, the queue's own
    put()."""
    if not me.sink.maxsize:
        return me.sink.put
    _, way, seconds = policy

    def put(message):
        way(me, message, seconds)
        if me.full_since:
            me.end_full_wait()

    return put
