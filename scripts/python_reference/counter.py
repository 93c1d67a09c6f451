# SPDX-License-Identifier: BSD-2-Clause
"""counter: threads or processes change shared numbers; there is no queue."""
import ctypes
import math
import multiprocessing
import os
import signal
import threading
import time
from multiprocessing import connection, sharedctypes

from .window import Broken, Window

LOOK_EVERY = 0.001  # seconds between two looks at the numbers
START_MAX = 10  # seconds until one has started
FORK = multiprocessing.get_context("fork")
PR_SET_PDEATHSIG = 1


def plus(number, step):
    """Computes the new number. Other threads may run before it is stored."""
    return number + step


def change_freely(numbers, step, _lock):
    for i in range(len(numbers)):
        numbers[i] = plus(numbers[i], step)


def change_by_element(numbers, step, lock):
    for i in range(len(numbers)):
        with lock:
            numbers[i] = plus(numbers[i], step)


def change_by_list(numbers, step, lock):
    with lock:
        for i in range(len(numbers)):
            numbers[i] = plus(numbers[i], step)


def count(me):
    window, stop, limit, done = me.window, me.stop, me.limit, 0
    change, numbers, lock = window.change, window.numbers, window.lock
    step, pause = window.step(me), window.cell["pause"]
    while done < limit and not stop.over:
        change(numbers, step, lock)
        done += 1
        if pause:
            time.sleep(pause)
    me.messages = done


class Counter(Window):
    """The counter with threads, a list and a Lock."""

    def __init__(self, cell, messages):
        super().__init__(cell, messages)
        self.first = [1, 2, 3] if cell["work"] == "numbers" else [0]
        self.payload_bytes = 8 * len(self.first)
        self.torn_reads = 0
        self.change = change_freely
        if cell["sync"] == "mutex":
            self.change = (change_by_list if cell["lock"] == "list"
                           else change_by_element)
        self.share()
        self.hire("counter", count, range(cell["producers"]))

    def share(self):
        self.numbers, self.lock = self.first[:], threading.Lock()

    def step(self, worker):
        """Returns the step: with balance, threads with an odd number subtract."""
        return -1 if len(self.first) == 1 and worker.number % 2 else 1

    def run(self, seconds=None):
        self.start()
        end = math.inf if seconds is None else time.monotonic() + seconds
        while self.working():
            numbers = self.numbers[:]  # no lock: this is the point
            if numbers != [numbers[0] + i for i in range(len(numbers))]:
                self.torn_reads += 1
            if not self.request_ns and time.monotonic() >= end:
                self.request()
        self.finish()

    def working(self):
        """Sleeps briefly. Returns False if all workers have ended."""
        time.sleep(LOOK_EVERY)
        return any(w.is_alive() for w in self.workers)

    def findings(self):
        changed = sum(w.messages * self.step(w) for w in self.workers)
        lost = sum(abs(first + changed - found)
                   for first, found in zip(self.first, self.numbers))
        findings = {
            "verified": lost == 0 if self.cell["sync"] == "mutex" else None,
            "messages": sum(w.messages for w in self.workers),
            "lost_updates": lost,
            "numbers": "+".join(str(number) for number in self.numbers)}
        if len(self.first) > 1:
            findings["torn_reads"] = self.torn_reads
        return findings


class SharedFlag(ctypes.Structure):
    _fields_ = [("over", ctypes.c_bool)]


class Gate:
    """A barrier: a process reports that it is ready and waits for all other
    processes. multiprocessing.Barrier hangs if a waiting process is killed.

    Here the processes read from a pipe; closing its other end releases all of
    them.
    """

    def __init__(self, ready, gate):
        self.ready, self.gate = ready, gate

    def wait(self):
        self.ready.send(None)
        os.read(self.gate, 1)


class Processes(Counter):
    """The counter with processes, an array in shared memory and a Lock."""

    def share(self):
        self.processes, self.pipes = [], {}
        self.numbers = sharedctypes.RawArray(ctypes.c_longlong, self.first)
        self.lock = FORK.Lock()
        self.flag = sharedctypes.RawValue(SharedFlag)

    def start(self):
        parent, (gate, opener) = os.getpid(), os.pipe()
        ends = [FORK.Pipe(duplex=False) for _ in self.workers]
        for worker, (_, mine) in zip(self.workers, ends):
            process = FORK.Process(
                target=self.live, name=worker.name, daemon=True,
                args=(worker, parent, mine, gate, opener, ends))
            process.start()
            self.processes.append(process)
        for worker, (theirs, mine) in zip(self.workers, ends):
            mine.close()  # so that the end of a process is the pipe's end
            self.pipes[theirs] = worker
        for pipe in self.pipes:
            if not pipe.poll(START_MAX):
                raise Broken("the processes did not start")
            self.hear(pipe)
        os.close(gate)
        os.close(opener)

    def hear(self, pipe):
        try:
            return pipe.recv()
        except EOFError:
            raise Broken(f"process {self.pipes[pipe].name} died, perhaps "
                         "with the lock in its hands") from None

    def live(self, worker, parent, mine, gate, opener, ends):
        """The main function of a process."""
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent sees to it
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            return  # died too early to be noticed
        os.close(opener)
        for _, other in ends:
            if other is not mine:
                other.close()
        self.barrier = Gate(mine, gate)
        worker.measure()
        mine.send((worker.start_ns, worker.end_ns, worker.messages,
                   worker.columns))

    def working(self):
        for pipe in connection.wait(self.pipes, LOOK_EVERY):
            report = self.hear(pipe)
            worker = self.pipes.pop(pipe)
            (worker.start_ns, worker.end_ns, worker.messages,
             worker.columns) = report
        return bool(self.pipes)

    def finish(self):
        for process in self.processes:
            process.join()

    def close(self):
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.join()
