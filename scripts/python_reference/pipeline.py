# SPDX-License-Identifier: BSD-2-Clause
"""pipeline: a source, and stages of workers with queues between them."""
import random
import time

from .queues import STOP
from .website import Website
from .window import Window, books
from .worker import Flag

STOCK = 2  # addresses a worker that the source keeps ready


def download(me, number, _):
    me.connection.request("GET", f"/{number}")
    return me.connection.getresponse().read()


def save(me, number, body):
    me.place, file = me.claim(me.place + 1)
    with file:
        file.write(body)
    me.saved.append(number)


def service(me, number):
    """The service time, drawn from a seed of page and stage, so that it does
    not depend on the number of threads."""
    share = random.Random(number << 8 | me.stage).expovariate(1)
    return share * me.window.cell["service"]


def pretend(me, number, _):
    time.sleep(service(me, number))


def compute(me, number, _):
    end, loops = time.thread_time() + service(me, number), 0
    while time.thread_time() < end:
        loops += 1


TASKS = {"http": (download, save), "synthetic": (pretend, pretend),
         "cpu": (compute, compute)}


def supply(me):
    """The source: pushes addresses until the window ends."""
    stop, limit, put, sent = me.stop, me.limit, me.put, 0
    while sent < limit and not stop.over:
        sent += 1
        put((sent, None))
    me.messages, me.total = sent, sent * (sent + 1) // 2


def work(me):
    """A stage: pops a page, works on it, and pushes it to the next queue."""
    stop, task, put, taken, total = me.stop, me.task, me.put, 0, 0
    for message in me.arrivals:
        if me.waiting_since:
            me.end_wait()
        if message is STOP:
            break
        number, body = message
        body = task(me, number, body)
        if put:
            put((number, body))
        taken += 1
        total += number
        if stop.over:
            break
    me.messages, me.total = taken, total


def work_alone(me):
    """The plain loop: one thread does the work of all stages, page after page."""
    stop, limit, number = me.stop, me.limit, 0
    while number < limit and not stop.over:
        number += 1
        body = None
        for me.stage, task in enumerate(TASKS[me.window.cell["source"]]):
            body = task(me, number, body)
    me.messages, me.total = number, number * (number + 1) // 2


class Pipeline(Window):
    payload_bytes = None  # each page has its own size

    def __init__(self, cell, messages):
        super().__init__(cell, messages)
        self.website, self.stages = None, []
        if cell["source"] == "http":
            self.website = Website(cell["service"])
        if cell["stages"]:
            self.build(cell["stages"])
        else:
            self.source = self.hire("loop", work_alone, [0])
            self.stages = [self.source]
        for worker in self.workers:
            worker.saved = []
            if self.website:
                worker.place = 0  # number of the last file
                worker.connection = self.website.connection()
                worker.claim = getattr(self.website,
                                       "claim_" + self.cell["claim"])

    def build(self, widths):
        # A queue without a limit would only collect addresses.
        stock = STOCK * widths[0]
        queue = self.queue(min(stock, self.capacity or stock))
        self.source = self.hire("source", supply, [0], sink=queue)
        tasks = TASKS[self.cell["source"]]
        for stage, width in enumerate(widths):
            last = stage == len(widths) - 1
            onward = None if last else self.queue()
            crew = self.hire(f"stage{stage + 1}", work, range(width), queue,
                             onward)
            for worker in crew:
                worker.stage, worker.task = stage, tasks[stage % len(tasks)]
                if self.cell["stop"] == "sentinel":
                    worker.stop = Flag()
            self.stages.append(crew)
            queue = onward

    def finish(self):
        self.join(self.source)
        for crew in self.stages:
            if crew is not self.source:
                self.dismiss(crew)

    def close(self):
        for worker in self.workers:
            worker.stop.over = True
            if self.website:
                worker.connection.close()
        if self.website:
            self.website.close()

    def findings(self):
        done, left = self.stages[-1], self.left_over()
        taken = sum(w.messages for w in done)
        surplus = taken + len(left) - sum(w.messages for w in self.source)
        intact = (sum(w.total for w in done) + sum(n for n, _ in left)
                  == sum(w.total for w in self.source))
        saved = [n for w in done for n in w.saved]
        missing = extra = 0
        if self.website:
            missing, extra = self.website.compare(saved)
            intact = intact and len(saved) == len(set(saved)) == taken
        findings = books(intact and not missing, taken, surplus, extra, 0,
                         len(left))
        findings["lost"] += missing
        if done is not self.source:
            findings["bottleneck"] = f"stage{self.busiest() + 1}"
        return findings

    def busiest(self):
        """Returns the stage whose threads waited least on average."""
        idle = [sum(w.wait_ns + w.wait_full_ns for w in crew) / len(crew)
                for crew in self.stages]
        return idle.index(min(idle))
