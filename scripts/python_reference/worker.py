# SPDX-License-Identifier: BSD-2-Clause
"""A thread of the window, and its measurements."""
import os
import resource
import threading
import time

from .cell import NO_LIMIT


class Flag:
    """The stop flag that a thread reads."""

    __slots__ = ("over",)

    def __init__(self):
        self.over = False


class Worker(threading.Thread):
    """Runs its job when all threads have started.

    `arrivals` are the messages that it pops, `put` pushes a message, and
    `stop.over` is the stop flag. A scenario may replace each of these members.
    """

    def __init__(self, window, name, job, number=0, source=None, sink=None):
        super().__init__(name=name, daemon=True)
        self.window, self.job, self.number = window, job, number
        self.source, self.sink, self.stop = source, sink, window.flag
        self.arrivals, self.put, self.limit = None, None, NO_LIMIT
        self.waiting_since = self.wait_ns = self.waits = self.tries = 0
        self.full_since = self.wait_full_ns = self.full_tries = 0
        self.messages = self.total = self.timeouts = 0
        self.repeated = self.reordered = 0

    def start_wait(self):
        """Notes a failed try. Returns False if the thread must stop."""
        self.tries += 1
        if not self.waiting_since:
            self.waits += 1
            self.waiting_since = time.monotonic_ns()
        return not self.stop.over

    def end_wait(self):
        self.wait_ns += time.monotonic_ns() - self.waiting_since
        self.waiting_since = 0

    def start_full_wait(self):
        self.full_tries += 1
        if not self.full_since:
            self.waits += 1
            self.full_since = time.monotonic_ns()

    def end_full_wait(self):
        self.wait_full_ns += time.monotonic_ns() - self.full_since
        self.full_since = 0

    def run(self):
        try:
            self.measure()
        except Exception as error:  # or the others would wait for it
            self.window.failure = f"{self.name} failed: {error!r}"

    def measure(self):
        try:
            schedstat = os.open("/proc/thread-self/schedstat", os.O_RDONLY)
        except OSError:
            schedstat = 0
        self.window.barrier.wait()
        # Reading a file lets other threads run, so it is not between the time
        # stamps.
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
        """Returns the thread's columns without its start."""
        elapsed = self.end_ns - self.start_ns
        user_ns = round(cpu * user / (user + system or 1))
        return {
            "elapsed_ns": elapsed, "messages": self.messages,
            "busy_ns": elapsed - self.wait_ns - self.wait_full_ns,
            "wait_empty_ns": self.wait_ns, "wait_full_ns": self.wait_full_ns,
            "wait_scaled_ns": 0, "waits": self.waits,
            "cpu_ns": cpu, "cpu_user_ns": user_ns,
            "cpu_sys_ns": cpu - user_ns, "runqueue_ns": queued,
            "asleep_ns": max(0, elapsed - cpu - queued),
            "empty_tries": self.tries, "full_tries": self.full_tries,
            "timeouts": self.timeouts, "vol_switches": voluntary,
            "invol_switches": forced, "page_faults": faults,
        }


def runqueue_ns(schedstat):
    """Returns the time that the calling thread has spent in the run queue."""
    return schedstat and int(os.pread(schedstat, 99, 0).split()[1])


def usage():
    """Returns CPU time, switches and faults of the calling thread."""
    cpu = time.thread_time_ns()
    used = resource.getrusage(resource.RUSAGE_THREAD)
    return (cpu, used.ru_utime, used.ru_stime, used.ru_nvcsw, used.ru_nivcsw,
            used.ru_minflt + used.ru_majflt)
