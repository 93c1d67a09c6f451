# SPDX-License-Identifier: BSD-2-Clause
"""counter: threads or processes change shared numbers; there is no queue."""
import ctypes
import math
import multiprocessing
import signal
import threading
import time
from multiprocessing import connection, sharedctypes

from .window import Broken, Window

LOOK_EVERY = 0.001  # seconds between two looks at the numbers
START_MAX = 10  # seconds until all have started
FORK = multiprocessing.get_context("fork")
PR_SET_PDEATHSIG = 1


def plus(number, step):
    """Between the read and the write of a number; others may run here."""
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
    """Threads, a list and a Lock."""

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
        """balance: the odd ones subtract."""
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
        """Naps; False when all have ended."""
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


class Processes(Counter):
    """Processes, an array in shared memory and a Lock beside it."""

    def share(self):
        self.processes, self.pipes = [], {}
        self.numbers = sharedctypes.RawArray(ctypes.c_longlong, self.first)
        self.lock = FORK.Lock()
        self.flag = sharedctypes.RawValue(SharedFlag)

    def start(self):
        self.barrier = FORK.Barrier(len(self.workers) + 1)
        ends = [FORK.Pipe(duplex=False) for _ in self.workers]
        for worker, (_, mine) in zip(self.workers, ends):
            process = FORK.Process(target=self.live, name=worker.name,
                                   args=(worker, mine, ends), daemon=True)
            process.start()
            self.processes.append(process)
        for worker, (theirs, mine) in zip(self.workers, ends):
            mine.close()  # so that the end of a process is the pipe's end
            self.pipes[theirs] = worker
        try:
            self.barrier.wait(START_MAX)
        except threading.BrokenBarrierError:
            raise Broken("the processes did not start") from None

    def live(self, worker, mine, ends):
        """What a process does."""
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent sees to it
        parent = multiprocessing.parent_process()
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if not parent.is_alive():
            return
        for _, other in ends:
            if other is not mine:
                other.close()
        worker.measure()
        mine.send((worker.start_ns, worker.end_ns, worker.messages,
                   worker.columns))

    def working(self):
        for pipe in connection.wait(self.pipes, LOOK_EVERY):
            worker = self.pipes.pop(pipe)
            try:
                (worker.start_ns, worker.end_ns, worker.messages,
                 worker.columns) = pipe.recv()
            except EOFError:
                raise Broken(f"process {worker.name} died, perhaps with the "
                             "lock in its hands") from None
        return bool(self.pipes)

    def finish(self):
        for process in self.processes:
            process.join()

    def close(self):
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.join()


def window(cell, messages):
    kind = Processes if cell["share"] == "processes" else Counter
    return kind(cell, messages)
