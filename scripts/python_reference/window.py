# SPDX-License-Identifier: BSD-2-Clause
"""Threads and queues of one cell, for a time or a number of messages."""
import threading
import time

from .queues import STOP, Queue, put_of
from .worker import Flag, Worker

PATIENCE = 0.1  # seconds between two looks for a thread that failed


class Broken(Exception):
    """The run cannot be finished; the text names the reason."""


class Window:
    """The base class of the scenarios."""

    payload_bytes = 8

    def __init__(self, cell, messages):
        self.cell, self.messages = cell, messages
        self.policy, self.capacity = cell.get("policy"), cell.get("capacity")
        self.flag, self.ended = Flag(), threading.Event()
        self.queues, self.workers = [], []
        self.request_ns = self.failure = None
        # With `event`, the end of the window removes the capacity, so that
        # waiting producers end.
        self.opens = cell.get("stop") == "event"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.flag.over = True
        self.close()

    def close(self):
        """Cleans up after the run, also after an error."""

    def queue(self, capacity=None):
        self.queues.append(Queue(capacity or self.capacity))
        return self.queues[-1]

    def hire(self, part, job, numbers, source=None, sink=None):
        """Makes the threads of one part, which share the number of messages."""
        crew = [Worker(self, f"{part}-{i}", job, i, source, sink)
                for i in numbers]
        for worker in crew:
            if source:
                take, _, seconds = self.policy
                worker.arrivals = take(worker, source, seconds)
            if sink:
                worker.put = put_of(worker, self.policy)
            if self.messages:
                worker.limit = (self.messages + worker.number) // len(crew)
        self.workers += crew
        return crew

    def start(self):
        self.barrier = threading.Barrier(len(self.workers) + 1)
        for worker in self.workers:
            worker.start()
        self.barrier.wait()

    def run(self, seconds=None):
        """Runs for this time, or until all messages are transferred."""
        self.start()
        if seconds is not None:
            time.sleep(seconds)
            self.request()
        self.finish()

    def request(self):
        """Asks all threads to stop."""
        self.request_ns = time.monotonic_ns()
        self.flag.over = True
        self.ended.set()
        if self.opens:
            for each in self.queues:
                each.open()

    def finish(self):
        """Waits until the last thread has ended."""
        self.join(self.workers)

    def join(self, crew):
        for worker in crew:
            while worker.is_alive():
                worker.join(PATIENCE)
                if self.failure:
                    break
        if self.failure:
            raise Broken(self.failure)

    def dismiss(self, crew):
        """Pushes one sentinel for each thread, which also wakes blocked
        threads."""
        for worker in crew:
            worker.source.open()
            worker.source.put(STOP)
        self.join(crew)

    def left_over(self):
        return [m for q in self.queues for m in q.queue if m is not STOP]

    def findings(self):
        """Returns the scenario's own columns. `verified` None: the cell cannot
        be verified."""
        raise NotImplementedError

    def observation(self):
        """Returns the lines of the observation, except the last line, as
        pairs."""
        findings = self.findings()
        verified = findings.pop("verified")
        yield "status", "failed" if verified is False else "ok"
        if verified is not None:
            yield "verified", int(verified)
        yield "messages", findings.pop("messages")
        start = min(w.start_ns for w in self.workers)
        end = max(w.end_ns for w in self.workers)
        yield "elapsed_ns", end - start
        for name in self.workers[0].columns:
            if name not in ("elapsed_ns", "messages", "waits",
                            "wait_scaled_ns"):
                yield name, sum(w.columns[name] for w in self.workers)
        if self.request_ns:
            yield "stop_ns", max(0, end - self.request_ns)
        yield from findings.items()
        if self.queues:
            yield "capacity_usable", self.capacity
        if self.payload_bytes:
            yield "payload_bytes", self.payload_bytes
        for worker in self.workers:
            yield "thread", worker.name
            yield "start_ns", worker.start_ns - start
            yield from worker.columns.items()


def books(verified, messages, surplus, repeated, reordered, left):
    """Returns the columns of a scenario that sends messages through queues."""
    return {"verified": bool(verified) and not (surplus or repeated or
                                                reordered),
            "messages": messages, "lost": max(0, -surplus),
            "repeated": max(repeated, surplus), "reordered": reordered,
            "left_over": left}
