# SPDX-License-Identifier: BSD-2-Clause
"""The tutorial's queue.Queue, and the ways to wait at it."""
import queue
import sys
import threading
import time

STOP = None  # ends the thread that takes it; never counted


class Doorbell(threading.Condition):
    """One of a queue's conditions, which tells a thread that it will wait.

    get() calls wait() only where it found the queue empty, put() only where
    it found it full. Hooking in here times the waits inside them without a
    clock, a lock or a look at the queue on the way of those that need not
    wait.
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
        """From here on nobody waits for room."""
        with self.mutex:
            if self.maxsize:
                self.maxsize = sys.maxsize
            self.not_full.notify_all()


# Taking: generators of the messages that a thread takes. All but `block` end
# by themselves when they wait and the thread has been told to stop.


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
            if me.stop.over:
                return
        else:
            yield message


# Putting on a queue with a capacity. There is always room in the end: while
# nobody takes any more, the queue is open.


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


# By name: how to take, how to put, and the seconds; ... where the cell gives
# them.
POLICIES = {"poll": (poll, poll_room, None), "spin": (spin, spin_room, None),
            "yield": (spin, spin_room, 0), "sleep": (poll, poll_room, ...),
            "block": (block, block_room, None),
            "timeout": (expire, expire_room, ...)}


def put_of(me, policy):
    """The thread's put(): the queue's own where there is always room."""
    if not me.sink.maxsize:
        return me.sink.put
    _, way, seconds = policy

    def put(message):
        way(me, message, seconds)
        if me.full_since:
            me.end_full_wait()

    return put
