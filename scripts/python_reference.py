#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The threading tutorial's systems as an external backend of ringbench.

Reads a cell as `column value` lines from stdin (or --input FILE) up to `end`
or the end of the file; prints the observation's `column value` lines, then
for each thread a line `thread NAME` and its lines, then `end`.

The measurement includes the interpreter lock with its default switch interval:
two polling threads exchange the lock about once in 5 ms.
"""
import argparse
import signal
import sys

from python_reference.cell import UNITS, CannotDo, parse_cell
from python_reference.scenarios import scenario_of
from python_reference.window import Broken

SIGNALS = signal.SIGINT, signal.SIGTERM


class Interrupted(BaseException):
    """A signal asks this program to end."""


def interrupt(number, _frame):
    for each in SIGNALS:
        signal.signal(each, signal.SIG_IGN)  # cleaning up is not interrupted
    raise Interrupted(number)


def observe(cell):
    scenario = scenario_of(cell)
    if cell["warmup_ns"]:  # the same loops, on queues to throw away
        with scenario(cell, 0) as window:
            window.run(cell["warmup_ns"] / UNITS["s"])
    seconds = cell["duration_ns"] / UNITS["s"]
    with scenario(cell, cell["messages"]) as window:
        window.run(None if cell["messages"] else seconds)
        return list(window.observation())


def main():
    for each in SIGNALS:
        signal.signal(each, interrupt)
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--input", metavar="FILE", default="/dev/stdin",
                         help="read the cell from FILE instead of stdin")
    try:
        with open(options.parse_args().input, errors="replace") as lines:
            cell = parse_cell(lines)
        lines = observe(cell)
    except (CannotDo, Broken, OSError) as reason:
        print(f"python_reference: {reason}", file=sys.stderr)
        lines = [("status", "error"), ("reason", reason)]
    except Interrupted as ending:  # no traceback on Ctrl-C
        signal.signal(ending.args[0], signal.SIG_DFL)
        signal.raise_signal(ending.args[0])
    for name, value in lines:
        print(name, value)
    print("end")


if __name__ == "__main__":
    main()
